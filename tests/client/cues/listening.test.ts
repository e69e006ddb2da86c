// The ear of one talk: before anybody is there, and once somebody is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isCalm, Listening } from "../../../triage/client/cues/listening.ts";
import { answered, BLANK_INTAKE, endangered } from "../../../triage/client/intake/intake.ts";
import { Telling } from "../../../triage/client/intake/telling.ts";

const ALONE = { alone: true, calm: true };

test("the card comes up once, goes when it is put off, and does not come again", () => {
  const ear = new Listening(() => undefined);
  ear.hear("不想活了", ALONE);
  assert.equal(ear.card, "asks");
  ear.putAway();
  ear.hear("真的不想活了", ALONE);
  assert.equal(ear.card, "");
});

test("with somebody there no card comes up: they are told instead, once", () => {
  const ear = new Listening(() => undefined);
  const there = { alone: false, calm: false };
  assert.equal(ear.hear("不想活了", there).card, true);
  assert.equal(ear.card, "");
  assert.equal(ear.hear("我想死", there).card, false);
});

test("a page that was closed and opened again has not forgotten that it asked", () => {
  let kept = "";
  const ear = new Listening((text) => {
    kept = text;
  });
  ear.hear("不想活了", ALONE);
  assert.equal(new Listening(() => undefined, kept).hear("我想死", ALONE).card, false);
});

test("calm is whoever said nothing but well, and whoever was asked nothing", () => {
  assert.equal(isCalm(BLANK_INTAKE), true);
  assert.equal(isCalm(answered(BLANK_INTAKE, "safe", "safe")), true);
  assert.equal(isCalm(answered(BLANK_INTAKE, "safe", "unsure")), false);
  assert.equal(isCalm(answered(BLANK_INTAKE, "wish", "today")), false);
  assert.equal(isCalm(endangered(BLANK_INTAKE, 1)), false);
});

test("one step up by what was heard never lowers what an answer has said", () => {
  for (const [option, before] of [
    ["unsure", "orange"],
    ["self", "red-now"],
  ] as const) {
    const telling = new Telling({ language: "zh", keep: () => undefined });
    telling.placed({ answer: async () => undefined, ask: async () => undefined }, null);
    telling.answer("safe", option);
    telling.worse("");
    assert.equal(telling.intake.told, before);
  }
});
