/**
 * One talk's MLS group: what the rest of the client meets of MLS.
 *
 * A `Group` never changes; every call returns the next one. Keep the old one until the server has
 * stored what the new one sealed, then call `release()` on the new one: it wipes the secrets that
 * only the old one needed. Present epoch only, strictly in order, nothing skipped.
 */

import "./floor.ts";
import { createGroup } from "ts-mls/clientState.js";
import { createApplicationMessage } from "ts-mls/createMessage.js";
import { mlsExporter } from "ts-mls/keySchedule.js";
import { encodeMlsMessage } from "ts-mls/message.js";
import type { PrivateMessage } from "ts-mls/privateMessage.js";
import { concat, equal } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { encodeHead } from "../../../counsel/client/staffLog.ts";
import { readKeyPackage, requireLifetime } from "./admission.ts";
import { addOf, afterCommit, type Committed, commit, removeOf } from "./changing.ts";
import { type Company, ofPair, ofTalk, openWelcome } from "./joining.ts";
import { drawPackage, type LeafKeys, type SeekerKeys, type StaffKeys, spend } from "./keys.ts";
import { decodeParts, encodeParts, type Parts, requireOnDuty } from "./parts.ts";
import { configFor, type Member, seatsOf, staffOf, withDuties } from "./policy.ts";
import { cipherSuite, handleOf } from "./provider.ts";
import { openCommit, openWords, readMessage, senderOf } from "./reading.ts";

export type { Member, Role } from "./policy.ts";

export type Opened =
  | {
      readonly kind: "words";
      readonly author: Member;
      /** Counts this author's words within the epoch, from 0. */
      readonly generation: number;
      readonly plaintext: Uint8Array;
    }
  | {
      readonly kind: "change";
      readonly by: Member;
      readonly joined: readonly Member[];
      readonly left: readonly Member[];
      readonly removedMe: boolean;
    };

export class Group {
  private readonly parts: Parts;

  private constructor(parts: Parts) {
    this.parts = { ...parts, seats: withDuties(parts.seats, parts.duties) };
  }

  /** 16 bytes. */
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

  /** The certificate of the staff member at this leaf, as a duty statement names it; "" for nobody. */
  certificateOf(leaf: number): string {
    return this.parts.seats.find(({ member }) => member.leaf === leaf)?.staff?.certificate ?? "";
  }

  /** True once a commit has taken this device out: reading and sending are over. */
  get removed(): boolean {
    return this.parts.state.groupActiveState.kind !== "active";
  }

  /** The duty statements of the staff here, one behind the other: they go beside a Welcome. */
  get statements(): Uint8Array {
    return this.parts.statements.slice();
  }

  /** A new group with its creator alone in it, who must be certified and on duty now. */
  static async create(me: StaffKeys, groupId: Uint8Array, trust: Trust): Promise<Group> {
    const own = await trust.staff(me.identity, me.signer.publicKey);
    const duties = await trust.duties(me.duty, [own]);
    const { publicPackage, stored } = await drawPackage(me, trust.today(), false);
    const keys = {
      initPrivateKey: stored.init,
      hpkePrivateKey: stored.leaf,
      signaturePrivateKey: handleOf(me.signer.secret),
    };
    const config = configFor(trust);
    const suite = await cipherSuite();
    const state = await createGroup(groupId.slice(), publicPackage, keys, [], suite, config);
    const seats = await seatsOf(state.ratchetTree, 0, trust);
    await requireOnDuty(seats, duties, trust);
    return new Group({ state, seats, trust, statements: me.duty.slice(), duties, spent: [] });
  }

  /**
   * Enters the group a Welcome invites to. `statement` lies beside the Welcome. A seeker enters
   * only where exactly one other person is, certified and on duty; staff only where the seeker's
   * leaf is `pinnedSeekerKey`, or at first use, where that is empty, is pinned by it. `me` comes back without the private part that was used.
   */
  static async join<K extends SeekerKeys | StaffKeys>(
    me: K,
    welcome: Uint8Array,
    statement: Uint8Array,
    trust: Trust,
    pinnedSeekerKey: Uint8Array | null = null,
  ): Promise<{ group: Group; me: K }> {
    return Group.enter(me, welcome, statement, trust, ofTalk(pinnedSeekerKey));
  }

  /** Enters a room of two of the staff; never one in which there is a seeker, or a third person. */
  static joinPair(
    me: StaffKeys,
    welcome: Uint8Array,
    statement: Uint8Array,
    trust: Trust,
  ): Promise<{ group: Group; me: StaffKeys }> {
    return Group.enter(me, welcome, statement, trust, ofPair);
  }

  private static async enter<K extends LeafKeys>(
    me: K,
    welcome: Uint8Array,
    statement: Uint8Array,
    trust: Trust,
    company: Company,
  ): Promise<{ group: Group; me: K }> {
    const { state, seats, used } = await openWelcome(me, welcome, trust, company);
    const statements = concat(statement, me.duty);
    const duties = await trust.duties(statements, staffOf(seats));
    await requireOnDuty(seats, duties, trust);
    const group = new Group({ state, seats, trust, statements, duties, spent: [] });
    return { group, me: spend(me, used) };
  }

  /** What `encode()` gave. No date is asked: reading goes on. Throws `old-state`. */
  static async restore(bytes: Uint8Array, me: LeafKeys, trust: Trust): Promise<Group> {
    return new Group(await decodeParts(bytes, me, trust));
  }

  /** The newest head of the log that was verified here, for the others to compare. */
  async head(): Promise<string> {
    return encodeHead(await this.parts.trust.log.atLeast(0));
  }

  /** Secret: for the vault, sealed. */
  encode(): Uint8Array {
    return encodeParts(this.parts);
  }

  /**
   * Admits the seeker by a key package its phone left. Only the creator, alone, at the start; only
   * the pinned key, once there is one. `welcome` and `statements` go to the server together.
   */
  async admit(
    keyPackage: Uint8Array,
    pinnedSeekerKey: Uint8Array | null,
  ): Promise<{ group: Group; welcome: Uint8Array; seekerKey: Uint8Array }> {
    if (this.epoch !== 0) throw new RefusalError("second-seeker");
    await this.requireReady();
    const guest = await readKeyPackage(keyPackage, this.parts.trust);
    if (guest.staff !== null) throw new RefusalError("bad-key-package", "no seeker");
    const seekerKey = guest.keyPackage.leafNode.signaturePublicKey.slice();
    if (pinnedSeekerKey !== null && !equal(seekerKey, pinnedSeekerKey)) {
      throw new RefusalError("wrong-key");
    }
    requireLifetime(guest.keyPackage, this.parts.trust);
    const made = await commit(this.parts, this.me, [addOf(guest.keyPackage)]);
    return { group: new Group(made.parts), welcome: invitation(made), seekerKey };
  }

  /**
   * Admits a colleague to a room of two. Only its creator, alone, at the start; never a seeker.
   * `welcome` and the new group's `statements` go to them together.
   */
  async admitPair(
    keyPackage: Uint8Array,
    statement: Uint8Array,
  ): Promise<{ group: Group; welcome: Uint8Array }> {
    if (this.epoch !== 0) throw new RefusalError("not-alone");
    const { group, welcome } = await this.add(keyPackage, statement);
    return { group, welcome };
  }

  /**
   * Adds a supervisor who asked to come in; `statement` is that person's duty statement. The
   * commit goes into the log; the Welcome and the new group's `statements` go to the supervisor.
   */
  async add(
    keyPackage: Uint8Array,
    statement: Uint8Array,
  ): Promise<{ group: Group; sealed: Uint8Array; welcome: Uint8Array }> {
    await this.requireReady();
    const { trust } = this.parts;
    const guest = await readKeyPackage(keyPackage, trust);
    if (guest.staff === null) throw new RefusalError("second-seeker");
    const duties = await trust.duties(statement, [guest.staff]);
    await trust.requireLogged([guest.staff], duties);
    trust.requireCurrent(guest.staff);
    trust.requireOnDuty(guest.staff, duties);
    requireLifetime(guest.keyPackage, trust);
    const made = await commit(this.parts, this.me, [addOf(guest.keyPackage)], statement);
    return { group: new Group(made.parts), sealed: made.sealed, welcome: invitation(made) };
  }

  /** Removes a supervisor. Whoever is removed reads nothing after. */
  async remove(leaf: number): Promise<{ group: Group; sealed: Uint8Array }> {
    this.requireHere();
    const made = await commit(this.parts, this.me, [removeOf(leaf)]);
    return { group: new Group(made.parts), sealed: made.sealed };
  }

  /**
   * Fresh keys, nobody changes: due after 20 messages or 10 minutes, before the next words. Staff
   * give a new duty statement along when their shift goes on, so that everybody here knows of it.
   */
  async renew(
    statement: Uint8Array = new Uint8Array(0),
  ): Promise<{ group: Group; sealed: Uint8Array }> {
    this.requireHere();
    const made = await commit(this.parts, this.me, [], statement);
    return { group: new Group(made.parts), sealed: made.sealed };
  }

  /** Seals words. Every staff member here must be certified, logged and on duty now. */
  async seal(plaintext: Uint8Array): Promise<{ group: Group; sealed: Uint8Array }> {
    await this.requireReady();
    return this.sealRegardlessOfDuty(plaintext);
  }

  /** For taking leave: end and erase must go out even when a shift is over. Never for words. */
  async sealRegardlessOfDuty(plaintext: Uint8Array): Promise<{ group: Group; sealed: Uint8Array }> {
    this.requireHere();
    const { state } = this.parts;
    const made = await createApplicationMessage(state, plaintext, await cipherSuite());
    const group = new Group({ ...this.parts, state: made.newState, spent: made.consumed });
    const sealed = encodeMlsMessage({
      version: "mls10",
      wireformat: "mls_private_message",
      privateMessage: made.privateMessage,
    });
    return { group, sealed };
  }

  /** Opens the next row of the log. A row that is refused changes nothing: keep this group. */
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
    const { authenticatedData } = message;
    const parts = await afterCommit(this.parts, newState, consumed, authenticatedData, by);
    const group = new Group(parts);
    const opened: Opened = {
      kind: "change",
      by,
      joined: without(group.members, this.members),
      left: without(this.members, group.members),
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

  /** Wipes what only the group before this one needed. Call it once this one is safely kept. */
  release(): void {
    for (const secret of this.parts.spent) secret.fill(0);
  }

  private get me(): Member {
    const own = this.members.find((member) => member.me);
    if (own === undefined) throw new RefusalError("removed");
    return own;
  }

  private requireHere(): void {
    if (this.removed) throw new RefusalError("removed");
  }

  private async requireReady(): Promise<void> {
    this.requireHere();
    await requireOnDuty(this.parts.seats, this.parts.duties, this.parts.trust);
  }
}

/** Those of the first who are not among the second, by leaf. */
export function without(these: readonly Member[], those: readonly Member[]): readonly Member[] {
  return these.filter((one) => !those.some((other) => other.leaf === one.leaf));
}

function invitation(made: Committed): Uint8Array {
  if (made.welcome === null) throw new RefusalError("bad-key-package", "no Welcome came of it");
  return made.welcome;
}
