/** A server that shows two logs of everything issued, or an old one, or none: whole conversations. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { EVENING, minute } from "../mls/cast.ts";
import type { Issued } from "../mls/issued.ts";
import {
  attend,
  begun,
  closeAll,
  notices,
  resume,
  type Stage,
  said,
  stage,
  start,
  trustWith,
  until,
} from "./cast.ts";
import { visited } from "./visitors.ts";

afterEach(closeAll);

/** What a stolen issuing key could sign: another history after the first rows. */
async function otherHistory(there: Stage, from: number): Promise<Issued> {
  const other = there.home.issued.fork(from);
  await other.add(new Uint8Array(200).fill(7));
  return other;
}

const showing =
  (there: Stage, to: string, log: Issued): Stage["server"]["ship"] =>
  (side, home) =>
    side === to ? log.file(there.home.issuers.desk, minute(EVENING)) : home.log();

/** The first thing a counsellor says in a group is which log she knows: row 2. */
function spoilHerWord(there: Stage): void {
  const nothing = crypto.getRandomValues(new Uint8Array(40));
  there.server.give = (side, row) =>
    side === "seeker" && row.seq === 2 ? { ...row, sealed: nothing } : row;
}

test("two histories that part before Lin came on duty: the phone does not let her in", async () => {
  const there = await stage();
  const hers = there.home.issued.rows.length;
  const other = await otherHistory(there, hers - 1);
  await other.add(there.lin.statement);
  there.server.ship = showing(there, "seeker", other);
  const seeker = await visited(there, there.lin, await trustWith(there, "林"));
  await until(() => seeker.view.phase === "refused", "refused");
  assert.equal(seeker.view.refusal, "log-split");
});

test("two histories that part after she came: what she says she knows is not what the phone knows", async () => {
  const there = await stage();
  const other = await otherHistory(there, there.home.issued.rows.length);
  await there.home.certify("陈", "counsellor"); // so that hers has gone on too
  there.server.ship = showing(there, "seeker", other);
  const seeker = await start(there);
  await until(() => seeker.view.phase === "waiting", "waiting");
  there.server.take_("林");
  await attend(there);
  await until(() => seeker.view.phase === "refused", "the phone stops");
  assert.equal(seeker.view.refusal, "log-split");
  const fresh = await start(there);
  assert.equal(fresh.view.phase, "starting", "a new conversation can be begun");
});

test("the same, and her word is spoilt on its way to the phone: then hers is the client that stops", async () => {
  const there = await stage();
  const other = await otherHistory(there, there.home.issued.rows.length);
  await there.home.certify("陈", "counsellor");
  there.server.ship = showing(there, "seeker", other);
  spoilHerWord(there);
  const seeker = await start(there, "在吗");
  await until(() => seeker.view.phase === "waiting", "waiting");
  there.server.take_("林");
  const lin = await attend(there);
  await until(() => lin.view.phase === "refused", "she stops");
  assert.equal(lin.view.refusal, "log-split");
  lin.close();
  const reloaded = await attend(there);
  assert.equal(reloaded.view.phase, "refused", "coming back mends nothing");
  await reloaded.letGo?.();
  assert.equal(reloaded.view.phase, "lost-seat");
  assert.deepEqual(reloaded.view.lines, [], "nothing of it stays on her screen");
  const anew = await attend(there);
  assert.equal(
    anew.view.refusal,
    null,
    "nor in her browser: given to her once more, it begins anew",
  );
});

test("a log rolled back to before she came on duty: it is missing a part", async () => {
  const there = await stage();
  const before = there.home.issued.fork(2);
  there.server.ship = showing(there, "seeker", before);
  const seeker = await visited(there, there.lin, await trustWith(there, "林"));
  await until(() => seeker.view.phase === "refused", "refused");
  assert.equal(seeker.view.refusal, "log-behind");
});

test("a log rolled back behind a reload: what was verified once must be in it", async () => {
  const { stage: there, seeker } = await begun();
  const before = there.home.issued.fork(2);
  seeker.close();
  there.server.ship = showing(there, "seeker", before);
  const again = (await resume(there)) ?? assert.fail("the talk is gone");
  await again.say("还在吗");
  await until(() => again.view.phase === "refused", "refused");
  assert.equal(again.view.refusal, "log-behind");
});

test("rolled back for two reloads: what is read meanwhile makes nobody forget", async () => {
  const before = await stage();
  await before.home.certify("陈", "counsellor"); // after Lin came on duty, whose statement knows less
  const { stage: there, seeker, lin } = await begun(before);
  const rolledBack = there.home.issued.fork(there.home.issued.rows.length - 1);
  seeker.close();
  there.server.ship = showing(there, "seeker", rolledBack);
  const second = (await resume(there)) ?? assert.fail("the talk is gone");
  await lin.say("我在");
  await until(() => said(second).length === 1, "reading goes on");
  second.close();
  const third = (await resume(there)) ?? assert.fail("the talk is gone");
  await third.say("还在吗");
  await until(() => third.view.phase === "refused", "refused");
  assert.equal(third.view.refusal, "log-behind");
});

test("a longer log that leaves out what was in the last one, behind a reload, is another history", async () => {
  const before = await stage();
  await before.home.certify("陈", "counsellor"); // after Lin came on duty, whose statement knows less
  const { stage: there, seeker } = await begun(before);
  const other = await otherHistory(there, there.home.issued.rows.length - 1);
  await other.add(new Uint8Array(200));
  seeker.close();
  there.server.ship = showing(there, "seeker", other);
  const again = (await resume(there)) ?? assert.fail("the talk is gone");
  await again.say("还在吗");
  await until(() => again.view.phase === "refused", "refused");
  assert.equal(again.view.refusal, "log-split");
});

test("her word about the log is spoilt on its way: what she says after is not believed", async () => {
  const there = await stage();
  spoilHerWord(there);
  const seeker = await start(there);
  await until(() => seeker.view.phase === "waiting", "waiting");
  there.server.take_("林");
  const lin = await attend(there);
  await until(() => seeker.view.phase === "active" && lin.view.phase === "active", "both are here");
  await lin.say("我在");
  await until(() => there.server.rows.some((row) => row.what === "commit"), "fresh keys");
  await lin.say("听得到吗");
  await until(() => seeker.view.phase === "refused", "refused");
  assert.equal(seeker.view.refusal, "log-unsaid");
  assert.deepEqual(said(seeker), []);
});

test("no log comes at all: nobody is let in and it is said, until it comes", async () => {
  const there = await stage();
  const honest = there.server.ship;
  there.server.ship = (side, home) =>
    side === "seeker" ? Promise.reject(new Error("503")) : honest(side, home);
  const seeker = await visited(there, there.lin, await trustWith(there, "林"));
  await until(() => notices(seeker).includes("unchecked"), "said");
  assert.equal(seeker.view.phase, "waiting");
  there.server.ship = honest;
  await until(() => seeker.view.phase === "active", "in");
  assert.ok(!notices(seeker).includes("unchecked"), "and said no longer");
});

test("no log comes to her: she claims no key of the phone in vain, and says why she waits", async () => {
  const there = await stage();
  const honest = there.server.ship;
  there.server.ship = (side, home) =>
    side === "林" ? Promise.reject(new Error("503")) : honest(side, home);
  const seeker = await start(there);
  await until(() => seeker.view.phase === "waiting", "waiting");
  there.server.take_("林");
  const lin = await attend(there);
  await until(() => notices(lin).includes("unchecked"), "said");
  assert.ok(!there.server.heard.includes("林 ClaimKey"));
  there.server.ship = honest;
  await until(() => seeker.view.phase === "active", "in", 25_000);
  assert.ok(!notices(lin).includes("unchecked"), "and says so no longer");
});

test("the phone knows more than she does, or less: whoever knows less fetches it", async () => {
  const { stage: there, seeker, lin } = await begun();
  await there.home.certify("陈", "counsellor");
  there.server.giveUp();
  lin.close();
  await there.home.issued.revoke((await there.home.certify("吴", "counsellor")).statement);
  there.server.take_("陈");
  const chen = await there.home.certify("陈二", "counsellor");
  const talk = await attend(there, "陈", chen);
  await until(() => seeker.view.members.some((one) => one.name === "陈二"), "she is here");
  await talk.say("我接着陪你");
  await until(() => said(seeker).length === 1, "heard");
});
