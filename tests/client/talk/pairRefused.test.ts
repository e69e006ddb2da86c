/** Who is let into no room of two of the staff, and what a server that lies comes to there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Group } from "../../../chat/client/mls/group.ts";
import { PairRoom } from "../../../chat/client/pair.ts";
import { beginTranscript } from "../../../chat/client/transcript.ts";
import { EVENING, groupId, knocking, Organisation, phone, refusal, twoTalk } from "../mls/cast.ts";
import { heard, Log, meet, NONE, pairing, settle } from "./pairs.ts";

// --- who is refused ------------------------------------------------------------------------------

test("a browser nobody has certified is answered by nobody, and named by nobody", async () => {
  const [home, strangers] = [await Organisation.found(), await Organisation.found()];
  const trust = await home.trust();
  const zhou = pairing(await home.certify("周", "supervisor"), trust);
  const eve = await strangers.certify("林", "counsellor");
  const left = await pairing(eve, await strangers.trust()).leave();
  assert.match(await refusal(zhou.who(left.keyPackage)), /^certificate-/);
  assert.match(await refusal(zhou.open(left.keyPackage, left.statement)), /^certificate-/);
});

test("a seeker's key is let into no such room, whoever hands it over", async () => {
  const home = await Organisation.found();
  const trust = await home.trust();
  const zhou = pairing(await home.certify("周", "supervisor"), trust);
  const { keyPackages } = await phone(trust);
  const theirs = keyPackages[0] ?? assert.fail();
  assert.equal(await refusal(zhou.who(theirs)), "second-seeker");
  assert.equal(await refusal(zhou.open(theirs, NONE)), "second-seeker");
});

test("a certificate that was taken back opens no room, enters none and sends nothing more", async () => {
  const home = await Organisation.found();
  const lin = await home.certify("林", "counsellor");
  const zhou = await home.certify("周", "supervisor");
  const left = await pairing(lin, await home.trust()).leave();
  const opened = await pairing(zhou, await home.trust()).open(left.keyPackage, left.statement);
  const log = new Log();
  log.begin(opened);
  const room = opened.room(log.wire(), () => undefined);
  await room.settled();
  await home.issued.revoke(lin.statement);
  const late = await home.trust(); // whoever reads the log now
  const other = pairing(zhou, late);
  assert.equal(await refusal(other.open(left.keyPackage, left.statement)), "certificate-revoked");
  assert.equal(await refusal(other.who(left.keyPackage)), "certificate-revoked");
  const hers = pairing(lin, late);
  const enters = hers.enter(left, log.rows[0], log.wire(), () => undefined);
  assert.equal(await refusal(enters), "certificate-revoked");
});

test("whoever's certificate is taken back in mid-room is written to no more", async () => {
  const home = await Organisation.found();
  let log: () => Promise<Uint8Array> = home.log;
  const moving = (): Promise<Uint8Array> => log();
  const trust = await home.trust({ log: moving });
  const met = await meet(home, [trust, trust]);
  await settle(met);
  met.lin.say("一");
  await settle(met);
  await home.issued.revoke(met.devices.lin.statement);
  log = home.log;
  await trust.log.refresh();
  met.zhou.say("二");
  await settle(met);
  assert.equal(met.zhou.view.refusal, "certificate-revoked");
  assert.deepEqual(heard(met.lin), []);
});

test("whose shift is over waits, and is told so", async () => {
  const home = await Organisation.found();
  const trust = await home.trust();
  const lin = await home.certify("林", "counsellor");
  const { identity, signer } = lin.keys;
  const over = { identity, signer, duty: NONE, packages: [] };
  const zhou = pairing(await home.certify("周", "supervisor"), trust);
  const left = await pairing(over, trust).leave();
  assert.equal(await refusal(zhou.open(left.keyPackage, left.statement)), "duty-over");
});

test("a talk's Welcome leads into no such room, and a room's into no talk", async () => {
  const home = await Organisation.found();
  const talk = await twoTalk(home);
  const zhou = await home.certify("周", "supervisor");
  const { keys, keyPackage } = await knocking(zhou.keys, talk.trust);
  const added = await talk.lin.add(keyPackage, zhou.keys.duty);
  const duty = talk.linDevice.keys.duty;
  const asPair = Group.joinPair(keys, added.welcome, duty, talk.trust);
  assert.equal(await refusal(asPair), "second-seeker");
  const left = await pairing(talk.linDevice, talk.trust).leave();
  const opened = await pairing(zhou, talk.trust).open(left.keyPackage, left.statement);
  const asTalk = Group.join(left.keys, opened.welcome, opened.statement, talk.trust, NONE);
  assert.equal(await refusal(asTalk), "wrong-key");
});

test("a third colleague is in no room of two: not at the start, and not later", async () => {
  const home = await Organisation.found();
  const trust = await home.trust();
  const [zhou, chen, sam] = [
    await home.certify("周", "supervisor"),
    await home.certify("陈", "supervisor"),
    await home.certify("吴", "supervisor"),
  ];
  const third = await knocking(chen.keys, await home.trust());
  // Zhou's client is none of ours any more: somebody sits there before Sam is let in.
  const left = await pairing(sam, trust).leave();
  const alone = await Group.create(zhou.keys, groupId(), trust);
  const { group } = await alone.add(third.keyPackage, chen.keys.duty);
  const added = await group.add(left.keyPackage, sam.keys.duty);
  const statements = added.group.statements;
  const joins = Group.joinPair(left.keys, added.welcome, statements, trust);
  assert.equal(await refusal(joins), "not-alone");
  const met = await meet(home);
  await settle(met);
  const theirs = (met.zhou as unknown as { group: Group }).group;
  const smuggled = await theirs.add(third.keyPackage, chen.keys.duty);
  met.log.put(crypto.getRandomValues(new Uint8Array(16)), smuggled.sealed);
  met.lin.reachTo(met.log.rows.length);
  await met.lin.settled();
  assert.equal(met.lin.view.refusal, "not-allowed");
});

// --- a server that lies --------------------------------------------------------------------------

test("a word that is withheld is found out by the next one", async () => {
  const met = await meet();
  await settle(met);
  met.lin.say("第一句");
  met.lin.say("第二句");
  await met.lin.settled();
  const words = met.log.rows.filter((row) => row.what === "words");
  const hidden = words.at(-2) ?? assert.fail();
  met.log.lie = (rows) => rows.filter((row) => row !== hidden);
  met.zhou.reachTo(met.log.rows.length);
  await met.zhou.settled();
  assert.equal(met.zhou.view.refusal, "missing-rows");
  assert.deepEqual(heard(met.zhou), []);
});

test("a word that is played again is not shown again", async () => {
  const met = await meet();
  await settle(met);
  met.lin.say("我在");
  await settle(met);
  const last = met.log.rows.at(-1) ?? assert.fail();
  const seq = met.log.rows.length + 1;
  met.log.rows.push({ ...last, seq, clientId: crypto.getRandomValues(new Uint8Array(16)) });
  met.zhou.reachTo(seq);
  await met.zhou.settled();
  assert.deepEqual(heard(met.zhou), ["林: 我在"]);
  assert.notEqual(met.zhou.view.refusal, "");
});

test("two who were shown two logs of everything issued find out, and say nothing", async () => {
  const home = await Organisation.found();
  const lin = await home.certify("林", "counsellor");
  const zhou = await home.certify("周", "supervisor");
  const early = await home.log();
  const before = await home.trust({ log: async () => early });
  await home.issued.add(await other(home));
  const mine = pairing(lin, before);
  const left = await mine.leave();
  const opened = await pairing(zhou, await home.trust()).open(left.keyPackage, left.statement);
  const log = new Log();
  log.begin(opened);
  const theirs = opened.room(log.wire(), () => undefined);
  theirs.say("我来了");
  await theirs.settled();
  const room = await mine.enter(left, log.rows[0], log.wire(), () => undefined);
  room.reachTo(log.rows.length);
  await room.settled();
  assert.equal(room.view.refusal, "log-behind");
  assert.deepEqual(heard(room), []);
});

async function other(home: Organisation): Promise<Uint8Array> {
  return (await home.certify("陈", "counsellor", { unlogged: true })).statement;
}

test("who speaks without having said which log they know is not listened to", async () => {
  const met = await meet();
  const group = (met.lin as unknown as { group: Group }).group;
  const silent = new PairRoom({
    group,
    transcript: await beginTranscript(group.groupId),
    trust: met.trust,
    wire: met.log.wire(),
    now: () => EVENING,
    duty: () => NONE,
    changed: () => undefined,
  });
  (silent as unknown as { outbox: unknown[] }).outbox = [];
  silent.say("直接说");
  await silent.settled();
  met.zhou.reachTo(met.log.rows.length);
  await met.zhou.settled();
  assert.equal(met.zhou.view.refusal, "log-unsaid");
});
