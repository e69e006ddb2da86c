/** Everything a group is, and how it is kept. */

import { type ClientState, decodeGroupState, encodeGroupState } from "ts-mls/clientState.js";
import { ByteReader, concat, equal, prefixed, uint } from "../../../counsel/client/bytes.ts";
import type { Duty, Trust } from "../../../counsel/client/certificates.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { splitPairs } from "../../../counsel/client/statements.ts";
import type { LeafKeys } from "./keys.ts";
import { configFor, type Seat, seatsOf, staffOf } from "./policy.ts";
import { handleOf } from "./provider.ts";

/** Raised when the encoding changes; a group kept by another version is not guessed at. */
const VERSION = 2;

export interface Parts {
  readonly state: ClientState;
  readonly seats: readonly Seat[];
  readonly trust: Trust;
  /** Duty statements as they came, one behind the other, to be kept and passed on. */
  readonly statements: Uint8Array;
  /** The same, read. */
  readonly duties: readonly Duty[];
  /** Secrets that only the group before this one needs. */
  readonly spent: readonly Uint8Array[];
}

/** Secret. The signature key is not in it: it may have no bytes. */
export function encodeParts({ state, statements }: Parts): Uint8Array {
  const bare = { ...state, signaturePrivateKey: new Uint8Array(0) };
  return concat(uint(VERSION, 1), prefixed(statements), encodeGroupState(bare));
}

/**
 * What `encodeParts` wrote, with our own configuration attached again: the encoding has none, and
 * the library's default would accept everybody. Throws `old-state`.
 */
export async function decodeParts(bytes: Uint8Array, me: LeafKeys, trust: Trust): Promise<Parts> {
  const reader = new ByteReader(bytes);
  if (reader.number(1) !== VERSION) throw new RefusalError("old-state");
  const statements = reader.prefixed();
  const decoded = decodeState(reader.rest()); // a copy: wiping must not reach the caller's bytes
  const state: ClientState = {
    ...decoded,
    clientConfig: configFor(trust),
    signaturePrivateKey: handleOf(me.signer.secret),
  };
  const seats = await seatsOf(state.ratchetTree, state.privatePath.leafIndex, trust);
  const own = seats.find((seat) => seat.member.me)?.member;
  const mine = own !== undefined && equal(own.key, me.signer.publicKey);
  if (!mine && state.groupActiveState.kind === "active") {
    throw new RefusalError("old-state", "the group of another key");
  }
  return { state, seats, trust, spent: [], ...(await knownDuties(statements, seats, trust)) };
}

function decodeState(encoded: Uint8Array): Omit<ClientState, "clientConfig"> {
  try {
    const [state, length] = decodeGroupState(encoded, 0) ?? [];
    if (state !== undefined && length === encoded.length) return state;
  } catch {
    // the library throws at some damage and returns undefined at other; it is the same to us
  }
  throw new RefusalError("old-state", "not readable");
}

/** Duty statements kept for one certificate: this shift's, and the next one's when it is known. */
const KEPT_EACH = 2;

/** The duty statements of those who are here, each once; those of people who left are dropped. */
export async function knownDuties(
  statements: Uint8Array,
  seats: readonly Seat[],
  trust: Trust,
): Promise<{ statements: Uint8Array; duties: readonly Duty[] }> {
  const kept: { readonly bytes: Uint8Array; readonly duty: Duty }[] = [];
  for (const [issuer, signed] of splitPairs(statements)) {
    const bytes = concat(issuer.bytes, signed.bytes);
    if (kept.some((one) => equal(one.bytes, bytes))) continue;
    try {
      for (const duty of await trust.duties(bytes, staffOf(seats))) kept.push({ bytes, duty });
    } catch (error) {
      if (!(error instanceof RefusalError && error.code === "duty-other")) throw error;
    }
  }
  const latest = kept.filter(({ duty }) => {
    const own = kept.filter((one) => one.duty.certificate === duty.certificate);
    return own.filter((one) => one.duty.until > duty.until).length < KEPT_EACH;
  });
  return {
    statements: concat(...latest.map((one) => one.bytes)),
    duties: latest.map((one) => one.duty),
  };
}

/** Joining and sending need every staff member here certified, logged and on duty, now. */
export async function requireOnDuty(
  seats: readonly Seat[],
  duties: readonly Duty[],
  trust: Trust,
): Promise<void> {
  await trust.requireLogged(staffOf(seats), duties);
  for (const staff of staffOf(seats)) {
    trust.requireCurrent(staff);
    trust.requireOnDuty(staff, duties);
  }
}
