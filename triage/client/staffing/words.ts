/** Shares and waits as a page says them. Pure. */

import { t } from "../../../counsel/client/i18n.ts";
import type { Share } from "./questions.ts";
import { rounded } from "./rounded.ts";

/** 86 %, 97.5 % */
export function percent(share: number): string {
  return t("staffing.percent", { value: rounded(share) });
}

/** 75–96 % */
export function range({ low, high }: Share): string {
  return t("staffing.range", { low: (100 * low).toFixed(0), high: (100 * high).toFixed(0) });
}

/** Seconds in words; null: nobody was reached. */
export function waitIn(seconds: number | null): string {
  if (seconds === null) {
    return t("staffing.wait.never");
  }
  if (seconds < 1) {
    return t("staffing.wait.none");
  }
  if (seconds < 60) {
    return t("staffing.wait.short");
  }
  return t("staffing.wait.minutes", { minutes: Math.round(seconds / 60) });
}
