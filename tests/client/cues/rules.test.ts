// What the phone hears in a worker's own words, and what it lets pass.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { clauses, hear } from "../../../triage/client/cues/rules.ts";
import { CLASSES, LISTS } from "../../../triage/client/cues/tables.ts";

interface Sentence {
  readonly language: string;
  readonly expect: "raise" | "ask" | "none";
  readonly about: string;
  readonly text: string;
}

const file = new URL("../../vectors/cues-challenge.json", import.meta.url);
const { sentences } = JSON.parse(readFileSync(file, "utf8")) as { sentences: Sentence[] };
const alerts = (text: string): boolean => ["ask", "raise"].includes(hear(text).level);

test("half of the made-up sentences are there to fool it, and none does", () => {
  const silent = sentences.filter(({ expect }) => expect === "none");
  assert.ok(sentences.length >= 300 && silent.length * 2 >= sentences.length);
  assert.deepEqual(
    silent.map(({ text }) => text).filter((text) => alerts(text)),
    [],
  );
});

test("of the sentences that speak of danger it lets at most one in twenty pass", () => {
  const wanted = sentences.filter(({ expect }) => expect !== "none");
  const passed = wanted.filter(({ text }) => !alerts(text));
  assert.ok(passed.length * 20 <= wanted.length, passed.map(({ text }) => text).join("\n"));
});

test("somebody who threatens to jump for their wages is heard as in danger, not as bargaining", () => {
  assert.equal(hear("要不到钱我就喝农药给他看").level, "raise");
  assert.equal(hear("讨薪要走什么程序").level, "none");
});

test("a wish alone asks; a wish with a time, means or a plan raises", () => {
  assert.equal(hear("不想活了").level, "ask");
  assert.equal(hear("今晚下了夜班我就不活了").level, "raise");
  assert.equal(hear("I want to die").level, "ask");
  assert.equal(hear("I want to die, I have a rope in my locker").level, "raise");
});

test("whoever was named last is who it is about", () => {
  assert.equal(hear("我朋友说不想活了").level, "none");
  assert.equal(hear("老板逼得我不想活了").level, "ask");
  assert.equal(hear("看到组长就想死").level, "ask");
  assert.equal(hear("老公走了,想死").level, "ask");
});

test("a denial is a denial, and only of what it stands before", () => {
  assert.equal(hear("我没有想自杀").level, "none");
  assert.equal(hear("我没有想自杀,我就是不想活").level, "ask");
  assert.equal(hear("有没有想自杀?有").level, "ask");
  assert.equal(hear("为什么不去死").level, "ask");
});

test("long ago and over is let be; long ago and tried is asked about", () => {
  assert.equal(hear("去年最难的时候想死,都过去了").level, "count");
  assert.equal(hear("去年想死,最近又想死").level, "ask");
  assert.equal(hear("我以前自杀过两次").level, "ask");
});

test("full width, capitals, blanks between characters and curly quotes change nothing", () => {
  assert.equal(hear("我 想 死").level, "ask");
  assert.equal(hear("I DON’T WANT TO LIVE").level, "ask");
  assert.equal(hear("ｋｉｌｌ ｍｙｓｅｌｆ").level, "ask");
  assert.deepEqual(clauses("累。了 ,  Don't"), ["累", "了", "dont"]);
});

test("nothing that can be typed keeps the phone busy", () => {
  const hostile = ["我", "想", "死了", "没有想", "a b ", "not going to ", "他我", "("].map((part) =>
    part.repeat(24_000 / part.length),
  );
  for (const text of ["", " ", "…", ...hostile]) {
    const began = performance.now();
    hear(text);
    assert.ok(performance.now() - began < 250, text.slice(0, 8));
  }
});

test("the tables say what they are, who stands for them, and say nothing twice", () => {
  for (const lists of LISTS) {
    assert.match(lists.notice, /never shown to a seeker/);
    assert.ok(lists.version !== "" && lists.source !== "" && "signed_off" in lists);
    const groups = [...CLASSES.map((name) => lists.classes[name]), ...Object.values(lists.aids)];
    for (const phrases of [...groups, ...Object.values(lists.softeners)]) {
      assert.equal(new Set(phrases).size, phrases.length, phrases.join());
      assert.ok(phrases.every((phrase) => phrase !== "" && phrase === phrase.toLowerCase()));
    }
  }
});
