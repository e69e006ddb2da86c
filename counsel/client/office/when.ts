/** Days and hours as this page's language says them, by the clock of this computer. */

import { language, t } from "../i18n.ts";
import { daysAgo } from "./hotlines.ts";

const DAY = new Intl.DateTimeFormat(language, { month: "long", day: "numeric" });
const HOUR = new Intl.DateTimeFormat(language, {
  month: "long",
  day: "numeric",
  weekday: "long",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

/** 今天 · 昨天 · 3天前 · 11月3日 */
export function dayInWords(instant: number, now: number): string {
  const ago = daysAgo(instant, now);
  if (ago < 2) {
    return t(ago === 0 ? "organisation.today" : "organisation.yesterday");
  }
  return ago < 60
    ? t("organisation.days_ago", { count: ago })
    : t("organisation.on_day", { day: DAY.format(instant) });
}

/** The day before which something ends: 2月24日 */
export function lastDay(until: number): string {
  return DAY.format(until - 1);
}

export function hourInWords(instant: number): string {
  return HOUR.format(instant);
}
