/** A server that edits its rows: each thing it can do is shown for what it is. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Group } from "../../../chat/client/mls/group.ts";
import { add, newEntry } from "../../../chat/client/outbox.ts";
import type { Room } from "../../../chat/client/room.ts";
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
} from "./cast.ts";

afterEach(closeAll);

test("a row given twice under a new number is shown once, and named", async () => {
  const { stage: there, seeker, lin } = await begun();
  await seeker.say("一次");
  await until(() => said(lin).length === 1, "read");
  const row = there.server.rows[BEGUN] ?? assert.fail();
  there.server.rows.push({ ...row, seq: BEGUN + 2, clientId: new Uint8Array(16) });
  there.server.tell();
  await until(() => notices(lin).includes("replayed"), "named");
  assert.deepEqual(said(lin), ["< 一次"]);
  await lin.say("继续");
  await until(() => said(seeker).length === 2, "the talk goes on");
});

test("a row that is kept from lin: a gap at the next word, and never 'seen'", async () => {
  const { stage: there, seeker, lin } = await begun();
  await lin.say("说吧");
  await until(() => said(seeker).length === 1, "read");
  const nothing = crypto.getRandomValues(new Uint8Array(40));
  there.server.give = (side, row) =>
    side === "林" && row.by === "seeker" && row.seq === BEGUN + 2
      ? { ...row, sealed: nothing }
      : row;
  await seeker.say("救救我");
  await until(() => notices(lin).includes("unreadable"), "something came that is nothing");
  await seeker.say("听见了吗");
  await until(() => notices(lin).includes("missing-rows"), "what is missing is said");
  // lin's client makes fresh keys, so that the words after the hole can be read again
  await until(() => there.server.rows.some((row) => row.what === "commit"), "fresh keys");
  await pause(200);
  await seeker.say("喂");
  await until(() => said(lin).includes("< 喂"), "heard again", 10_000);
  assert.ok(notices(lin).includes("gap"));
  lin.markShown();
  await pause(1_500);
  assert.equal(stateOf(seeker, "救救我"), "stored");
  assert.equal(stateOf(seeker, "听见了吗"), "stored");
});

test("two rows swapped: shown for what it is", async () => {
  const { stage: there, seeker, lin } = await begun();
  there.server.up = false;
  there.server.crash();
  lin.close();
  there.server.up = true;
  await until(() => seeker.view.link === "online", "back");
  await seeker.say("先");
  await seeker.say("后");
  await until(() => there.server.rows.length === BEGUN + 2, "stored");
  const [a, b] = there.server.rows.slice(BEGUN);
  const [first, second] = [BEGUN + 1, BEGUN + 2];
  if (a && b) there.server.rows.splice(BEGUN, 2, { ...b, seq: first }, { ...a, seq: second });
  const again = await attend(there);
  await until(() => notices(again).length > 0, "named");
  assert.equal(notices(again)[0], "missing-rows");
});

test("different rows for each side: a fork is a line on both screens", async () => {
  const { stage: there, seeker, lin } = await begun();
  // The seeker is told that its word lies at place 2, lin is never given it but another's place.
  there.server.give = (side, row) => (side === "林" && row.seq === BEGUN + 1 ? null : row);
  await seeker.say("只有我以为");
  await until(() => there.server.rows.length === BEGUN + 1, "stored");
  await lin.say("那边没人说话吗");
  await until(() => said(seeker).length === 2, "read");
  await lin.say("喂");
  await until(() => said(seeker).length === 3, "read");
  assert.ok(notices(seeker).includes("fork"), notices(seeker).join());
  assert.equal(stateOf(seeker, "只有我以为"), "stored");
});

test("our own bytes come back changed: not taken for ours", async () => {
  const { stage: there, seeker } = await begun();
  there.server.luck = {
    out: () => "arrive",
    cutBeforeAnswer: (who, f) => who === "seeker" && f.kind === "Send",
  };
  there.server.give = (side, row) =>
    side === "seeker" && row.by === "seeker"
      ? { ...row, sealed: row.sealed.map((byte, i) => (i === 60 ? byte ^ 1 : byte)) }
      : row;
  await seeker.say("我的话");
  await until(() => notices(seeker).length > 0, "named");
  assert.ok(["unreadable", "missing-rows", "replayed"].includes(notices(seeker)[0] ?? ""));
});

test("a Welcome by somebody who is not certified here: refused, with a code, and it stays so", async () => {
  const there = await stage();
  const enemy = await stage();
  const seeker = await start(there, "别发出去");
  await until(() => seeker.view.phase === "waiting", "waiting");
  there.server.take_("林");
  const trust = await enemy.home.trust();
  const alone = await Group.create(enemy.lin.keys, new Uint8Array(16).fill(9), trust);
  const admitted = await alone.admit(there.server.keys.shift() ?? assert.fail(), null);
  there.server.group = 1;
  there.server.rows.push({
    kind: "Envelope",
    seq: 1,
    group: 1,
    what: "welcome",
    clientId: new Uint8Array(16),
    sealed: admitted.welcome,
    statement: admitted.group.statements,
    by: "林",
  });
  there.server.tell();
  await until(() => seeker.view.phase === "refused", "refused");
  assert.equal(seeker.view.refusal, "certificate-forged");
  assert.equal(stateOf(seeker, "别发出去"), "waiting-tap");
  seeker.close();
  await pause(20);
  there.server.heard.length = 0;
  const again = (await resume(there)) ?? assert.fail();
  await pause(200);
  assert.equal(again.view.phase, "refused");
  assert.deepEqual(there.server.heard, [], "it went on all the same");
  const fresh = await start(there);
  assert.equal(fresh.view.phase, "starting");
});

test("a change nobody can read ends the talk with a sentence", async () => {
  const { stage: there, seeker, lin } = await begun();
  await lin.say("在");
  await until(() => said(seeker).length === 1, "read");
  const words = there.server.rows[BEGUN]?.sealed ?? assert.fail();
  const forged = words.slice();
  const typeAt = 2 + 2 + 1 + 16 + 8; // version, format, length and group id, epoch
  forged[typeAt] = 3;
  const row = {
    seq: BEGUN + 2,
    group: 1,
    what: "commit",
    clientId: new Uint8Array(16),
    statement: new Uint8Array(0),
  };
  there.server.rows.push({ kind: "Envelope", ...row, sealed: forged, by: "林" });
  there.server.tell();
  await until(() => seeker.view.phase === "refused", "refused");
  assert.deepEqual(said(seeker), ["< 在"]);
});

test("only the seeker's own leaf erases: the same message by lin's leaf moves nothing", async () => {
  const { stage: there, seeker, lin } = await begun();
  await seeker.say("留着");
  await until(() => said(lin).length === 1, "read");
  const room = Reflect.get(lin, "room") as Room;
  const word = newEntry("erase", "", Date.now(), []);
  await room.inTurn(() => room.change({ outbox: add(room.saved.outbox, word) }));
  room.work();
  await until(() => there.server.rows.length === BEGUN + 2, "stored");
  await lin.say("还在");
  await until(() => said(seeker).length === 2, "the talk goes on");
  assert.equal(seeker.view.phase, "active");
});
