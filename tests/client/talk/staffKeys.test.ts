/**
 * A server in enemy hands brings strangers, with whatever it can get hold of: each time through a
 * whole conversation, with a counsellor's client that believes everything. The phone does not.
 */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { EVENING, key, minute, Organisation } from "../mls/cast.ts";
import {
  attend,
  BEGUN,
  begun,
  closeAll,
  LastingShelf,
  notices,
  pause,
  resume,
  said,
  stage,
  start,
  trustWith,
  until,
} from "./cast.ts";
import { refusedAs, sentence } from "./visitors.ts";

afterEach(closeAll);

const HOUR = 3_600_000;

test("a counsellor whom another organisation certified", async () => {
  const there = await stage();
  const other = await Organisation.found();
  const device = await other.certify("林", "counsellor");
  assert.equal(await refusedAs(there, device, await other.trust()), "certificate-forged");
});

test("Lin's certificate on another device", async () => {
  const there = await stage();
  const device = { ...there.lin, keys: { ...there.lin.keys, signer: await key() } };
  assert.equal(await refusedAs(there, device), "certificate-key");
});

test("a certificate that ran out ten days ago", async () => {
  const there = await stage();
  const device = await there.home.certify("林", "counsellor", { days: [-60, -10] });
  assert.equal(await refusedAs(there, device), "certificate-dates");
});

test("a lost laptop: revoked, and on duty by a statement from before", async () => {
  const there = await stage();
  await there.home.issued.revoke(there.lin.statement);
  assert.equal(await refusedAs(there, there.lin), "certificate-revoked");
});

test("a device the issuer signed for and told nobody of", async () => {
  const there = await stage();
  const device = await there.home.certify("林", "counsellor", { unlogged: true });
  assert.equal(await refusedAs(there, device), "certificate-unlogged");
});

test("a supervisor whom a supervisor's browser certified", async () => {
  const there = await stage();
  const device = await there.home.certify("吴", "supervisor", { issuer: "desk" });
  assert.equal(await refusedAs(there, device), "certificate-role");
});

test("an administrator is in no talk, however well certified", async () => {
  const there = await stage();
  const device = await there.home.certify("王", "administrator");
  assert.equal(await refusedAs(there, device), "certificate-role");
});

test("somebody on duty by a statement of yesterday", async () => {
  const there = await stage();
  const { statement, keys } = there.lin;
  const duty = await there.home.duty(statement, EVENING - 20 * HOUR);
  const device = { statement, keys: { ...keys, duty } };
  assert.equal(await refusedAs(there, device), "duty-over");
});

test("a practice organisation under a public name: the page does not even begin", async () => {
  const there = await stage();
  const practice = { ...there, home: await Organisation.found(true) };
  await assert.rejects(trustWith(practice), { code: "demo-root" });
  assert.ok(sentence("demo-root").length > 0);
});

// --- what is bounded ------------------------------------------------------------------------------

test("revoked in mid-talk: the next words meet the new log, and stop", async () => {
  const { stage: there, seeker, lin } = await begun();
  await lin.say("我在");
  await until(() => said(seeker).length === 1, "heard");
  await there.home.issued.revoke(there.lin.statement);
  seeker.close();
  const again = (await resume(there)) ?? assert.fail("the talk is gone");
  assert.deepEqual(said(again), ["< 我在"], "what was read can be read");
  await again.say("还在吗");
  await until(() => again.view.phase === "refused", "refused");
  assert.equal(again.view.refusal, "certificate-revoked");
});

test("a revocation the server keeps to itself counts for one shift at the most", async () => {
  const there = await stage();
  const before = there.home.issued.fork();
  there.server.ship = (_, home) => before.file(home.issuers.office, minute(EVENING));
  await there.home.issued.revoke(there.lin.statement);
  let clock = EVENING;
  const seeker = await start(there, "", () => clock);
  await until(() => seeker.view.phase === "waiting", "waiting");
  there.server.take_("林");
  await attend(there);
  await until(() => there.server.rows.length === BEGUN, "she is let in");
  clock += 5 * HOUR;
  await seeker.say("还在吗");
  await until(() => notices(seeker).includes("duty-over"), "over");
  await pause(50);
  assert.equal(there.server.rows.length, BEGUN, "no word has left");
});

test("a commit the server keeps back: words after it show that something is missing", async () => {
  const { stage: there, seeker, lin } = await begun();
  there.server.give = (side, row) => (side === "seeker" && row.what === "commit" ? null : row);
  lin.close();
  const again = await attend(there); // comes back with fresh keys: a commit
  await again.say("我在");
  await until(() => seeker.view.phase === "refused", "refused", 12_000);
  assert.equal(seeker.view.refusal, "missing-rows");
  assert.deepEqual(said(seeker), []);
});

test("a certificate renewed in mid-talk: the talk goes on with the old one, the next has the new", async () => {
  const { stage: there, seeker, lin } = await begun();
  const { signer } = there.lin.keys;
  const renewed = await there.home.certify("林", "counsellor", { signer, days: [0, 80] });
  lin.close();
  const again = await attend(there, "林", renewed);
  await again.say("还是我");
  await until(() => said(seeker).length === 1, "heard");
  const shown = (): string => Reflect.get(seeker, "room").held.group.parts.seats[0].staff.until;
  const old = shown();
  there.server.giveUp();
  again.close();
  there.server.take_("林");
  await attend(there, "林", renewed, new LastingShelf());
  await until(() => there.server.group === 2 && seeker.view.phase === "active", "a fresh group");
  assert.ok(shown() > old);
});

// --- clocks ---------------------------------------------------------------------------------------

for (const [name, clock, told] of [
  ["of 2019", Date.parse("2019-05-01"), true],
  ["a day ahead", EVENING + 30 * HOUR, true],
  ["twelve hours slow", EVENING - 12 * HOUR, false],
  ["an hour fast", EVENING + HOUR, false],
] as const) {
  test(`a phone with a clock ${name} gets help${told ? ", and is told of it" : ""}`, async () => {
    const there = await stage();
    const seeker = await start(there, "", () => clock);
    await until(() => seeker.view.phase === "waiting", "waiting");
    there.server.take_("林");
    const lin = await attend(there);
    await until(() => seeker.view.phase === "active", "in");
    await seeker.say("有人吗");
    await lin.say("我在");
    await until(() => said(seeker).length === 2 && said(lin).length === 2, "both read");
    assert.equal(notices(seeker).includes("clock"), told);
  });
}

test("a phone twelve hours fast cannot tell yesterday's statement from today's: said, not let in", async () => {
  const there = await stage();
  const seeker = await start(there, "", () => EVENING + 12 * HOUR);
  await until(() => seeker.view.phase === "waiting", "waiting");
  there.server.take_("林");
  await attend(there);
  await until(() => seeker.view.phase === "refused", "refused");
  assert.equal(seeker.view.refusal, "duty-over");
  assert.match(sentence("duty-over"), /时间/);
});
