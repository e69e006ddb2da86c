// The ear of one talk: before anybody is there, and once somebody is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isCalm, Listening } from "../../../triage/client/cues/listening.ts";
import { answered, BLANK_INTAKE, endangered } from "../../../triage/client/intake/intake.ts";
import { Telling } from "../../../triage/client/intake/telling.ts";

const QUIET = { keep: () => undefined };
const ALONE = { alone: true, calm: true };

test("the card comes up once, goes when it is put off, and does not come again", async () => {
  const ear = new Listening(QUIET);
  await ear.hear("不想活了", ALONE);
  assert.equal(ear.card, "asks");
  ear.putAway();
  await ear.hear("真的不想活了", ALONE);
  assert.equal(ear.card, "");
});

test("with somebody there no card comes up: they are told instead, once", async () => {
  const ear = new Listening(QUIET);
  const there = { alone: false, calm: false };
  assert.equal((await ear.hear("不想活了", there)).card, true);
  assert.equal(ear.card, "");
  assert.equal((await ear.hear("我想死", there)).card, false);
});

test("a page that was closed and opened again has not forgotten that it asked", async () => {
  let kept = "";
  const ear = new Listening({
    keep: (text) => {
      kept = text;
    },
  });
  await ear.hear("不想活了", ALONE);
  assert.equal((await new Listening(QUIET, kept).hear("我想死", ALONE)).card, false);
});

test("without a line to fetch the rules over, words pass; with the next ones it is tried again", async () => {
  let tries = 0;
  const load = () => {
    tries += 1;
    return tries < 2
      ? Promise.reject(new Error("offline"))
      : import("../../../triage/client/cues/ear.ts");
  };
  const ear = new Listening({ ...QUIET, load });
  assert.equal((await ear.hear("不想活了", ALONE)).card, false);
  assert.equal((await ear.hear("不想活了", ALONE)).card, true);
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
