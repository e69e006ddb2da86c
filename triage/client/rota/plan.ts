/** A plan as it was typed. Pure. */

import { addDays } from "./days.ts";
import { type Plan, STANDING } from "./questions.ts";

/** What was typed as a plan; null when a field is empty. An end not after the start is tomorrow's. */
export function planOf(data: FormData): Plan | null {
  const field = (name: string): string => String(data.get(name) ?? "");
  const [day, from, to] = [field("day"), field("from"), field("to")];
  const role = STANDING.find((known) => known === field("role"));
  const [places, weeks] = [Number(field("places")), Number(field("weeks"))];
  if (day === "" || from === "" || to === "" || role === undefined || !(places > 0 && weeks > 0)) {
    return null;
  }
  const lastDay = to > from ? day : addDays(day, 1);
  return { role, starts: `${day}T${from}`, ends: `${lastDay}T${to}`, places, weeks };
}
