/** Opening one row of the log (RFC 9420 §6.3): what it is, whose it is, whether its turn is now. */

import type { ClientState } from "ts-mls/clientState.js";
import { decodeMlsMessage } from "ts-mls/message.js";
import { CryptoVerificationError } from "ts-mls/mlsError.js";
import { decryptSenderData, type PrivateMessage } from "ts-mls/privateMessage.js";
import { processPrivateMessage } from "ts-mls/processMessages.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import { equal } from "../../../counsel/client/bytes.ts";
import { type RefusalCode, RefusalError } from "../../../counsel/client/refusal.ts";
import { screen } from "./policy.ts";
import { cipherSuite } from "./provider.ts";

/** The message, if it is one of this group and this epoch. */
export function readMessage(bytes: Uint8Array, state: ClientState): PrivateMessage {
  const message = decode(bytes);
  const { groupId, epoch } = state.groupContext;
  if (!equal(message.groupId, groupId)) throw new RefusalError("other-group");
  if (message.epoch < epoch) throw new RefusalError("ended-epoch", `${message.epoch} < ${epoch}`);
  if (message.epoch > epoch) throw new RefusalError("missing-rows", `${message.epoch} > ${epoch}`);
  if (message.contentType === "proposal") throw new RefusalError("not-allowed", "loose proposal");
  return message;
}

function decode(bytes: Uint8Array): PrivateMessage {
  let message: ReturnType<typeof decodeMlsMessage>;
  try {
    message = decodeMlsMessage(bytes.slice(), 0);
  } catch {
    throw new RefusalError("unreadable", "no MLS message");
  }
  if (message === undefined || message[1] !== bytes.length) throw new RefusalError("unreadable");
  // Public messages are how somebody enters without being admitted: never taken, whatever they say.
  if (message[0].wireformat === "mls_public_message") throw new RefusalError("uninvited");
  if (message[0].wireformat === "mls_private_message") return message[0].privateMessage;
  throw new RefusalError("unreadable", message[0].wireformat);
}

/**
 * Leaf and generation by MLS's own sender data. The library does not hand them out; the message's
 * signature, checked when it is opened, is made by this very leaf's key, so the leaf is the author.
 */
export async function senderOf(
  message: PrivateMessage,
  state: ClientState,
): Promise<{ leaf: number; generation: number }> {
  const { senderDataSecret } = state.keySchedule;
  const sender = await decryptSenderData(message, senderDataSecret, await cipherSuite()).catch(
    () => undefined,
  );
  if (sender === undefined) throw unreadable(message, "sender data");
  const node = state.secretTree[sender.leafIndex * 2];
  const ratchet = message.contentType === "application" ? node?.application : node?.handshake;
  if (ratchet === undefined) throw new RefusalError("forged-author", "no such leaf");
  const { generation, leafIndex: leaf } = sender;
  if (generation < ratchet.generation) throw new RefusalError("replayed");
  if (generation > ratchet.generation) throw new RefusalError("missing-rows");
  return { leaf, generation };
}

export async function openWords(
  message: PrivateMessage,
  state: ClientState,
): Promise<{ newState: ClientState; plaintext: Uint8Array; consumed: Uint8Array[] }> {
  const result = await process(message, state);
  if (result.kind !== "applicationMessage") throw new RefusalError("unreadable");
  return { newState: result.newState, plaintext: result.message, consumed: result.consumed };
}

export async function openCommit(
  message: PrivateMessage,
  state: ClientState,
): Promise<{ newState: ClientState; consumed: Uint8Array[] }> {
  const result = await process(message, state);
  if (result.kind !== "newState" || result.actionTaken !== "accept") {
    throw new RefusalError("unreadable-change");
  }
  return { newState: result.newState, consumed: result.consumed };
}

async function process(
  message: PrivateMessage,
  state: ClientState,
): ReturnType<typeof processPrivateMessage> {
  try {
    return await processPrivateMessage(state, message, emptyPskIndex, await cipherSuite(), screen);
  } catch (error) {
    if (error instanceof RefusalError) throw error;
    if (error instanceof CryptoVerificationError && error.message === "Signature invalid") {
      throw new RefusalError("forged-author");
    }
    throw unreadable(message, String(error));
  }
}

function unreadable(message: PrivateMessage, detail: string): RefusalError {
  const code: RefusalCode = message.contentType === "commit" ? "unreadable-change" : "unreadable";
  return new RefusalError(code, detail);
}
