import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { sweepTalks } from "../../../chat/client/talk.ts";
import {
  attend,
  BEGUN,
  begun,
  closeAll,
  notices,
  pause,
  resume,
  said,
  stage,
  start,
  stateOf,
  until,
  vaultOn,
} from "./cast.ts";

afterEach(closeAll);

test("ending: closed on both sides, the talk can still be read, nothing more is sent", async () => {
  const { stage: there, seeker, lin } = await begun();
  await seeker.say("谢谢");
  await seeker.end();
  await until(() => seeker.view.phase === "closed" && lin.view.phase === "closed", "closed");
  assert.deepEqual(said(lin), ["< 谢谢"]);
  await seeker.say("还有一句");
  assert.equal(stateOf(seeker, "还有一句"), "unsent");
  await pause(100);
  assert.equal(there.server.rows.length, BEGUN + 1);
});

test("words that could not leave before the end are kept as unsent, and can be copied", async () => {
  const { stage: there, seeker, lin } = await begun();
  there.server.up = false;
  there.server.crash();
  await until(() => seeker.view.link !== "online", "offline");
  await seeker.say("来不及了");
  there.server.state = "closed";
  there.server.up = true;
  await until(() => stateOf(seeker, "来不及了") === "unsent", "unsent");
  assert.equal(said(lin).length, 0);
});

test("erasing: words and keys are gone on both sides and at the server", async () => {
  const { stage: there, seeker, lin } = await begun();
  await seeker.say("删掉我");
  await lin.say("好");
  await until(() => said(seeker).length === 2 && said(lin).length === 2, "read");
  const doing = seeker.erase();
  await until(() => seeker.view.phase === "erased", "gone from the screen at once");
  assert.deepEqual(said(seeker), []);
  await doing;
  await until(() => lin.view.phase === "erased", "lin's client obeys the seeker's own leaf");
  assert.deepEqual(said(lin), []);
  assert.equal(there.server.exists, false);
  assert.deepEqual(await there.phone.rows("kept", ""), []);
  assert.deepEqual(await there.phone.spaces(), []);
  assert.deepEqual(await there.desk.rows("kept", ""), []);
  assert.equal(await resume(there), null);
  assert.deepEqual(notices(seeker), []);
});

test("erasing without network: here at once, there as soon as it is reached, over a reload", async () => {
  const { stage: there, seeker, lin } = await begun();
  await seeker.say("删掉我");
  await until(() => said(lin).length === 1, "read");
  there.server.up = false;
  there.server.crash();
  await until(() => seeker.view.link !== "online", "offline");
  const doing = seeker.erase();
  await until(() => seeker.view.phase === "erased", "gone from the screen at once");
  await doing;
  assert.deepEqual(notices(seeker), ["erase-pending"]);
  assert.deepEqual(await there.phone.rows("kept", "line."), []);
  seeker.close();
  there.server.up = true;
  await until(() => lin.view.link === "online", "lin is back");
  const again = (await resume(there)) ?? assert.fail("nobody would erase it now");
  assert.equal(again.view.phase, "erased");
  await until(() => !there.server.exists && notices(again).length === 0, "erased there too");
  await until(() => lin.view.phase === "erased", "lin was told in the group");
  assert.deepEqual(await there.phone.spaces(), []);
});

test("a server that says 'erased' is not the seeker: lin loses the seat, not by the seeker's wish", async () => {
  const { stage: there, lin } = await begun();
  there.server.lineOf("林")?.push({ kind: "Refused", code: "no-seat", retryAfter: 0 });
  await until(() => lin.view.phase === "lost-seat", "lost");
});

test("the staff device's own clock: 48 hours after the end nothing is left on it", async () => {
  const { stage: there, seeker, lin } = await begun();
  await seeker.say("a");
  await until(() => said(lin).length === 1, "read");
  await lin.end();
  await until(() => lin.view.phase === "closed", "closed");
  lin.close();
  const vault = await vaultOn(there.desk);
  await sweepTalks(vault, Date.now() + 47 * 3_600_000);
  assert.notEqual((await there.desk.rows("kept", "")).length, 0);
  await sweepTalks(vault, Date.now() + 48 * 3_600_000 + 1_000);
  assert.deepEqual(await there.desk.rows("kept", ""), []);
});

test("two pages of one talk: the newer one has it, the older one says so and sends nothing", async () => {
  const { stage: there, seeker, lin } = await begun();
  const newer = (await resume(there)) ?? assert.fail("gone");
  await until(() => newer.view.phase === "active", "the newer page is in");
  await assert.rejects(seeker.say("从旧的一页"), { code: "not-now" });
  await until(() => notices(seeker).includes("elsewhere"), "the older page says so");
  await newer.say("从新的一页");
  await until(() => said(lin).length === 1, "read");
  await pause(150);
  assert.deepEqual(said(lin), ["< 从新的一页"]);
  assert.deepEqual(notices(lin), []);
});

test("typing: the counsellor's is seen, the seeker's only when shared; nothing is stored", async () => {
  const { stage: there, seeker, lin } = await begun();
  seeker.typing();
  lin.typing();
  await until(() => seeker.view.typing, "dots", 6_000);
  assert.equal(lin.view.typing, false);
  assert.ok(!there.server.heard.includes("seeker Beat"));
  assert.equal(there.server.rows.length, BEGUN);
  seeker.shareTyping?.(true);
  seeker.typing();
  await until(() => lin.view.typing, "dots here too", 6_000);
});

test("the numbers card goes like words and is shown as itself", async () => {
  const { seeker, lin } = await begun();
  await lin.sendNumbers();
  await until(
    () => seeker.view.lines.some((line) => line.kind === "numbers" && !line.mine),
    "card",
  );
  const card = seeker.view.lines.find((line) => line.kind === "numbers");
  assert.equal(card?.kind === "numbers" && card.who, "林");
  assert.equal(seeker.view.unread, 1);
});

test("a new start forgets the talk before it", async () => {
  const there = await stage();
  const first = await start(there, "第一次");
  await until(() => first.view.phase === "waiting", "waiting");
  first.close();
  there.server.exists = false;
  const second = await start(there);
  assert.deepEqual(said(second), []);
  await until(() => second.view.phase === "waiting", "waiting anew");
});

test("a shift that is over: words wait and it is said; reading goes on", async () => {
  const there = await stage();
  let clock = Date.now();
  const seeker = await start(there, "", () => clock);
  await until(() => seeker.view.phase === "waiting", "waiting");
  there.server.take_("林");
  const lin = await attend(there);
  await until(() => there.server.rows.length === BEGUN, "both are here");
  clock += 5 * 3_600_000;
  await seeker.say("还在吗");
  await until(() => notices(seeker).includes("duty-over"), "said");
  await lin.say("我下班了");
  await until(() => said(seeker).includes("< 我下班了"), "reading goes on");
  // One row of theirs: which log they know, from when they came.
  assert.equal(there.server.rows.filter((row) => row.by === "seeker").length, 1);
});
