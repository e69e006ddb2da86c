/**
 * Days of the calendar and what the organisation's own clock shows, whatever clock this computer has.
 * Days are texts as `2026-11-24`, instants are milliseconds. Pure.
 */

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

/** So many days later, or earlier. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The Monday of the week this day is in. */
export function mondayOf(day: string): string {
  return addDays(day, -((new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7));
}

/** A shift stands on the day it begins. */
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
