/** RFC 9420 vectors about the ratchet tree: operations, validation, TreeKEM. */

import { applyUpdatePathSecret } from "ts-mls/createCommit.js";
import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import type { GroupContext } from "ts-mls/groupContext.js";
import { verifyLeafNodeSignature } from "ts-mls/leafNode.js";
import { verifyParentHashes } from "ts-mls/parentHash.js";
import { getCommitSecret } from "ts-mls/pathSecrets.js";
import {
  mergePrivateKeyPaths,
  type PrivateKeyPath,
  toPrivateKeyPath,
} from "ts-mls/privateKeyPath.js";
import { decodeProposal, type Proposal } from "ts-mls/proposal.js";
import {
  addLeafNode,
  decodeRatchetTree,
  encodeRatchetTree,
  getHpkePublicKey,
  type RatchetTree,
  removeLeafNode,
  resolution,
  updateLeafNode,
} from "ts-mls/ratchetTree.js";
import { treeHash, treeHashRoot } from "ts-mls/treeHash.js";
import { leafToNodeIndex, toLeafIndex, toNodeIndex } from "ts-mls/treemath.js";
import {
  applyUpdatePath,
  createUpdatePath,
  decodeUpdatePath,
  type UpdatePath,
} from "ts-mls/updatePath.js";
import { type Checker, type Hex, hex, read, show } from "./checker.ts";

export async function treeOperations(
  check: Checker,
  one: { proposal_sender: number } & Record<
    "proposal" | "tree_before" | "tree_after" | "tree_hash_before" | "tree_hash_after",
    Hex
  >,
): Promise<void> {
  const { hash } = check.suite;
  const before = read(decodeRatchetTree, one.tree_before);
  check.same("tree_hash_before", await treeHashRoot(before, hash), one.tree_hash_before);
  const after = apply(before, read(decodeProposal, one.proposal), one.proposal_sender);
  check.same("tree_after", encodeRatchetTree(after), one.tree_after);
  check.same("tree_hash_after", await treeHashRoot(after, hash), one.tree_hash_after);
}

function apply(tree: RatchetTree, proposal: Proposal, sender: number): RatchetTree {
  switch (proposal.proposalType) {
    case "add":
      return addLeafNode(tree, proposal.add.keyPackage.leafNode)[0];
    case "remove":
      return removeLeafNode(tree, toLeafIndex(proposal.remove.removed));
    case "update":
      return updateLeafNode(tree, proposal.update.leafNode, toLeafIndex(sender));
    default:
      throw new Error("no tree operation");
  }
}

export async function treeValidation(
  check: Checker,
  one: { tree: Hex; group_id: Hex; tree_hashes: Hex[]; resolutions: number[][] },
): Promise<void> {
  const { hash, signature } = check.suite;
  const tree = read(decodeRatchetTree, one.tree);
  for (const [index, expected] of one.tree_hashes.entries()) {
    check.same(`tree_hash ${index}`, await treeHash(tree, toNodeIndex(index), hash), expected);
  }
  for (const [index, expected] of one.resolutions.entries()) {
    const found = resolution(tree, toNodeIndex(index));
    check.holds(`resolution ${index}`, found.join() === expected.join());
  }
  check.holds("parent hashes", await verifyParentHashes(tree, hash));
  for (const [index, node] of tree.entries()) {
    if (node?.nodeType !== "leaf") continue;
    const { leaf } = node;
    const signed = await verifyLeafNodeSignature(leaf, hex(one.group_id), index / 2, signature);
    check.holds(`signature of leaf ${index / 2}`, signed);
  }
}

interface LeafPrivate {
  index: number;
  encryption_priv: Hex;
  signature_priv: Hex;
  path_secrets: { node: number; path_secret: Hex }[];
}

interface Path {
  sender: number;
  update_path: Hex;
  path_secrets: (Hex | null)[];
  commit_secret: Hex;
  tree_hash_after: Hex;
}

interface TreeKem {
  group_id: Hex;
  epoch: number;
  confirmed_transcript_hash: Hex;
  ratchet_tree: Hex;
  leaves_private: LeafPrivate[];
  update_paths: Path[];
}

interface Stage {
  check: Checker;
  tree: RatchetTree;
  /** The context of the present epoch; what is sealed in a path is bound to the next one. */
  context: GroupContext;
  keys: Map<number, PrivateKeyPath>;
}

export async function treeKem(check: Checker, one: TreeKem): Promise<void> {
  const tree = read(decodeRatchetTree, one.ratchet_tree);
  const keys = new Map<number, PrivateKeyPath>();
  for (const leaf of one.leaves_private) keys.set(leaf.index, await privateKeys(check, tree, leaf));
  const context: GroupContext = {
    version: "mls10",
    cipherSuite: check.suite.name,
    groupId: hex(one.group_id),
    epoch: BigInt(one.epoch),
    treeHash: await treeHashRoot(tree, check.suite.hash),
    confirmedTranscriptHash: hex(one.confirmed_transcript_hash),
    extensions: [],
  };
  const stage = { check, tree, context, keys };
  for (const path of one.update_paths) {
    await givenPath(stage, path);
    await ownPath(stage, path.sender, one.leaves_private);
  }
}

async function privateKeys(
  check: Checker,
  tree: RatchetTree,
  leaf: LeafPrivate,
): Promise<PrivateKeyPath> {
  const { suite } = check;
  const own = leafToNodeIndex(toLeafIndex(leaf.index));
  let keys: PrivateKeyPath = {
    leafIndex: leaf.index,
    privateKeys: { [own]: hex(leaf.encryption_priv) },
  };
  for (const { node, path_secret } of leaf.path_secrets) {
    const secrets = { [node]: hex(path_secret) };
    keys = mergePrivateKeyPaths(keys, await toPrivateKeyPath(secrets, leaf.index, suite));
  }
  for (const [index, secret] of Object.entries(keys.privateKeys)) {
    const node = tree[Number(index)];
    if (node === undefined) throw new Error(`node ${index} is blank`);
    check.holds(`private key of node ${index}`, await fits(suite, secret, getHpkePublicKey(node)));
  }
  return keys;
}

/** Whether what is sealed to the public key opens with the private one. */
async function fits(
  { hpke }: CiphersuiteImpl,
  secret: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  const word = Uint8Array.of(1, 2, 3);
  const sealed = await hpke.seal(await hpke.importPublicKey(publicKey), word, word);
  const key = await hpke.importPrivateKey(secret);
  return show(await hpke.open(key, sealed.enc, sealed.ct, word)) === show(word);
}

async function givenPath(stage: Stage, path: Path): Promise<void> {
  const { check, tree, context } = stage;
  const { hash } = check.suite;
  const sender = toLeafIndex(path.sender);
  const update = read(decodeUpdatePath, path.update_path);
  const { groupId } = context;
  const { signature } = check.suite;
  const signed = await verifyLeafNodeSignature(update.leafNode, groupId, path.sender, signature);
  check.holds("path leaf signature", signed);
  const after = await applyUpdatePath(tree, sender, update, hash);
  check.holds("parent hashes after the path", await verifyParentHashes(after, hash));
  const treeHashAfter = await treeHashRoot(after, hash);
  check.same("tree_hash_after", treeHashAfter, path.tree_hash_after);
  for (const [leaf, expected] of path.path_secrets.entries()) {
    if (expected === null) continue;
    const [secret, commit] = await receive(stage, leaf, path.sender, update, after, treeHashAfter);
    check.same(`path_secret for leaf ${leaf}`, secret, expected);
    check.same(`commit_secret at leaf ${leaf}`, commit, path.commit_secret);
  }
}

async function receive(
  { check, context, keys }: Stage,
  leaf: number,
  sender: number,
  update: UpdatePath,
  after: RatchetTree,
  treeHashAfter: Uint8Array,
): Promise<[Uint8Array, Uint8Array]> {
  const { suite } = check;
  const own = keys.get(leaf);
  if (own === undefined) throw new Error(`no keys of leaf ${leaf}`);
  const next = { ...context, treeHash: treeHashAfter };
  const from = toLeafIndex(sender);
  const found = await applyUpdatePathSecret(after, own, from, next, update, [], suite);
  const node = toNodeIndex(found.nodeIndex);
  const commit = await getCommitSecret(after, node, found.pathSecret, suite.kdf);
  return [found.pathSecret, commit];
}

/** A path of our own from the same sender: everybody must come to the same commit secret. */
async function ownPath(stage: Stage, sender: number, leaves: LeafPrivate[]): Promise<void> {
  const { check, tree, context } = stage;
  const { suite } = check;
  const own = leaves.find((leaf) => leaf.index === sender);
  if (own === undefined) throw new Error(`no keys of leaf ${sender}`);
  const present = { ...context, epoch: context.epoch - 1n }; // the library seals for the next one
  const from = toLeafIndex(sender);
  const [made, update] = await createUpdatePath(
    tree,
    from,
    present,
    hex(own.signature_priv),
    suite,
  );
  const after = await applyUpdatePath(tree, from, update, suite.hash);
  check.holds(
    "our path gives the tree we made",
    show(encodeRatchetTree(after)) === show(encodeRatchetTree(made)),
  );
  const hash = await treeHashRoot(after, suite.hash);
  const secrets = new Set<Hex>();
  for (const leaf of leaves) {
    if (leaf.index === sender) continue;
    const [, commit] = await receive(stage, leaf.index, sender, update, after, hash);
    secrets.add(show(commit));
  }
  check.holds("one commit secret for all", secrets.size === 1);
}
