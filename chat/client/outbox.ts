/**
 * What was written and is not yet in the log. Pure: a list in, a list out.
 *
 * An entry remembers who could read when it was written. It is sealed for exactly those: if the
 * members changed, it waits for a tap. Entries go one at a time, in order, each sealed when its
 * turn comes; once sealed, sending again sends the same bytes under the same client id, until it
 * is certain that these bytes can no longer be accepted.
 */

import { toBase64url } from "../../counsel/client/bytes.ts";
import type { KINDS } from "./plaintext.ts";
import type { SpokenLine } from "./saved.ts";

export type EntryKind = keyof typeof KINDS;
type Said = SpokenLine["kind"];

export interface SealedEntry {
  /** The MLS message, sent again to the byte. */
  readonly bytes: Uint8Array;
  /** What was sealed: it enters the chain when the message has its place. */
  readonly raw: Uint8Array;
  readonly group: number;
  readonly epoch: number;
}

export interface Entry {
  /** base64url of the client id; the id of its line on screen too. */
  readonly id: string;
  readonly clientId: Uint8Array;
  readonly kind: EntryKind;
  readonly text: string;
  /** ms, when it was written. */
  readonly at: number;
  /** The readers shown when it was written or last tapped; see `readersOf`. */
  readonly readers: readonly string[];
  readonly sealed: SealedEntry | null;
  /** Its place in the log once the server named it, else 0. */
  readonly seq: number;
  /** It cannot be sent as it is; the words are kept for a retry or to be copied. */
  readonly dead: boolean;
}

export type Outbox = readonly Entry[];

export type EntryState = "waiting-tap" | "sending" | "stored" | "unsent";

/** A set of readers as something that can be compared and kept: one text per leaf, sorted. */
export function readersOf(
  members: readonly { readonly me: boolean; readonly role: string; readonly key: Uint8Array }[],
): readonly string[] {
  const others = members.filter((member) => !member.me);
  return others.map((member) => `${member.role} ${toBase64url(member.key)}`).sort();
}

export function sameReaders(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((reader, index) => reader === b[index]);
}

export function newEntry(
  kind: EntryKind,
  text: string,
  at: number,
  readers: readonly string[],
): Entry {
  const clientId = crypto.getRandomValues(new Uint8Array(16));
  const id = toBase64url(clientId);
  return { id, clientId, kind, text, at, readers, sealed: null, seq: 0, dead: false };
}

/** Before anything else: which log of everything issued is known here, for somebody who just came. */
export function sayHead(outbox: Outbox, at: number): Outbox {
  return [newEntry("head", "", at, []), ...outbox.filter((entry) => entry.kind !== "head")];
}

const SAID: readonly string[] = [
  ...["words", "numbers", "answers", "card", "cue", "referral", "news", "help", "place", "passed"],
];

/** What becomes a line of the talk; the rest is between the clients. */
export function isSaid<K extends string>(kind: K): kind is K & Said {
  return SAID.includes(kind);
}

/** Only words say something to somebody; a receipt or an erasure needs nobody's second look. */
function needsConsent(entry: Entry): boolean {
  return isSaid(entry.kind);
}

/** Whether it may go to these readers without another tap. */
export function mayGo(entry: Entry, readers: readonly string[]): boolean {
  return !needsConsent(entry) || (readers.length > 0 && sameReaders(entry.readers, readers));
}

export function stateOf(entry: Entry, readers: readonly string[]): EntryState {
  if (entry.dead) return "unsent";
  if (entry.seq > 0) return "stored";
  return entry.sealed !== null || mayGo(entry, readers) ? "sending" : "waiting-tap";
}

/** The entry whose turn it is: the one already sealed, else the first that may go. */
export function nextEntry(outbox: Outbox, readers: readonly string[]): Entry | null {
  const sealed = outbox.find((entry) => entry.sealed !== null && !entry.dead);
  return sealed ?? outbox.find((entry) => !entry.dead && mayGo(entry, readers)) ?? null;
}

/** One more at the end. A receipt that has not gone yet is carried by whatever follows it. */
export function add(outbox: Outbox, entry: Entry): Outbox {
  const kept = outbox.filter((one) => one.kind !== "seen" || one.sealed !== null);
  return [...kept, entry];
}

export function change(outbox: Outbox, id: string, change: Partial<Entry>): Outbox {
  return outbox.map((entry) => (entry.id === id ? { ...entry, ...change } : entry));
}

export function remove(outbox: Outbox, id: string): Outbox {
  return outbox.filter((entry) => entry.id !== id);
}

/**
 * What was answered before anybody was there: one entry, told anew as long as it has not left. What
 * has left stays said, and a later one is sent after it.
 */
export function putAnswers(outbox: Outbox, entry: Entry): Outbox {
  const waits = (one: Entry): boolean => one.kind === "answers" && one.sealed === null;
  const old = outbox.find((one) => waits(one) && !one.dead);
  const others = outbox.filter((one) => one !== old);
  // Before the words they belong to; consent that was given holds for what it was given for.
  return entry.text === "" ? others : [{ ...entry, id: old?.id ?? entry.id }, ...others];
}

/** The tap: these readers were named on the button. Nothing already sealed changes. */
export function release(outbox: Outbox, readers: readonly string[], id?: string): Outbox {
  return outbox.map((entry) =>
    entry.sealed === null && (id === undefined ? !entry.dead : entry.id === id)
      ? { ...entry, readers, dead: false }
      : entry,
  );
}

/**
 * The log has passed the point up to which bytes of an older epoch or group could have entered:
 * what lies sealed for one is sealed again when its turn comes, under the same client id.
 */
export function unsealOlder(outbox: Outbox, group: number, epoch: number): Outbox {
  return outbox.map((entry) =>
    entry.sealed !== null && (entry.sealed.group !== group || entry.sealed.epoch !== epoch)
      ? { ...entry, sealed: null, seq: 0 }
      : entry,
  );
}

/** Nothing more will be taken: what never left is kept as unsent, receipts are dropped. */
export function buryAll(outbox: Outbox): Outbox {
  return outbox.filter(needsConsent).map((entry) => ({ ...entry, dead: true }));
}
