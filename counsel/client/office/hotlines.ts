/** How long ago somebody got through to a number, and what that means for opening. Pure. */

import { HOTLINE_CALLED_WITHIN_MS, HOTLINE_DUE_FROM_MS } from "../contract.ts";
import type { Hotline } from "./organisationQuestions.ts";

const DAY = 86_400_000;

/** `due`: still counts, not for long. `missing`: does not count, or never was. */
export type Standing = "fresh" | "due" | "missing";

export function standingOf({ called }: Hotline, now: number): Standing {
  if (called === null || now - called >= HOTLINE_CALLED_WITHIN_MS) {
    return "missing";
  }
  return now - called >= HOTLINE_DUE_FROM_MS ? "due" : "fresh";
}

/** Whole days a test call still counts; 0 when it does not, or ends today. */
export function daysLeft({ called }: Hotline, now: number): number {
  const left = called === null ? 0 : called + HOTLINE_CALLED_WITHIN_MS - now;
  return Math.max(0, Math.floor(left / DAY));
}

/** How many midnights of this computer lie between: 0 is today, 1 yesterday. */
export function daysAgo(instant: number, now: number): number {
  const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
  return Math.max(0, Math.round((midnight(now) - midnight(instant)) / DAY));
}

export interface Tally {
  readonly due: number;
  readonly missing: number;
}

export function tallyOf(hotlines: readonly Hotline[], now: number): Tally {
  const count = (standing: Standing): number =>
    hotlines.filter((line) => standingOf(line, now) === standing).length;
  return { due: count("due"), missing: count("missing") };
}
