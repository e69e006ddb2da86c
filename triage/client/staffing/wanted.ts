/** The question as it is typed, or taken from a day of the rota. Pure. */

import { localOf } from "../rota/days.ts";
import type { Shift } from "../rota/questions.ts";
import type { Line, Wanted } from "./questions.ts";

/** What stands in the fields. */
export interface Draft {
  readonly lines: readonly TypedLine[];
  readonly more: TypedLine;
  readonly come: string;
  readonly each: string;
  readonly supervisors: string;
}

export interface TypedLine {
  readonly from: string;
  readonly to: string;
  readonly people: string;
}

/** Shifts of one evening that are named apart, as the server allows. */
export const MOST_LINES = 12;
/** A first pilot: two volunteers and a supervisor on one evening. */
const EVENING: TypedLine = { from: "20:00", to: "23:30", people: "2" };
export const FIRST: Draft = {
  lines: [EVENING],
  more: EVENING,
  come: "2",
  each: "1",
  supervisors: "1",
};

/** Null where a field is empty or no number of people. */
export function wantedOf(draft: Draft): Wanted | null {
  const lines = draft.lines.map(lineOf);
  const more = lineOf(draft.more);
  const tenths = Math.round(Number(draft.come) * 10);
  const known = lines.filter((line): line is Line => line !== null);
  if (known.length < lines.length || more === null || !(tenths > 0)) {
    return null;
  }
  const [each, supervisors] = [Number(draft.each), Number(draft.supervisors)];
  if (draft.supervisors === "" || !Number.isInteger(supervisors) || supervisors < 0) {
    return null;
  }
  return { lines: known, more: [more], tenths, each, supervisors };
}

function lineOf({ from, to, people }: TypedLine): Line | null {
  const count = Number(people);
  const whole = Number.isInteger(count) && count > 0;
  return from === "" || to === "" || !whole ? null : { from, to, people: count };
}

/** The listeners of one day as lines, whoever stands there or nobody yet, and its supervisors. */
export function draftOf(shifts: readonly Shift[], zone: string, before: Draft): Draft {
  const counts = new Map<string, number>();
  for (const shift of shifts.filter(({ role }) => role === "counsellor")) {
    const hours = `${localOf(shift.starts, zone).time} ${localOf(shift.ends, zone).time}`;
    counts.set(hours, (counts.get(hours) ?? 0) + 1);
  }
  const lines = [...counts].sort().map(([hours, count]) => {
    const [from = "", to = ""] = hours.split(" ");
    return { from, to, people: String(count) };
  });
  const first = lines[0];
  if (first === undefined) {
    return before;
  }
  const supervisors = shifts.filter(({ role }) => role === "supervisor").length;
  return {
    ...before,
    lines: lines.slice(0, MOST_LINES),
    more: { ...first, people: before.more.people },
    supervisors: String(Math.min(supervisors, 1)),
  };
}
