/**
 * The next thing to send: sealed here, stored by the caller before it leaves, and from then on sent
 * again to the byte. One at a time, so that numbers, chain and log stay in step.
 */

import { equal } from "../../counsel/client/bytes.ts";
import type { Change, OpenGroup, Send } from "../../counsel/client/contract.ts";
import type { Held } from "./log.ts";
import type { Group } from "./mls/group.ts";
import { change, type Entry, type EntryKind, nextEntry, readersOf } from "./outbox.ts";
import { encodePlaintext } from "./plaintext.ts";
import type { Renewal, Saved } from "./saved.ts";
import { chainOf } from "./transcript.ts";

/** Messages and time after which a sender makes fresh keys before its next words. */
export const RENEW_AFTER_MESSAGES = 20;
export const RENEW_AFTER = 600_000;

export interface Job {
  readonly frame: Send | OpenGroup | Change;
  readonly held: Held;
  /** False: these bytes were stored before and go out again as they are. */
  readonly fresh: boolean;
}

const WORDLESS: readonly EntryKind[] = [
  ...(["erase", "seen", "head", "leave", "release", "consent"] as const),
];

/** Whether fresh keys are wanted for another reason: at once, or before the next words. */
export type Due = "" | "before-next" | "now";

/** Makes the commit that is wanted. */
export type Commit = (held: Held) => Promise<Job | null>;

/** Null: there is nothing to send now. Throws `RefusalError` when sealing is refused. */
export async function prepare(
  held: Held,
  due: Due,
  now: number,
  commit: Commit = renew,
): Promise<Job | null> {
  const { saved, group } = held;
  if (saved.opening !== null) return again(held, { kind: "OpenGroup", ...saved.opening });
  if (saved.renewal !== null) return again(held, frameOf(saved.renewal));
  if (group === null || saved.transcript === null) return null;
  const entry = nextEntry(saved.outbox, readersOf(group.members));
  if (entry?.sealed) {
    const { clientId, sealed } = entry;
    return again(held, { kind: "Send", clientId, sealed: sealed.bytes });
  }
  const wanted = due === "now" || (entry !== null && (due !== "" || isDue(saved, now)));
  if (wanted) return commit(held);
  return entry === null ? null : seal(held, entry);
}

function frameOf({ clientId, sealed, change }: Renewal): Send | Change {
  return { kind: "Send", ...change, clientId, sealed } as Send | Change;
}

function again(held: Held, frame: Job["frame"]): Job {
  return { held, frame, fresh: false };
}

/** A sender commits first after twenty messages or ten minutes (encryption.md, flow 3). */
export function isDue({ sinceCommit, committedAt }: Saved, now: number): boolean {
  return sinceCommit >= RENEW_AFTER_MESSAGES || now - committedAt >= RENEW_AFTER;
}

/** A shift that goes on is told with the next commit, and nobody has to open a fresh group for it. */
export async function renew(held: Held): Promise<Job | null> {
  const { group, keys } = held;
  if (group === null) return null;
  const told = holds(group.statements, keys.duty) ? new Uint8Array(0) : keys.duty;
  const { group: next, sealed } = await group.renew(told);
  return commitJob(held, next, { sealed });
}

/** A commit that was made, on its way. */
export function commitJob(held: Held, next: Group, made: Pick<Renewal, "sealed" | "change">): Job {
  const clientId = crypto.getRandomValues(new Uint8Array(16));
  const renewal = { ...made, clientId, group: next.encode() };
  const saved = { ...held.saved, renewal };
  return { held: { ...held, next, saved }, frame: frameOf(renewal), fresh: true };
}

function holds(all: Uint8Array, part: Uint8Array): boolean {
  const last = all.length - part.length;
  for (let at = 0; at <= last; at++) {
    if (equal(all.subarray(at, at + part.length), part)) return true;
  }
  return false;
}

async function seal(held: Held, entry: Entry): Promise<Job | null> {
  const { saved, group } = held;
  if (group === null || saved.transcript === null) return null;
  const { transcript } = saved;
  const raw = encodePlaintext({
    kind: entry.kind,
    number: transcript.mine + 1,
    seen: Math.min(saved.shown, transcript.length),
    length: transcript.length,
    chain: chainOf(transcript),
    at: entry.at,
    text: entry.kind === "head" ? await group.head() : entry.text,
  });
  // Words need everybody on duty; a receipt or a farewell must go out even when a shift is over.
  const wordless = WORDLESS.includes(entry.kind);
  const result = wordless ? await group.sealRegardlessOfDuty(raw) : await group.seal(raw);
  const bytes = result.sealed;
  const sealed = { bytes, raw, group: saved.groupNumber, epoch: group.epoch };
  const outbox = change(saved.outbox, entry.id, { sealed });
  const told = Math.max(saved.told, saved.shown);
  return {
    held: {
      ...held,
      group: result.group,
      saved: { ...saved, group: result.group.encode(), outbox, told },
    },
    frame: { kind: "Send", clientId: entry.clientId, sealed: bytes },
    fresh: true,
  };
}
