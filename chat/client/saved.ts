/**
 * What a talk is on this device, as one record: everything that must change together changes in one
 * write. The lines of the talk lie beside it, one record each, because they never change.
 */

import { fromBase64url, toBase64url, utf8 } from "../../counsel/client/bytes.ts";
import type { Change } from "../../counsel/client/contract.ts";
import type { RefusalCode } from "../../counsel/client/refusal.ts";
import type { Head } from "../../counsel/client/staffLog.ts";
import type { Role } from "./mls/policy.ts";
import type { Outbox } from "./outbox.ts";
import type { Transcript } from "./transcript.ts";

/** A group of ours whose Welcome is not known to be stored yet. Sent again to the byte. */
export interface Opening {
  readonly clientId: Uint8Array;
  readonly groupId: Uint8Array;
  readonly welcome: Uint8Array;
  readonly statement: Uint8Array;
}

/** A commit of ours that has no place yet, and the group it leads to. */
export interface Renewal {
  readonly clientId: Uint8Array;
  readonly sealed: Uint8Array;
  readonly group: Uint8Array;
  /** Where it lets a supervisor in or out: what the server is told beside it. */
  readonly change?: Omit<Change, "clientId" | "sealed">;
}

/** Key packages on their way to the server: the same ones until it has them. */
export interface Offer {
  readonly keyPackages: readonly Uint8Array[];
  readonly lastResort: Uint8Array;
}

/** Somebody else is to go on with this talk, says whoever has it. */
export interface Handover {
  /** Who goes, as the group's own tree names them; who comes, as they say. */
  readonly by: string;
  readonly name: string;
  /** base64url SHA-256 of the device statement of who comes. */
  readonly certificate: string;
  /** What the seeker may let go along; may be empty. */
  readonly summary: string;
  /** The seeker's: it goes along, or they say it themselves. */
  readonly answer: "" | Answer;
  /** Whoever was to come is here, and the seeker has not answered yet. */
  readonly here: boolean;
}

export type Answer = "yes" | "self";

export interface Saved {
  readonly format: 1;
  readonly side: "seeker" | "staff";
  /** Seeker: 32 bytes, the right to the session. */
  readonly token: Uint8Array;
  /** 16 bytes; empty until the server has named the session. */
  readonly ref: Uint8Array;
  readonly caseCode: string;
  /** Seeker: what the queue is asked, as it left and as it still has to; unread here. */
  readonly request: Uint8Array;
  readonly asking: readonly Uint8Array[];
  /** Seeker: public signature key, its seed where the browser cannot keep it, private packages. */
  readonly publicKey: Uint8Array;
  readonly seed: Uint8Array | null;
  readonly packages: Uint8Array;
  readonly offer: Offer | null;
  /** Staff: the seeker's key, as first met. No other is ever talked to here. */
  readonly pinned: Uint8Array | null;

  /** The session's state as the server last said. */
  readonly state: string;
  /** The last row of the log that was read. */
  readonly after: number;
  /** The server's count of groups at ours; 0 without one. */
  readonly groupNumber: number;
  readonly group: Uint8Array | null;
  /**
   * Not 0: the counsellor was given up on when the log was this long. Nothing is sent into the
   * group until somebody comes: by a Welcome, or by a row of this group behind that place.
   */
  readonly over: number;
  readonly opening: Opening | null;
  readonly renewal: Renewal | null;
  /** Words since the last commit of anybody, and when that was (ms). */
  readonly sinceCommit: number;
  readonly committedAt: number;

  /** Staff: I asked last where to send help, so the answer is for this device. */
  readonly asksPlace: boolean;
  readonly transcript: Transcript | null;
  /** A supervisor who came in the middle: the leaves of those whose words before are not known. */
  readonly late?: readonly number[];
  readonly outbox: Outbox;
  /** Readers named on the button when something was last sent; null before the first time. */
  readonly lastReaders: readonly string[] | null;
  /** Places of this group's talk that a screen has shown, and that the others were told of. */
  readonly shown: number;
  readonly told: number;
  /** How far the others had seen in groups that are over. */
  readonly seenBefore: Readonly<Record<number, number>>;
  /** Lines stored, and lines a screen has shown. */
  readonly lines: number;
  readonly linesShown: number;

  /** Who is to come next, and what the seeker said to it. */
  readonly handover: Handover | null;

  /** What was asked for and is not yet done at the server. */
  readonly intent: "" | "end" | "erase";
  readonly refusal: RefusalCode | null;
  /** ms, newest signed date verified; see `Trust.remember`. */
  readonly newest: number;
  /** The newest head of the log that was verified; see `KnownLog.remember`. */
  readonly head: Head | null;
  /** ms. */
  readonly touchedAt: number;
  readonly closedAt: number;
}

export const BLANK: Saved = {
  format: 1,
  side: "seeker",
  token: new Uint8Array(0),
  ref: new Uint8Array(0),
  caseCode: "",
  request: new Uint8Array(0),
  asking: [],
  publicKey: new Uint8Array(0),
  seed: null,
  packages: new Uint8Array(0),
  offer: null,
  pinned: null,
  state: "",
  after: 0,
  groupNumber: 0,
  group: null,
  over: 0,
  opening: null,
  renewal: null,
  sinceCommit: 0,
  committedAt: 0,
  asksPlace: false,
  transcript: null,
  outbox: [],
  lastReaders: null,
  shown: 0,
  told: 0,
  seenBefore: {},
  lines: 0,
  linesShown: 0,
  handover: null,
  intent: "",
  refusal: null,
  newest: 0,
  head: null,
  touchedAt: 0,
  closedAt: 0,
};

interface Dated {
  readonly id: string;
  /** ms. */
  readonly at: number;
}

/**
 * What the clients tell each other in a person's name. `cue`: the seeker's phone has heard something in
 * their words. `referral`: a desk is proposed; `news`: what came of one. `help`: a word about help that
 * is sent; `place`: where to, which alone of all lines is forgotten before the others. `passed`: what
 * whoever had the talk before wrote down, and the seeker let go along.
 */
export type Aside = "cue" | "referral" | "news" | "help" | "place" | "passed";

export interface SpokenLine extends Dated {
  readonly kind: "words" | "numbers" | "answers" | "card" | Aside;
  readonly mine: boolean;
  /** Who and what role MLS authenticated at the time. */
  readonly who: string;
  readonly role: Role;
  readonly text: string;
  /** Its place in the talk of its group. */
  readonly place: number;
  readonly group: number;
}

export interface MovedLine extends Dated {
  readonly kind: "joined" | "left";
  readonly who: string;
  readonly role: Role;
}

export interface NoticeLine extends Dated {
  readonly kind: "notice";
  readonly code: NoticeCode;
  readonly params: Readonly<Record<string, string>>;
}

/** A line of the talk as it is kept. */
export type KeptLine = SpokenLine | MovedLine | NoticeLine;

/** Lines the client itself says. Each is `notices.<code>` in the locale files. */
export const NOTICES = [
  // what was done to the log
  "gap",
  "fork",
  "replayed",
  "unreadable",
  "missing-rows",
  "newer",
  // who comes and goes
  "silent",
  "fresh-start",
  "again",
  "duty-over",
  "no-key",
  "unchecked",
  "staying",
  "unannounced",
  "not-handed",
  "bad-release",
  // this device
  "clock",
  "elsewhere",
  "storage",
  "memory",
  "version",
  "door-closed",
  "signed-out",
  "erase-pending",
] as const;

export type NoticeCode = (typeof NOTICES)[number];

/** JSON knows no bytes. An object with this one name stands for them; text never becomes one. */
const BYTES = "base64url";

function writeBytes(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { [BYTES]: toBase64url(value) } : value;
}

function readBytes(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(BYTES in value)) return value;
  const text = (value as Record<string, unknown>)[BYTES];
  return typeof text === "string" ? (fromBase64url(text) ?? value) : value;
}

export function encodeRecord(record: Saved | KeptLine): Uint8Array {
  return utf8(JSON.stringify(record, writeBytes));
}

/** What `encodeRecord` wrote here; the vault has authenticated it. Null for another format. */
export function decodeSaved(bytes: Uint8Array): Saved | null {
  const found = JSON.parse(new TextDecoder().decode(bytes), readBytes) as Partial<Saved>;
  return found.format === 1 ? { ...BLANK, ...found } : null;
}

export function decodeLine(bytes: Uint8Array): KeptLine {
  return JSON.parse(new TextDecoder().decode(bytes), readBytes) as KeptLine;
}

/** Names of a talk's records in the vault: the seeker has one talk, staff have one per session. */
export function recordNames(ref: string): { talk: string; lines: string } {
  return ref === ""
    ? { talk: "talk", lines: "line." }
    : { talk: `talk.${ref}`, lines: `line.${ref}.` };
}

export function lineName(prefix: string, number: number): string {
  return prefix + String(number).padStart(8, "0");
}
