import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { begun, closeAll, REQUEST, said, stage, start, until } from "./cast.ts";

afterEach(closeAll);

test("a phone asks the queue once, in bytes nobody on the way reads", async () => {
  const there = await stage();
  const seeker = await start(there, "");
  await until(() => seeker.view.phase === "waiting", "waiting");
  assert.deepEqual(there.server.request, REQUEST);
});

test("whoever waits or talks learns that no supervisor is there, and that one is back", async () => {
  const { stage: there, seeker, lin } = await begun();
  assert.equal(seeker.view.supervised, true);
  there.server.supervised = 0;
  there.server.tell();
  await until(() => !seeker.view.supervised, "the seeker is told");
  await until(() => !lin.view.supervised, "the counsellor is told");
  await seeker.say("还在吗");
  await until(() => said(lin).length === 1, "the talk goes on");
  there.server.supervised = 1;
  there.server.tell();
  await until(() => seeker.view.supervised, "one is back");
});
