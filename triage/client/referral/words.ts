/** What letters say, once opened, and what each of them makes of a referral. Pure. */

import {
  DESKS,
  type DeskCode,
  REFERRAL,
  type ReferralEvent,
  type ReferralState,
} from "../../../counsel/client/referralContract.ts";
import book from "../../referral/desks.json" with { type: "json" };

/** The first letter: what the seeker approved, line by line, and where answers go. */
export interface Lines {
  readonly kind: "lines";
  readonly lines: readonly string[];
  /** base64url of 32 bytes: X25519, and Ed25519. */
  readonly key: string;
  readonly signer: string;
  /** Written by staff for somebody at their side, who agreed aloud; nobody can prove that. */
  readonly behalf?: boolean;
}

/** What a desk can write; `say` anybody. */
export const ACTS = ["say", "accept", "decline", "redirect", "appoint", "come", "miss"] as const;
export type Act = (typeof ACTS)[number] & ReferralEvent;

export interface Word {
  readonly kind: Act;
  readonly text: string;
  /** Of a redirect: which desk instead. */
  readonly to: DeskCode | "";
}

export const LINES_AT_MOST = 12;
/** Characters of all lines together: a page, and in any script it fits a letter. */
export const CHARACTERS_AT_MOST = 800;

export function actsIn(state: ReferralState): readonly Act[] {
  return ACTS.filter((act) => after(state, act) !== null);
}

/** What a desk's act makes of this state. Null: a desk cannot have done this now. */
export function after(state: ReferralState, act: Act): ReferralState | null {
  const row = REFERRAL.find(
    (one) => one.while === state && one.when === act && one.by.includes("desk"),
  );
  return row?.becomes ?? null;
}

/** Whether a letter may still be written in this state. */
export function goesOn(state: ReferralState): boolean {
  return after(state, "say") !== null;
}

/** Days of the calendar a desk has; nobody has signed them yet. */
export function daysOf(desk: DeskCode): number {
  return book.answer[desk];
}
/** And after a yes or an appointment, until nobody knows how it ended. */
export const QUIET_DAYS: number = book.quiet.days;
export const SIGNED: boolean = book.signed_off !== null;

export function isDesk(word: unknown): word is DeskCode {
  return (DESKS as readonly unknown[]).includes(word);
}

export function write(said: Lines | Word): string {
  return JSON.stringify(said);
}

export function readLines(body: string): Lines | null {
  const found = parsed(body) as Partial<Lines> | null;
  const whole =
    found?.kind === "lines" &&
    Array.isArray(found.lines) &&
    found.lines.every((line) => typeof line === "string") &&
    typeof found.key === "string" &&
    typeof found.signer === "string";
  return whole ? (found as Lines) : null;
}

export function readWord(body: string): Word | null {
  const found = parsed(body) as Partial<Word> | null;
  const known = ACTS.find((act) => act === found?.kind);
  if (known === undefined || typeof found?.text !== "string") return null;
  return { kind: known, text: found.text, to: isDesk(found.to) ? found.to : "" };
}

/** What a counsellor proposes, inside the talk. */
export interface Proposal {
  readonly desk: DeskCode;
  readonly lines: readonly string[];
}

export function writeProposal({ desk, lines }: Proposal): string {
  return JSON.stringify({ desk, lines });
}

export function readProposal(text: string): Proposal | null {
  const found = parsed(text) as Partial<Proposal> | null;
  const lines = Array.isArray(found?.lines) ? found.lines : [];
  if (!isDesk(found?.desk) || !lines.every((line) => typeof line === "string")) return null;
  return { desk: found.desk, lines: lines.slice(0, LINES_AT_MOST) };
}

function parsed(text: string): object | null {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" ? found : null;
  } catch {
    return null;
  }
}
