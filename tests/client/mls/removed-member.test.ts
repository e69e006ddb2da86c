/**
 * A removed member reads nothing: neither by the library's own hand, nor by computing the next
 * epoch from what a removed member still has.
 *
 * This must FAIL with ts-mls 1.6.2, where a commit with one Remove carried no path, so that the
 * "secret" of the next epoch was 32 zeros. (The RFC vectors pass there all the same: they only
 * test receiving.) To see it fail, outside the checkout:
 *
 *     old=$(mktemp -d) && cp -r chat counsel tests package.json package-lock.json "$old" && cd "$old"
 *     npm install --ignore-scripts --save-exact ts-mls@1.6.2
 *     node --test tests/client/mls/removed-member.test.ts
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientState } from "ts-mls/clientState.js";
import { nextEpochContext } from "ts-mls/clientState.js";
import { createApplicationMessage } from "ts-mls/createMessage.js";
import { createConfirmationTag } from "ts-mls/framedContent.js";
import { initializeEpoch } from "ts-mls/keySchedule.js";
import { decodeMlsMessage } from "ts-mls/message.js";
import { unprotectPrivateMessage } from "ts-mls/messageProtection.js";
import type { PrivateMessage } from "ts-mls/privateMessage.js";
import { processPrivateMessage } from "ts-mls/processMessages.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import { removeLeafNode } from "ts-mls/ratchetTree.js";
import { createSecretTree } from "ts-mls/secretTree.js";
import { treeHashRoot } from "ts-mls/treeHash.js";
import { leafWidth, toLeafIndex } from "ts-mls/treemath.js";
import { cipherSuite } from "../../../chat/client/mls/provider.ts";
import { threeTalk, words } from "./cast.ts";
import { inside, rawCommit, removeOf } from "./enemy.ts";

function read(bytes: Uint8Array): PrivateMessage {
  const message = decodeMlsMessage(bytes.slice(), 0)?.[0];
  assert.ok(message?.wireformat === "mls_private_message");
  return message.privateMessage;
}

interface Evening {
  zhou: ClientState;
  removal: Uint8Array;
  secret: PrivateMessage;
}

/** Lin removes Zhou and then tells the seeker something. Zhou's machine keeps everything. */
async function removedTalk(): Promise<Evening> {
  const { lin, zhou } = await threeTalk();
  const leaf = lin.members.find((one) => one.name === "周")?.leaf ?? -1;
  // The library alone, on purpose: our own wrapper would refuse what 1.6.2 makes here.
  const removal = await rawCommit(inside(lin), [removeOf(leaf)]);
  const said = await createApplicationMessage(
    removal.state,
    words("周听不到这句"),
    await cipherSuite(),
  );
  return { zhou: inside(zhou), removal: removal.sealed, secret: said.privateMessage };
}

test("Zhou, removed, lets the library follow the commit and cannot read what comes after", async () => {
  const { zhou, removal, secret } = await removedTalk();
  const suite = await cipherSuite();
  const after = await processPrivateMessage(zhou, read(removal), emptyPskIndex, suite);
  assert.ok(after.kind === "newState");
  const state = { ...after.newState, groupActiveState: { kind: "active" as const } };
  await assert.rejects(processPrivateMessage(state, secret, emptyPskIndex, suite));
});

test("Zhou, removed, computes the next epoch alone and cannot read what comes after", async () => {
  const { zhou, removal, secret } = await removedTalk();
  const suite = await cipherSuite();
  const { senderDataSecret } = zhou.keySchedule;
  const { secretTree, ratchetTree, groupContext, clientConfig } = zhou;
  const { content } = await unprotectPrivateMessage(
    senderDataSecret,
    read(removal),
    secretTree,
    ratchetTree,
    groupContext,
    clientConfig.keyRetentionConfig,
    suite,
  );
  assert.ok(content.content.contentType === "commit" && content.auth.contentType === "commit");
  const { content: framed, auth } = content;
  const tree = removeLeafNode(ratchetTree, toLeafIndex(2));
  const next = await nextEpochContext(
    groupContext,
    "mls_private_message",
    framed as Parameters<typeof nextEpochContext>[2],
    auth.signature,
    await treeHashRoot(tree, suite.hash),
    zhou.confirmationTag,
    suite.hash,
  );
  const zeros = new Uint8Array(suite.kdf.size);
  const { initSecret } = zhou.keySchedule;
  const guess = await initializeEpoch(initSecret, zeros, next, zeros, suite.kdf);
  const { confirmationKey } = guess.keySchedule;
  const tag = await createConfirmationTag(
    confirmationKey,
    next.confirmedTranscriptHash,
    suite.hash,
  );
  assert.notDeepEqual(tag, auth.confirmationTag, "Zhou holds the keys of the next epoch");
  const guessed = await createSecretTree(leafWidth(tree.length), guess.encryptionSecret, suite.kdf);
  const reading = unprotectPrivateMessage(
    guess.keySchedule.senderDataSecret,
    secret,
    guessed,
    tree,
    next,
    clientConfig.keyRetentionConfig,
    suite,
  );
  await assert.rejects(reading);
});

test("the commit that removes carries a path", async () => {
  const { zhou, removal } = await removedTalk();
  const { content } = await unprotectPrivateMessage(
    zhou.keySchedule.senderDataSecret,
    read(removal),
    zhou.secretTree,
    zhou.ratchetTree,
    zhou.groupContext,
    zhou.clientConfig.keyRetentionConfig,
    await cipherSuite(),
  );
  assert.ok(content.content.contentType === "commit");
  assert.notEqual(content.content.commit.path, undefined);
});
