/** Every attack of the plan, tried for real: refused with the right sentence, nothing changed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMlsMessage } from "ts-mls/message.js";
import { processPrivateMessage } from "ts-mls/processMessages.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import { removeLeafNode } from "ts-mls/ratchetTree.js";
import { toLeafIndex } from "ts-mls/treemath.js";
import { Group } from "../../../chat/client/mls/group.ts";
import { drawSeekerKeys, SEEKER } from "../../../chat/client/mls/keys.ts";
import { compareTrees } from "../../../chat/client/mls/policy.ts";
import { cipherSuite } from "../../../chat/client/mls/provider.ts";
import { concat, toBase64url } from "../../../counsel/client/bytes.ts";
import { groupId, key, Organisation, refusal, say, threeTalk, twoTalk, words } from "./cast.ts";
import {
  addOf,
  externalCommit,
  forgedWords,
  inside,
  looseProposal,
  packageOf,
  rawCommit,
  removeOf,
  swappedCommit,
} from "./enemy.ts";

const leafOf = (group: Group, name: string): number =>
  group.members.find((one) => one.name === name)?.leaf ?? assert.fail(`no ${name} here`);

// --- who is here changes --------------------------------------------------------------------

test("nobody enters by an external commit", async () => {
  const { organisation, lin, seeker } = await twoTalk();
  const zhou = await organisation.certify("周", "supervisor");
  const { keys } = await packageOf(zhou.keys);
  const sealed = await externalCommit(lin, keys);
  assert.equal(await refusal(seeker.open(sealed)), "uninvited");
  assert.equal(await refusal(lin.open(sealed)), "uninvited");
});

test("the seeker cannot be put out of the talk, not even silently", async () => {
  const { lin, seeker, zhou } = await threeTalk();
  const leaf = seeker.members.find((one) => one.me)?.leaf ?? -1;
  const { sealed } = await rawCommit(inside(lin), [removeOf(leaf)]);
  assert.equal(await refusal(seeker.open(sealed)), "seeker-removed");
  assert.equal(await refusal(zhou.open(sealed)), "seeker-removed");
  assert.equal(await refusal(lin.remove(leaf)), "seeker-removed");
});

test("a commit that swaps who somebody is: the library would take it, we do not", async () => {
  const { organisation, lin, seeker } = await threeTalk();
  const wang = await organisation.certify("王", "supervisor");
  const sealed = await swappedCommit(lin, wang.keys.identity, wang.keys.signer);
  const message = decodeMlsMessage(sealed.slice(), 0)?.[0];
  assert.ok(message?.wireformat === "mls_private_message");
  const { privateMessage } = message;
  const suite = await cipherSuite();
  const bare = await processPrivateMessage(inside(seeker), privateMessage, emptyPskIndex, suite);
  assert.ok(bare.kind === "newState" && bare.newState.groupContext.epoch === 3n, "taken by ts-mls");
  assert.equal(await refusal(seeker.open(sealed)), "identity-changed");
});

test("the same person with another key, in a commit's path, is another person", async () => {
  const { organisation, lin, seeker } = await twoTalk();
  const again = await organisation.certify("林", "counsellor");
  const sealed = await swappedCommit(lin, again.keys.identity, again.keys.signer);
  assert.equal(await refusal(seeker.open(sealed)), "identity-changed");
});

test("a seeker's leaf with another key is another seeker: what was pinned stays pinned", async () => {
  const { lin, seeker } = await twoTalk();
  const sealed = await swappedCommit(seeker, SEEKER, await key());
  assert.equal(await refusal(lin.open(sealed)), "identity-changed");
});

test("one seat per person, one seeker, and only supervisors are added", async () => {
  const { organisation, lin, seeker, zhouDevice } = await threeTalk();
  const second = await organisation.certify("周", "supervisor");
  const chen = await organisation.certify("陈", "counsellor");
  const stranger = await packageOf(await drawSeekerKeys());
  const attempt = async (wire: Uint8Array): Promise<string> =>
    refusal(seeker.open((await rawCommit(inside(lin), [addOf(wire)])).sealed));
  assert.equal(await attempt((await packageOf(second.keys)).wire), "second-seat");
  assert.equal(await attempt(stranger.wire), "second-seeker");
  assert.equal(await attempt((await packageOf(chen.keys)).wire), "not-allowed");
  assert.ok(zhouDevice.statement.length > 0);
});

test("a supervisor added without a duty statement is refused", async () => {
  const { organisation, lin, seeker } = await twoTalk();
  const zhou = await organisation.certify("周", "supervisor");
  const { sealed } = await rawCommit(inside(lin), [addOf((await packageOf(zhou.keys)).wire)]);
  assert.equal(await refusal(seeker.open(sealed)), "duty-over");
});

test("a seeker adds nobody; nobody removes the counsellor; two changes at once are none", async () => {
  const { organisation, lin, seeker, zhou } = await threeTalk();
  const chen = await organisation.certify("陈", "supervisor");
  const { wire } = await packageOf(chen.keys);
  const bySeeker = await rawCommit(inside(seeker), [addOf(wire)]);
  assert.equal(await refusal(lin.open(bySeeker.sealed)), "not-allowed");
  const coup = await rawCommit(inside(zhou), [removeOf(leafOf(zhou, "林"))]);
  assert.equal(await refusal(seeker.open(coup.sealed)), "not-allowed");
  const both = await rawCommit(inside(lin), [addOf(wire), removeOf(leafOf(lin, "周"))]);
  assert.equal(await refusal(seeker.open(both.sealed)), "not-allowed");
  assert.equal(await refusal(seeker.open(await looseProposal(lin))), "not-allowed");
});

test("a commit that removes somebody and brings no fresh keys is refused", async () => {
  const { lin } = await threeTalk();
  const { ratchetTree } = inside(lin);
  const without = removeLeafNode(ratchetTree, toLeafIndex(leafOf(lin, "周")));
  assert.throws(() => compareTrees(ratchetTree, without, 0, false), { code: "unreadable-change" });
  assert.deepEqual(compareTrees(ratchetTree, without, 0, true), { joined: [], left: [2] });
});

test("a Remove the server keeps from the phone: bounded by the next word of anybody else", async () => {
  const { lin, seeker, zhou } = await threeTalk();
  const { group: without } = await lin.remove(leafOf(lin, "周"));
  const written = await seeker.seal(words("她还在吗"));
  assert.equal(
    (await zhou.open(written.sealed)).opened.kind,
    "words",
    "until then she reads along",
  );
  assert.equal(await refusal(without.open(written.sealed)), "ended-epoch", "lin has not seen it");
  const next = await without.seal(words("只有我在"));
  assert.equal(await refusal(written.group.open(next.sealed)), "missing-rows");
  assert.equal(await refusal(zhou.open(next.sealed)), "missing-rows");
});

test("a removed member reads nothing (fails with ts-mls 1.6.2, see removed-member.test.ts)", async () => {
  const { lin, seeker, zhou } = await threeTalk();
  const removal = await lin.remove(leafOf(lin, "周"));
  const seen = await seeker.open(removal.sealed);
  const secret = await say(removal.group, seen.group, "周已经走了");
  const gone = await zhou.open(removal.sealed);
  assert.equal(await refusal(gone.group.open(secret.sealed)), "removed");
  assert.equal(await refusal(zhou.open(secret.sealed)), "missing-rows");
});

// --- words ----------------------------------------------------------------------------------

test("a member cannot speak in another's name", async () => {
  const { lin, seeker, zhou } = await threeTalk();
  const leaf = leafOf(zhou, "林");
  const sealed = await forgedWords(zhou, leaf, "我是林");
  assert.equal(await refusal(seeker.open(sealed)), "forged-author");
  assert.equal(await refusal(lin.open(sealed)), "opened-elsewhere");
});

test("rows of an edited log: flipped, swapped, replayed, reordered, dropped", async () => {
  const { lin, seeker } = await twoTalk();
  const other = await twoTalk();
  const first = await lin.seal(words("一"));
  const second = await first.group.seal(words("二"));
  const foreign = await other.lin.seal(words("别人的"));
  const flipped = first.sealed.slice();
  flipped[flipped.length - 1] = (flipped[flipped.length - 1] ?? 0) ^ 1;
  assert.equal(await refusal(seeker.open(flipped)), "unreadable");
  assert.equal(await refusal(seeker.open(foreign.sealed)), "other-group");
  assert.equal(await refusal(seeker.open(second.sealed)), "missing-rows", "the first was dropped");
  const read = await seeker.open(first.sealed);
  assert.equal(await refusal(read.group.open(first.sealed)), "replayed");
  const next = await read.group.open(second.sealed);
  assert.equal(next.opened.kind, "words");
  assert.equal(await refusal(next.group.open(first.sealed.subarray(0, 40))), "unreadable");
  assert.equal(await refusal(next.group.open(concat(second.sealed, words("x")))), "unreadable");
});

test("every single flipped byte of a row is noticed", async () => {
  const { lin, seeker } = await twoTalk();
  const { sealed } = await lin.seal(words("救命"));
  for (let at = 0; at < sealed.length; at += 3) {
    const flipped = sealed.slice();
    flipped[at] = (flipped[at] ?? 0) ^ 0x41;
    assert.notEqual(await refusal(seeker.open(flipped)), "nothing was refused", `byte ${at}`);
  }
});

test("words of an ended epoch are refused, those of one not reached yet are missing rows", async () => {
  const { lin, seeker } = await twoTalk();
  const old = await lin.seal(words("旧的"));
  const renewed = await old.group.renew();
  const ahead = await renewed.group.seal(words("新的"));
  assert.equal(await refusal(seeker.open(ahead.sealed)), "missing-rows");
  const caughtUp = await (await seeker.open(old.sealed)).group.open(renewed.sealed);
  assert.equal(await refusal(caughtUp.group.open(old.sealed)), "ended-epoch");
  const unread = await lin.open((await seeker.renew()).sealed);
  assert.equal(await refusal(unread.group.open(old.sealed)), "ended-epoch");
});

test("a spoilt commit is refused as such, and the talk before it can still be read", async () => {
  const { lin, seeker } = await twoTalk();
  const { sealed } = await lin.renew();
  const spoilt = sealed.slice();
  spoilt[spoilt.length - 1] = (spoilt[spoilt.length - 1] ?? 0) ^ 1;
  assert.equal(await refusal(seeker.open(spoilt)), "unreadable-change");
  assert.equal((await say(lin, seeker, "还在")).understood, "还在");
});

test("a row under one's own name that one did not send shows another device", async () => {
  const { lin, linDevice, trust } = await twoTalk();
  const copy = await Group.restore(lin.encode(), linDevice.keys, trust);
  const { sealed } = await copy.renew();
  assert.equal(await refusal(lin.open(sealed)), "opened-elsewhere");
});

test("a certificate names its root by key: another root of the same name is none", async () => {
  const [ours, theirs] = [await Organisation.found(), await Organisation.found()];
  const lin = await theirs.certify("林", "counsellor");
  const trust = await ours.trust();
  assert.equal(await refusal(Group.create(lin.keys, groupId(), trust)), "certificate-forged");
  assert.notEqual(toBase64url(ours.root.publicKey), toBase64url(theirs.root.publicKey));
});
