/** Entering a group by its Welcome (RFC 9420 §12.4.3.1), and when not to. */

import { type ClientState, joinGroupWithExtensions } from "ts-mls/clientState.js";
import type { Extension } from "ts-mls/extension.js";
import { decodeMlsMessage } from "ts-mls/message.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import { decryptGroupInfo, decryptGroupSecrets, type Welcome } from "ts-mls/welcome.js";
import { equal } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { type FoundPackage, findPackage, type LeafKeys, type StoredPackage } from "./keys.ts";
import { configFor, type Member, requireOneSeatEach, type Seat, seatsOf } from "./policy.ts";
import { cipherSuite, handleOf, SUITE } from "./provider.ts";

const NONE = new Uint8Array(0);

export interface Entered {
  readonly state: ClientState;
  readonly seats: readonly Seat[];
  readonly used: StoredPackage;
}

/** Who must be in a group for this device to enter it; throws for any other company. */
export type Company = (own: Member, seats: readonly Seat[], state: ClientState) => void;

/** A talk: a seeker meets one person; staff only where the seeker's key is the pinned one. */
export function ofTalk(pinnedSeekerKey: Uint8Array | null): Company {
  return (own, seats, state) => {
    if (own.role === "seeker") requireTwo(state, seats);
    else requirePinned(seats, pinnedSeekerKey);
  };
}

/** A room of two of the staff: no seeker is in it, and nobody else. */
export const ofPair: Company = (_own, seats, state) => {
  if (seats.some((seat) => seat.staff === null)) throw new RefusalError("second-seeker");
  requireTwo(state, seats);
};

/** Throws `RefusalError`: `bad-welcome`, `not-alone`, `wrong-key`, or why somebody in it is refused. */
export async function openWelcome(
  me: LeafKeys,
  bytes: Uint8Array,
  trust: Trust,
  requireCompany: Company,
): Promise<Entered> {
  const welcome = decode(bytes.slice());
  const found = await findPackage(
    me,
    welcome.secrets.map((one) => one.newMember),
  );
  if (found === null) throw new RefusalError("bad-welcome", "for no key package kept here");
  const [signer, state] = await enter(me, welcome, found, trust);
  const seats = await seatsOf(state.ratchetTree, state.privatePath.leafIndex, trust);
  const own = seats.find((seat) => seat.member.me)?.member;
  const inviter = seats.find((seat) => seat.member.leaf === signer);
  if (own === undefined || inviter === undefined || inviter.staff === null || inviter.member.me) {
    throw new RefusalError("uninvited", "not invited by staff");
  }
  requireOneSeatEach(seats);
  requireCompany(own, seats, state);
  return { state, seats, used: found.stored };
}

/** One meets one other, in a group that has never been anything else. */
function requireTwo(state: ClientState, seats: readonly Seat[]): void {
  if (seats.length !== 2) throw new RefusalError("not-alone");
  if (state.groupContext.epoch !== 1n) throw new RefusalError("bad-welcome", "not a fresh group");
}

/** `pinned` empty: this is the first use, on the word of the certified signer. */
function requirePinned(seats: readonly Seat[], pinned: Uint8Array | null): void {
  const seeker = seats.find((seat) => seat.staff === null)?.member;
  const known = pinned?.length === 0 || (pinned !== null && equal(seeker?.key ?? NONE, pinned));
  if (seeker === undefined || !known) throw new RefusalError("wrong-key");
}

function decode(bytes: Uint8Array): Welcome {
  try {
    const [message, length] = decodeMlsMessage(bytes, 0) ?? [];
    const whole = message?.wireformat === "mls_welcome" && length === bytes.length;
    if (whole && message.welcome.cipherSuite === SUITE) return message.welcome;
  } catch {
    // damage, said below
  }
  throw new RefusalError("bad-welcome", "not readable");
}

/** The state after joining, and the leaf that signed the invitation. */
async function enter(
  me: LeafKeys,
  welcome: Welcome,
  found: FoundPackage,
  trust: Trust,
): Promise<[number, ClientState]> {
  const suite = await cipherSuite();
  const { stored, publicPackage } = found;
  const keys = {
    // Copies: joining wipes some of what it uses, and a last resort is used again.
    initPrivateKey: stored.init.slice(),
    hpkePrivateKey: stored.leaf.slice(),
    signaturePrivateKey: handleOf(me.signer.secret),
  };
  try {
    const signer = await signerOf(welcome, found);
    const [state, extensions] = await joinGroupWithExtensions(
      welcome,
      publicPackage,
      keys,
      emptyPskIndex,
      suite,
      undefined,
      undefined,
      configFor(trust),
    );
    requirePlain([...state.groupContext.extensions, ...extensions]);
    return [signer, state];
  } catch (error) {
    if (error instanceof RefusalError) throw error;
    throw new RefusalError("bad-welcome", String(error));
  }
}

/** The tree travels inside the invitation; anything else could open a side door. */
function requirePlain(extensions: readonly Extension[]): void {
  if (extensions.some((one) => one.extensionType !== "ratchet_tree")) {
    throw new RefusalError("bad-welcome", "an extension we do not use");
  }
}

/** `joinGroup` checks the signer's signature but does not say who it was. */
async function signerOf(welcome: Welcome, found: FoundPackage): Promise<number> {
  const suite = await cipherSuite();
  const init = await suite.hpke.importPrivateKey(found.stored.init.slice());
  const secrets = await decryptGroupSecrets(init, found.reference, welcome, suite.hpke);
  if (secrets === undefined || secrets.psks.length > 0) {
    throw new RefusalError("bad-welcome", "group secrets");
  }
  const none = new Uint8Array(suite.kdf.size);
  const info = await decryptGroupInfo(welcome, secrets.joinerSecret, none, suite);
  if (info === undefined) throw new RefusalError("bad-welcome", "group info");
  return info.signer;
}
