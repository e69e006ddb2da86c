/** Help that is sent, on a desk: what the seeker answered is passed on, and what is over is forgotten. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Line } from "../../../chat/client/talk.ts";
import { type Help, PLACE_KEPT_FOR_MS } from "../../../counsel/client/contract.ts";
import { RiskNotes } from "../../../triage/client/danger/riskNotes.ts";
import { Desk } from "../../../triage/client/desk.ts";
import { Wheres } from "../../../triage/client/dispatch/wheres.ts";
import { Drafts } from "../../../triage/client/drafts.ts";
import { board, LIN, MapDrawer, mine, NOBODY, RecordedTalk, talkView } from "./people.ts";

const GIVEN = "out\n北门对面";
const AT = 1_000_000;
let count = 0;

function word(text: string, from: "me" | "her" = "me", kind: "help" | "place" = "help"): Line {
  const [id, who] = [`l${count++}`, from === "me" ? "林" : ""];
  return { kind, id, mine: from === "me", who, text, at: AT, state: "stored" };
}

/** A talk whose words about help are written down. */
class HelpedTalk extends RecordedTalk {
  readonly helped: string[] = [];
  forgotten = 0;

  async help(text: string): Promise<void> {
    this.helped.push(text);
    this.show(word(text));
  }

  async forgetPlaces(): Promise<void> {
    this.forgotten += 1;
  }

  show(...lines: Line[]): void {
    this.become({ lines: [...this.view.lines, ...lines] });
  }
}

function row(change: Partial<Help> = {}): Help {
  return {
    help: 7,
    caseCode: "K7RM",
    state: "offered",
    step: 1,
    minutes: 0,
    left: 300,
    ends: 120,
    caller: "林",
    whom: "",
    within: 0,
    late: 0,
    mine: 1,
    held: 1,
    ...change,
  };
}

interface Scene {
  desk: Desk;
  talk: HelpedTalk;
  drawer: MapDrawer;
  asked: string[];
  now: { at: number };
}

async function scene(): Promise<Scene> {
  const [talk, drawer, now] = [new HelpedTalk(), new MapDrawer(), { at: AT }];
  const asked: string[] = [];
  const desk = new Desk({
    ...NOBODY,
    board: {
      ...NOBODY.board,
      help: async (said) => {
        asked.push(said.kind === "OfferHelp" ? "offer" : `${said.event}${said.whom}`);
      },
      helpCode: async () => "123412341234",
    },
    drafts: new Drafts(drawer),
    risks: new RiskNotes(drawer),
    wheres: new Wheres(drawer, () => now.at),
    take: () => Promise.reject({ code: "nobody-waits" }),
    attend: async () => talk,
  });
  desk.setBoard(board(mine(LIN)));
  desk.setHelps([], AT);
  await rest();
  talk.become(talkView());
  return { desk, talk, drawer, asked, now };
}

const rest = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

test("the question goes to the board first, then into the talk, and nothing ends it meanwhile", async () => {
  const { desk, talk, asked } = await scene();
  await desk.sending.offer(LIN, "K7RM");
  await rest();
  assert.deepEqual([asked, talk.helped], [["offer"], ["offer"]]);
  desk.setHelps([row()], AT);
  await rest();
  assert.deepEqual(talk.helped, ["offer"]);
});

test("a place she gives is kept apart and noted once, however often the talk says it", async () => {
  const { desk, talk, drawer, asked } = await scene();
  await desk.sending.offer(LIN, "K7RM");
  desk.setHelps([row()], AT);
  talk.show(word(GIVEN, "her", "place"));
  talk.become({ typing: true });
  await rest();
  assert.deepEqual(asked, ["offer", "consent"]);
  assert.match(drawer.text("wheres") ?? "", /北门对面/);
  assert.equal(desk.view.helps[0]?.note?.place, GIVEN);
});

for (const [said, state, event] of [
  ["no", "offered", "withdraw"],
  ["back", "consented", "withdraw"],
  ["there", "accepted", "arrive"],
  ["there", "called", "arrive"],
] as const) {
  test(`"${said}" while ${state} is passed on as ${event}`, async () => {
    const { desk, talk, asked } = await scene();
    await desk.sending.offer(LIN, "K7RM");
    desk.setHelps([row({ state })], AT);
    talk.show(word(said, "her"));
    await rest();
    assert.deepEqual(asked, ["offer", event]);
  });
}

test("who does not want it any more while help is on its way is shown, and a person calls it off", async () => {
  const { desk, talk, asked } = await scene();
  await desk.sending.offer(LIN, "K7RM");
  desk.setHelps([row({ state: "called" })], AT);
  talk.show(word("back", "her"));
  await rest();
  assert.deepEqual(asked, ["offer"]);
  assert.equal(desk.view.helps[0]?.said, "back");
});

test("a supervisor called for her: the phone is told by whoever asked, once", async () => {
  const { desk, talk, asked } = await scene();
  await desk.sending.offer(LIN, "K7RM");
  desk.setHelps([row()], AT);
  talk.show(word(GIVEN, "her", "place"));
  desk.setHelps([row({ state: "called", step: 3, whom: "responder" })], AT);
  talk.become({ typing: true });
  await rest();
  assert.deepEqual(
    [asked, talk.helped],
    [
      ["offer", "consent"],
      ["offer", "called"],
    ],
  );
});

test("a responder who met her: the phone is told once, and this computer forgets where", async () => {
  const { desk, talk, drawer } = await scene();
  await desk.sending.offer(LIN, "K7RM");
  desk.setHelps([row()], AT);
  talk.show(word(GIVEN, "her", "place"));
  await rest();
  desk.setHelps([row({ state: "accepted", step: 5, whom: "responder" })], AT);
  await rest();
  desk.setHelps([], AT);
  await rest();
  talk.become({ typing: false });
  await rest();
  assert.deepEqual(talk.helped, ["offer", "called", "over"]);
  assert.ok(talk.forgotten > 0);
  assert.equal(drawer.text("wheres"), null);
});

test("what I say myself is told in its own words, and not once more", async () => {
  const { desk, talk, asked } = await scene();
  await desk.sending.offer(LIN, "K7RM");
  desk.setHelps([row({ state: "consented" })], AT);
  talk.show(word(GIVEN, "her", "place"));
  const [first] = desk.view.helps;
  assert.ok(first);
  await desk.sending.say(first, "call", "120");
  desk.setHelps([row({ state: "called", whom: "120" })], AT);
  const saying = desk.sending.say(first, "arrive");
  desk.setHelps([], AT);
  await saying;
  await rest();
  assert.deepEqual(asked, ["offer", "call120", "arrive"]);
  assert.deepEqual(talk.helped, ["offer", "called", "arrived"]);
});

test("who erased while help is on its way: where to stays here, until the board names it no more", async () => {
  const { desk, talk, drawer } = await scene();
  await desk.sending.offer(LIN, "K7RM");
  desk.setHelps([row()], AT);
  talk.show(word(GIVEN, "her", "place"));
  await rest();
  talk.become({ phase: "erased", lines: [] });
  desk.setHelps([row({ caseCode: "", state: "called" })], AT);
  await rest();
  assert.equal(desk.view.helps[0]?.note?.place, GIVEN);
  await desk.sending.refer(7, "A-17");
  assert.equal(desk.view.helps[0]?.note?.reference, "A-17");
  desk.setHelps([], AT);
  await rest();
  assert.equal(drawer.text("wheres"), null);
});

test("after two hours it is gone, whatever the board says", async () => {
  const { desk, talk, drawer, now } = await scene();
  await desk.sending.offer(LIN, "K7RM");
  desk.setHelps([row()], AT);
  talk.show(word(GIVEN, "her", "place"));
  await rest();
  now.at = AT + PLACE_KEPT_FOR_MS - 1;
  await desk.sending.sweep();
  assert.match(drawer.text("wheres") ?? "", /北门对面/);
  now.at += 1;
  await desk.sending.sweep();
  assert.equal(drawer.text("wheres"), null);
  assert.equal(desk.view.helps[0]?.note, null);
});

test("a reload finds where to again, and a supervisor's board has none of it", async () => {
  const { desk, talk, drawer } = await scene();
  await desk.sending.offer(LIN, "K7RM");
  desk.setHelps([row()], AT);
  talk.show(word(GIVEN, "her", "place"));
  await rest();
  const again = new Wheres(drawer, () => AT);
  await again.ready();
  assert.equal(again.get(7)?.place, GIVEN);
  desk.setHelps([row({ mine: 0 })], AT);
  await rest();
  assert.equal(desk.view.helps[0]?.note, null);
  assert.equal(drawer.text("wheres"), null);
});
