// What a phone heard reaches the one who is there, sealed; and the console believes no one else.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { begun, closeAll, until } from "./cast.ts";

afterEach(closeAll);

const cues = (lines: readonly { kind: string }[]): { kind: string; text?: string }[] =>
  lines.filter((line) => line.kind === "cue");

test("Lin is told what the seeker's phone heard, and the seeker sees that she was", async () => {
  const { seeker, lin } = await begun();
  await seeker.say("不想活了");
  await seeker.cue?.("ask");
  await until(() => cues(lin.view.lines).length === 1, "lin is told");
  assert.equal(cues(lin.view.lines)[0]?.text, "ask");
  assert.equal(cues(seeker.view.lines).length, 1);
  assert.equal(lin.view.unread, 1, "the words count, the notice does not");
});

test("a listener's own client cannot make the seeker's phone say anything", async () => {
  const { seeker, lin } = await begun();
  await lin.cue?.("raise");
  await lin.say("在吗");
  await until(() => seeker.view.lines.some((line) => line.kind === "words"), "the words came");
  assert.deepEqual(cues(seeker.view.lines), []);
});
