/**
 * Who may be here and what may change. Everything is computed from the group's own tree; nothing
 * is believed because a server, a column or a plaintext says so.
 *
 * Allowed, by a staff member: adding one supervisor, or removing one, in a commit of its own.
 * Everybody else gets a fresh group. A commit must change exactly what its proposals say: a path
 * may carry a new leaf, and the library would let that leaf become somebody else.
 */

import type { ClientConfig } from "ts-mls/clientConfig.js";
import type { Credential } from "ts-mls/credential.js";
import type { IncomingMessageCallback } from "ts-mls/incomingMessageAction.js";
import { encodeLeafNode, type LeafNode } from "ts-mls/leafNode.js";
import type { RatchetTree } from "ts-mls/ratchetTree.js";
import { equal } from "../../../counsel/client/bytes.ts";
import type { Duty, StaffMember, Trust } from "../../../counsel/client/certificates.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { SEEKER } from "./keys.ts";

export type Role = "seeker" | "counsellor" | "supervisor";

export interface Member {
  readonly leaf: number;
  readonly role: Role;
  /** "" for the seeker. */
  readonly name: string;
  /** The organisation's id for the person; "" for the seeker. */
  readonly person: string;
  /** 32 bytes, Ed25519. */
  readonly key: Uint8Array;
  readonly me: boolean;
  readonly demo: boolean;
  /** The end of the last shift this client has seen a statement for. */
  readonly dutyUntil: Date | null;
}

/** A member and, for staff, the certificate behind it. */
export interface Seat {
  readonly member: Member;
  readonly staff: StaffMember | null;
}

/** Nothing of the library's own defaults: those accept everybody and keep keys for ever. */
export function configFor(trust: Trust): ClientConfig {
  return {
    // In order or not at all; 1 because 0 makes ts-mls keep every epoch. Ours are dropped anyway.
    keyRetentionConfig: {
      retainKeysForGenerations: 0,
      retainKeysForEpochs: 1,
      maximumForwardRatchetSteps: 0,
    },
    lifetimeConfig: { maximumTotalLifetime: 2_419_200n, validateLifetimeOnReceive: false },
    keyPackageEqualityConfig: {
      compareKeyPackages: (a, b) =>
        equal(a.leafNode.signaturePublicKey, b.leafNode.signaturePublicKey),
      compareKeyPackageToLeafNode: (a, b) =>
        equal(a.leafNode.signaturePublicKey, b.signaturePublicKey),
    },
    // The outer frame pads; see counsel/docs/protocol.md.
    paddingConfig: { kind: "padUntilLength", padUntilLength: 0 },
    authService: {
      async validateCredential(credential, key) {
        await identify(credential, key, trust);
        return true;
      },
    },
  };
}

/** Null for a seeker, else the certified person. Throws `RefusalError` for anybody else. */
export async function identify(
  credential: Credential,
  key: Uint8Array,
  trust: Trust,
): Promise<StaffMember | null> {
  if (credential.credentialType !== "basic") {
    throw new RefusalError("certificate-unreadable", "not a basic credential");
  }
  if (equal(credential.identity, SEEKER)) return null;
  const staff = await trust.staff(credential.identity, key);
  roleInTalk(staff);
  return staff;
}

/** Administrators look after people and machines, desks after errands; no talk is theirs to read. */
function roleInTalk({ role, name }: StaffMember): Role {
  if (role !== "counsellor" && role !== "supervisor")
    throw new RefusalError("certificate-role", name);
  return role;
}

/** The occupied leaves of a tree, by leaf index. Every other node of the array is a leaf. */
export function leavesOf(tree: RatchetTree): Map<number, LeafNode> {
  const found = new Map<number, LeafNode>();
  tree.forEach((node, index) => {
    if (node?.nodeType === "leaf") found.set(index / 2, node.leaf);
  });
  return found;
}

/** Everybody in the tree, each checked against the organisation's root. */
export async function seatsOf(
  tree: RatchetTree,
  myLeaf: number,
  trust: Trust,
): Promise<readonly Seat[]> {
  const found: Seat[] = [];
  for (const [leaf, node] of leavesOf(tree)) {
    const staff = await identify(node.credential, node.signaturePublicKey, trust);
    const member: Member = {
      leaf,
      role: staff === null ? "seeker" : roleInTalk(staff),
      name: staff?.name ?? "",
      person: staff?.person ?? "",
      key: node.signaturePublicKey,
      me: leaf === myLeaf,
      demo: staff?.demo ?? false,
      dutyUntil: null,
    };
    found.push({ member, staff });
  }
  return found;
}

/** The same seats, saying until when each is on duty. */
export function withDuties(seats: readonly Seat[], duties: readonly Duty[]): readonly Seat[] {
  return seats.map(({ member, staff }) => {
    const ends = duties
      .filter((duty) => duty.certificate === staff?.certificate)
      .map((duty) => duty.until);
    const dutyUntil = ends.length === 0 ? null : new Date(Math.max(...ends));
    return { member: { ...member, dutyUntil }, staff };
  });
}

/** One leaf per person, and never two seekers. */
export function requireOneSeatEach(seats: readonly Seat[]): void {
  const staff = seats.flatMap((seat) => (seat.staff === null ? [] : [seat.staff.person]));
  if (seats.length - staff.length > 1) throw new RefusalError("second-seeker");
  if (new Set(staff).size !== staff.length) throw new RefusalError("second-seat");
}

export function staffOf(seats: readonly Seat[]): readonly StaffMember[] {
  return seats.flatMap((seat) => (seat.staff === null ? [] : [seat.staff]));
}

/**
 * Before a commit is applied: one Add, one Remove or nothing, inside the commit and by a member.
 * Proposals on their own are never taken, so that no commit can refer to one.
 */
export const screen: IncomingMessageCallback = (incoming) => {
  if (incoming.kind === "proposal") throw new RefusalError("not-allowed", "a loose proposal");
  if (incoming.senderLeafIndex === undefined) throw new RefusalError("uninvited");
  if (incoming.proposals.length > 1) throw new RefusalError("not-allowed", "several at once");
  for (const { proposal, senderLeafIndex } of incoming.proposals) {
    const allowed = proposal.proposalType === "add" || proposal.proposalType === "remove";
    if (!allowed || senderLeafIndex !== incoming.senderLeafIndex) {
      throw new RefusalError("not-allowed", `proposal ${proposal.proposalType}`);
    }
  }
  return "accept";
};

export interface Difference {
  readonly joined: readonly number[];
  readonly left: readonly number[];
}

/**
 * Old and new tree, leaf by leaf. The committer's own leaf may carry fresh encryption keys and
 * nothing else new; every other leaf that stays must be the same to the byte. A commit that adds
 * nobody must bring those fresh keys, or somebody removed could compute the next epoch; whoever is
 * removed by it (`removed`) does not get to see them.
 */
export function compareTrees(
  before: RatchetTree,
  after: RatchetTree,
  committer: number,
  removed: boolean,
): Difference {
  const [old, present] = [leavesOf(before), leavesOf(after)];
  for (const [leaf, node] of old) {
    const now = present.get(leaf);
    if (now === undefined) continue;
    const same = leaf === committer ? samePerson(node, now) : sameBytes(node, now);
    if (!same) throw new RefusalError("identity-changed", `leaf ${leaf}`);
  }
  const joined = [...present.keys()].filter((leaf) => !old.has(leaf));
  const left = [...old.keys()].filter((leaf) => !present.has(leaf));
  const [was, is] = [old.get(committer), present.get(committer)];
  const fresh = was !== undefined && is !== undefined && !sameBytes(was, is);
  if (!fresh && !removed && joined.length === 0) {
    throw new RefusalError("unreadable-change", "no fresh keys");
  }
  return { joined, left };
}

function sameBytes(a: LeafNode, b: LeafNode): boolean {
  return equal(encodeLeafNode(a), encodeLeafNode(b));
}

function samePerson(a: LeafNode, b: LeafNode): boolean {
  const identity = (node: LeafNode): Uint8Array =>
    node.credential.credentialType === "basic" ? node.credential.identity : new Uint8Array(0);
  return (
    a.credential.credentialType === "basic" &&
    b.credential.credentialType === "basic" &&
    equal(identity(a), identity(b)) &&
    equal(a.signaturePublicKey, b.signaturePublicKey) &&
    b.extensions.length === 0
  );
}

/** Whether this change of members may be made by this member. */
export function requireAllowed(
  difference: Difference,
  committer: Member,
  before: readonly Seat[],
  after: readonly Seat[],
): void {
  const { joined, left } = difference;
  if (joined.length + left.length === 0) return;
  const seat = (seats: readonly Seat[], leaf: number): Member | undefined =>
    seats.find((one) => one.member.leaf === leaf)?.member;
  if (left.some((leaf) => seat(before, leaf)?.role === "seeker")) {
    throw new RefusalError("seeker-removed");
  }
  requireOneSeatEach(after);
  const touched = [
    ...joined.map((leaf) => seat(after, leaf)),
    ...left.map((leaf) => seat(before, leaf)),
  ];
  if (committer.role === "seeker" || touched.some((member) => member?.role !== "supervisor")) {
    throw new RefusalError("not-allowed", "only staff add or remove, and only supervisors");
  }
  if (touched.length !== 1) throw new RefusalError("not-allowed", "several at once");
}
