// Days pass over a referral, and a seeker is told what they came to: nothing ends in silence.

import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange } from "../../../triage/client/referral/exchange.ts";
import { spell } from "../../../triage/client/referral/letter.ts";
import {
  answer,
  DAY,
  deliver,
  type Evening,
  evening,
  later,
  MINUTE,
  sent,
  stateOf,
} from "./cast.ts";

const refOf = ({ mailbox }: Evening): string => spell(mailbox.all[0]?.ref ?? new Uint8Array(0));

test("a desk that accepted and then said nothing for a month leaves nobody waiting", async () => {
  const there = await sent();
  await deliver(there, await answer(there, "accept", "可以接"));
  await there.mailbox.setTells(refOf(there), true);
  await later(there, 30 * DAY);
  assert.equal(stateOf(there), "accepted");
  await later(there, 2 * DAY);
  assert.equal(stateOf(there), "unknown");
  await later(there, 31 * MINUTE);
  assert.deepEqual(there.told, ["accept", "silent"]);
});

test("a word of the desk that came in time is read before its days are counted", async () => {
  const there = await sent();
  await deliver(there, await answer(there, "accept", "可以接"));
  there.server.letters.push({ number: 3, letter: await answer(there, "appoint", "周四") });
  there.server.cut = "offline";
  await later(there, 40 * DAY);
  assert.equal(stateOf(there), "accepted", "nobody could be asked");
  there.server.cut = "";
  await later(there, 60 * MINUTE);
  assert.equal(stateOf(there), "appointed");
});

test("what a server has put away after its days is over here too, and not before", async () => {
  const there = await sent();
  await deliver(there, await answer(there, "accept", "可以接"));
  there.server.cut = "no-seat";
  await later(there, 10 * DAY);
  assert.equal(stateOf(there), "accepted");
  await later(there, 60 * DAY);
  assert.equal(stateOf(there), "unknown");
});

test("silence is told again where a desk answered late and then fell silent", async () => {
  const there = await sent();
  await there.mailbox.setTells(refOf(there), true);
  await later(there, 4 * DAY + MINUTE);
  await later(there, 31 * MINUTE);
  await deliver(there, await answer(there, "accept", "晚了"));
  await later(there, 40 * DAY);
  await later(there, 31 * MINUTE);
  assert.deepEqual(there.told, ["silent", "accept", "silent"]);
});

test("what does not get away says why, until it does", async () => {
  const there = await evening();
  const listed = there.listed;
  there.listed = {};
  await later(there, 90 * MINUTE);
  assert.equal(there.mailbox.all[0]?.leaving?.failed, "no-desk");
  there.listed = listed;
  await later(there, 10 * MINUTE);
  there.server.mix();
  await later(there, 20 * MINUTE);
  assert.equal(stateOf(there), "sent");
  assert.ok(there.server.asked.every((one) => one.act !== "close"));
});

test("a gate of some network that answers with a page of its own is a bad line and nothing else", async (it) => {
  const page = new Response("<html>Wi-Fi</html>", { status: 200 });
  it.mock.method(globalThis, "fetch", async () => page);
  const name = { ref: new Uint8Array(16), token: new Uint8Array(32) };
  await assert.rejects(exchange(name, { act: "close" }), { code: "offline" });
});
