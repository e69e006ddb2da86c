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
import { KIND, type Luck } from "./server.ts";

afterEach(closeAll);

/** Repeatable chance (Mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function onceFor(kind: string, side: string): Luck {
  let due = true;
  return {
    ...KIND,
    cutBeforeAnswer(who, frame) {
      const now = due && who === side && frame.kind === kind;
      if (now) due = false;
      return now;
    },
  };
}

test("stored, and the line cut before the answer: sent again to the byte, there once", async () => {
  const { stage: there, seeker, lin } = await begun();
  there.server.luck = onceFor("Send", "seeker");
  await seeker.say("只此一次");
  await until(() => stateOf(seeker, "只此一次") === "stored" && said(lin).length === 1, "stored");
  await pause(200);
  assert.deepEqual(said(lin), ["< 只此一次"]);
  assert.equal(there.server.rows.filter((row) => row.what === "words").length, BEGUN);
});

test("the same, and the page is reloaded instead of the line coming back", async () => {
  const { stage: there, seeker, lin } = await begun();
  there.server.luck = {
    ...KIND,
    cutBeforeAnswer(who, frame) {
      const now = who === "seeker" && frame.kind === "Send";
      if (now) there.server.up = false;
      return now;
    },
  };
  await seeker.say("只此一次");
  await until(() => !there.server.up, "cut");
  seeker.close();
  there.server.luck = KIND;
  there.server.up = true;
  const again = (await resume(there)) ?? assert.fail("gone");
  await until(() => stateOf(again, "只此一次") === "stored", "stored");
  await again.say("还有");
  await until(() => said(lin).length === 2, "both");
  assert.deepEqual(said(lin), ["< 只此一次", "< 还有"]);
  assert.deepEqual(notices(lin), []);
});

test("the commit is stored and the line cut before the answer", async () => {
  const { stage: there, seeker, lin } = await begun();
  for (let i = 0; i < 20; i++) await lin.say(`${i}`);
  await until(() => said(seeker).length === 20, "twenty");
  there.server.luck = onceFor("Send", "seeker"); // its next send is a commit
  await seeker.say("后面");
  await lin.say("也后面");
  await until(() => said(seeker).length === 22 && said(lin).length === 22, "both");
  assert.deepEqual(notices(seeker).concat(notices(lin)), []);
});

test("the Welcome is stored and the counsellor's browser dies before the answer", async () => {
  const there = await stage();
  const seeker = await start(there);
  await until(() => seeker.view.phase === "waiting", "waiting");
  there.server.take_("林");
  there.server.luck = {
    ...KIND,
    cutBeforeAnswer(who, frame) {
      if (who === "林" && frame.kind === "OpenGroup") there.server.up = false;
      return who === "林" && frame.kind === "OpenGroup";
    },
  };
  const lin = await attend(there);
  await until(() => !there.server.up, "cut");
  lin.close();
  there.server.luck = KIND;
  there.server.up = true;
  const again = await attend(there);
  await until(() => again.view.phase === "active" && seeker.view.phase === "active", "both");
  assert.equal(there.server.group, 1);
  await seeker.say("到了");
  await until(() => said(again).length === 1, "read");
});

test("every frame twice, and swapped, and the bell lost: once, in order", async () => {
  const { stage: there, seeker, lin } = await begun();
  const random = dice(7);
  const read = (): boolean =>
    (there.server.heard[there.server.heard.length - 1] ?? "").endsWith("Read");
  there.server.luck = {
    ...KIND,
    out(_, frame) {
      if (frame.kind !== "Envelope" || read()) return "arrive";
      const drawn = random();
      return drawn < 0.3 ? "twice" : drawn < 0.5 ? "late" : drawn < 0.6 ? "lost" : "arrive";
    },
  };
  const ticking = setInterval(() => there.server.tell(), 200); // the server looks once a second
  ticking.unref();
  for (let i = 0; i < 12; i++) await (i % 3 ? seeker : lin).say(`${i}`);
  await until(() => said(seeker).length === 12 && said(lin).length === 12, "all", 20_000);
  clearInterval(ticking);
  const order = (talk: Talk): string[] => said(talk).map((text) => text.slice(2));
  assert.deepEqual(order(seeker), order(lin));
  assert.deepEqual(notices(seeker).concat(notices(lin)), []);
});

for (const seed of [1, 2, 3, 4]) {
  test(`property: every acknowledged word once and in order on both sides (seed ${seed})`, async () => {
    const there = await stage();
    let { seeker, lin } = await begun(there);
    const random = dice(seed);
    there.server.luck = {
      out() {
        const drawn = random();
        return drawn < 0.02 ? "cut" : drawn < 0.1 ? "twice" : drawn < 0.14 ? "lost" : "arrive";
      },
      cutBeforeAnswer: () => random() < 0.08,
    };
    const ticking = setInterval(() => there.server.tell(), 100);
    ticking.unref();
    const written: Record<string, string[]> = { seeker: [], lin: [] };
    for (let i = 0; i < 40; i++) {
      const who = random() < 0.5 ? "seeker" : "lin";
      written[who]?.push(`${who} ${i}`);
      await (who === "seeker" ? seeker : lin).say(`${who} ${i}`);
      if (random() < 0.06) {
        seeker.close();
        seeker = (await resume(there)) ?? assert.fail("gone");
      }
      if (random() < 0.06) {
        lin.close();
        lin = await attend(there);
      }
      if (random() < 0.05) there.server.crash();
      await pause(random() * 20);
    }
    there.server.luck = KIND;
    const all = (talk: Talk): boolean => said(talk).length === 40;
    await until(() => all(seeker) && all(lin), "all forty on both sides", 30_000);
    clearInterval(ticking);
    const order = (talk: Talk): string[] => said(talk).map((text) => text.slice(2));
    assert.deepEqual(order(seeker), order(lin));
    for (const who of ["seeker", "lin"]) {
      assert.deepEqual(
        order(lin).filter((text) => text.startsWith(who)),
        written[who],
      );
    }
    assert.deepEqual(notices(seeker).concat(notices(lin)), []);
  });
}

test("told to slow down: nothing is lost, and order stays", async () => {
  const { stage: there, seeker, lin } = await begun();
  let left = 3;
  there.server.luck = {
    ...KIND,
    refuse: (_, frame) => (frame.kind === "Send" && left-- > 0 ? "slow-down" : null),
  };
  for (const text of ["一", "二", "三"]) await seeker.say(text);
  await until(() => said(lin).length === 3, "all three");
  assert.deepEqual(said(lin), ["< 一", "< 二", "< 三"]);
});

test("bytes nobody takes: kept as unsent, the next ones go, and a retry goes", async () => {
  const { stage: there, seeker, lin } = await begun();
  let due = true;
  there.server.luck = {
    ...KIND,
    refuse(who, frame) {
      const now = due && who === "seeker" && frame.kind === "Send";
      if (now) due = false;
      return now ? "bad-envelope" : null;
    },
  };
  await seeker.say("没封好");
  await until(() => stateOf(seeker, "没封好") === "unsent", "unsent");
  await seeker.say("下一句");
  await until(() => said(lin).length === 1, "the next one");
  const line = seeker.view.lines.find((one) => one.kind === "words" && one.text === "没封好");
  await seeker.retry(line?.id ?? "");
  await until(() => said(lin).length === 2, "and the retry");
  assert.deepEqual(said(lin), ["< 下一句", "< 没封好"]);
  assert.deepEqual(notices(lin), []);
});

test("the server is slow to erase: asked again until it has", async () => {
  const { stage: there, seeker } = await begun();
  let left = 2;
  there.server.luck = {
    ...KIND,
    refuse: (_, frame) => (frame.kind === "Erase" && left-- > 0 ? "slow-down" : null),
  };
  await seeker.erase();
  await until(() => !there.server.exists && notices(seeker).length === 0, "erased");
  assert.deepEqual(await there.phone.spaces(), []);
});
