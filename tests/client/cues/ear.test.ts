// What comes of it over a talk: one card, one step, and nothing that ever goes down.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  attend,
  gravest,
  NOTHING_HEARD,
  readMemory,
  writeMemory,
} from "../../../triage/client/cues/ear.ts";

const file = new URL("../../vectors/cues-challenge.json", import.meta.url);
const { sentences } = JSON.parse(readFileSync(file, "utf8")) as { sentences: { text: string }[] };

test("Wei is asked once, however often she writes of it", () => {
  let memory = NOTHING_HEARD;
  let [cards, raises] = [0, 0];
  for (const { text } of sentences) {
    const result = attend(memory, text, true);
    cards += result.card ? 1 : 0;
    raises += result.raise ? 1 : 0;
    memory = result.memory;
  }
  assert.deepEqual([cards, raises], [1, 1]);
});

test("what comes later and is graver still moves a step up, without a second card", () => {
  const first = attend(NOTHING_HEARD, "不想活了", true);
  assert.deepEqual([first.card, first.raise], [true, false]);
  const second = attend(first.memory, "药已经吃下去了", true);
  assert.deepEqual([second.card, second.raise], [false, true]);
});

test("whoever was asked by the questions already is not asked by the card, and danger still is", () => {
  assert.equal(attend(NOTHING_HEARD, "不想活了", false).card, false);
  assert.deepEqual(attend(NOTHING_HEARD, "今晚我就不活了", false).card, true);
});

test("weary once is let be, weary twice is asked about", () => {
  const once = attend(NOTHING_HEARD, "这日子没盼头", true);
  assert.equal(once.card, false);
  assert.equal(attend(once.memory, "真的撑不下去了", true).card, true);
});

test("a page that comes back knows that it has asked", () => {
  const { memory } = attend(NOTHING_HEARD, "不想活了", true);
  assert.deepEqual(readMemory(writeMemory(memory)), memory);
  assert.deepEqual(readMemory(""), NOTHING_HEARD);
});

test("Lin's console hears the same in words it has opened", () => {
  assert.equal(gravest(["加班费没给够", "活够了", "明天再说"]), "ask");
  assert.equal(gravest(["活够了", "今晚我就去死"]), "raise");
  assert.equal(gravest(["累死了"]), "none");
});
