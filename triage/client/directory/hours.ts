/**
 * Whether a place is open, by its HSDS schedules (iCalendar, RFC 5545 section 3.3.10). Pure.
 *
 * A schedule names days by a rule, and hours of each of them on the clock of the place. Hours that
 * end before they begin, or at the same minute, go on past midnight. The server's twin is
 * `triage/directory/hours.py`; both read `tests/vectors/hours.json`.
 */

export type Schedule = Readonly<Record<string, unknown>>;

/** `unknown`: nobody said when, or by a rule this cannot read. */
export type Opening = "open" | "closed" | "unknown";

const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const MINUTE = 60_000;
const DAY = 86_400_000;
const WHOLE = 24 * 60;
/** Days after its first within which a counted rule is followed. */
const COUNTED = 3660;
/** Days are numbers here, from 1970-01-01; these are before and after all of them. */
const NEVER = -1e9;
const ALWAYS = 1e9;

class UnreadableError extends Error {}

/** `at`: ms. `offset`: minutes the place is ahead of UTC; a schedule's own `timezone` goes first. */
export function look(schedules: readonly Schedule[], at: number, offset: number): Opening {
  let open = false;
  let doubtful = schedules.length === 0;
  for (const schedule of schedules) {
    try {
      open = isOpen(schedule, at, offset) || open;
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      doubtful = true;
    }
  }
  return open ? "open" : doubtful ? "unknown" : "closed";
}

function isOpen(schedule: Schedule, at: number, offset: number): boolean {
  const own = schedule["timezone"];
  const ahead = typeof own === "number" && Math.abs(own) <= 14 ? Math.trunc(own * 60) : offset;
  const wall = at + ahead * MINUTE;
  const day = Math.floor(wall / DAY);
  const minute = Math.floor((wall - day * DAY) / MINUTE);
  const opens = clock(schedule, "opens_at", 0);
  const said = clock(schedule, "closes_at", WHOLE);
  const closes = said <= opens ? said + WHOLE : said;
  const today = opens <= minute && minute < closes && fallsOn(schedule, day);
  return today || (minute + WHOLE < closes && fallsOn(schedule, day - 1));
}

function clock(schedule: Schedule, key: string, unsaid: number): number {
  const value = said(schedule, key);
  if (value === "") return unsaid;
  const found = /^(\d\d):([0-5]\d)(?::[0-5]\d)?$/.exec(value);
  const minutes = found === null ? Number.NaN : Number(found[1]) * 60 + Number(found[2]);
  if (!(minutes <= WHOLE)) throw new UnreadableError(key);
  return minutes;
}

// --- which days ----------------------------------------------------------------------------------

function fallsOn(schedule: Schedule, day: number): boolean {
  const from = date(schedule, "valid_from", NEVER);
  if (day < from || day > date(schedule, "valid_to", ALWAYS)) return false;
  const first = date(schedule, "dtstart", NEVER);
  if (day < first || day > date(schedule, "until", ALWAYS)) return false;
  if (!matches(schedule, day, first)) return false;
  const count = number(schedule, "count", 0);
  if (count === 0) return true;
  if (first === NEVER || day - first > COUNTED) throw new UnreadableError("count");
  let times = 0;
  for (let one = first; one <= day; one++) if (matches(schedule, one, first)) times++;
  return times <= count;
}

function matches(schedule: Schedule, day: number, first: number): boolean {
  const rule = said(schedule, "freq") || (words(schedule, "byday").length > 0 ? "WEEKLY" : "DAILY");
  const follow = RULES[rule.toUpperCase()];
  if (follow === undefined) throw new UnreadableError(rule);
  const every = Math.max(number(schedule, "interval", 1), 1);
  if (every > 1 && first === NEVER) throw new UnreadableError("interval");
  return follow(schedule, day, first, every);
}

type Rule = (schedule: Schedule, day: number, first: number, every: number) => boolean;

const daily: Rule = (schedule, day, first, every) =>
  !(every > 1 && (day - first) % every !== 0) &&
  onWeekday(schedule, day, true) &&
  onMonthday(schedule, day, true);

const weekly: Rule = (schedule, day, first, every) => {
  const start = DAYS.indexOf(said(schedule, "wkst") || "MO");
  if (start === -1) throw new UnreadableError("wkst");
  const weekOf = (one: number): number => one - ((weekday(one) - start + 7) % 7);
  if (every > 1 && ((weekOf(day) - weekOf(first)) / 7) % every !== 0) return false;
  return onWeekday(schedule, day, first === NEVER || weekday(first) === weekday(day));
};

const monthly: Rule = (schedule, day, first, every) => {
  const [now, then] = [parts(day), parts(first)];
  if (every > 1 && ((now.year - then.year) * 12 + now.month - then.month) % every !== 0) {
    return false;
  }
  if (words(schedule, "byday").length === 0 && words(schedule, "bymonthday").length === 0) {
    return first !== NEVER && now.date === then.date;
  }
  return onWeekday(schedule, day, true) && onMonthday(schedule, day, true);
};

const yearly: Rule = (schedule, day, first, every) => {
  const [now, then] = [parts(day), parts(first)];
  if (every > 1 && (now.year - then.year) % every !== 0) return false;
  const newYear = dayOf(now.year, 1, 1);
  const rules = [
    among(schedule, "byyearday", day - newYear + 1, dayOf(now.year + 1, 1, 1) - newYear),
    among(schedule, "byweekno", ...week(day)),
    among(schedule, "bymonthday", now.date, daysIn(day)),
  ].filter((rule) => rule !== null);
  if (rules.length === 0 && words(schedule, "byday").length === 0) {
    return first !== NEVER && now.month === then.month && now.date === then.date;
  }
  return rules.every((rule) => rule) && onWeekday(schedule, day, true);
};

const RULES: Readonly<Record<string, Rule>> = {
  DAILY: daily,
  WEEKLY: weekly,
  MONTHLY: monthly,
  YEARLY: yearly,
};

/** From 0 for Monday. */
function weekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The number of its ISO week, and of the last one of that week's year. */
function week(day: number): [number, number] {
  const { year } = parts(day - weekday(day) + 3); // a week belongs to the year of its Thursday
  const first = dayOf(year, 1, 4);
  const last = dayOf(year, 12, 28);
  const at = (one: number): number =>
    Math.round((one - weekday(one) - (first - weekday(first))) / 7) + 1;
  return [at(day), at(last)];
}

function onWeekday(schedule: Schedule, day: number, unsaid: boolean): boolean {
  const named = words(schedule, "byday");
  if (named.length === 0) return unsaid;
  const { date: place } = parts(day);
  const before = Math.floor((place - 1) / 7) + 1;
  const after = Math.floor((daysIn(day) - place) / 7) + 1;
  let found = false;
  for (const name of named) {
    const [, nth, which] = /^(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/.exec(name) ?? [];
    if (which === undefined) throw new UnreadableError("byday");
    const here = nth === undefined || Number(nth) === before || Number(nth) === -after;
    if (DAYS.indexOf(which) === weekday(day) && here) found = true;
  }
  return found;
}

function onMonthday(schedule: Schedule, day: number, unsaid: boolean): boolean {
  return among(schedule, "bymonthday", parts(day).date, daysIn(day)) ?? unsaid;
}

/** Whether a list of numbers names this place, from the front or from behind; null: no list. */
function among(schedule: Schedule, key: string, place: number, last: number): boolean | null {
  const named = words(schedule, key);
  if (named.length === 0) return null;
  if (!named.every((name) => /^[+-]?\d{1,3}$/.test(name))) throw new UnreadableError(key);
  return named.some((name) => Number(name) === place || Number(name) === place - last - 1);
}

function daysIn(day: number): number {
  const { year, month } = parts(day);
  return dayOf(year, month + 1, 1) - dayOf(year, month, 1);
}

// --- reading -------------------------------------------------------------------------------------

function dayOf(year: number, month: number, date: number): number {
  return Math.round(Date.UTC(year, month - 1, date) / DAY);
}

function parts(day: number): { year: number; month: number; date: number } {
  const at = new Date(day * DAY);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
}

function said(schedule: Schedule, key: string): string {
  const value = schedule[key];
  return value === undefined || value === null ? "" : String(value);
}

function words(schedule: Schedule, key: string): string[] {
  return said(schedule, key)
    .split(",")
    .map((word) => word.trim().toUpperCase())
    .filter((word) => word !== "");
}

function number(schedule: Schedule, key: string, unsaid: number): number {
  const value = said(schedule, key);
  if (value === "") return unsaid;
  if (!/^\d{1,4}$/.test(value)) throw new UnreadableError(key);
  return Number(value);
}

function date(schedule: Schedule, key: string, unsaid: number): number {
  const value = said(schedule, key);
  if (value === "") return unsaid;
  const [, year, month, at] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? [];
  const day = dayOf(Number(year), Number(month), Number(at));
  const back = Number.isNaN(day) ? "" : new Date(day * DAY).toISOString().slice(0, 10);
  if (back !== value) throw new UnreadableError(key);
  return day;
}
