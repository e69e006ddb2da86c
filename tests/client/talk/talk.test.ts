import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Talk } from "../../../chat/client/talk.ts";
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
import { STANDING } from "./server.ts";

afterEach(closeAll);

test("a seeker waits, somebody comes, and both read what the other writes", async () => {
  const { seeker, lin } = await begun();
  await seeker.say("你好，工资三个月没发了 😟");
  await until(() => said(lin).length === 1, "lin reads it");
  await lin.say("我在。先说说是哪家厂?");
  await until(() => said(seeker).length === 2, "the seeker reads it");
  assert.deepEqual(said(seeker), ["> 你好，工资三个月没发了 😟", "< 我在。先说说是哪家厂?"]);
  assert.deepEqual(said(lin), ["< 你好，工资三个月没发了 😟", "> 我在。先说说是哪家厂?"]);
  const joined = seeker.view.lines.find((line) => line.kind === "joined");
  assert.equal(joined?.kind === "joined" && joined.who, "林");
  assert.deepEqual(seeker.view.members.map((one) => one.role).sort(), ["counsellor", "seeker"]);
});

test("words typed while waiting leave only after a tap, when it is shown who came", async () => {
  const there = await stage();
  const seeker = await start(there, "我有点怕");
  await until(() => seeker.view.phase === "waiting", "waiting");
  await seeker.say("先写在这里");
  assert.deepEqual(seeker.view.standing, STANDING);
  there.server.take_("林");
  const lin = await attend(there);
  await until(() => seeker.view.phase === "active", "somebody came");
  await pause(100);
  assert.deepEqual(said(lin), []);
  assert.equal(stateOf(seeker, "我有点怕"), "waiting-tap");
  assert.deepEqual(seeker.view.readers, ["林"]);
  await seeker.releaseWaiting();
  await until(() => said(lin).length === 2, "both lines came");
  assert.deepEqual(said(lin), ["< 我有点怕", "< 先写在这里"]);
  assert.deepEqual(seeker.view.readers, []);
});

test("a line that waits can be taken back, and is not sent by a later tap", async () => {
  const there = await stage();
  const seeker = await start(there, "算了");
  await until(() => seeker.view.phase === "waiting", "waiting");
  const id = seeker.view.lines[0]?.id ?? "";
  assert.equal(seeker.withdraw(id), "算了");
  there.server.take_("林");
  const lin = await attend(there);
  await until(() => seeker.view.phase === "active", "somebody came");
  await seeker.releaseWaiting();
  await seeker.say("还是说吧");
  await until(() => said(lin).length === 1, "one line");
  assert.deepEqual(said(lin), ["< 还是说吧"]);
});

test("sent, stored, seen: seen only when a person's screen has shown it", async () => {
  const { seeker, lin } = await begun();
  await seeker.say("在吗");
  await until(() => stateOf(seeker, "在吗") === "stored", "stored");
  await until(() => said(lin).length === 1, "lin's client has it");
  await pause(1_300);
  assert.equal(stateOf(seeker, "在吗"), "stored");
  assert.equal(lin.view.unread, 1);
  await lin.say("写给另一扇窗"); // what her client has read is not what she has seen
  await until(() => said(seeker).length === 2, "read");
  assert.equal(stateOf(seeker, "在吗"), "stored");
  lin.markShown();
  assert.equal(lin.view.unread, 0);
  await until(() => stateOf(seeker, "在吗") === "seen", "seen");
});

test("a reload on both sides: the talk is there, and goes on", async () => {
  const { stage: there, seeker, lin } = await begun();
  await seeker.say("一");
  await lin.say("two");
  await until(() => said(seeker).length === 2 && said(lin).length === 2, "both read");
  seeker.close();
  lin.close();
  const again = (await resume(there)) ?? assert.fail("the talk is gone");
  const linAgain = await attend(there);
  assert.deepEqual(said(again).sort(), ["< two", "> 一"].sort());
  await until(() => again.view.phase === "active" && linAgain.view.phase === "active", "active");
  await again.say("三");
  await linAgain.say("four");
  await until(() => said(again).length === 4 && said(linAgain).length === 4, "both read on");
  assert.deepEqual(notices(again), []);
  assert.deepEqual(notices(linAgain), []);
});

test("words written offline survive a reload and leave once, in order", async () => {
  const { stage: there, seeker, lin } = await begun();
  there.server.up = false;
  there.server.crash();
  await until(() => seeker.view.link !== "online", "offline");
  for (const text of ["甲", "乙", "丙"]) await seeker.say(text);
  assert.deepEqual(
    seeker.view.lines.slice(-3).map((line) => line.kind === "words" && line.state),
    ["sending", "sending", "sending"],
  );
  seeker.close();
  there.server.up = true;
  assert.ok(await resume(there), "the talk is gone");
  await until(() => said(lin).length === 3, "all three");
  assert.deepEqual(said(lin), ["< 甲", "< 乙", "< 丙"]);
});

test("after twenty messages a sender makes fresh keys first, and both follow", async () => {
  const { stage: there, seeker, lin } = await begun();
  for (let i = 0; i < 24; i++) await (i % 2 ? seeker : lin).say(`${i}`);
  await until(() => said(seeker).length === 24 && said(lin).length === 24, "all read");
  assert.ok(
    there.server.rows.some((row) => row.what === "commit"),
    "nobody committed",
  );
  assert.deepEqual(notices(seeker).concat(notices(lin)), []);
});

test("after ten minutes too", async () => {
  const there = await stage();
  const { seeker, lin } = await begun(there);
  await seeker.say("早");
  await until(() => said(lin).length === 1, "read");
  const now = Date.now;
  try {
    Date.now = () => now() + 600_001;
    await seeker.say("晚");
    await until(() => said(lin).length === 2, "read too");
  } finally {
    Date.now = now;
  }
  assert.deepEqual(there.server.whats.slice(-3), ["seeker words", "seeker commit", "seeker words"]);
});

test("both commit at once: one wins, the other seals again, nothing is lost", async () => {
  const { stage: there, seeker, lin } = await begun();
  for (let i = 0; i < 20; i++) await (i % 2 ? seeker : lin).say(`${i}`);
  await until(() => said(seeker).length === 20 && said(lin).length === 20, "all read");
  await Promise.all([seeker.say("s"), lin.say("l"), seeker.say("ss"), lin.say("ll")]);
  await until(
    () => said(seeker).length === 24 && said(lin).length === 24,
    "all read again",
    15_000,
  );
  assert.equal(there.server.rows.filter((row) => row.what === "commit").length, 1);
  const texts = (talk: Talk): string[] => said(talk).map((text) => text.slice(2));
  assert.deepEqual(texts(seeker), texts(lin));
  assert.deepEqual(notices(seeker).concat(notices(lin)), []);
});

test("a phone whose date is years off talks, and says that the dates do not agree", async () => {
  const there = await stage();
  const seeker = await start(there, "", () => Date.UTC(2019, 0, 1));
  there.server.take_("林");
  const lin = await attend(there);
  await until(() => seeker.view.phase === "active", "somebody came");
  assert.deepEqual(notices(seeker), ["clock"]);
  await seeker.say("手机的日期是乱的");
  await until(() => said(lin).length === 1, "read");
  assert.deepEqual(notices(lin), []);
});

test("a silent counsellor: the next one comes in a fresh group, and reads nothing of before", async () => {
  const { stage: there, seeker, lin } = await begun();
  await seeker.say("只说给林");
  await until(() => said(lin).length === 1, "read");
  there.server.giveUp();
  await until(() => seeker.view.phase === "waiting", "back in the queue");
  assert.deepEqual(notices(seeker), ["silent"]);
  assert.deepEqual(seeker.view.members, []);
  await until(() => lin.view.phase === "lost-seat", "lin has no seat");
  assert.equal((await there.desk.rows("kept", "")).length, 0, "something stayed with lin");
  await seeker.say("还在吗");
  assert.equal(stateOf(seeker, "还在吗"), "waiting-tap");

  const chen = await there.home.certify("陈", "counsellor");
  there.server.take_("陈");
  const next = await attend(there, "陈", chen);
  await until(() => seeker.view.phase === "active" && next.view.phase === "active", "chen is here");
  assert.deepEqual(seeker.view.readers, ["陈"]);
  assert.deepEqual(
    seeker.view.lines.flatMap((line) =>
      line.kind === "joined" || line.kind === "left" ? [`${line.kind} ${line.who}`] : [],
    ),
    ["joined 林", "left 林", "joined 陈"],
  );
  assert.ok(notices(seeker).includes("fresh-start"));
  assert.deepEqual(said(next), []);
  await seeker.releaseWaiting();
  await until(() => said(next).length === 1, "chen reads what was tapped");
  assert.deepEqual(said(next), ["< 还在吗"]);
});

test("the same counsellor comes back into her own group after being given up on", async () => {
  const { stage: there, seeker, lin } = await begun();
  await lin.say("等我一下");
  await until(() => said(seeker).length === 1, "read");
  lin.close(); // her laptop sleeps: it hears nothing of the return
  there.server.giveUp();
  await until(() => seeker.view.phase === "waiting", "given up");
  there.server.take_("林");
  const again = await attend(there);
  await until(() => seeker.view.phase === "active", "she is back");
  await again.say("回来了");
  await seeker.say("好");
  await until(() => said(seeker).length === 3 && said(again).length === 3, "both read");
});

test("a counsellor whose browser lost everything opens a fresh group with the same person", async () => {
  const { stage: there, seeker, lin } = await begun();
  await seeker.say("一");
  await until(() => said(lin).length === 1, "read");
  lin.close();
  const again = await attend(
    there,
    "林",
    there.lin,
    new (Object.getPrototypeOf(there.desk).constructor)(),
  );
  await until(() => notices(seeker).includes("again"), "she came again");
  await again.say("我换了一台电脑");
  await seeker.say("没关系");
  await until(() => said(seeker).length === 3 && said(again).length === 2, "both read");
});

test("keys are topped up, the last resort too, and every listener finds one", async () => {
  const { stage: there, seeker } = await begun();
  await until(() => there.server.keys.length === 3, "three again");
  const first = there.server.lastResort;
  for (const who of ["陈", "王", "李"]) {
    there.server.giveUp();
    const device = await there.home.certify(who, "counsellor");
    there.server.take_(who);
    await attend(there, who, device, new (Object.getPrototypeOf(there.desk).constructor)());
    await until(() => seeker.view.members.some((one) => one.name === who), `${who} is here`);
  }
  await until(() => there.server.keys.length === 3, "three again");
  assert.notDeepEqual(there.server.lastResort, first);
});

test("after the return nothing is sent into the old group, not even while the next one arrives", async () => {
  const { stage: there, seeker } = await begun();
  there.server.giveUp();
  await until(() => seeker.view.phase === "waiting", "given up");
  there.server.take_("陈"); // taken, but her group is not there yet
  await pause(100);
  assert.equal(seeker.view.phase, "waiting");
  assert.deepEqual(seeker.view.members, []);
  await seeker.say("给谁?");
  await seeker.releaseWaiting();
  await pause(200);
  assert.equal(stateOf(seeker, "给谁?"), "waiting-tap");
  assert.equal(there.server.rows.length, BEGUN);
});

test("sixty characters of Chinese, receipts and signs of typing stay in the smallest size", async () => {
  const { stage: there, seeker, lin } = await begun();
  seeker.shareTyping?.(true);
  seeker.typing();
  await seeker.say("工".repeat(55));
  await until(() => said(lin).length === 1, "read");
  lin.markShown();
  await until(() => there.server.heard.includes("seeker Beat"), "a beat", 6_000);
  await until(() => there.server.rows.length === BEGUN + 2, "a receipt");
  for (const [kind, size] of there.server.sizes) {
    assert.ok([384, 1024, 2048, 8192, 32768].includes(size), `${kind} ${size}`);
    if (["Send", "Beat", "Typing", "Envelope"].includes(kind) && size !== 384) {
      assert.ok(kind === "Envelope" && size === 8192, `${kind} ${size}`); // the Welcome
    }
  }
});

test("a very long text arrives whole, in as many messages as it needs", async () => {
  const { seeker, lin } = await begun();
  const text = "家😟".repeat(4_000);
  await seeker.say(text);
  await until(() => said(lin).length === 2, "both parts");
  assert.equal(
    said(lin)
      .map((one) => one.slice(2))
      .join(""),
    text,
  );
});
