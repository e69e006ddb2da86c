// The same vectors as tests/triage/intake/test_scoring.py: both languages find the same urgency in
// every combination of answers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { type Answers, mostUrgent, score, URGENCY } from "../../../triage/client/intake/scoring.ts";

const file = new URL("../../vectors/intake.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
  letters: Record<string, string>;
  rest: string[];
  tiers: Record<string, string>;
  feelings: string;
};
const PARTS = ["nervous", "worry", "interest", "down"];

function answered(pairs: readonly (readonly [string, string | undefined])[]): Answers {
  return Object.fromEntries(pairs.filter(([, answer]) => answer !== "-")) as Answers;
}

function felt(parts: string): [string, string | undefined][] {
  return PARTS.map((part, place) => [part, parts[place]]);
}

test("every combination of answers is as urgent here as in the table", () => {
  let count = 0;
  for (const [first, letters] of Object.entries(vectors.tiers)) {
    const [safe, wish, other] = first.split(" ");
    vectors.rest.forEach((more, place) => {
      const [plan, tried, company, pressing, feelings = ""] = more.split(" ");
      const answers = answered([
        ["safe", safe],
        ["wish", wish],
        ["other", other],
        ["plan", plan],
        ["tried", tried],
        ["company", company],
        ...felt(feelings),
      ]);
      const topics = pressing === "yes" ? ["wages"] : ["mood"];
      assert.equal(score(answers, topics), vectors.letters[letters[place] ?? ""], first + more);
      count += 1;
    });
  }
  assert.equal(count, 100_800);
});

test("every answer to the four about feelings is as urgent here as in the table", () => {
  const all = ["-", "0", "1", "2", "3"];
  let place = 0;
  for (const a of all)
    for (const b of all)
      for (const c of all)
        for (const d of all) {
          const answers = answered([["safe", "safe"], ["wish", "none"], ...felt(a + b + c + d)]);
          assert.equal(score(answers), vectors.letters[vectors.feelings[place] ?? ""]);
          place += 1;
        }
});

test("who skips everything still gets a person who asks", () => {
  assert.equal(score({}), "yellow");
});

test("nothing that is added to a tier lowers it", () => {
  for (const one of URGENCY) {
    for (const other of URGENCY) {
      const both = mostUrgent(one, other);
      assert.ok(URGENCY.indexOf(both) <= URGENCY.indexOf(one));
      assert.equal(both, mostUrgent(other, one));
    }
  }
});
