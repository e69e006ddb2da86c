// What somebody says on the way to a place: what of it is asked next, what the queue hears, and what
// stays on the phone.

import assert from "node:assert/strict";
import test from "node:test";
import { decodeAnswers } from "../../../triage/client/intake/answers.ts";
import {
  ahead,
  answered,
  BLANK_INTAKE,
  type Intake,
  mayTakeBack,
  steppedBack,
  urgencyOf,
} from "../../../triage/client/intake/intake.ts";
import { readRequest } from "../../../triage/client/intake/request.ts";
import { callsAtOnce, Telling } from "../../../triage/client/intake/telling.ts";
import { TIER, unpackRequest } from "../../../triage/client/request.ts";

const PRESSED = 1_000_000;

class Phone {
  kept = "";
  readonly asked: Uint8Array[] = [];
  readonly answers: string[] = [];
  readonly telling = new Telling({ language: "zh", keep: (text) => (this.kept = text) });

  say(...said: readonly (readonly [question: string, option: string])[]): this {
    for (const [question, option] of said) this.telling.answer(question, option);
    return this;
  }

  place(): this {
    const begun = this.telling.begin();
    this.asked.push(begun.request);
    this.answers.push(begun.answers);
    this.telling.placed(this.talk, begun);
    return this;
  }

  readonly talk = {
    ask: async (request: Uint8Array) => void this.asked.push(request),
    answer: async (text: string) => void this.answers.push(text),
  };

  get heard(): string[] {
    return this.asked.map((bytes) => {
      const { asked, urgency } = readRequest(bytes);
      return `${asked} ${urgency}`;
    });
  }
}

function next(intake: Intake, stage: "before" | "placed" | "waiting"): string[] {
  return ahead(intake, stage).map((question) => question.id);
}

test("two questions lead to a place, and the rest is asked once it is there", () => {
  const phone = new Phone();
  assert.deepEqual(next(phone.telling.intake, "before"), ["safe", "wish"]);
  phone.say(["safe", "unsure"], ["wish", "today"]);
  assert.deepEqual(next(phone.telling.intake, "before"), []);
  assert.deepEqual(next(phone.telling.intake, "placed"), ["plan", "tried"]);
});

test("who would rather not say is asked no further", () => {
  const phone = new Phone().say(["safe", "safe"], ["wish", "unsaid"]);
  for (const stage of ["before", "placed", "waiting"] as const) {
    assert.deepEqual(next(phone.telling.intake, stage), []);
  }
  assert.equal(urgencyOf(phone.telling.intake), "yellow");
});

test("who worries about somebody else is asked about them, and nothing of themselves", () => {
  const phone = new Phone().say(["safe", "other"]);
  assert.deepEqual(next(phone.telling.intake, "before"), ["other"]);
  assert.equal(callsAtOnce(phone.say(["other", "now"]).telling.intake), true);
});

test("who is being hurt has a place at once, and is asked first whether typing is safe", () => {
  const phone = new Phone().say(["safe", "harmed"]);
  assert.equal(callsAtOnce(phone.telling.intake), true);
  phone.place();
  assert.deepEqual(phone.heard, ["begin red-now"]);
  assert.deepEqual(next(phone.telling.intake, "placed"), ["typing"]);
});

test("going back forgets the answer, and what only it had led to", () => {
  let intake = answered(BLANK_INTAKE, "safe", "safe");
  intake = answered(answered(intake, "wish", "today"), "plan", "soon");
  assert.equal(urgencyOf(intake), "red-now");
  intake = answered(intake, "wish", "none");
  assert.deepEqual(intake.answers, { safe: "safe", wish: "none" });
  assert.deepEqual(intake.seen, ["safe", "wish"]);
  assert.deepEqual(steppedBack(intake).seen, ["safe"]);
  assert.deepEqual(steppedBack(BLANK_INTAKE), BLANK_INTAKE);
});

test("an answer while waiting tells the queue only when it is more urgent", () => {
  const phone = new Phone().say(["safe", "safe"], ["wish", "before"]).place();
  phone.say(["plan", "none"], ["tried", "yes"], ["company", "yes"]);
  assert.deepEqual(phone.heard, ["begin yellow", "changed red-recent"]);
  phone.say(["wish", "none"]);
  assert.equal(urgencyOf(phone.telling.intake), "red-recent", "nothing said later lowers it");
  assert.equal(phone.asked.length, 2);
});

test("it got worse raises one step, and red takes an answer", () => {
  const phone = new Phone().say(["safe", "safe"], ["wish", "none"]).place();
  phone.telling.worse("");
  phone.telling.worse("");
  phone.telling.worse("");
  assert.deepEqual(phone.heard, ["begin green", "worse yellow", "worse orange", "worse orange"]);
});

test("beside worse goes what was told before, so that it raises once however often it comes", () => {
  const phone = new Phone().say(["safe", "safe"], ["wish", "none"]).place();
  phone.telling.worse("");
  phone.telling.worse("");
  phone.telling.danger(PRESSED);
  assert.deepEqual(
    phone.asked.map((bytes) => unpackRequest(bytes).told),
    [0, 1 + TIER.green, 1 + TIER.yellow, 0],
  );
});

test("the danger button is red at once; called a mistake within a minute, orange stays", () => {
  const phone = new Phone().say(["safe", "safe"], ["wish", "none"]).place();
  phone.telling.danger(PRESSED);
  assert.equal(mayTakeBack(phone.telling.intake, PRESSED + 59_000), true);
  assert.equal(mayTakeBack(phone.telling.intake, PRESSED + 60_000), false);
  phone.telling.tap("mistake");
  assert.deepEqual(phone.heard, ["begin green", "danger red-now", "mistake orange"]);
  assert.equal(urgencyOf(phone.telling.intake), "orange");
});

test("a thumb that pressed twice made one mistake, and a press after the minute is another", () => {
  const phone = new Phone().say(["safe", "safe"], ["wish", "none"]).place();
  phone.telling.danger(PRESSED);
  phone.telling.danger(PRESSED + 3_000);
  assert.equal(mayTakeBack(phone.telling.intake, PRESSED + 60_000), false, "as the server counts");
  phone.telling.tap("mistake");
  assert.equal(urgencyOf(phone.telling.intake), "orange");
  phone.telling.danger(PRESSED + 30_000);
  phone.telling.danger(PRESSED + 95_000);
  phone.telling.tap("mistake");
  assert.equal(urgencyOf(phone.telling.intake), "red-now", "pressed and meant, then pressed again");
});

test("a button pressed before there is a place carries the danger with the start", () => {
  const phone = new Phone();
  phone.telling.danger(PRESSED);
  const begun = phone.telling.begin();
  phone.telling.tap("mistake");
  phone.telling.placed(phone.talk, begun);
  assert.equal(readRequest(begun.request).asked, "danger");
  assert.equal(unpackRequest(begun.request).tier, 2, "what stays if it was a mistake");
  assert.deepEqual(phone.heard, ["mistake orange"]);
});

test("what was answered is for whoever comes, skipped ones too, and none of it is in the request", () => {
  const phone = new Phone().say(["safe", "unsure"], ["wish", ""]).place();
  phone.telling.danger(PRESSED);
  phone.telling.tap("afraid");
  assert.deepEqual(decodeAnswers(phone.answers[phone.answers.length - 1] ?? ""), [
    { question: "danger", option: "afraid" },
    { question: "safe", option: "unsure" },
    { question: "wish", option: "" },
  ]);
  for (const request of phone.asked) {
    assert.equal(request.length, 64);
    assert.equal(new TextDecoder().decode(request).includes("unsure"), false);
  }
});

test("answers that no client of ours writes are shown as none", () => {
  assert.equal(decodeAnswers("hello"), null);
  assert.deepEqual(decodeAnswers("intake 1\nsafe=<b>\nnobody=1\nwish=today"), [
    { question: "wish", option: "today" },
  ]);
});

test("a page that was put away goes on where it was, and shows the bytes that left", () => {
  const phone = new Phone().say(["safe", "unsure"], ["wish", "none"]);
  phone.telling.choose({ topics: ["wages", "family"], region: "44", industry: "food" });
  phone.place();
  const again = new Telling({ language: "zh", keep: () => undefined }, phone.kept);
  assert.deepEqual(again.intake, phone.telling.intake);
  assert.deepEqual(again.request, phone.asked[0]);
  const { asked: _, ...said } = readRequest(again.request);
  assert.deepEqual(said, {
    urgency: "orange",
    topics: ["family", "wages"],
    language: "zh",
    region: "44",
    industry: "food",
    noPlants: false,
    sameListener: false,
  });
});
