import assert from "node:assert/strict";
import { test } from "node:test";
import { Group } from "../../../chat/client/mls/group.ts";
import { decodePackages, encodePackages, topUp } from "../../../chat/client/mls/keys.ts";
import { equal } from "../../../counsel/client/bytes.ts";
import { groupId, knocking, phone, refusal, say, threeTalk, twoTalk, words } from "./cast.ts";
import { inside, readPackage } from "./enemy.ts";

/** Our configuration as text: its numbers and the bodies of its functions. */
function configOf(group: Group): string {
  const { state } = (group as unknown as { parts: { state: { clientConfig: object } } }).parts;
  const show = (_: string, value: unknown): unknown =>
    typeof value === "function" || typeof value === "bigint" ? String(value) : value;
  return JSON.stringify(state.clientConfig, show);
}

const who = (group: Group): string =>
  group.members.map((one) => `${one.role} ${one.name}${one.me ? " (me)" : ""}`).join(", ");

test("a seeker and Lin understand each other, both ways and after fresh keys", async () => {
  let { lin, seeker } = await twoTalk();
  ({ from: lin, to: seeker } = await say(lin, seeker, "你好,我是林。"));
  const answer = await say(seeker, lin, "有人吗 🙂");
  assert.equal(answer.understood, "有人吗 🙂");
  [seeker, lin] = [answer.from, answer.to];
  const renewed = await seeker.renew();
  const change = await lin.open(renewed.sealed);
  assert.deepEqual([change.opened.kind, change.group.epoch], ["change", 2]);
  const after = await say(change.group, renewed.group, "还在。");
  assert.equal(after.understood, "还在。");
});

test("the member list comes from the tree: who, in which role, and which one is me", async () => {
  const { lin, seeker, zhou } = await threeTalk();
  assert.equal(who(lin), "counsellor 林 (me), seeker , supervisor 周");
  assert.equal(who(seeker), "counsellor 林, seeker  (me), supervisor 周");
  assert.equal(who(zhou), "counsellor 林, seeker , supervisor 周 (me)");
  assert.ok(seeker.members[0]?.dutyUntil instanceof Date);
});

test("words name the author that MLS authenticated, whatever the words themselves claim", async () => {
  const { zhou, seeker } = await threeTalk();
  const { sealed } = await zhou.seal(words('{"author":"林","role":"counsellor"}'));
  const { opened } = await seeker.open(sealed);
  assert.ok(opened.kind === "words");
  assert.deepEqual([opened.author.name, opened.author.role], ["周", "supervisor"]);
});

test("everybody sees who joined, who left and who did it", async () => {
  const { lin, seeker, zhou } = await threeTalk();
  const leaf = lin.members.find((one) => one.name === "周")?.leaf ?? -1;
  const removal = await lin.remove(leaf);
  const seen = await seeker.open(removal.sealed);
  assert.ok(seen.opened.kind === "change");
  assert.deepEqual(
    [seen.opened.by.name, seen.opened.left.map((one) => one.name), seen.opened.removedMe],
    ["林", ["周"], false],
  );
  const own = await zhou.open(removal.sealed);
  assert.ok(own.opened.kind === "change" && own.opened.removedMe && own.group.removed);
  assert.equal(await refusal(own.group.seal(words("?"))), "removed");
});

test("Add and Remove are two commits, and between them nobody is alone", async () => {
  const { organisation, lin, seeker, trust, linDevice, seekerKey } = await threeTalk();
  const chen = await organisation.certify("陈", "supervisor");
  const { keys, keyPackage } = await knocking(chen.keys, trust);
  const added = await lin.add(keyPackage, chen.keys.duty);
  const zhou = lin.members.find((one) => one.name === "周")?.leaf ?? -1;
  const removed = await added.group.remove(zhou);
  const first = await seeker.open(added.sealed);
  assert.equal(who(first.group), "counsellor 林, seeker  (me), supervisor 周, supervisor 陈");
  const second = await first.group.open(removed.sealed);
  assert.equal(who(second.group), "counsellor 林, seeker  (me), supervisor 陈");
  const both = added.group.statements;
  const own = await Group.join(keys, added.welcome, both, trust, seekerKey);
  const inside = await own.group.open(removed.sealed);
  const heard = await say(removed.group, inside.group, "陈来了。");
  assert.equal(heard.understood, "陈来了。");
  assert.ok(linDevice.keys.duty.length < both.length, "everybody's duty goes with the Welcome");
});

test("a group kept and taken up again is the same, and still refuses", async () => {
  const { lin, seeker, trust, linDevice, seekerKeys } = await twoTalk();
  const kept = lin.encode();
  assert.equal(kept[0], 2, "the encoding begins with its version");
  const again = await Group.restore(kept, linDevice.keys, trust);
  assert.deepEqual(again.members, lin.members);
  const size = async (group: Group): Promise<number> =>
    (await group.seal(new Uint8Array(8))).sealed.length;
  assert.equal(await size(again), await size(lin), "the library's default would pad to 256");
  assert.equal(configOf(again), configOf(lin), "no part of the library's defaults has come back");
  const heard = await say(seeker, again, "我回来了");
  assert.equal(heard.understood, "我回来了");
  const mine = await Group.restore(seeker.encode(), seekerKeys, trust);
  const intruder = await knocking((await twoTalk()).linDevice.keys, trust);
  assert.equal(
    await refusal(again.add(intruder.keyPackage, intruder.keys.duty)),
    "certificate-forged",
  );
  assert.equal(await refusal(mine.open(words("no message"))), "unreadable");
});

test("wiping secrets after a restore leaves the kept bytes alone", async () => {
  const { lin, trust, linDevice } = await twoTalk();
  const kept = lin.encode();
  const before = kept.slice();
  const again = await Group.restore(kept, linDevice.keys, trust);
  (await again.renew()).group.release();
  assert.ok(equal(kept, before));
});

test("an encoding of another version, cut short, or of another key is refused", async () => {
  const { lin, trust, linDevice, seekerKeys } = await twoTalk();
  const kept = lin.encode();
  const attempts = [
    Uint8Array.of(9, ...kept.subarray(1)),
    kept.subarray(0, 200),
    new Uint8Array(0),
  ];
  for (const bytes of attempts) {
    assert.equal(await refusal(Group.restore(bytes, linDevice.keys, trust)), "old-state");
  }
  assert.equal(await refusal(Group.restore(kept, seekerKeys, trust)), "old-state");
});

test("the signature key has no bytes where the browser can keep it", async () => {
  const { lin, linDevice } = await twoTalk();
  const { secret } = linDevice.keys.signer;
  assert.ok(!(secret instanceof Uint8Array));
  assert.equal(secret.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("pkcs8", secret));
  assert.ok(lin.encode().length > 0);
});

test("until the server has stored a commit, the group before it still works", async () => {
  const { lin, seeker } = await twoTalk();
  await lin.renew(); // lost a race: the server stored somebody else's commit
  const winner = await seeker.renew();
  const caughtUp = await lin.open(winner.sealed);
  const heard = await say(caughtUp.group, winner.group, "再来一次");
  assert.equal(heard.understood, "再来一次");
});

test("after release nothing of the old epoch can be read with the old group", async () => {
  const { lin, seeker } = await twoTalk();
  const { sealed } = await seeker.seal(words("旧的"));
  const renewed = await lin.renew();
  renewed.group.release();
  assert.equal(await refusal(lin.open(sealed)), "unreadable");
});

test("nothing of an ended epoch is carried into the next one", async () => {
  const { lin, seeker } = await twoTalk();
  const renewed = await lin.renew();
  const seen = await seeker.open(renewed.sealed);
  for (const group of [renewed.group, seen.group]) {
    assert.equal(inside(group).historicalReceiverData.size, 0);
    assert.equal(group.epoch, 2);
  }
});

test("signs of typing: one key per epoch, the same for both, another for another label", async () => {
  const { lin, seeker } = await twoTalk();
  const [a, b] = [await lin.exporterKey("typing"), await seeker.exporterKey("typing")];
  assert.equal(a.length, 32);
  assert.ok(equal(a, b));
  assert.ok(!equal(a, await lin.exporterKey("other")));
  const renewed = await lin.renew();
  assert.ok(!equal(a, await renewed.group.exporterKey("typing")));
});

test("words cost 20 bytes more than their length and MLS's own frame: nothing is padded twice", async () => {
  const { lin } = await twoTalk();
  const sizes = await Promise.all(
    [1, 2, 60].map(async (length) => (await lin.seal(new Uint8Array(length))).sealed.length),
  );
  assert.equal((sizes[1] ?? 0) - (sizes[0] ?? 0), 1);
  assert.ok((sizes[2] ?? 0) < 250, `${sizes[2]} bytes for 60`);
});

test("a one-use key package works once; the last resort stays until it is replaced", async () => {
  const { organisation, trust, linDevice } = await twoTalk();
  const mine = await phone(trust);
  const open = async (keyPackage: Uint8Array): Promise<Uint8Array> => {
    const group = await Group.create(linDevice.keys, groupId(), trust);
    return (await group.admit(keyPackage, null)).welcome;
  };
  const first = await open(mine.keyPackages[0] ?? new Uint8Array(0));
  const second = await open(mine.lastResort);
  const third = await open(mine.lastResort);
  const { duty } = linDevice.keys;
  const join = (keys: typeof mine.keys, welcome: Uint8Array): ReturnType<typeof Group.join> =>
    Group.join(keys, welcome, duty, trust);
  const once = await join(mine.keys, first);
  assert.equal(once.me.packages.length, 3);
  assert.equal(await refusal(join(once.me, first)), "bad-welcome");
  const resort = await join(once.me, second);
  const again = await join(resort.me, third);
  const fresh = await topUp(again.me, 1, (await organisation.trust()).today());
  assert.equal(await refusal(join(fresh.keys, third)), "bad-welcome");
  assert.equal(fresh.keys.packages.filter((one) => one.lastResort).length, 1);
});

test("key packages survive the vault and say nothing about the phone that made them", async () => {
  const { trust } = await twoTalk();
  const [mine, other] = [await phone(trust), await phone(trust)];
  const kept = decodePackages(encodePackages(mine.keys.packages));
  assert.deepEqual(kept, mine.keys.packages);
  const sizes = [...mine.keyPackages, mine.lastResort, ...other.keyPackages].map(
    (one) => one.length,
  );
  assert.equal(new Set(sizes).size, 1, `sizes ${sizes}`);
  assert.ok((sizes[0] ?? 0) < 384, `${sizes[0]} bytes`);
  const { leafNode, cipherSuite } = readPackage(mine.keyPackages[0] ?? new Uint8Array(0));
  assert.deepEqual(leafNode.capabilities, {
    versions: ["mls10"],
    ciphersuites: [cipherSuite],
    extensions: [],
    proposals: [],
    credentials: ["basic"],
  });
  const { notBefore, notAfter } = leafNode.lifetime;
  assert.deepEqual([notBefore % 86_400n, notAfter - notBefore], [0n, 28n * 86_400n]);
  const today = BigInt(Math.floor(trust.today() / 86_400_000)) * 86_400n;
  assert.equal(today - notBefore, 7n * 86_400n);
});
