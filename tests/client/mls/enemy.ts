/**
 * What enemies of these tests can do: everything `ts-mls` lets a client do that does not use our
 * wrapper. A member knows every ratchet of the group; a server can hand out any bytes.
 */

import assert from "node:assert/strict";
import type { ClientState } from "ts-mls/clientState.js";
import {
  createCommit,
  // biome-ignore lint/style/noRestrictedImports: an enemy uses exactly what we forbid ourselves
  createGroupInfoWithExternalPubAndRatchetTree,
  // biome-ignore lint/style/noRestrictedImports: an enemy uses exactly what we forbid ourselves
  joinGroupExternal,
} from "ts-mls/createCommit.js";
import { createProposal } from "ts-mls/createMessage.js";
import { decodeKeyPackage } from "ts-mls/keyPackage.js";
import { decodeMlsMessage, encodeMlsMessage } from "ts-mls/message.js";
import { protectApplicationData } from "ts-mls/messageProtection.js";
import type { Proposal } from "ts-mls/proposal.js";
import { toLeafIndex } from "ts-mls/treemath.js";
import type { Group } from "../../../chat/client/mls/group.ts";
import type { LeafKeys } from "../../../chat/client/mls/keys.ts";
import { topUp } from "../../../chat/client/mls/keys.ts";
import { cipherSuite, handleOf } from "../../../chat/client/mls/provider.ts";
import type { SigningKey } from "../../../counsel/client/ed25519.ts";

/** The library's state inside a group, with a configuration that accepts everything. */
export function inside(group: Group): ClientState {
  const { state } = (group as unknown as { parts: { state: ClientState } }).parts;
  const config = state.clientConfig;
  const authService = { validateCredential: (): Promise<boolean> => Promise.resolve(true) };
  return { ...state, clientConfig: { ...config, authService } };
}

export async function rawCommit(
  state: ClientState,
  proposals: Proposal[],
  authenticatedData: Uint8Array = new Uint8Array(0),
): Promise<{ sealed: Uint8Array; welcome: Uint8Array; state: ClientState }> {
  const result = await createCommit(
    { state, cipherSuite: await cipherSuite() },
    { extraProposals: proposals, ratchetTreeExtension: true, authenticatedData },
  );
  const { welcome } = result;
  const invitation =
    welcome === undefined
      ? new Uint8Array(0)
      : encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome });
  return { sealed: encodeMlsMessage(result.commit), welcome: invitation, state: result.newState };
}

export function readPackage(
  bytes: Uint8Array,
): NonNullable<ReturnType<typeof decodeKeyPackage>>[0] {
  const message = decodeMlsMessage(bytes.slice(), 0)?.[0];
  assert.ok(message?.wireformat === "mls_key_package");
  return message.keyPackage;
}

export async function packageOf(keys: LeafKeys): Promise<{ keys: LeafKeys; wire: Uint8Array }> {
  const drawn = await topUp(keys, 0, Date.now());
  return { keys: drawn.keys, wire: drawn.lastResort };
}

export const addOf = (wire: Uint8Array): Proposal => ({
  proposalType: "add",
  add: { keyPackage: readPackage(wire) },
});

export const removeOf = (leaf: number): Proposal => ({
  proposalType: "remove",
  remove: { removed: leaf },
});

/** A commit whose path gives the committer another identity, or the same person another key. */
export async function swappedCommit(
  group: Group,
  identity: Uint8Array,
  signer: SigningKey,
): Promise<Uint8Array> {
  const state = inside(group);
  const index = state.privatePath.leafIndex * 2;
  const node = state.ratchetTree[index];
  assert.ok(node?.nodeType === "leaf");
  const ratchetTree = state.ratchetTree.slice();
  ratchetTree[index] = {
    nodeType: "leaf",
    leaf: {
      ...node.leaf,
      credential: { credentialType: "basic", identity },
      signaturePublicKey: signer.publicKey,
    },
  };
  // The commit itself must still be signed by the key everybody knows; only the new leaf is not.
  const suite = await cipherSuite();
  const [old, next] = [state.signaturePrivateKey, handleOf(signer.secret)];
  const label = new TextEncoder().encode("MLS 1.0 LeafNodeTBS");
  const isLeaf = (bytes: Uint8Array): boolean => label.every((byte, at) => bytes[at + 1] === byte);
  const signature = {
    ...suite.signature,
    sign: (_key: Uint8Array, bytes: Uint8Array) =>
      suite.signature.sign(isLeaf(bytes) ? next : old, bytes),
  };
  const result = await createCommit(
    { state: { ...state, ratchetTree }, cipherSuite: { ...suite, signature } },
    {},
  );
  return encodeMlsMessage(result.commit);
}

/** A commit by somebody outside who has got hold of the group's public state. */
export async function externalCommit(group: Group, keys: LeafKeys): Promise<Uint8Array> {
  const suite = await cipherSuite();
  const state = inside(group);
  const info = await createGroupInfoWithExternalPubAndRatchetTree(state, [], suite);
  const own = keys.packages[0] ?? assert.fail("no key package");
  const keyPackage = decodeKeyPackage(own.package, 0)?.[0] ?? assert.fail();
  const { publicMessage } = await joinGroupExternal(
    info,
    keyPackage,
    {
      initPrivateKey: own.init,
      hpkePrivateKey: own.leaf,
      signaturePrivateKey: handleOf(keys.signer.secret),
    },
    false,
    suite,
    undefined,
    state.clientConfig,
  );
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_public_message", publicMessage });
}

/** Words in another member's name: their leaf, their ratchet, one's own signature. */
export async function forgedWords(by: Group, leaf: number, text: string): Promise<Uint8Array> {
  const state = inside(by);
  const { privateMessage } = await protectApplicationData(
    state.signaturePrivateKey,
    state.keySchedule.senderDataSecret,
    new TextEncoder().encode(text),
    new Uint8Array(0),
    state.groupContext,
    state.secretTree,
    toLeafIndex(leaf),
    state.clientConfig.paddingConfig,
    await cipherSuite(),
  );
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_private_message", privateMessage });
}

/** An Update proposal under one's own leaf, sent on its own. */
export async function looseProposal(by: Group): Promise<Uint8Array> {
  const suite = await cipherSuite();
  const { message } = await createProposal(inside(by), false, removeOf(0), suite);
  return encodeMlsMessage(message);
}
