/** How long somebody has waited, in steps that do not tick: a clock on a person helps nobody. Pure. */

export type WaitStep = "now" | "few" | "five" | "ten" | "quarter" | "half" | "hours";

export interface Wait {
  readonly step: WaitStep;
  /** Whole hours, for the step `hours`; else 0. */
  readonly hours: number;
  /** Longer than the waiting page promises as usual ("多半要等5到15分钟"): said with a word and a shape. */
  readonly long: boolean;
}

const STEPS: readonly (readonly [from: number, step: WaitStep])[] = [
  [60, "hours"],
  [30, "half"],
  [15, "quarter"],
  [10, "ten"],
  [5, "five"],
  [1, "few"],
];

const LONG_FROM = 15;

/** `minutes` as the board said them, plus what has passed on this page since (`sinceMs`). */
export function waitOf(minutes: number, sinceMs: number): Wait {
  const all = minutes + Math.max(0, Math.floor(sinceMs / 60_000));
  const step = STEPS.find(([from]) => all >= from)?.[1] ?? "now";
  return { step, hours: step === "hours" ? Math.floor(all / 60) : 0, long: all >= LONG_FROM };
}
