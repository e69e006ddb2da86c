/** Lin hands over to Chen: who can read what, after; and everybody who would come in her place. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { add, newEntry } from "../../../chat/client/outbox.ts";
import { makeRelease } from "../../../chat/client/release.ts";
import type { Room } from "../../../chat/client/room.ts";
import { checkPapers, makePapers, openAfter } from "../../../chat/client/succeeding.ts";
import type { Talk } from "../../../chat/client/talk.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import type { Device } from "../mls/cast.ts";
import {
  attend,
  begun,
  beside,
  closeAll,
  LastingShelf,
  notices,
  pause,
  resume,
  type Stage,
  said,
  trustWith,
  until,
  vaultOn,
} from "./cast.ts";

afterEach(closeAll);

const SUMMARY = "工资三个月没发。\n想先问问法律援助。";

const roomOf = (talk: Talk): Room => Reflect.get(talk, "room") as Room;

const passed = (talk: Talk): string[] =>
  talk.view.lines.flatMap((line) => (line.kind === "passed" ? [line.text] : []));

interface Scene {
  stage: Stage;
  seeker: Talk;
  lin: Talk;
  chen: Device;
}

/** A talk under way; Chen says that she comes, and Lin's page has proved it. */
async function scene(): Promise<Scene> {
  const { stage, seeker, lin } = await begun();
  await seeker.say("鸟：以前说的");
  await until(() => said(lin).length === 1, "heard before");
  return { stage, seeker, lin, chen: await stage.home.certify("陈", "counsellor") };
}

async function named({ stage, lin, chen }: Scene, summary = SUMMARY): Promise<void> {
  const papers = await makePapers(chen.keys, stage.server.groupId);
  const coming = await lin.whoComes?.(papers);
  assert.equal(coming?.name, "陈");
  await lin.nameNext?.(coming ?? assert.fail(), summary);
}

/** This device's client opens the next group, and sits down in it. */
async function comes(stage: Stage, who: string, device: Device): Promise<Talk> {
  const { server } = stage;
  const desk = new LastingShelf();
  const trust = await trustWith(stage, who);
  const keyPackage = server.keys.shift() ?? assert.fail("no key left");
  const next = { before: server.group, keyPackage, now: Date.now() };
  const opening = await openAfter(await vaultOn(desk), server.ref, device.keys, trust, next);
  server.succeed(who, opening);
  return attend(stage, who, device, desk);
}

async function asked(seeker: Talk): Promise<void> {
  await until(() => seeker.view.handover?.answer === "", "she is asked");
}

test("with her yes the lines go along, and nothing else of before", async () => {
  const there = await scene();
  const { stage, seeker, lin, chen } = there;
  await named(there);
  await asked(seeker);
  assert.deepEqual(
    [seeker.view.handover?.by, seeker.view.handover?.name, seeker.view.handover?.summary],
    ["林", "陈", SUMMARY],
  );
  await seeker.answerNext?.("yes");
  await until(() => lin.view.handover?.answer === "yes", "Lin reads her answer");
  await lin.say("陈来了我再走");
  await until(() => said(seeker).includes("< 陈来了我再走"), "until then they talk");

  const theirs = await comes(stage, "陈", chen);
  await until(() => passed(theirs).length === 1, "the lines are there");
  assert.deepEqual(passed(theirs), [`林\n${SUMMARY}`]);
  assert.deepEqual(said(theirs), [], "and nothing of before");
  assert.equal(lin.view.phase, "lost-seat");
  assert.deepEqual(said(lin), [], "nothing is left with Lin");
  assert.deepEqual(seeker.view.readers, ["陈"], "the button names who reads now");
  await seeker.say("鸟：以后说的");
  await until(() => said(theirs).includes("< 鸟：以后说的"), "Chen reads on");
  assert.equal(seeker.view.handover, undefined);
  assert.deepEqual(notices(seeker), ["fresh-start"]);
  assert.deepEqual(notices(theirs), []);
});

test("the lines stay with her who tells it herself", async () => {
  const there = await scene();
  await named(there);
  await asked(there.seeker);
  await there.seeker.answerNext?.("self");
  await until(() => there.lin.view.handover?.answer === "self", "Lin reads it");
  const theirs = await comes(there.stage, "陈", there.chen);
  await until(() => there.seeker.view.members.some((one) => one.name === "陈"), "Chen is there");
  await there.seeker.say("我自己说");
  await until(() => said(theirs).length === 1, "heard");
  assert.deepEqual([...passed(theirs), ...passed(there.seeker)], []);
});

test("another than the one who was named: it is said, and the lines stay here", async () => {
  const there = await scene();
  const { stage, seeker } = there;
  await named(there);
  await asked(seeker);
  await seeker.answerNext?.("yes");
  const wang = await comes(stage, "王", await stage.home.certify("王", "counsellor"));
  await until(() => notices(seeker).includes("unannounced"), "it is said");
  const line = seeker.view.lines.find((one) => one.kind === "notice" && one.code === "unannounced");
  assert.deepEqual(line?.kind === "notice" && line.params, { who: "王", by: "林", name: "陈" });
  await seeker.say("你是谁");
  await until(() => said(wang).length === 1, "heard");
  assert.deepEqual(passed(wang), []);
  assert.equal(seeker.view.handover, undefined);
});

test("a colleague with Chen's name and another certificate is another", async () => {
  const there = await scene();
  await named(there);
  await asked(there.seeker);
  await there.seeker.answerNext?.("yes");
  const other = await comes(there.stage, "陈", await there.stage.home.certify("陈", "counsellor"));
  await until(() => notices(there.seeker).includes("unannounced"), "it is said");
  await pause(200);
  assert.deepEqual(passed(other), []);
});

test("after Lin fell silent whoever takes it from the queue is not the one she named", async () => {
  const there = await scene();
  const { stage, seeker } = there;
  await named(there);
  await asked(seeker);
  await seeker.answerNext?.("yes");
  stage.server.giveUp();
  await until(() => seeker.view.phase === "waiting", "back in the queue");
  stage.server.take_("王");
  const wang = await attend(
    stage,
    "王",
    await stage.home.certify("王", "counsellor"),
    new LastingShelf(),
  );
  await until(() => notices(seeker).includes("unannounced"), "it is said");
  await pause(200);
  assert.deepEqual(passed(wang), []);
});

/** These bytes as a release, said by whoever sits there with a client that says anything. */
async function says(talk: Talk, text: string): Promise<void> {
  const room = roomOf(talk);
  await room.inTurn(() =>
    room.change({ outbox: add(room.saved.outbox, newEntry("release", text, Date.now(), [])) }),
  );
  room.work();
}

test("a supervisor beside them names nobody, not even with words Lin signed", async () => {
  const there = await scene();
  const { stage, seeker, lin, chen } = there;
  const { zhou } = await beside(stage, lin);
  await until(() => zhou.view.phase === "active" && seeker.view.members.length === 3, "three");
  const coming = await lin.whoComes?.(await makePapers(chen.keys, stage.server.groupId));
  await zhou.nameNext?.(coming ?? assert.fail(), "鸟：编的");
  await until(() => notices(seeker).includes("bad-release"), "refused");
  assert.equal(seeker.view.handover, undefined);
  const { signer } = roomOf(lin).held.keys;
  const { groupId } = stage.server;
  const told = { ...(coming ?? assert.fail()), summary: "鸟" };
  await says(zhou, await makeRelease(signer, groupId, told));
  await until(() => notices(seeker).filter((code) => code === "bad-release").length === 2, "again");
  assert.equal(seeker.view.handover, undefined);
});

test("nobody answers in her place", async () => {
  const there = await scene();
  const { zhou } = await beside(there.stage, there.lin);
  await until(() => there.seeker.view.members.length === 3, "three");
  await named(there);
  await asked(there.seeker);
  const room = roomOf(zhou);
  const word = newEntry("consent", "yes", Date.now(), []);
  await room.inTurn(() => room.change({ outbox: add(room.saved.outbox, word) }));
  room.work();
  await until(() => room.saved.outbox.length === 0, "sent");
  await pause(100);
  assert.equal(there.lin.view.handover?.answer, "");
});

test("what Lin signed for another talk, or for nobody, names nobody here", async () => {
  const there = await scene();
  const { stage, seeker, lin, chen } = there;
  const coming = await lin.whoComes?.(await makePapers(chen.keys, stage.server.groupId));
  const { signer } = roomOf(lin).held.keys;
  const told = { ...(coming ?? assert.fail()), summary: "" };
  const elsewhere = await makeRelease(signer, crypto.getRandomValues(new Uint8Array(16)), told);
  const here = await makeRelease(signer, stage.server.groupId, told);
  for (const text of [elsewhere, here.replace("陈", "王"), here.slice(20), "\n\n", "陈"]) {
    const before = notices(seeker).length;
    await says(lin, text);
    await until(() => notices(seeker).length > before, `refused: ${text}`);
    assert.equal(seeker.view.handover, undefined);
  }
  assert.deepEqual(new Set(notices(seeker)), new Set(["bad-release"]));
});

test("a release that the server shows once more brings nobody back", async () => {
  const there = await scene();
  const { stage, seeker, lin } = there;
  await named(there);
  await asked(seeker);
  const row = stage.server.rows[stage.server.rows.length - 1] ?? assert.fail();
  await lin.nameNext?.(null, "");
  await until(() => notices(seeker).includes("not-handed"), "taken back");
  assert.equal(seeker.view.handover, undefined);
  const again = { ...row, seq: stage.server.rows.length + 1 };
  stage.server.rows.push(again);
  stage.server.lineOf("seeker")?.push(again);
  await until(() => notices(seeker).includes("replayed"), "it is said");
  assert.equal(seeker.view.handover, undefined);
});

test("her phone was off: whoever was named is there, and the lines wait for her yes", async () => {
  const there = await scene();
  const { stage, seeker, chen } = there;
  seeker.close();
  await named(there);
  await until(() => there.lin.view.handover !== undefined, "stored");
  const theirs = await comes(stage, "陈", chen);
  const back = (await resume(stage)) ?? assert.fail();
  await until(() => back.view.handover?.here === true, "she is asked still");
  await pause(300);
  assert.deepEqual(passed(theirs), []);
  assert.ok(!notices(back).includes("unannounced"));
  await back.answerNext?.("yes");
  await until(() => passed(theirs).length === 1, "now they go");
  assert.equal(back.view.handover, undefined);
});

test("whoever was named came and went before she answered: the lines were for them alone", async () => {
  const there = await scene();
  const { stage, seeker } = there;
  seeker.close();
  await named(there);
  await until(() => there.lin.view.handover !== undefined, "stored");
  await comes(stage, "陈", there.chen);
  const back = (await resume(stage)) ?? assert.fail();
  await until(() => back.view.handover?.here === true, "asked still");
  const wang = await comes(stage, "王", await stage.home.certify("王", "counsellor"));
  await until(() => back.view.members.some((one) => one.name === "王"), "Wang is there");
  assert.equal(back.view.handover, undefined);
  await back.answerNext?.("yes");
  await pause(200);
  assert.deepEqual(passed(wang), []);
});

test("both pages are loaded anew in the middle: who was named, and what was answered, is there", async () => {
  const there = await scene();
  const { stage, seeker, lin, chen } = there;
  await named(there);
  await asked(seeker);
  seeker.close();
  lin.close();
  const back = (await resume(stage)) ?? assert.fail();
  const desk = await attend(stage);
  await until(() => back.view.handover?.name === "陈", "she is still asked");
  assert.equal(desk.view.handover?.name, "陈");
  await back.answerNext?.("yes");
  await until(() => desk.view.handover?.answer === "yes", "Lin reads it");
  const theirs = await comes(stage, "陈", chen);
  await until(() => passed(theirs).length === 1, "the lines are there");
});

test("whoever does not prove to come after this very group is nobody", async () => {
  const { stage, lin, chen } = await scene();
  const group = roomOf(lin).held.group ?? assert.fail();
  const trust = await trustWith(stage, "林");
  const refused = (code: string) => (error: unknown) =>
    error instanceof RefusalError && error.code === code;
  const good = await makePapers(chen.keys, stage.server.groupId);
  await checkPapers(good, group, trust);
  const cases: [string, typeof good][] = [
    ["forged-author", { ...good, proof: new Uint8Array(64) }],
    ["forged-author", await makePapers(chen.keys, new Uint8Array(16))],
    ["second-seat", await makePapers(stage.lin.keys, stage.server.groupId)],
    ["duty-over", { ...good, statement: new Uint8Array(0) }],
    ["duty-other", { ...good, statement: stage.lin.keys.duty }],
  ];
  for (const [code, papers] of cases) {
    await assert.rejects(checkPapers(papers, group, trust), refused(code));
  }
  const zhou = await stage.home.certify("周", "supervisor");
  const supervisors = await makePapers(zhou.keys, stage.server.groupId);
  await assert.rejects(checkPapers(supervisors, group, trust), refused("not-allowed"));
});
