import assert from "node:assert/strict";
import { test } from "node:test";

import type { Danger } from "../../../counsel/client/contract.ts";
import { leftOf, type Step, stepsOf } from "../../../triage/client/danger/steps.ts";

const ROW: Danger = {
  caseCode: "K7RM",
  kind: "now",
  state: "raised",
  step: 1,
  minutes: 0,
  left: 30,
  called: "",
  acting: "",
  proposed: "",
  proposedTier: 0,
  assessed: 0,
  unstaffed: 0,
  held: 0,
  second: 0,
  done: [],
  gone: "",
  before: "",
  unheard: 0,
};

const lin = (change: Partial<Danger>): readonly Step[] => stepsOf({ ...ROW, ...change }, false);
const zhou = (change: Partial<Danger>): readonly Step[] => stepsOf({ ...ROW, ...change }, true);

test("whoever can, answers for somebody nobody is with", () => {
  assert.equal(lin({})[0], "acknowledge");
  assert.equal(zhou({})[0], "acknowledge");
});

test("the next step is the first button, for whose turn it is", () => {
  assert.deepEqual(lin({ state: "attended", held: 1 }), ["assess"]);
  assert.equal(zhou({ state: "attended" })[0], "acknowledge");
  assert.equal(zhou({ state: "answered" })[0], "act");
  assert.equal(lin({ state: "led", held: 1 })[0], "assess");
  assert.equal(lin({ state: "led", held: 1, assessed: 1 })[0], "propose");
  assert.equal(zhou({ state: "proposed", second: 1 })[0], "confirm");
  for (const state of ["lowered", "lost", "check"]) {
    assert.equal(zhou({ state })[0], "settle", state);
  }
});

test("nobody is offered what is not theirs to do", () => {
  assert.deepEqual(lin({ state: "attended" }), []);
  assert.deepEqual(lin({ state: "answered", held: 1, assessed: 1 }), []);
  assert.deepEqual(lin({ state: "proposed", held: 1 }), []);
  assert.ok(!lin({ state: "assessed", held: 1 }).includes("settle"), "a red is not ended alone");
  assert.ok(!zhou({ state: "assessed", held: 1 }).includes("settle"), "nor by who talks with them");
  assert.ok(lin({ state: "attended", held: 1, kind: "orange" }).includes("settle"));
});

test("time left is told in steps that do not run", () => {
  assert.deepEqual(leftOf(0), { step: "now", count: 0 });
  assert.deepEqual(leftOf(45), leftOf(15));
  assert.deepEqual(leftOf(61), { step: "minutes", count: 2 });
  assert.deepEqual(leftOf(14_400), { step: "hours", count: 4 });
});
