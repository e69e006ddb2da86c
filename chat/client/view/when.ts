/** Times in words: a talk is not a log. */

import { language, t } from "../../../counsel/client/i18n.ts";

const MINUTE = 60_000;
const FEW_MINUTES = 10;

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** 20:14, of this phone's clock. */
export function clock(at: Date): string {
  return at.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** 刚刚 · 5分钟前 · 20:14 · 昨天20:14 · 星期二20:14. Both in milliseconds. */
export function when(at: number, now: number): string {
  const minutes = Math.floor((now - at) / MINUTE);
  if (minutes < 1) {
    return t("talk.just_now");
  }
  if (minutes < FEW_MINUTES) {
    return t("talk.minutes_ago", { count: minutes });
  }
  const then = new Date(at);
  const time = clock(then);
  if (sameDay(then, new Date(now))) {
    return t("talk.today_at", { time });
  }
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (sameDay(then, yesterday)) {
    return t("talk.yesterday_at", { time });
  }
  return t("talk.day_at", { day: then.toLocaleDateString(language, { weekday: "long" }), time });
}

/** When a shift ends: the clock time, with the weekday if it is not today. */
export function until(at: Date, now: number): string {
  if (sameDay(at, new Date(now))) {
    return clock(at);
  }
  const day = at.toLocaleDateString(language, { weekday: "long" });
  return t("talk.day_at", { day, time: clock(at) });
}
