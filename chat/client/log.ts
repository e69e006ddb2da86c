/**
 * Reading the log, one row after the other. Each row turns what is held into what is held next and
 * into lines; nothing is stored or sent here. A row is believed for what MLS makes of it: the
 * server's columns only say where to look.
 */

import { equal } from "../../counsel/client/bytes.ts";
import type { Trust } from "../../counsel/client/certificates.ts";
import type { Envelope } from "../../counsel/client/contract.ts";
import { OutOfReachError } from "../../counsel/client/knownLog.ts";
import { type RefusalCode, RefusalError } from "../../counsel/client/refusal.ts";
import { readHeader } from "./header.ts";
import { compareHeads } from "./heads.ts";
import { Group, without } from "./mls/group.ts";
import type { LeafKeys } from "./mls/keys.ts";
import type { Member } from "./mls/policy.ts";
import { type Entry, isSaid, remove, sayHead, unsealOlder } from "./outbox.ts";
import { asksWhere, placeLine } from "./places.ts";
import { decodePlaintext, type Plaintext, type PlaintextKind } from "./plaintext.ts";
import { afterMessage } from "./release.ts";
import type { KeptLine, NoticeCode, Saved } from "./saved.ts";
import { type Finding, forget, hear, placeOwn, type Transcript } from "./transcript.ts";

/** What is kept and the living objects that belong to it; always replaced together. */
export interface Held {
  readonly saved: Saved;
  readonly keys: LeafKeys;
  readonly group: Group | null;
  /** The group behind `saved.renewal`, when this page made it. */
  readonly next: Group | null;
}

export interface Reading {
  readonly held: Held;
  readonly lines: readonly KeptLine[];
  /** The seeker's own leaf asked that everything go. */
  readonly erased?: boolean;
  /** This talk cannot go on, for this reason. */
  readonly refused?: RefusalCode;
  /** Somebody else has taken over, or we were taken out. */
  readonly lostSeat?: boolean;
  /** Rows are missing that only fresh keys can bridge. */
  readonly broken?: boolean;
  /** What it takes to judge this row cannot be fetched: its turn comes again. */
  readonly later?: boolean;
}

type Seekers = "answers" | "cue" | "news" | "passed";

function isSeekers(kind: PlaintextKind): kind is Seekers {
  return kind === "answers" || kind === "cue" || kind === "news" || kind === "passed";
}

/** What a Welcome means differs by side; everything else is the same for both. */
export interface Reader {
  readonly trust: Trust;
  readonly now: () => number;
  welcomed(held: Held, row: Envelope): Promise<Reading>;
  /** Staff: what else there is to a message, and the transcript of who was not there before. */
  hears?(saved: Saved, author: Member, plaintext: Plaintext): Transcript | null;
}

export async function readRow(reader: Reader, held: Held, row: Envelope): Promise<Reading> {
  const reading = await readAny(reader, held, row);
  if (reading.later) return reading;
  const { newest, log } = reader.trust;
  const head = log.head === null ? null : { size: log.head.size, hash: log.head.hash };
  const saved = { ...reading.held.saved, after: row.seq, newest, head };
  return { ...reading, held: { ...reading.held, saved } };
}

async function readAny(reader: Reader, held: Held, row: Envelope): Promise<Reading> {
  const { saved } = held;
  const mine = (one: { clientId: Uint8Array }, bytes: Uint8Array | undefined): boolean =>
    bytes !== undefined && equal(one.clientId, row.clientId) && equal(bytes, row.sealed);
  if (saved.renewal !== null && mine(saved.renewal, saved.renewal.sealed)) {
    return placeRenewal(reader, held, row);
  }
  if (saved.opening !== null && mine(saved.opening, saved.opening.welcome)) {
    const opened = { ...saved, opening: null, groupNumber: row.group };
    return { held: { ...held, saved: opened }, lines: [] };
  }
  const entry = saved.outbox.find((one) => mine(one, one.sealed?.bytes));
  if (entry !== undefined) return placeEntry(held, entry);
  if (row.what === "welcome") return reader.welcomed(held, row);
  // Rows of groups before ours, or while we have none yet, were never for this device.
  const before = saved.opening !== null || row.group < saved.groupNumber;
  if (held.group === null || before) return { held, lines: [] };
  return readForeign(reader, held, held.group, row);
}

/** Our commit has its place: the group it made is the present one. */
async function placeRenewal(reader: Reader, held: Held, row: Envelope): Promise<Reading> {
  const { saved, keys } = held;
  if (saved.renewal === null) return { held, lines: [] };
  const group = held.next ?? (await Group.restore(saved.renewal.group, keys, reader.trust));
  return inEpoch(held, group, row, reader.now());
}

/** A new epoch has begun: what was sealed for the last one is sealed again when its turn comes. */
function inEpoch(held: Held, group: Group, row: Envelope, now: number): Reading {
  const { saved } = held;
  const { members } = group;
  const before = held.group?.members ?? [];
  const [gone, come] = [without(before, members), without(members, before)];
  const outbox = unsealOlder(saved.outbox, saved.groupNumber, group.epoch);
  const next: Saved = {
    ...saved,
    group: group.encode(),
    renewal: null,
    sinceCommit: 0,
    committedAt: now,
    transcript: saved.transcript && forget(saved.transcript, gone),
    // Whoever came has not read what was said of the log before.
    outbox: come.length > 0 ? sayHead(outbox, now) : outbox,
  };
  return {
    held: { ...held, group, next: null, saved: next },
    lines: [
      ...gone.map((one) => cameOrWent("left", one, row, now)),
      ...come.map((one) => cameOrWent("joined", one, row, now)),
    ],
  };
}

/** Our own words have their place: they leave the outbox and become a line. */
async function placeEntry(held: Held, entry: Entry): Promise<Reading> {
  const { saved, group } = held;
  const me = group?.members.find((member) => member.me);
  if (me === undefined || saved.transcript === null || entry.sealed === null) {
    return { held, lines: [] };
  }
  const transcript = await placeOwn(saved.transcript, me.leaf, entry.sealed.raw);
  const next = group && (await afterMessage(saved.handover, me, entry, group));
  const placed: Saved = {
    ...saved,
    ...(next && { handover: next.handover }),
    transcript,
    outbox: remove(saved.outbox, entry.id),
    sinceCommit: saved.sinceCommit + 1,
  };
  const lines: KeptLine[] = [];
  const { kind, id, at, text } = entry;
  if (isSaid(kind)) {
    const { role, name: who } = me;
    const place = transcript.length;
    lines.push({ kind, id, at, mine: true, who, role, text, place, group: saved.groupNumber });
  }
  const asks = kind === "help" && asksWhere(text) ? { asksPlace: true } : {};
  return { held: { ...held, saved: { ...placed, ...asks } }, lines };
}

async function readForeign(
  reader: Reader,
  held: Held,
  group: Group,
  row: Envelope,
): Promise<Reading> {
  try {
    const { group: next, opened } = await group.open(row.sealed);
    const back = row.seq > held.saved.over ? 0 : held.saved.over;
    const heard = { ...held, saved: { ...held.saved, over: back } };
    if (opened.kind === "words") {
      return await readWords(reader, heard, next, opened.author, opened.plaintext, row);
    }
    return { ...inEpoch(heard, next, row, reader.now()), lostSeat: opened.removedMe };
  } catch (error) {
    if (error instanceof OutOfReachError) return { held, lines: [], later: true };
    if (!(error instanceof RefusalError)) throw error;
    return unopened(reader, held, group, row, error.code);
  }
}

async function readWords(
  reader: Reader,
  held: Held,
  group: Group,
  author: Member,
  raw: Uint8Array,
  row: Envelope,
): Promise<Reading> {
  const plaintext = decodePlaintext(raw);
  const { saved } = held;
  const sinceCommit = saved.sinceCommit + 1;
  const kept = { ...held, group, saved: { ...saved, group: group.encode(), sinceCommit } };
  const known = plaintext && (reader.hears?.(saved, author, plaintext) ?? saved.transcript);
  if (plaintext === null || known === null) {
    return { held: kept, lines: [notice("unreadable", row, reader.now())] };
  }
  await compareHeads(reader.trust, known, author.leaf, plaintext);
  const heard = await hear(known, author.leaf, plaintext, raw);
  const lines: KeptLine[] = heard.findings.map((one) => found(one, author, row, reader.now()));
  if (heard.place > 0) {
    const { kind, text, at } = plaintext;
    const { name: who, role } = author;
    const [id, place] = [idOf(row), heard.place];
    // Only a seeker has answers, a phone that hears, and news of desks; what helps comes from staff
    // alone. The same bytes from anybody else are none.
    const theirs = isSeekers(kind) && role === "seeker";
    const passedOn = (kind === "card" || kind === "referral") && role !== "seeker";
    if (kind === "place" && role === "seeker") {
      // For whoever asked alone, and the time it is kept counts from here: no other clock is believed.
      const [where, now] = [saved.asksPlace ? text : "", reader.now()];
      lines.push(placeLine(id, now, where, who, place, saved.groupNumber));
    } else if (kind === "words" || kind === "numbers" || kind === "help" || theirs || passedOn) {
      lines.push({ kind, id, at, mine: false, who, role, text, place, group: saved.groupNumber });
    } else if (kind === "other" || kind === "card") {
      lines.push(notice("newer", row, reader.now(), { who }));
    }
  }
  const others = plaintext.kind === "help" && asksWhere(plaintext.text);
  const asksPlace = kept.saved.asksPlace && !(others && author.role !== "seeker");
  const next =
    heard.place > 0 ? await afterMessage(saved.handover, author, plaintext, group) : null;
  if (next?.said) lines.push(notice(next.said, row, reader.now(), next.params));
  const handover = next === null ? saved.handover : next.handover;
  const { transcript } = heard;
  const held2 = { ...kept, saved: { ...kept.saved, asksPlace, transcript, handover } };
  const erased = heard.place > 0 && plaintext.kind === "erase" && author.role === "seeker";
  return { held: held2, lines, erased };
}

/**
 * A row that does not open. A change we refuse or cannot read ends the talk, because nobody knows
 * who is in the group after it. Words are shown for what they are, and the talk goes on.
 */
function unopened(
  reader: Reader,
  held: Held,
  group: Group,
  row: Envelope,
  code: RefusalCode,
): Reading {
  const header = readHeader(row.sealed);
  const present = header !== null && equal(header.groupId, group.groupId);
  const ahead = present && header.epoch > group.epoch;
  const change = present && header.epoch === group.epoch && header.what === "commit";
  const alone = code === "opened-elsewhere" || code.startsWith("log-");
  if (ahead || (change && code !== "replayed") || alone) {
    return { held, lines: [], refused: code };
  }
  const known: readonly NoticeCode[] = ["missing-rows", "unreadable"];
  const said = code === "replayed" || code === "ended-epoch" ? "replayed" : "unreadable";
  const shown = known.find((one) => one === code) ?? said;
  return {
    held,
    lines: [notice(shown, row, reader.now())],
    broken: code === "missing-rows",
  };
}

function found(finding: Finding, author: Member, row: Envelope, now: number): KeptLine {
  const { name: who, role } = author;
  if (finding.kind === "gap") {
    return notice("gap", row, now, { who, role, count: String(finding.count) });
  }
  return notice(finding.kind === "fork" ? "fork" : "replayed", row, now, { who, role });
}

export function idOf(row: { readonly group: number; readonly seq: number }): string {
  return `${row.group}.${row.seq}`;
}

export function notice(
  code: NoticeCode,
  row: { readonly group: number; readonly seq: number },
  at: number,
  params: Readonly<Record<string, string>> = {},
): KeptLine {
  return { kind: "notice", id: `${idOf(row)} ${code}`, code, params, at };
}

export function cameOrWent(
  kind: "joined" | "left",
  member: Member,
  row: { readonly group: number; readonly seq: number },
  at: number,
): KeptLine {
  const id = `${idOf(row)} ${kind} ${member.leaf}`;
  return { kind, id, who: member.name, role: member.role, at };
}
