/** How a wait is told: minutes first, seconds only in the last one (people do not like to be ticked at). */

export interface Patience {
  readonly unit: "minutes" | "seconds" | "over";
  readonly count: number;
}

/** In the last minute seconds go by fives, so that the line does not twitch. */
export function patience(seconds: number): Patience {
  if (seconds <= 0) {
    return { unit: "over", count: 0 };
  }
  return seconds > 60
    ? { unit: "minutes", count: Math.ceil(seconds / 60) }
    : { unit: "seconds", count: Math.ceil(seconds / 5) * 5 };
}
