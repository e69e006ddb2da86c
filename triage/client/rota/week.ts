/** Hours and days of the rota in words. A shift past midnight says so in its end: 次日02:00. */

import { language, t } from "../../../counsel/client/i18n.ts";
import { type Local, localOf } from "./days.ts";
import type { Shift } from "./questions.ts";

/** 星期二, Tuesday */
export function weekdayOf(day: string): string {
  const words: Intl.DateTimeFormatOptions = { weekday: "long", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language, words).format(Date.parse(`${day}T00:00Z`));
}

/** 11月24日, 24 November */
export function dateOf(day: string): string {
  const words: Intl.DateTimeFormatOptions = { month: "long", day: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language, words).format(Date.parse(`${day}T00:00Z`));
}

/** 20:00–23:30, or 22:00–次日02:00 for what runs past midnight. */
export function hoursOf({ starts, ends }: Pick<Shift, "starts" | "ends">, zone: string): string {
  const [from, to] = [localOf(starts, zone), localOf(ends, zone)];
  return t("rota.hours", { from: from.time, to: endOf(to, from.day) });
}

/** The end of a shift that began on `day`. */
function endOf(to: Local, day: string): string {
  return to.day === day ? to.time : t("rota.next_day", { time: to.time });
}

/** 星期二 20:00: never "tonight", which is wrong for whoever reads it after midnight. */
export function momentOf(at: number, zone: string): string {
  const { day, time } = localOf(at, zone);
  return t("rota.moment", { weekday: weekdayOf(day), time });
}
