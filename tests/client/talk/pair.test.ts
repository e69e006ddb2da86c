/** A room of two of the staff: what is said there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { heard, meet, settle } from "./pairs.ts";

test("Lin and Zhou understand each other both ways, and each knows who the other is", async () => {
  const met = await meet();
  met.lin.say("我不知道怎么接下去。");
  await settle(met);
  met.zhou.say("先问他现在在哪儿。");
  await settle(met);
  assert.deepEqual(heard(met.zhou), ["林: 我不知道怎么接下去。"]);
  assert.deepEqual(heard(met.lin), ["周: 先问他现在在哪儿。"]);
  assert.deepEqual([met.lin.view.peer.role, met.zhou.view.peer.role], ["supervisor", "counsellor"]);
  assert.ok(met.lin.view.lines.every((line) => line.stored));
});

test("two who write at the same moment lose no word and both read them in one order", async () => {
  const met = await meet();
  for (const n of [1, 2, 3]) {
    met.lin.say(`林${n}`);
    met.zhou.say(`周${n}`);
  }
  await settle(met);
  assert.deepEqual(heard(met.zhou), ["林: 林1", "林: 林2", "林: 林3"]);
  assert.deepEqual(heard(met.lin), ["周: 周1", "周: 周2", "周: 周3"]);
});

test("an answer that is lost is asked again with the same bytes, and the word stands once", async () => {
  const met = await meet();
  await settle(met);
  met.log.lost = 1;
  met.lin.say("有人吗");
  await settle(met);
  assert.deepEqual(heard(met.zhou), ["林: 有人吗"]);
  assert.equal(met.lin.view.lines.length, 1);
});

test("after twenty messages and after ten minutes the next word has fresh keys", async () => {
  const met = await meet();
  await settle(met);
  for (let n = 0; n < 20; n++) met.lin.say(`第${n}句`);
  await settle(met);
  assert.equal(met.log.epoch, 2, "the two heads counted too");
  met.at.now += 600_000;
  met.zhou.say("我在。");
  await settle(met);
  assert.equal(met.log.epoch, 3);
  assert.equal(heard(met.zhou).length, 20);
  assert.deepEqual(heard(met.lin), ["周: 我在。"]);
});

test("fresh keys of both at once: one is first, and nobody's word is lost", async () => {
  const met = await meet();
  await settle(met);
  met.at.now += 600_000;
  met.lin.say("林的");
  met.zhou.say("周的");
  await settle(met);
  assert.deepEqual([heard(met.lin), heard(met.zhou)], [["周: 周的"], ["林: 林的"]]);
  assert.deepEqual([met.lin.view.refusal, met.zhou.view.refusal], ["", ""]);
});

test("closed, a room gives back what had not left and shows nothing any more", async () => {
  const met = await meet();
  await settle(met);
  met.lin.say("说过的");
  await settle(met);
  met.log.lost = 99;
  met.log.epoch = 7; // nothing is taken any more
  met.lin.say("没说出去的");
  assert.equal(met.lin.close(), "没说出去的");
  assert.deepEqual(met.lin.view.lines, []);
});
