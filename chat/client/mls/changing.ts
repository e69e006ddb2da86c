/** Commits (RFC 9420 §12.4): making one, and what must hold after anybody's. */

import type { ClientState } from "ts-mls/clientState.js";
import { type CreateCommitResult, createCommit } from "ts-mls/createCommit.js";
import type { KeyPackage } from "ts-mls/keyPackage.js";
import { encodeMlsMessage } from "ts-mls/message.js";
import type { Proposal } from "ts-mls/proposal.js";
import { concat } from "../../../counsel/client/bytes.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { knownDuties, type Parts } from "./parts.ts";
import {
  compareTrees,
  type Member,
  requireAllowed,
  requireOneSeatEach,
  type Seat,
  seatsOf,
  staffOf,
} from "./policy.ts";
import { cipherSuite } from "./provider.ts";

const NONE = new Uint8Array(0);

export const addOf = (keyPackage: KeyPackage): Proposal => ({
  proposalType: "add",
  add: { keyPackage },
});

export const removeOf = (leaf: number): Proposal => ({
  proposalType: "remove",
  remove: { removed: leaf },
});

export interface Committed {
  readonly parts: Parts;
  readonly sealed: Uint8Array;
  /** Null unless somebody was added. */
  readonly welcome: Uint8Array | null;
}

/** `statement` travels readable beside the commit: the duty of whoever it adds. */
export async function commit(
  parts: Parts,
  me: Member,
  proposals: Proposal[],
  statement: Uint8Array = NONE,
): Promise<Committed> {
  const result = await createCommit(
    { state: parts.state, cipherSuite: await cipherSuite() },
    { extraProposals: proposals, ratchetTreeExtension: true, authenticatedData: statement },
  );
  return {
    parts: await afterCommit(parts, result.newState, result.consumed, statement, me),
    sealed: encodeMlsMessage(result.commit),
    welcome: welcomeBytes(result),
  };
}

function welcomeBytes({ welcome }: CreateCommitResult): Uint8Array | null {
  if (welcome === undefined) return null;
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome });
}

/**
 * The group after a commit, own ones included: compared leaf by leaf with the one before, so that
 * nobody can store what must not be. Keys of the ended epoch are not carried over.
 */
export async function afterCommit(
  before: Parts,
  newState: ClientState,
  consumed: readonly Uint8Array[],
  statement: Uint8Array,
  committer: Member,
): Promise<Parts> {
  const { state: old, trust } = before;
  const removed = newState.groupActiveState.kind !== "active";
  if (newState.groupContext.extensions.length > 0) throw new RefusalError("not-allowed");
  const difference = compareTrees(old.ratchetTree, newState.ratchetTree, committer.leaf, removed);
  const seats = await seatsOf(newState.ratchetTree, newState.privatePath.leafIndex, trust);
  const founding = committer.me && old.groupContext.epoch === 0n;
  if (founding) requireOneSeatEach(seats);
  else requireAllowed(difference, committer, before.seats, seats);
  const known = await knownDuties(concat(before.statements, statement), seats, trust);
  const joined = seats.filter((seat) => difference.joined.includes(seat.member.leaf));
  requireStatements(joined, known.duties);
  const state = { ...newState, historicalReceiverData: new Map() };
  return { state, seats, trust, ...known, spent: [...consumed, ...secretsOf(old)] };
}

/** Whether that shift still goes on is asked before sending; here somebody may be reading late. */
function requireStatements(joined: readonly Seat[], duties: Parts["duties"]): void {
  for (const staff of staffOf(joined)) {
    if (!duties.some((duty) => duty.certificate === staff.certificate)) {
      throw new RefusalError("duty-over", staff.name);
    }
  }
}

/** Ratchets and key schedule of an epoch. Not the tree's private keys: the next one shares those. */
function secretsOf({ secretTree, keySchedule }: ClientState): Uint8Array[] {
  const ratchets = secretTree.flatMap((node) => [node.application.secret, node.handshake.secret]);
  return [...ratchets, ...Object.values(keySchedule)];
}
