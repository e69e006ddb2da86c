import assert from "node:assert/strict";
import { test } from "node:test";

import { RiskNotes } from "../../../triage/client/danger/riskNotes.ts";
import { Desk } from "../../../triage/client/desk.ts";
import { paneOrder } from "../../../triage/client/deskView.ts";
import { Drafts } from "../../../triage/client/drafts.ts";
import { board, HAN, LIN, MapDrawer, mine, NOBODY, RecordedTalk, settle, WEI } from "./people.ts";

interface Scene {
  desk: Desk;
  drawer: MapDrawer;
  talks: Map<string, RecordedTalk>;
  given: (ref: string) => void;
  refused: (error: unknown) => void;
}

function scene(): Scene {
  const drawer = new MapDrawer();
  const talks = new Map<string, RecordedTalk>();
  let given: (ref: string) => void = () => undefined;
  let refused: (error: unknown) => void = () => undefined;
  const desk = new Desk({
    ...NOBODY,
    drafts: new Drafts(drawer),
    risks: new RiskNotes(drawer),
    take: () =>
      new Promise((resolve, reject) => {
        given = resolve;
        refused = reject;
      }),
    attend: async (ref) => {
      const talk = new RecordedTalk();
      talks.set(ref, talk);
      return talk;
    },
  });
  return { desk, drawer, talks, given: (ref) => given(ref), refused: (e) => refused(e) };
}

async function twoTalks(): Promise<Scene> {
  const made = scene();
  made.desk.setBoard(board(mine(LIN), mine(WEI)));
  await settle();
  return made;
}

const draftOf = (desk: Desk, ref: string): string => desk.hands.get(ref)?.draft ?? "?";

test("after a reload both talks lie open again and the first has the cursor's place", async () => {
  const { desk, talks } = await twoTalks();
  assert.deepEqual(desk.view.panes, [LIN, WEI]);
  assert.equal(desk.view.focused, LIN);
  assert.deepEqual([...talks.keys()], [LIN, WEI]);
});

test("a talk keeps its place in the list when another one is taken", async () => {
  const { desk } = scene();
  const order = (): string[] => desk.view.talks.map((talk) => talk.ref);
  desk.setBoard(board(mine(LIN)));
  desk.setBoard(board(mine(LIN), mine(WEI)));
  assert.deepEqual(order(), [LIN, WEI]);
  const reloaded = scene().desk;
  reloaded.setBoard(board(mine(LIN), mine(WEI)));
  assert.deepEqual(
    reloaded.view.talks.map((talk) => talk.ref),
    order(),
  );
});

test("words go to the talk they were typed in, whichever is in front", async () => {
  const { desk, talks } = await twoTalks();
  desk.type(LIN, "for the first");
  desk.show(WEI);
  desk.type(WEI, "for the second");
  assert.equal(draftOf(desk, LIN), "for the first");
  await desk.hands.say(LIN, "for the first");
  assert.deepEqual(talks.get(LIN)?.said, ["for the first"]);
  assert.deepEqual(talks.get(WEI)?.said, []);
  assert.equal(draftOf(desk, WEI), "for the second");
});

test("words that could not be taken over come back into their own field, before newer ones", async () => {
  const { desk, talks } = await twoTalks();
  const talk = talks.get(LIN);
  assert(talk);
  talk.failing = true;
  const sending = desk.hands.say(LIN, "first");
  desk.type(LIN, "second");
  await sending;
  assert.equal(draftOf(desk, LIN), "first\nsecond");
  assert.equal(draftOf(desk, WEI), "");
});

test("a talk taken while something is being typed does not steal the cursor", async () => {
  const { desk, given, talks } = scene();
  desk.setBoard(board(mine(LIN)));
  await settle();
  const cursor = desk.view.cursor;
  const taking = desk.take();
  assert.equal(desk.view.taking, true);
  desk.type(LIN, "half a sen");
  given(WEI);
  await taking;
  await settle();
  assert.equal(desk.view.focused, LIN);
  assert.equal(desk.view.cursor, cursor);
  assert.deepEqual(desk.view.panes, [LIN, WEI]);
  assert.ok(talks.has(WEI));
});

test("a talk taken with quiet hands gets the cursor", async () => {
  const { desk, given } = scene();
  desk.setBoard(board());
  const taking = desk.take();
  given(LIN);
  await taking;
  await settle();
  assert.equal(desk.view.focused, LIN);
  assert.equal(desk.view.cursor, 1);
});

test("taking says why not, with the time, and can be tried again", async () => {
  const { desk, refused } = scene();
  const taking = desk.take();
  refused({ code: "nobody-waits", retryAfter: 0 });
  await taking;
  assert.deepEqual(desk.view.refusal, { code: "nobody-waits", retryAfter: 0 });
  assert.equal(desk.view.taking, false);
});

test("pressing twice takes one person", async () => {
  let asked = 0;
  const desk = new Desk({
    ...NOBODY,
    drafts: new Drafts(new MapDrawer()),
    risks: new RiskNotes(new MapDrawer()),
    take: () => {
      asked += 1;
      return new Promise(() => undefined);
    },
    attend: async () => new RecordedTalk(),
  });
  void desk.take();
  void desk.take();
  assert.equal(asked, 1);
});

test("only the talk that was asked about is ended, and only after the answer", async () => {
  const { desk, talks } = await twoTalks();
  desk.askEnd(LIN);
  assert.deepEqual(talks.get(LIN)?.done, []);
  desk.show(WEI);
  await desk.end();
  assert.deepEqual(talks.get(LIN)?.done, ["end"]);
  assert.deepEqual(talks.get(WEI)?.done, []);
  assert.equal(desk.view.ending, null);
});

test("the question about the end goes away when the other side ended first", async () => {
  const { desk, talks } = await twoTalks();
  desk.askEnd(LIN);
  talks.get(LIN)?.become({ phase: "closed" });
  assert.equal(desk.view.ending, null);
});

test("nothing is sent into a talk that somebody else holds now; the draft stays", async () => {
  const { desk, talks } = await twoTalks();
  talks.get(LIN)?.become({ phase: "lost-seat" });
  await desk.hands.say(LIN, "still mine");
  await desk.hands.sendNumbers(LIN);
  assert.deepEqual(talks.get(LIN)?.said, []);
  assert.deepEqual(talks.get(LIN)?.done, []);
  assert.equal(draftOf(desk, LIN), "still mine");
});

test("what had not left when the seat was lost comes back as a draft", async () => {
  const { desk, talks } = await twoTalks();
  const line = { kind: "words", mine: true, who: "林", role: "counsellor", at: 0 } as const;
  talks.get(LIN)?.become({
    lines: [
      { ...line, id: "a", text: "read", state: "seen" },
      { ...line, id: "b", text: "on its way", state: "sending" },
      { ...line, id: "c", text: "stuck", state: "unsent" },
    ],
  });
  desk.type(LIN, "half");
  talks.get(LIN)?.become({ phase: "lost-seat", lines: [] });
  talks.get(LIN)?.become({ phase: "lost-seat", lines: [] });
  assert.equal(draftOf(desk, LIN), "on its way\nstuck\nhalf");
});

test("an erased talk takes its draft along, at rest too", async () => {
  const { desk, talks, drawer } = await twoTalks();
  desk.type(LIN, "unsaid");
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(drawer.text(`draft:${LIN}`), "unsaid");
  talks.get(LIN)?.become({ phase: "erased" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(drawer.text(`draft:${LIN}`), null);
  assert.equal(draftOf(desk, LIN), "");
});

test("a draft of the last time lies in its talk again", async () => {
  const { desk, drawer } = scene();
  await drawer.write(`draft:${LIN}`, new TextEncoder().encode("从昨天"));
  desk.setBoard(board(mine(LIN)));
  await settle();
  assert.equal(draftOf(desk, LIN), "从昨天");
});

test("leaving the desk writes drafts and ends nothing", async () => {
  const { desk, talks, drawer } = await twoTalks();
  desk.type(WEI, "later");
  await desk.close();
  assert.equal(drawer.text(`draft:${WEI}`), "later");
  assert.deepEqual(talks.get(WEI)?.done, ["close"]);
});

test("numbers say when they are sent and when they are not", async () => {
  const { desk, talks } = await twoTalks();
  await desk.hands.sendNumbers(LIN);
  assert.equal(desk.hands.get(LIN)?.numbers, "sent");
  const wei = talks.get(WEI);
  assert(wei);
  wei.failing = true;
  await desk.hands.sendNumbers(WEI);
  assert.equal(desk.hands.get(WEI)?.numbers, "failed");
});

test("a hidden page says so in every talk and counts nothing as read", async () => {
  const { desk, talks } = await twoTalks();
  talks.get(LIN)?.become({ unread: 2 });
  desk.setHidden(true);
  assert.deepEqual(talks.get(LIN)?.done, ["hidden"]);
  assert.equal(desk.unread(), 2);
  desk.setHidden(false);
  assert.deepEqual(talks.get(LIN)?.done, ["hidden", "here", "shown"]);
  assert.deepEqual(talks.get(WEI)?.done, ["hidden", "here"]);
});

test("what the board lists no more is forgotten once it is put away", async () => {
  const { desk, talks } = await twoTalks();
  desk.setBoard(board(mine(WEI)));
  assert.ok(desk.hands.get(LIN), "it still lies in front");
  desk.putAway(LIN);
  assert.equal(desk.hands.get(LIN), null);
  assert.deepEqual(talks.get(LIN)?.done, ["close"]);
});

test("a talk that was lost and is given to me again is sat down in anew", async () => {
  const { desk, talks } = await twoTalks();
  const before = talks.get(LIN);
  before?.become({ phase: "lost-seat" });
  desk.setBoard(board(mine(LIN, { state: "waiting" }), mine(WEI)));
  await settle();
  assert.equal(talks.get(LIN), before, "it is not mine now");
  desk.setBoard(board(mine(LIN), mine(WEI)));
  await settle();
  assert.notEqual(talks.get(LIN), before);
  assert.deepEqual(before?.done, ["close"]);
  assert.equal(desk.hands.get(LIN)?.view?.phase, "active");
});

test("what another computer of mine has taken over is not taken back by itself, only by a press", async () => {
  const { desk, talks } = await twoTalks();
  const before = talks.get(LIN);
  before?.become({ phase: "lost-seat" });
  for (let looks = 0; looks < 3; looks++) {
    desk.setBoard(board(mine(LIN), mine(WEI)));
    await settle();
  }
  assert.equal(talks.get(LIN), before, "or the two computers would never end");
  desk.again(LIN);
  await settle();
  assert.notEqual(talks.get(LIN), before);
});

test("with a fresh card one sits down again also where nobody could be written to yet", async () => {
  const { desk, talks } = await twoTalks();
  const before = talks.get(LIN);
  before?.become({ phase: "starting" });
  talks.get(WEI)?.become({ phase: "closed" });
  const over = talks.get(WEI);
  await desk.hands.sitAnew();
  await settle();
  assert.notEqual(talks.get(LIN), before);
  assert.equal(talks.get(WEI), over);
});

test("an ended talk is listed but nobody sits down in it", async () => {
  const { desk, talks } = scene();
  desk.setBoard(board(mine(LIN, { state: "closed" })));
  desk.show(LIN);
  await settle();
  assert.equal(talks.size, 0);
});

test("a third talk takes the place of the one in front; without cursor, of the other one", () => {
  assert.deepEqual(paneOrder([LIN, WEI], HAN, WEI, 2), [LIN, HAN]);
  assert.deepEqual(paneOrder([LIN, WEI], WEI, LIN, 2), [LIN, WEI]);
  assert.deepEqual(paneOrder([LIN, WEI], HAN, null, 2), [HAN, WEI]);
  assert.deepEqual(paneOrder([LIN], WEI, LIN, 1), [WEI]);
});

test("on a narrow screen one talk is in front, and being taken does not push it away", async () => {
  const { desk, given } = scene();
  desk.setRoom(1);
  desk.setBoard(board(mine(LIN)));
  await settle();
  const taking = desk.take();
  desk.type(LIN, "half");
  given(WEI);
  await taking;
  await settle();
  assert.deepEqual(desk.view.panes, [LIN]);
  assert.equal(desk.view.focused, LIN);
  desk.show(WEI);
  assert.deepEqual(desk.view.panes, [WEI]);
  assert.equal(draftOf(desk, LIN), "half");
});

test("a screen that becomes narrow keeps the talk in front", async () => {
  const { desk } = await twoTalks();
  desk.show(WEI);
  desk.setRoom(1);
  assert.deepEqual(desk.view.panes, [WEI]);
});

test("whom I am offered I can take, and letting them go asks nothing of me", async () => {
  const { desk } = scene();
  const offer = { offer: 7, until: 0, caseCode: "P5LD", language: "zh", topics: [] };
  desk.setOffer({ ...offer, minutes: 3, tier: 1, returned: 0 });
  await desk.accept();
  assert.equal(desk.view.offer, null);
  assert.equal(desk.view.refusal?.code, "too-late");
  desk.setOffer({ ...offer, minutes: 3, tier: 1, returned: 0 });
  await desk.pass();
  assert.equal(desk.view.offer, null);
  assert.equal(desk.view.refusal, null);
});
