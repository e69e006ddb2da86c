/**
 * Days and hours as the organisation's own clock shows them, whatever clock this computer has.
 *
 * A shift stands on the day it begins. One that runs past midnight says so in its end: 次日02:00.
 * Pure: days are texts as `2026-11-24`, instants are milliseconds.
 */

import { language, t } from "../../../counsel/client/i18n.ts";
import { addDays } from "./days.ts";
import type { Shift } from "./questions.ts";

export interface Local {
  /** `2026-11-24` */
  readonly day: string;
  /** `20:00` */
  readonly time: string;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/** What a clock on the wall of the organisation shows at this instant. */
export function localOf(at: number, zone: string): Local {
  const part: Record<string, string> = {};
  for (const { type, value } of clockOf(zone).formatToParts(at)) {
    part[type] = value;
  }
  return {
    day: `${part["year"]}-${part["month"]}-${part["day"]}`,
    time: `${part["hour"]}:${part["minute"]}`,
  };
}

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

export interface Day {
  readonly day: string;
  readonly shifts: readonly Shift[];
}

/** Each of `count` days from `first` on, with the shifts that begin there. */
export function daysOf(
  shifts: readonly Shift[],
  first: string,
  count: number,
  zone: string,
): readonly Day[] {
  const sorted = [...shifts].sort(
    (a, b) => a.starts - b.starts || a.role.localeCompare(b.role) || a.id - b.id,
  );
  return Array.from({ length: count }, (_, place) => {
    const day = addDays(first, place);
    return { day, shifts: sorted.filter((shift) => localOf(shift.starts, zone).day === day) };
  });
}
