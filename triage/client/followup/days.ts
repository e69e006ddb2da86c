/** On which days a phone reminds its owner, and what a calendar is told of it. Pure. */

import book from "../../followup/steps.json" with { type: "json" };

export type RevisitKind = "red" | "orange" | "agreed" | "referral";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Behind the last moment: how long its question still stands. */
const STANDS_FOR = 3 * DAY;
/** Whether a clinical lead has signed the days; nobody has. */
export const SIGNED: boolean = book.signed_off !== null;
export const MOST_DAYS: number = book.agreed.most_days;
/** The hours of a day one can agree on. */
export const HOURS: readonly number[] = [7, 8, 9, 12, 13, 18, 19, 20, 21, 22, 23];
export const USUAL_HOUR = 20;

/** What lies on the phone, and nowhere else. */
export interface Revisit {
  readonly kind: RevisitKind;
  /** ms, one after the other. */
  readonly moments: readonly number[];
  /** The next one that has not been answered. */
  readonly next: number;
  /** Whom it was agreed with: the name on the button, and who is asked for; "" for nobody. */
  readonly name: string;
  readonly person: string;
}

/** Where it lies on the phone: after a talk, or after an appointment. */
export function slotOf({ kind }: Pick<Revisit, "kind">): "talk" | "visit" {
  return kind === "referral" ? "visit" : "talk";
}

/** A staff member's words for it: `revisit red`, `revisit agreed 4`. Null for anything else. */
export function readQuestion(text: string): { kind: RevisitKind; days: number } | null {
  const [word, kind = "", days = ""] = text.split(" ");
  const known = (["red", "orange", "agreed"] as const).find((one) => one === kind);
  if (word !== "revisit" || known === undefined) return null;
  const count = Number(days);
  const fits = Number.isInteger(count) && count >= 1 && count <= MOST_DAYS;
  return known === "agreed"
    ? fits
      ? { kind: known, days: count }
      : null
    : { kind: known, days: 0 };
}

export function writeQuestion(kind: string, days: number): string {
  return kind === "agreed" ? `revisit agreed ${days}` : `revisit ${kind}`;
}

/** How many days it is until the first of them. */
export function firstDay(kind: "red" | "orange"): number {
  return (book.hours[kind].after[0] ?? 24) / 24;
}

/** The moments of a kind, each at this hour of its day, counted from `now` (ms, this phone's clock). */
export function momentsOf(
  { kind, days }: { kind: RevisitKind; days: number },
  now: number,
  hour: number,
): readonly number[] {
  if (kind === "referral") return book.hours.referral.after.map((hours) => now + hours * HOUR);
  const after = kind === "agreed" ? [days] : book.hours[kind].after.map((hours) => hours / 24);
  return after.map((count) => {
    const day = new Date(now);
    return new Date(day.getFullYear(), day.getMonth(), day.getDate() + count, hour).getTime();
  });
}

/** What stands to be asked now: the latest that has come; null while none has, or once it is over. */
export function due(revisit: Revisit, now: number): number | null {
  const { kind, moments, next } = revisit;
  const come = moments.filter((moment) => openFrom(kind, moment) <= now).length - 1;
  return come >= next && !isOver(revisit, now) ? come : null;
}

/** Nobody answered the last one: closed as not known, and nothing is done about it. */
export function isOver({ moments, next }: Revisit, now: number): boolean {
  const last = moments[moments.length - 1] ?? 0;
  return next >= moments.length || now > last + STANDS_FOR;
}

/** This one was answered, whatever the answer was. Null: it was the last. */
export function answered(revisit: Revisit, which: number): Revisit | null {
  const next = which + 1;
  return next < revisit.moments.length ? { ...revisit, next } : null;
}

/** A reminder is shown from the morning of its day; whether somebody got there, only afterwards. */
function openFrom(kind: RevisitKind, moment: number): number {
  return kind === "referral" ? moment : new Date(moment).setHours(0, 0, 0, 0);
}

/**
 * A calendar file (RFC 5545) of what is still to come: times of this phone's own wall clock, a word that
 * says nothing, no address of ours, and names nobody can tie to anything.
 */
export function calendar(moments: readonly number[], word: string, draw: () => string): string {
  const events = moments.flatMap((moment) => [
    "BEGIN:VEVENT",
    `UID:${draw()}`,
    `DTSTAMP:${stamp(moment)}Z`,
    `DTSTART:${stamp(moment)}`,
    "DURATION:PT15M",
    `SUMMARY:${word}`,
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${word}`,
    "TRIGGER:PT0M",
    "END:VALARM",
    "END:VEVENT",
  ]);
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendar//1", ...events];
  return [...lines, "END:VCALENDAR", ""].join("\r\n");
}

/** Of what the wall says, without a zone. */
function stamp(moment: number): string {
  const at = new Date(moment);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}${two(at.getMinutes())}00`;
}
