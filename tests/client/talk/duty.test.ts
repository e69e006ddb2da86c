/** A shift in mid-talk: it goes on without a word, or it ends and is taken up again. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { staffKeys } from "../../../chat/client/mls/keys.ts";
import type { Talk, TalkView } from "../../../chat/client/talk.ts";
import { type Device, EVENING } from "../mls/cast.ts";
import {
  attend,
  begun,
  closeAll,
  notices,
  type Stage,
  said,
  stage,
  start,
  trustWith,
  until,
} from "./cast.ts";

const HOUR = 3_600_000;

afterEach(closeAll);

/** The same card with a statement that begins then. */
async function onDutyFrom({ home, lin }: Stage, from: number): Promise<Device> {
  const duty = await home.duty(lin.statement, from);
  return { ...lin, keys: staffKeys(lin.keys.identity, duty, lin.keys.signer) };
}

const heard = (talk: Talk, text: string): boolean => said(talk).some((one) => one.endsWith(text));

const endOf = ({ members }: TalkView): number =>
  members.find((member) => member.role === "counsellor")?.dutyUntil?.getTime() ?? 0;

test("a shift that goes on is told in the talk, and nobody opens a fresh one for it", async () => {
  const { stage: there, seeker, lin } = await begun();
  const before = endOf(seeker.view);
  lin.close();
  const longer = await onDutyFrom(there, EVENING);
  const again = await attend(there, "林", longer);
  await until(() => endOf(seeker.view) > before, "the phone knows until when by now");
  await again.say("我还在，不急。");
  await until(() => heard(seeker, "我还在，不急。"), "it is read");
  assert.deepEqual(notices(seeker), [], "not a word about anybody coming or going");
});

test("a shift that ends in mid-talk: what is written waits, and goes with the next statement", async () => {
  const there = await stage();
  let now = EVENING;
  const clock = (): number => now;
  const seeker = await start(there, "", clock);
  await until(() => seeker.view.phase === "waiting", "the seeker waits");
  there.server.take_("林");
  const trust = await trustWith(there, "林", clock);
  const lin = await attend(there, "林", there.lin, there.desk, trust);
  await until(() => seeker.view.phase === "active", "somebody is there");
  await lin.say("在的。");
  await until(() => heard(seeker, "在的。"), "it is read");

  now = EVENING + 4 * HOUR;
  await seeker.say("还在吗？");
  await until(() => notices(seeker).includes("duty-over"), "the phone says why it waits");
  assert.equal(seeker.view.phase, "active", "one goes on reading");
  assert.ok(!heard(lin, "还在吗？"));

  lin.close();
  const next = await onDutyFrom(there, now - 15 * 60_000);
  const back = await attend(there, "林", next, there.desk, trust);
  await until(() => heard(back, "还在吗？"), "what was written went with the next one", 40_000);
});
