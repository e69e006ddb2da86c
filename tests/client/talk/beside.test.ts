/** A supervisor comes into a talk, and goes; and a server that does not let them go. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Talk } from "../../../chat/client/talk.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { begun, beside, closeAll, notices, pause, type Stage, said, until } from "./cast.ts";

afterEach(closeAll);

const names = (talk: Talk): string => talk.view.members.map((one) => one.name || "她").join();
const moves = (talk: Talk): string[] =>
  talk.view.lines.flatMap((line) =>
    line.kind === "joined" || line.kind === "left" ? [`${line.kind} ${line.who}`] : [],
  );

async function three(): Promise<{ stage: Stage; seeker: Talk; lin: Talk; zhou: Talk }> {
  const { stage, seeker, lin } = await begun();
  await seeker.say("以前");
  await until(() => said(lin).includes("< 以前"), "heard before");
  const { zhou } = await beside(stage, lin);
  await until(() => zhou.view.phase === "active", "Zhou is in");
  await until(() => seeker.view.members.length === 3, "the phone knows");
  return { stage, seeker, lin, zhou };
}

test("everybody is named before the next word, and nothing of before is theirs", async () => {
  const { seeker, lin, zhou } = await three();
  assert.deepEqual(moves(seeker).slice(-1), ["joined 周"]);
  assert.deepEqual(moves(lin).slice(-1), ["joined 周"]);
  assert.deepEqual(seeker.view.readers, ["林", "周"]);
  assert.deepEqual(lin.view.readers, ["周"]);
  await seeker.say("三个人");
  await until(() => said(zhou).length === 1 && said(lin).length === 2, "both read it");
  await zhou.say("我是周");
  await lin.say("都在");
  await until(() => said(seeker).length === 4, "all of it");
  await until(() => said(zhou).length === 3, "and Zhou");
  assert.deepEqual([...said(zhou)].sort(), ["< 三个人", "< 都在", "> 我是周"].sort());
  assert.deepEqual([...notices(seeker), ...notices(lin), ...notices(zhou)], []);
});

test("who goes by themselves is out of the group, and comes again as a stranger", async () => {
  const { stage, seeker, lin, zhou } = await three();
  await zhou.say("一句");
  await until(() => said(seeker).includes("< 一句"), "read");
  await zhou.stepOut?.();
  assert.equal(zhou.view.phase, "lost-seat");
  assert.deepEqual(said(zhou), []);
  await until(() => names(seeker) === "林,她" || names(seeker) === "她,林", "the phone sees it");
  assert.deepEqual(moves(seeker).slice(-1), ["left 周"]);
  await lin.say("只有我们");
  await until(() => said(seeker).includes("< 只有我们"), "read");

  const again = await beside(stage, lin);
  await until(() => again.zhou.view.phase === "active", "once more");
  await until(() => seeker.view.members.length === 3, "the phone knows");
  await lin.say("周又来了");
  await until(() => said(again.zhou).includes("< 周又来了"), "read again");
  await again.zhou.say("又是我");
  await until(() => said(seeker).includes("< 又是我"), "their first words count anew");
  assert.deepEqual(notices(seeker), []);
});

test("who goes while their line is down keeps nothing here either", async () => {
  const { stage, seeker, zhou } = await three();
  await seeker.say("鸟：周听见的");
  await until(() => said(zhou).includes("< 鸟：周听见的"), "read");
  stage.server.up = false;
  stage.server.crash();
  await until(() => zhou.view.link !== "online", "cut");
  await zhou.stepOut?.();
  assert.equal(zhou.view.phase, "lost-seat");
  assert.deepEqual(said(zhou), []);
});

test("taken out by whoever has the talk: nothing after it opens, though the server keeps them", async () => {
  const { stage, seeker, lin, zhou } = await three();
  await lin.say("周还在");
  await until(() => said(zhou).includes("< 周还在"), "read");
  stage.server.keepsGuest = true;
  stage.server.give = (side, row) => (side === "周" && row.what === "commit" ? null : row);
  lin.takeOut?.();
  await until(() => seeker.view.members.length === 2, "the phone sees it");
  await lin.say("鸟：周走了以后");
  await until(() => said(seeker).includes("< 鸟：周走了以后"), "the two go on");
  await until(() => zhou.view.phase === "refused", "Zhou's page says that it is over");
  assert.equal(zhou.view.refusal, "missing-rows");
  assert.ok(!said(zhou).join().includes("鸟"));
});

test("the removal is withheld from the phone: it still names Zhou, and stops at the next words", async () => {
  const { stage, seeker, lin } = await three();
  await lin.say("记住我们三个");
  await until(() => said(seeker).includes("< 记住我们三个"), "read");
  stage.server.keepsGuest = true;
  stage.server.give = (side, row) => (side === "seeker" && row.what === "commit" ? null : row);
  lin.takeOut?.();
  await until(() => lin.view.members.length === 2, "Lin's page is done");
  assert.equal(seeker.view.members.length, 3, "who can still read is still named");
  await lin.say("鸟：只给她");
  await until(() => seeker.view.phase === "refused", "the phone says why");
  assert.equal(seeker.view.refusal, "missing-rows");
});

test("the server does not take the removal: it is said, and nothing is sent meanwhile", async () => {
  const { stage, seeker, lin, zhou } = await three();
  stage.server.luck = {
    out: () => "arrive",
    cutBeforeAnswer: () => false,
    refuse: (side, frame) => (side === "林" && frame.kind === "Change" ? "slow-down" : null),
  };
  lin.takeOut?.();
  await lin.say("鸟：别给周");
  await until(() => notices(lin).includes("staying"), "it is said", 12_000);
  await pause(300);
  assert.ok(![...said(zhou), ...said(seeker)].join().includes("鸟"));
  stage.server.luck = { out: () => "arrive", cutBeforeAnswer: () => false };
  await until(() => lin.view.members.length === 2, "in the end", 30_000);
  assert.ok(!notices(lin).includes("staying"));
});

test("whoever does not prove a wish for this very talk is nobody", async () => {
  const { stage, lin } = await begun();
  const { asked } = await beside(stage, lin);
  await until(() => lin.view.members.length === 3, "in");
  lin.takeOut?.();
  await until(() => lin.view.members.length === 2, "out");
  const refused = (code: string) => (error: unknown) =>
    error instanceof RefusalError && error.code === code;
  const forged = { ...asked, proof: new Uint8Array(64) };
  await assert.rejects(async () => lin.whoAsks?.(forged), refused("forged-author"));
  const early = { ...asked, epoch: asked.epoch - 1 };
  await assert.rejects(async () => lin.whoAsks?.(early), refused("forged-author"));
  const colleague = await stage.home.certify("陈", "counsellor");
  assert.ok(colleague);
});
