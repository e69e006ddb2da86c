import assert from "node:assert/strict";
import { test } from "node:test";

import { sayAsked } from "../../../triage/client/danger/asking.ts";
import {
  leftOut,
  NO_RISK,
  PATHS,
  pathOf,
  type Risk,
  type RiskPath,
  raises,
  readRisk,
  tapped,
  turnedTo,
  UNASKED,
  weigh,
} from "../../../triage/client/danger/risk.ts";
import { RiskNotes } from "../../../triage/client/danger/riskNotes.ts";
import { Desk } from "../../../triage/client/desk.ts";
import { Wheres } from "../../../triage/client/dispatch/wheres.ts";
import { Drafts } from "../../../triage/client/drafts.ts";
import { URGENCY } from "../../../triage/client/intake/scoring.ts";
import {
  board,
  HAN,
  LIN,
  MapDrawer,
  mine,
  NO_BOARD,
  NOBODY,
  PROOFS,
  RecordedTalk,
  settle,
  WEI,
} from "./people.ts";

const path = (id: string): RiskPath => pathOf(turnedTo(id), []);

/** Every item, the option of this place. */
function all(of: RiskPath, place: number): Risk {
  return of.items.reduce(
    (risk, item) => tapped(risk, of, item.id, item.options.at(place)?.id ?? ""),
    NO_RISK,
  );
}

test("each path is five taps, each counted from nothing to two, the gravest last", () => {
  assert.deepEqual(
    PATHS.map(({ id }) => id),
    ["self", "harmed", "harm"],
  );
  for (const one of PATHS) {
    assert.equal(one.items.length, 5);
    assert.ok(one.steps.length > 0);
    for (const { id, options } of one.items) {
      assert.deepEqual([options[0]?.counts, options.at(-1)?.counts], [0, 2], id);
      const tiers = options.map(({ tier }) => (URGENCY as readonly string[]).indexOf(tier));
      assert.ok(!tiers.includes(-1), id);
      assert.deepEqual(tiers, [...tiers].sort().reverse(), id);
    }
  }
});

test("nothing asked says nothing, and what was not asked counts as nothing, with a reason", () => {
  const self = path("self");
  assert.deepEqual(weigh(NO_RISK, self), { sum: 0, most: 0, urgency: "green", missing: 5 });
  let risk = tapped(NO_RISK, self, "plan", "set");
  risk = UNASKED.reduce((before, why, at) => {
    const item = self.items[at + 1]?.id ?? "";
    return leftOut(before, self, item, why);
  }, risk);
  assert.deepEqual(weigh(risk, self), { sum: 2, most: 2, urgency: "orange", missing: 0 });
  assert.equal(weigh(leftOut(risk, self, "means", ""), self).missing, 1);
});

test("one tap is graver than four that are not: nothing lowers it", () => {
  for (const one of PATHS) {
    assert.deepEqual([weigh(all(one, 0), one).sum, weigh(all(one, 0), one).urgency], [0, "green"]);
    const worst = weigh(all(one, -1), one);
    assert.deepEqual([worst.sum, worst.most, worst.urgency], [10, 10, "red-now"]);
  }
  const self = path("self");
  assert.equal(weigh(tapped(all(self, 0), self, "time", "now"), self).urgency, "red-now");
});

test("a tap after it was done is a new answer, and a reason goes with the answer", () => {
  const self = path("self");
  const done = { ...all(self, 0), done: true };
  assert.equal(tapped(done, self, "alone", "yes").done, false);
  const out = leftOut(done, self, "alone", "gone");
  assert.deepEqual([out.done, out.taps["alone"], out.unasked["alone"]], [false, undefined, "gone"]);
  assert.equal(tapped(out, self, "alone", "no").unasked["alone"], undefined);
});

test("who says that somebody hurts them is asked about that, until the counsellor says otherwise", () => {
  const said = (question: string, option: string) => [{ question, option }];
  assert.equal(pathOf(NO_RISK, []).id, "self");
  assert.equal(pathOf(NO_RISK, said("safe", "harmed")).id, "harmed");
  assert.equal(pathOf(NO_RISK, said("danger", "threatened")).id, "harmed");
  assert.equal(pathOf(NO_RISK, said("safe", "harm")).id, "harm");
  assert.equal(pathOf(turnedTo("self"), said("safe", "harm")).id, "self");
});

test("taps only raise: nothing is raised that is as grave already", () => {
  assert.equal(raises("green", ""), "");
  assert.equal(raises("orange", ""), "orange");
  assert.equal(raises("red-now", "orange"), "now");
  assert.equal(raises("red-now", "recent"), "now");
  assert.equal(raises("orange", "now"), "");
  assert.equal(raises("red-now", "now"), "");
});

test("once a person has ended it the same taps call nobody, and another tap does", () => {
  assert.equal(raises("red-now", "", true), "");
  assert.equal(raises("red-now", "orange", true), "now", "it was called a mistake; the taps stand");
  const self = path("self");
  const again = tapped({ ...all(self, -1), done: true }, self, "time", "now");
  assert.equal(raises(weigh(again, self).urgency, "", again.done), "now");
});

test("a danger that could not be told is offered again, and nothing says that it was", async () => {
  const told: string[] = [];
  let network = false;
  const desk = new Desk({
    ...NOBODY,
    board: {
      ...NO_BOARD,
      danger: async ({ kind }) => {
        if (!network) throw { code: "unreachable" };
        told.push(kind);
      },
    },
    drafts: new Drafts(new MapDrawer()),
    risks: new RiskNotes(new MapDrawer()),
    take: () => Promise.reject(new Error("nobody waits")),
    attend: async () => new RecordedTalk(),
  });
  desk.setBoard(board(mine(LIN)));
  await settle();
  const talk = { ref: LIN, caseCode: "K7Q2" };
  const risk = { ...all(path("self"), -1), done: true };
  await sayAsked(desk, talk, risk, "now");
  assert.deepEqual([told, desk.hands.get(LIN)?.risk.done], [[], false]);
  network = true;
  await sayAsked(desk, talk, risk, "now");
  assert.deepEqual([told, desk.hands.get(LIN)?.risk.done], [["Raise", "Assess"], true]);
});

test("what is kept in words of another table is asked again", () => {
  const kept = { ...all(path("harm"), 1), done: true };
  assert.deepEqual(readRisk(JSON.parse(JSON.stringify(kept))), kept);
  assert.deepEqual(readRisk({ ...kept, version: 0 }), NO_RISK);
  assert.deepEqual(readRisk({ ...kept, path: "other" }), NO_RISK);
  assert.deepEqual(readRisk(null), NO_RISK);
});

test("taps come back after a reload and go with the talk", async () => {
  const drawer = new MapDrawer();
  const notes = new RiskNotes(drawer);
  const risk = all(path("self"), 1);
  await notes.set(LIN, risk);
  await notes.set(WEI, risk);
  await notes.set(HAN, risk);
  assert.deepEqual(await new RiskNotes(drawer).load(WEI), risk);
  await notes.drop(HAN);
  assert.deepEqual(await new RiskNotes(drawer).load(HAN), NO_RISK);
  const reloaded = new RiskNotes(drawer);
  await reloaded.keepOnly([WEI]); // before anybody asked for one
  assert.deepEqual(await reloaded.load(LIN), NO_RISK);
  assert.deepEqual(await new RiskNotes(drawer).load(LIN), NO_RISK);
  await reloaded.keepOnly([]);
  assert.deepEqual([...drawer.records.keys()], []);
});

test("what was asked about a risk is kept for its own talk, and goes when the talk is erased", async () => {
  const drawer = new MapDrawer();
  const talks = new Map<string, RecordedTalk>();
  const desk = new Desk({
    board: NO_BOARD,
    drafts: new Drafts(drawer),
    risks: new RiskNotes(drawer),
    take: () => Promise.reject(new Error("nobody waits")),
    ...PROOFS,
    wheres: new Wheres(drawer),
    pairing: null,
    followUp: () => Promise.resolve(false),
    attend: async (ref) => {
      const talk = new RecordedTalk();
      talks.set(ref, talk);
      return talk;
    },
  });
  desk.setBoard(board(mine(LIN), mine(WEI)));
  await settle();
  const risk = tapped(NO_RISK, pathOf(NO_RISK, []), "plan", "none");
  desk.hands.noteRisk(LIN, risk);
  desk.hands.noteRisk(WEI, risk);
  await settle();
  assert.deepEqual(desk.hands.get(LIN)?.risk, risk);
  talks.get(LIN)?.become({ phase: "erased" });
  await settle();
  assert.deepEqual(desk.hands.get(LIN)?.risk, NO_RISK);
  assert.deepEqual(await new RiskNotes(drawer).load(LIN), NO_RISK);
  assert.deepEqual(await new RiskNotes(drawer).load(WEI), risk);
  assert.ok(
    [...talks.values()].every((talk) => talk.said.length === 0),
    "no message carries it",
  );
});
