// What was answered before anybody was there waits for the same tap as words; what is asked of the
// queue is asked until it is heard.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Talk } from "../../../chat/client/talk.ts";
import { attend, begun, closeAll, notices, pause, said, stage, start, until } from "./cast.ts";

afterEach(closeAll);

const FIRST = "intake 1\nsafe=unsure";
const LATER = "intake 1\nsafe=unsure\nwish=today";

function answers(talk: Talk): string[] {
  return talk.view.lines.flatMap((line) =>
    line.kind === "answers" ? [`${line.state} ${line.text}`] : [],
  );
}

test("answers are told anew while they wait, and one tap sends them before the words", async () => {
  const there = await stage();
  const seeker = await start(there, "睡不着");
  await seeker.answer?.(FIRST);
  await seeker.answer?.(LATER);
  await until(() => seeker.view.phase === "waiting", "the seeker waits");
  assert.deepEqual(answers(seeker), [`waiting-tap ${LATER}`]);
  there.server.take_("林");
  const lin = await attend(there);
  await until(() => lin.view.phase === "active" && seeker.view.phase === "active", "both are here");
  await pause(100);
  assert.deepEqual([answers(lin), said(lin)], [[], []]);
  assert.deepEqual(answers(seeker), [`waiting-tap ${LATER}`]);

  await seeker.releaseWaiting();
  await until(() => said(lin).length === 1, "the words are there");
  const kinds = lin.view.lines.flatMap(({ kind }) => (kind === "joined" ? [] : [kind]));
  assert.deepEqual(kinds, ["answers", "words"]);
  assert.deepEqual(answers(lin), [`stored ${LATER}`]);
});

test("who only answered may talk first: the answers stay until they are given", async () => {
  const { seeker, lin } = await begun();
  await seeker.answer?.(FIRST);
  await seeker.say("先说这个");
  await until(() => said(lin).length === 1, "the words are there");
  assert.deepEqual(answers(lin), []);
  assert.deepEqual(answers(seeker), [`waiting-tap ${FIRST}`]);
});

test("nobody but the seeker has answers", async () => {
  const { seeker, lin } = await begun();
  await lin.answer?.(FIRST);
  await lin.releaseWaiting();
  await lin.say("在的");
  await until(() => said(seeker).length === 1, "the words are there");
  assert.deepEqual(answers(seeker), []);
  assert.deepEqual(notices(seeker), []);
});

test("what is asked of the queue is asked until it is heard, in order", async () => {
  const there = await stage();
  const cut = there.server.luck.cutBeforeAnswer;
  let asks = 0;
  there.server.luck.cutBeforeAnswer = (side, frame) =>
    frame.kind === "Ask" ? asks++ === 0 : cut(side, frame);
  const seeker = await start(there);
  await until(() => seeker.view.phase === "waiting", "the seeker waits");
  const [worse, danger] = [new Uint8Array(64).fill(1), new Uint8Array(64).fill(2)];
  await seeker.ask?.(worse);
  await seeker.ask?.(danger);
  await until(() => there.server.asked.length === 3, "the first is asked again, then the second");
  assert.deepEqual(there.server.asked, [worse, worse, danger]);
});
