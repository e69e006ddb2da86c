/** The page of danger that is over, with a server that answers what a scene says. */

import type { Entrance } from "./entrances.tsx";
import { type Answers, Shown, type Steps } from "./office.tsx";
import { ZHOU } from "./officeStates.ts";

const zh = document.documentElement.lang.startsWith("zh");
const LIN = zh ? "林" : "Lin";
const NAME = zh ? "周" : "Zhou";

const past = (id: number, change: object = {}) => ({
  id,
  day: "2026-11-24",
  kind: "now",
  state: "closed",
  outcome: "accompanied",
  case: "K7RM",
  unstaffed: false,
  reviewed: false,
  owed: 0,
  ...change,
});

const step = (after: number, event: string, change: object = {}) => ({
  after,
  event,
  target: "",
  role: "clock",
  who: "",
  reason: "",
  called: "",
  ...change,
});

const ALL = {
  rows: [
    past(3, { owed: 1 }),
    past(2, { state: "erased", outcome: "", case: "", kind: "recent", unstaffed: true }),
    past(1, { outcome: "safe", case: "C4XT", reviewed: true }),
  ],
  learn: [
    ...["well", "late", "unreached", "few", "unasked"],
    ...["passing", "places", "practice", "timers", "machine"],
  ],
  inside: [],
};

const TOLD = {
  ...past(3, { owed: 1 }),
  unassessed: "",
  shown: 48,
  steps: [
    step(0, "raise", { role: "seeker", reason: "button" }),
    step(31, "page", { called: "duty" }),
    step(48, "show", { role: "seeker" }),
    step(48, "page", { called: "supervisor" }),
    step(62, "acknowledge", { role: "supervisor", who: NAME }),
    step(95, "act", { role: "supervisor", who: NAME, reason: "advised" }),
    step(410, "assess", { role: "counsellor", who: LIN }),
    step(1500, "propose", { role: "counsellor", who: LIN, reason: "safe" }),
    step(1580, "confirm", { role: "supervisor", who: NAME, reason: "safe" }),
    step(3100, "close", { role: "counsellor", who: LIN, reason: "accompanied" }),
  ],
  debriefs: [
    { who: LIN, begun: true },
    { who: NAME, begun: false },
  ],
  learned: [],
  by: "",
};

const review = (steps: Steps = [], answers: Answers = {}): Entrance => ({
  view: (
    <Shown
      page="review"
      who={ZHOU}
      answers={{ reviews: ALL, "reviews/one": TOLD, "reviews/learn": KEPT, ...answers }}
    />
  ),
  steps,
});

const KEPT = { ...TOLD, learned: ["late"], by: NAME, reviewed: true };

export const REVIEW_SCENES: Readonly<Record<string, Entrance>> = {
  review: review(),
  "review-none": review([], { reviews: { ...ALL, rows: [] } }),
  "review-inside": review([], { reviews: { ...ALL, inside: [{ who: LIN, talks: 2 }] } }),
  "review-one": review([".past button"]),
  "review-kept": review([".past button", "input[value=late]", ".learn button"]),
  "review-offline": review([], { reviews: "offline" }),
};
