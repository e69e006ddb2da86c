/** RFC 9420 vectors about messages: protection, Welcome, and a client that only listens. */

import { type ClientState, joinGroup, makePskIndex } from "ts-mls/clientState.js";
import { decodeCommit } from "ts-mls/commit.js";
import {
  createContentCommitSignature,
  verifyFramedContentSignature,
} from "ts-mls/framedContent.js";
import type { GroupContext } from "ts-mls/groupContext.js";
import { verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from "ts-mls/groupInfo.js";
import { type KeyPackage, makeKeyPackageRef } from "ts-mls/keyPackage.js";
import { decodeMlsMessage, encodeMlsMessage } from "ts-mls/message.js";
import {
  protect,
  protectApplicationData,
  protectProposal,
  unprotectPrivateMessage,
} from "ts-mls/messageProtection.js";
import {
  protectProposalPublic,
  protectPublicMessage,
  unprotectPublicMessage,
} from "ts-mls/messageProtectionPublic.js";
import type { PrivateMessage } from "ts-mls/privateMessage.js";
import { processMessage } from "ts-mls/processMessages.js";
import { decodeProposal, encodeProposal } from "ts-mls/proposal.js";
import type { PublicMessage } from "ts-mls/publicMessage.js";
import { decodeRatchetTree } from "ts-mls/ratchetTree.js";
import { createSecretTree, type SecretTree } from "ts-mls/secretTree.js";
import { bytesToBase64 } from "ts-mls/util/byteArray.js";
import { decryptGroupInfo, decryptGroupSecrets, type Welcome } from "ts-mls/welcome.js";
import { type Checker, type Hex, hex, read, show } from "./checker.ts";

/** The vectors' people are certified by nobody, so here alone everybody is accepted. */
const LISTENER = {
  keyRetentionConfig: {
    retainKeysForGenerations: 10,
    retainKeysForEpochs: 1,
    maximumForwardRatchetSteps: 200,
  },
  lifetimeConfig: { maximumTotalLifetime: 2_419_200n, validateLifetimeOnReceive: false },
  keyPackageEqualityConfig: {
    compareKeyPackages: (): boolean => false,
    compareKeyPackageToLeafNode: (): boolean => false,
  },
  paddingConfig: { kind: "padUntilLength" as const, padUntilLength: 0 },
  authService: { validateCredential: async (): Promise<boolean> => true },
};

const NOTHING = new Uint8Array(0);

type ProtectionName =
  | ("group_id" | "tree_hash" | "confirmed_transcript_hash" | "signature_priv" | "signature_pub")
  | ("encryption_secret" | "sender_data_secret" | "membership_key" | "proposal" | "proposal_priv")
  | ("proposal_pub" | "commit" | "commit_priv" | "commit_pub" | "application" | "application_priv");

interface Room {
  check: Checker;
  vector: Record<ProtectionName, Hex> & { epoch: number };
  context: GroupContext;
  secrets: SecretTree;
}

export async function messageProtection(check: Checker, vector: Room["vector"]): Promise<void> {
  const context: GroupContext = {
    version: "mls10",
    cipherSuite: check.suite.name,
    groupId: hex(vector.group_id),
    epoch: BigInt(vector.epoch),
    treeHash: hex(vector.tree_hash),
    confirmedTranscriptHash: hex(vector.confirmed_transcript_hash),
    extensions: [],
  };
  const secrets = await createSecretTree(2, hex(vector.encryption_secret), check.suite.kdf);
  const room = { check, vector, context, secrets };
  await givenMessages(room);
  await ownApplication(room);
  await ownProposal(room);
  await ownCommit(room);
}

function openPrivate(
  room: Room,
  message: PrivateMessage,
): ReturnType<typeof unprotectPrivateMessage> {
  const { vector, context, secrets, check } = room;
  const { keyRetentionConfig } = LISTENER;
  const [secret, key] = [hex(vector.sender_data_secret), hex(vector.signature_pub)];
  const { suite } = check;
  return unprotectPrivateMessage(
    secret,
    message,
    secrets,
    [],
    context,
    keyRetentionConfig,
    suite,
    key,
  );
}

function openPublic(room: Room, message: PublicMessage): ReturnType<typeof unprotectPublicMessage> {
  const { vector, context, check } = room;
  const [membership, key] = [hex(vector.membership_key), hex(vector.signature_pub)];
  return unprotectPublicMessage(membership, context, [], message, check.suite, key);
}

function privateOf(text: Hex): PrivateMessage {
  const message = read(decodeMlsMessage, text);
  if (message.wireformat !== "mls_private_message") throw new Error("no private message");
  return message.privateMessage;
}

function publicOf(text: Hex): PublicMessage {
  const message = read(decodeMlsMessage, text);
  if (message.wireformat !== "mls_public_message") throw new Error("no public message");
  return message.publicMessage;
}

async function givenMessages(room: Room): Promise<void> {
  const { check, vector } = room;
  const proposals = [
    (await openPrivate(room, privateOf(vector.proposal_priv))).content.content,
    (await openPublic(room, publicOf(vector.proposal_pub))).content,
  ];
  for (const content of proposals) {
    if (content.contentType !== "proposal") throw new Error("no proposal");
    check.same("proposal", encodeProposal(content.proposal), vector.proposal);
  }
  const commits = [
    (await openPrivate(room, privateOf(vector.commit_priv))).content.content,
    (await openPublic(room, publicOf(vector.commit_pub))).content,
  ];
  const expected = JSON.stringify(read(decodeCommit, vector.commit), plain);
  for (const content of commits) {
    if (content.contentType !== "commit") throw new Error("no commit");
    check.holds("commit", JSON.stringify(content.commit, plain) === expected);
  }
  const words = (await openPrivate(room, privateOf(vector.application_priv))).content.content;
  if (words.contentType !== "application") throw new Error("no application message");
  check.same("application", words.applicationData, vector.application);
}

function plain(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return show(value);
  return typeof value === "bigint" ? String(value) : value;
}

async function ownApplication(room: Room): Promise<void> {
  const { check, vector, context, secrets } = room;
  const made = await protectApplicationData(
    hex(vector.signature_priv),
    hex(vector.sender_data_secret),
    hex(vector.application),
    NOTHING,
    context,
    secrets,
    1,
    LISTENER.paddingConfig,
    check.suite,
  );
  const { content } = (await openPrivate(room, made.privateMessage)).content;
  const data = content.contentType === "application" ? content.applicationData : undefined;
  check.same("our application message", data, vector.application);
}

async function ownProposal(room: Room): Promise<void> {
  const { check, vector, context, secrets } = room;
  const proposal = read(decodeProposal, vector.proposal);
  const key = hex(vector.signature_priv);
  const { paddingConfig } = LISTENER;
  const { suite } = check;
  const hidden = await protectProposal(
    key,
    hex(vector.sender_data_secret),
    proposal,
    NOTHING,
    context,
    secrets,
    1,
    paddingConfig,
    suite,
  );
  const membership = hex(vector.membership_key);
  const clear = await protectProposalPublic(key, membership, context, NOTHING, proposal, 1, suite);
  const both = [
    (await openPrivate(room, hidden.privateMessage)).content.content,
    (await openPublic(room, clear.publicMessage)).content,
  ];
  for (const content of both) {
    const back = content.contentType === "proposal" ? encodeProposal(content.proposal) : undefined;
    check.same("our proposal", back, vector.proposal);
  }
}

async function ownCommit(room: Room): Promise<void> {
  const { check, vector, context, secrets } = room;
  const { suite } = check;
  const commit = read(decodeCommit, vector.commit);
  const confirmationTag = await suite.hash.mac(hex(vector.membership_key), NOTHING);
  for (const wireformat of ["mls_private_message", "mls_public_message"] as const) {
    const { signature, framedContent } = await createContentCommitSignature(
      context,
      wireformat,
      commit,
      { senderType: "member", leafIndex: 1 },
      NOTHING,
      hex(vector.signature_priv),
      suite.signature,
    );
    const auth = { contentType: "commit" as const, signature, confirmationTag };
    const key = hex(vector.signature_pub);
    const signed = await verifyFramedContentSignature(
      key,
      wireformat,
      framedContent,
      auth,
      context,
      suite.signature,
    );
    check.holds("our commit's signature", signed);
    const sent = { wireformat, content: framedContent, auth };
    const back =
      wireformat === "mls_public_message"
        ? await openPublic(
            room,
            await protectPublicMessage(hex(vector.membership_key), context, sent, suite),
          )
        : (await openPrivate(room, await sealCommit(room, secrets, { ...framedContent, auth })))
            .content;
    const found = back.content.contentType === "commit" ? back.content.commit : undefined;
    check.holds("our commit", JSON.stringify(found, plain) === JSON.stringify(commit, plain));
  }
}

async function sealCommit(
  { check, vector, context }: Room,
  secrets: SecretTree,
  content: Parameters<typeof protect>[4],
): Promise<PrivateMessage> {
  const { paddingConfig } = LISTENER;
  const secret = hex(vector.sender_data_secret);
  const { suite } = check;
  const made = await protect(secret, NOTHING, context, secrets, content, 1, paddingConfig, suite);
  return made.privateMessage;
}

function keyPackageOf(text: Hex): KeyPackage {
  const message = read(decodeMlsMessage, text);
  if (message.wireformat !== "mls_key_package") throw new Error("no key package");
  return message.keyPackage;
}

function welcomeOf(text: Hex): Welcome {
  const message = read(decodeMlsMessage, text);
  if (message.wireformat !== "mls_welcome") throw new Error("no Welcome");
  return message.welcome;
}

export async function welcome(
  check: Checker,
  one: Record<"init_priv" | "key_package" | "signer_pub" | "welcome", Hex>,
): Promise<void> {
  const { suite } = check;
  const { hpke, signature } = suite;
  check.same(
    "Welcome re-encoded",
    encodeMlsMessage(read(decodeMlsMessage, one.welcome)),
    one.welcome,
  );
  const reference = await makeKeyPackageRef(keyPackageOf(one.key_package), suite.hash);
  const invitation = welcomeOf(one.welcome);
  const init = await hpke.importPrivateKey(hex(one.init_priv));
  const secrets = await decryptGroupSecrets(init, reference, invitation, hpke);
  if (secrets === undefined) throw new Error("no group secrets");
  const none = new Uint8Array(suite.kdf.size);
  const info = await decryptGroupInfo(invitation, secrets.joinerSecret, none, suite);
  if (info === undefined) throw new Error("no group info");
  check.holds("signature", await verifyGroupInfoSignature(info, hex(one.signer_pub), signature));
  const { joinerSecret } = secrets;
  const confirmed = await verifyGroupInfoConfirmationTag(info, joinerSecret, none, suite);
  check.holds("confirmation tag", confirmed);
}

interface Passive extends Record<"key_package" | "signature_priv" | "encryption_priv", Hex> {
  init_priv: Hex;
  welcome: Hex;
  ratchet_tree: Hex | null;
  external_psks: { psk_id: Hex; psk: Hex }[];
  initial_epoch_authenticator: Hex;
  epochs: { proposals: Hex[]; commit: Hex; epoch_authenticator: Hex }[];
}

export async function passiveClient(check: Checker, one: Passive): Promise<void> {
  const { suite } = check;
  const psks: Record<string, Uint8Array> = {};
  for (const { psk_id, psk } of one.external_psks) psks[bytesToBase64(hex(psk_id))] = hex(psk);
  const keys = {
    initPrivateKey: hex(one.init_priv),
    hpkePrivateKey: hex(one.encryption_priv),
    signaturePrivateKey: hex(one.signature_priv),
  };
  const tree = one.ratchet_tree === null ? undefined : read(decodeRatchetTree, one.ratchet_tree);
  const [invitation, own] = [welcomeOf(one.welcome), keyPackageOf(one.key_package)];
  const none = makePskIndex(undefined, psks);
  let state = await joinGroup(invitation, own, keys, none, suite, tree, undefined, LISTENER);
  const { epochAuthenticator } = state.keySchedule;
  check.same("initial epoch authenticator", epochAuthenticator, one.initial_epoch_authenticator);
  for (const epoch of one.epochs) {
    for (const message of [...epoch.proposals, epoch.commit]) {
      state = await listen(check, state, message, psks);
    }
    const reached = state.keySchedule.epochAuthenticator;
    check.same("epoch authenticator", reached, epoch.epoch_authenticator);
  }
}

async function listen(
  { suite }: Checker,
  state: ClientState,
  text: Hex,
  psks: Record<string, Uint8Array>,
): Promise<ClientState> {
  const message = read(decodeMlsMessage, text);
  const either = message.wireformat === "mls_public_message" ? message : undefined;
  const hidden = message.wireformat === "mls_private_message" ? message : either;
  if (hidden === undefined) throw new Error("nothing to process");
  const index = makePskIndex(state, psks);
  return (await processMessage(hidden, state, index, () => "accept", suite)).newState;
}
