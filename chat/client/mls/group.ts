/**
 * One talk's MLS group: the only file through which the rest of the client meets `ts-mls`.
 *
 * A `Group` never changes; every call returns the next one. Keep the old one until the server has
 * stored what the new one sealed, then call `release()` on the new one: it wipes the secrets that
 * only the old one needed. Present epoch only, strictly in order, nothing skipped.
 */

import "./floor.ts";
import { createGroup, decodeGroupState, encodeGroupState } from "ts-mls/clientState.js";
import type { ClientState } from "ts-mls/clientState.js";
import { type CreateCommitResult, createCommit } from "ts-mls/createCommit.js";
import { createApplicationMessage } from "ts-mls/createMessage.js";
import { mlsExporter } from "ts-mls/keySchedule.js";
import { encodeMlsMessage, type MLSMessage } from "ts-mls/message.js";
import type { PrivateMessage } from "ts-mls/privateMessage.js";
import type { Proposal } from "ts-mls/proposal.js";
import { ByteReader, concat, equal, prefixed, uint } from "../../../counsel/client/bytes.ts";
import { type Duty, splitStatements, type Trust } from "../../../counsel/client/certificates.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { readKeyPackage, requireLifetime } from "./admission.ts";
import { openWelcome } from "./joining.ts";
import { drawPackage, type LeafKeys, type SeekerKeys, type StaffKeys, spend } from "./keys.ts";
import {
  compareTrees,
  configFor,
  type Member,
  requireAllowed,
  requireOneSeatEach,
  type Seat,
  seatsOf,
  staffOf,
  withDuties,
} from "./policy.ts";
import { cipherSuite, handleOf } from "./provider.ts";
import { openCommit, openWords, readMessage, senderOf } from "./reading.ts";
import { secretsOf } from "./secrets.ts";

const VERSION = 1;

export type Opened =
  | { kind: "words"; author: Member; generation: number; plaintext: Uint8Array }
  | {
      kind: "change";
      by: Member;
      joined: readonly Member[];
      left: readonly Member[];
      removedMe: boolean;
    };

/** Everything a group is. `duties` lies verbatim, so that it can be stored and passed on. */
interface Parts {
  readonly state: ClientState;
  readonly seats: readonly Seat[];
  readonly trust: Trust;
  readonly statements: Uint8Array;
  readonly duties: readonly Duty[];
  readonly spent: readonly Uint8Array[];
}

export class Group {
  private readonly parts: Parts;

  private constructor(parts: Parts) {
    this.parts = { ...parts, seats: withDuties(parts.seats, parts.duties) };
  }

  get groupId(): Uint8Array {
    return this.parts.state.groupContext.groupId.slice();
  }

  get epoch(): number {
    return Number(this.parts.state.groupContext.epoch);
  }

  /** Everybody who can read, computed from the group's own tree alone. */
  get members(): readonly Member[] {
    return this.parts.seats.map((seat) => seat.member);
  }

  /** True once a commit has taken this device out: reading and sending are over. */
  get removed(): boolean {
    return this.parts.state.groupActiveState.kind !== "active";
  }

  /** The duty statements of the staff here, one behind the other: goes beside a Welcome. */
  get statements(): Uint8Array {
    return this.parts.statements.slice();
  }

  /** A new group with its creator alone in it, who must be certified and on duty now. */
  static async create(me: StaffKeys, groupId: Uint8Array, trust: Trust): Promise<Group> {
    const own = await trust.staff(me.identity, me.signer.publicKey);
    const { publicPackage, stored } = await drawPackage(me, trust.today(), false);
    const duties = await trust.duties(me.duty, [own]);
    trust.requireCurrent(own);
    trust.requireOnDuty(own, duties);
    const state = await createGroup(
      groupId.slice(),
      publicPackage,
      {
        initPrivateKey: stored.init,
        hpkePrivateKey: stored.leaf,
        signaturePrivateKey: handleOf(me.signer.secret),
      },
      [],
      await cipherSuite(),
      configFor(trust),
    );
    const seats = await seatsOf(state.ratchetTree, 0, trust);
    return new Group({ state, seats, trust, statements: me.duty.slice(), duties, spent: [] });
  }

  /**
   * Enters the group a Welcome invites to. `statement` lies beside the Welcome. A seeker enters
   * only where exactly one other person is, certified and on duty; staff only where the seeker
   * leaf is `pinnedSeekerKey`. `me` comes back without the private part that was used.
   */
  static async join<K extends SeekerKeys>(
    me: K,
    welcome: Uint8Array,
    statement: Uint8Array,
    trust: Trust,
    pinnedSeekerKey: Uint8Array | null = null,
  ): Promise<{ group: Group; me: K }> {
    const entered = await openWelcome(me, welcome, trust, pinnedSeekerKey);
    const { state, seats, used } = entered;
    const statements = concat(statement, me.duty);
    const duties = await trust.duties(statements, staffOf(seats));
    for (const staff of staffOf(seats)) {
      trust.requireCurrent(staff);
      trust.requireOnDuty(staff, duties);
    }
    const group = new Group({ state, seats, trust, statements, duties, spent: [] });
    return { group, me: spend(me, used) };
  }

  /**
   * What `encode()` wrote, with our own configuration attached again: the encoding has none, and
   * the library's default would accept everybody. Dates are not asked: reading goes on.
   */
  static async restore(bytes: Uint8Array, me: LeafKeys, trust: Trust): Promise<Group> {
    const reader = new ByteReader(bytes);
    if (reader.number(1) !== VERSION) throw new RefusalError("old-state");
    const statements = reader.prefixed();
    const encoded = reader.rest(); // a copy: wiping secrets later must not reach the caller's bytes
    const decoded = decode(encoded);
    const state: ClientState = {
      ...decoded,
      clientConfig: configFor(trust),
      signaturePrivateKey: handleOf(me.signer.secret),
    };
    const seats = await seatsOf(state.ratchetTree, state.privatePath.leafIndex, trust);
    const own = seats.find((seat) => seat.member.me);
    const removed = state.groupActiveState.kind !== "active";
    if (!removed && !equal(own?.member.key ?? new Uint8Array(0), me.signer.publicKey)) {
      throw new RefusalError("old-state", "another key's group");
    }
    const present = await knownDuties(statements, seats, trust);
    return new Group({ state, seats, trust, ...present, spent: [] });
  }

  /** Secret: for the vault, sealed. The signature key is not in it. */
  encode(): Uint8Array {
    const { state, statements } = this.parts;
    const bare = { ...state, signaturePrivateKey: new Uint8Array(0) };
    return concat(uint(VERSION, 1), prefixed(statements), encodeGroupState(bare));
  }

  /**
   * Admits the seeker by a key package its phone left. Only the creator, alone, at the start; and
   * only the key that was pinned, once there is one.
   */
  async admit(
    keyPackage: Uint8Array,
    pinnedSeekerKey: Uint8Array | null,
  ): Promise<{ group: Group; welcome: Uint8Array; seekerKey: Uint8Array }> {
    this.requireHere();
    if (this.epoch !== 0) throw new RefusalError("second-seeker");
    this.requireEverybodyOnDuty();
    const { trust } = this.parts;
    const guest = await readKeyPackage(keyPackage, trust);
    if (guest.staff !== null) throw new RefusalError("bad-key-package", "no seeker");
    const seekerKey = guest.keyPackage.leafNode.signaturePublicKey.slice();
    if (pinnedSeekerKey !== null && !equal(seekerKey, pinnedSeekerKey)) {
      throw new RefusalError("wrong-key");
    }
    requireLifetime(guest.keyPackage, trust);
    const add = { proposalType: "add" as const, add: { keyPackage: guest.keyPackage } };
    const result = await this.commit([add], new Uint8Array(0));
    const group = await this.next(result.newState, result.consumed);
    return { group, welcome: welcomeBytes(result), seekerKey };
  }

  /** Adds a supervisor who asked to come in. `statement` is that person's duty statement. */
  async add(
    keyPackage: Uint8Array,
    statement: Uint8Array,
  ): Promise<{ group: Group; sealed: Uint8Array; welcome: Uint8Array; statements: Uint8Array }> {
    this.requireHere();
    const { trust } = this.parts;
    const guest = await readKeyPackage(keyPackage, trust);
    if (guest.staff === null) throw new RefusalError("second-seeker");
    const duties = await trust.duties(statement, [guest.staff]);
    trust.requireCurrent(guest.staff);
    trust.requireOnDuty(guest.staff, duties);
    requireLifetime(guest.keyPackage, trust);
    const add = { proposalType: "add" as const, add: { keyPackage: guest.keyPackage } };
    const result = await this.commit([add], statement);
    const group = await this.next(result.newState, result.consumed, statement);
    const welcome = welcomeBytes(result);
    return { group, sealed: encodeMlsMessage(result.commit), welcome, statements: group.statements };
  }

  /** Removes a supervisor. Whoever is removed reads nothing after. */
  async remove(leaf: number): Promise<{ group: Group; sealed: Uint8Array }> {
    this.requireHere();
    const result = await this.commit(
      [{ proposalType: "remove", remove: { removed: leaf } }],
      new Uint8Array(0),
    );
    const group = await this.next(result.newState, result.consumed);
    return { group, sealed: encodeMlsMessage(result.commit) };
  }

  /** Fresh keys, nobody else changes: due after 20 messages or 10 minutes, before the next words. */
  async renew(): Promise<{ group: Group; sealed: Uint8Array }> {
    this.requireHere();
    const result = await this.commit([], new Uint8Array(0));
    const group = await this.next(result.newState, result.consumed);
    return { group, sealed: encodeMlsMessage(result.commit) };
  }

  /** Seals words. Every staff member here must be certified and on duty now. */
  async seal(plaintext: Uint8Array): Promise<{ group: Group; sealed: Uint8Array }> {
    this.requireEverybodyOnDuty();
    return this.sealRegardlessOfDuty(plaintext);
  }

  /** For taking leave: end and erase must go out even when a shift is over. Never for words. */
  async sealRegardlessOfDuty(
    plaintext: Uint8Array,
  ): Promise<{ group: Group; sealed: Uint8Array }> {
    this.requireHere();
    const { state } = this.parts;
    const result = await createApplicationMessage(state, plaintext, await cipherSuite());
    const group = new Group({ ...this.parts, state: result.newState, spent: result.consumed });
    const { privateMessage } = result;
    const message = { version: "mls10", wireformat: "mls_private_message", privateMessage } as const;
    return { group, sealed: encodeMlsMessage(message) };
  }

  /** Opens the next row of the log. A row that is refused changes nothing. */
  async open(sealed: Uint8Array): Promise<{ group: Group; opened: Opened }> {
    this.requireHere();
    const message = readMessage(sealed, this.parts.state);
    const { leaf, generation } = await senderOf(message, this.parts.state);
    const author = this.members.find((member) => member.leaf === leaf);
    if (author === undefined) throw new RefusalError("forged-author", "an empty leaf");
    if (author.me) throw new RefusalError("opened-elsewhere");
    if (message.contentType === "commit") return this.openChange(message, author);
    const { newState, plaintext, consumed } = await openWords(message, this.parts.state);
    const group = new Group({ ...this.parts, state: newState, spent: consumed });
    return { group, opened: { kind: "words", author, generation, plaintext } };
  }

  private async openChange(
    message: PrivateMessage,
    by: Member,
  ): Promise<{ group: Group; opened: Opened }> {
    const { newState, consumed } = await openCommit(message, this.parts.state);
    const group = await this.next(newState, consumed, message.authenticatedData, by);
    const gone = (leaf: number): boolean => !group.members.some((member) => member.leaf === leaf);
    const known = (leaf: number): boolean => this.members.some((member) => member.leaf === leaf);
    const opened: Opened = {
      kind: "change",
      by,
      joined: group.members.filter((member) => !known(member.leaf)),
      left: this.members.filter((member) => gone(member.leaf)),
      removedMe: group.removed,
    };
    return { group, opened };
  }

  /** 32 bytes that only the members of this epoch have, for sealing signs of typing. */
  async exporterKey(label: string): Promise<Uint8Array> {
    this.requireHere();
    const { exporterSecret } = this.parts.state.keySchedule;
    return mlsExporter(exporterSecret, label, new Uint8Array(0), 32, await cipherSuite());
  }

  /** The same group, knowing of a further shift of somebody in it. */
  async withDuty(statement: Uint8Array): Promise<Group> {
    const { trust, seats, duties, statements } = this.parts;
    const more = await trust.duties(statement, staffOf(seats));
    return new Group({
      ...this.parts,
      duties: [...duties, ...more],
      statements: concat(statements, statement),
    });
  }

  /** Wipes what only the group before this one needed. Call it once this one is safely kept. */
  release(): void {
    for (const secret of this.parts.spent) secret.fill(0);
  }

  private requireHere(): void {
    if (this.removed) throw new RefusalError("removed");
  }

  private requireEverybodyOnDuty(): void {
    const { trust, seats, duties } = this.parts;
    for (const staff of staffOf(seats)) {
      trust.requireCurrent(staff);
      trust.requireOnDuty(staff, duties);
    }
  }

  private async commit(
    proposals: Proposal[],
    authenticatedData: Uint8Array,
  ): Promise<CreateCommitResult> {
    return createCommit(
      { state: this.parts.state, cipherSuite: await cipherSuite() },
      { extraProposals: proposals, ratchetTreeExtension: true, authenticatedData },
    );
  }

  /**
   * The group after a commit, own ones included: compared leaf by leaf with this one before anybody
   * can store it. Keys of the old epoch are not carried over.
   */
  private async next(
    newState: ClientState,
    consumed: readonly Uint8Array[],
    statement: Uint8Array = new Uint8Array(0),
    committer: Member | undefined = this.members.find((member) => member.me),
  ): Promise<Group> {
    const { state: old, trust, statements: before } = this.parts;
    if (committer === undefined) throw new RefusalError("uninvited");
    const difference = compareTrees(old.ratchetTree, newState.ratchetTree, committer.leaf);
    const seats = await seatsOf(newState.ratchetTree, newState.privatePath.leafIndex, trust);
    if (newState.groupContext.extensions.length > 0) throw new RefusalError("not-allowed");
    if (this.epoch === 0 && committer.me) requireOneSeatEach(seats);
    else requireAllowed(difference, committer, this.parts.seats, seats);
    const present = await knownDuties(concat(before, statement), seats, trust);
    const state = { ...newState, historicalReceiverData: new Map() };
    const newcomers = staffOf(seats.filter((seat) => difference.joined.includes(seat.member.leaf)));
    for (const staff of newcomers) {
      // Whether that shift still goes on is asked before sending; here somebody may be reading late.
      if (!present.duties.some((duty) => duty.certificate === staff.certificate)) {
        throw new RefusalError("duty-over", staff.name);
      }
    }
    return new Group({ state, seats, trust, ...present, spent: [...consumed, ...secretsOf(old)] });
  }
}

function decode(encoded: Uint8Array): Omit<ClientState, "clientConfig"> {
  try {
    const [state, length] = decodeGroupState(encoded, 0) ?? [];
    if (state !== undefined && length === encoded.length) return state;
  } catch {
    // the library throws at some damage and returns undefined at other; it is the same to us
  }
  throw new RefusalError("old-state", "not readable");
}

/** The duty statements of those who are here; those of people who left are dropped. */
async function knownDuties(
  statements: Uint8Array,
  seats: readonly Seat[],
  trust: Trust,
): Promise<{ statements: Uint8Array; duties: readonly Duty[] }> {
  const kept: Uint8Array[] = [];
  const duties: Duty[] = [];
  for (const { bytes } of splitStatements(statements)) {
    try {
      duties.push(...(await trust.duties(bytes, staffOf(seats))));
      kept.push(bytes);
    } catch (error) {
      if (!(error instanceof RefusalError && error.code === "duty-other")) throw error;
    }
  }
  return { statements: concat(...kept), duties };
}

function welcomeBytes({ welcome }: CreateCommitResult): Uint8Array {
  if (welcome === undefined) throw new RefusalError("bad-key-package", "no Welcome came of it");
  const message: MLSMessage = { version: "mls10", wireformat: "mls_welcome", welcome };
  return encodeMlsMessage(message);
}
