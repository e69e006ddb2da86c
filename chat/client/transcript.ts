/**
 * Whether everybody was shown the same talk. Pure but for the hash.
 *
 * The log is one order for all members of a group, and each client reads it in that order, its own
 * messages included. Over what it has read it keeps a chain:
 *
 *     chain(0)   = SHA-256("counsel chain 1" ‖ 0 ‖ group id), first 16 bytes
 *     chain(n+1) = SHA-256(chain(n) ‖ u32 leaf ‖ plaintext),  first 16 bytes
 *
 * Every message says how far its sender had read and what the chain was there. So a server that
 * drops, swaps or splits is found out by the next message of the person it was done to:
 *
 * - a *gap*: the sender's running number jumps, so something of theirs was never given to us;
 * - a *replay*: a number that was here before; it is not shown again;
 * - a *fork*: they had read lines we were never given, or other lines than we have.
 *
 * A tail that is cut off is never "seen": `seenBy` says how far each person's screen has come, and
 * after a fork it stands still, because their lines are no longer ours.
 */

import { concat, equal, source, uint, utf8 } from "../../counsel/client/bytes.ts";
import { CHAIN_BYTES, type Plaintext } from "./plaintext.ts";

/** Chains kept to compare with: nobody seals with one older, a new epoch begins long before. */
export const WINDOW = 128;

export interface Peer {
  /** The last running number of theirs that was shown. */
  readonly number: number;
  /** How many lines their screen has shown. */
  readonly seen: number;
  readonly forked: boolean;
  /** They have said which log of everything issued they know, and it is ours. */
  readonly agreed: boolean;
}

export interface Transcript {
  readonly length: number;
  /** The chain at `length` and at up to `WINDOW` lengths before it, newest last. */
  readonly chains: readonly Uint8Array[];
  /** How many messages of our own lie in the log. */
  readonly mine: number;
  readonly peers: Readonly<Record<number, Peer>>;
}

export type Finding =
  | { readonly kind: "gap"; readonly count: number }
  | { readonly kind: "replay" }
  | { readonly kind: "fork" };

export interface Heard {
  readonly transcript: Transcript;
  readonly findings: readonly Finding[];
  /** The line's place, from 1; 0 when it must not be shown. */
  readonly place: number;
}

const STRANGER: Peer = { number: 0, seen: 0, forked: false, agreed: false };

async function short(...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const digest = await crypto.subtle.digest("SHA-256", source(concat(...parts)));
  return new Uint8Array(digest).slice(0, CHAIN_BYTES);
}

export async function beginTranscript(groupId: Uint8Array): Promise<Transcript> {
  const first = await short(utf8("counsel chain 1\0"), groupId);
  return { length: 0, chains: [first], mine: 0, peers: {} };
}

/** The chain over everything read so far. */
export function chainOf(transcript: Transcript): Uint8Array {
  return transcript.chains[transcript.chains.length - 1] as Uint8Array;
}

async function append(transcript: Transcript, leaf: number, raw: Uint8Array): Promise<Transcript> {
  const next = await short(chainOf(transcript), uint(leaf, 4), raw);
  const chains = [...transcript.chains, next].slice(-(WINDOW + 1));
  return { ...transcript, length: transcript.length + 1, chains };
}

/** Our own message has its place in the log. */
export async function placeOwn(
  transcript: Transcript,
  leaf: number,
  raw: Uint8Array,
): Promise<Transcript> {
  const placed = await append(transcript, leaf, raw);
  return { ...placed, mine: placed.mine + 1 };
}

/** Somebody else's message, as MLS authenticated `leaf`; `raw` is the plaintext to the byte. */
export async function hear(
  transcript: Transcript,
  leaf: number,
  plaintext: Plaintext,
  raw: Uint8Array,
): Promise<Heard> {
  const peer = transcript.peers[leaf] ?? STRANGER;
  if (plaintext.number <= peer.number) {
    return { transcript, findings: [{ kind: "replay" }], place: 0 };
  }
  const missing = plaintext.number - peer.number - 1;
  const split = !agrees(transcript, plaintext);
  const findings: Finding[] = [];
  // One line is enough for one wound: after a gap their chain cannot match ours either.
  if (missing > 0) findings.push({ kind: "gap", count: missing });
  else if (split && !peer.forked) findings.push({ kind: "fork" });
  const forked = peer.forked || split || missing > 0;
  const claimed = Math.min(plaintext.seen, plaintext.length);
  const seen = forked ? peer.seen : Math.max(peer.seen, claimed);
  const appended = await append(transcript, leaf, raw);
  const agreed = peer.agreed || plaintext.kind === "head";
  const said: Peer = { number: plaintext.number, seen, forked, agreed };
  const peers = { ...transcript.peers, [leaf]: said };
  return { transcript: { ...appended, peers }, findings, place: appended.length };
}

/** Whoever takes one of these places next is a stranger. */
export function forget(
  transcript: Transcript,
  gone: readonly { readonly leaf: number }[],
): Transcript {
  const peers = { ...transcript.peers };
  for (const { leaf } of gone) delete peers[leaf];
  return { ...transcript, peers };
}

function agrees(transcript: Transcript, plaintext: Plaintext): boolean {
  const back = transcript.length - plaintext.length;
  const chain = transcript.chains[transcript.chains.length - 1 - back];
  return back >= 0 && chain !== undefined && equal(chain, plaintext.chain);
}

/** Whether anybody else's screen has shown the line at this place. */
export function seenBy(transcript: Transcript, place: number): boolean {
  return Object.values(transcript.peers).some((peer) => peer.seen >= place);
}
