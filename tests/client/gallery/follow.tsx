/** The follow-up list, with a server that answers what a scene says. */

import type { Json, Me } from "../../../counsel/client/staffApi.ts";
import type { Entrance } from "./entrances.tsx";
import { type Answers, Shown, type Steps } from "./office.tsx";
import { LIN, ZHOU } from "./officeStates.ts";

const row = (id: number, change: Json = {}): Json => ({
  ...{ id, case: "K7RM", kind: "red", state: "agreed", due: "2026-11-24", late: 0, ended: "" },
  ...{ owner: LIN.working_name, mine: true, step: 1, of: 5, past: [] },
  ...change,
});
const past = (event: string, on: string, who = LIN.working_name): Json => ({ event, on, who });

const OWN: readonly Json[] = [
  row(1, {
    ...{ due: "2026-11-21", late: 3, step: 2 },
    past: [past("agree", "2026-11-17"), past("miss", "2026-11-18")],
  }),
  row(2, { case: "C4XT", kind: "orange", of: 3 }),
  row(3, { case: "", state: "unasked", due: "2026-11-26" }),
  row(4, { case: "H6PD", kind: "agreed", due: "2026-12-01", of: 1 }),
  row(5, {
    ...{ case: "W9TC", state: "unreached", due: "", ended: "2026-11-20" },
    past: [past("agree", "2026-11-02"), past("give-up", "2026-11-20")],
  }),
  row(6, {
    case: "",
    state: "unknown",
    due: "",
    ended: "2026-11-19",
    past: [past("lapse", "2026-11-19", "")],
  }),
];
const ALL: readonly Json[] = OWN.map((one, place) => ({
  ...one,
  ...(place === 2 ? { mine: false, owner: "" } : { mine: false }),
}));
const PEOPLE = [LIN, ZHOU].map(({ person, working_name }) => ({ person, name: working_name }));

const follow = (answers: Answers = {}, steps: Steps = [], who: Me = LIN): Entrance => ({
  view: (
    <Shown
      page="follow"
      who={who}
      answers={{
        "follow-ups": { rows: OWN, more: 0, signed: false, people: [] },
        ...answers,
      }}
    />
  ),
  steps,
});
const LEADS = { "follow-ups": { rows: ALL, more: 7, signed: false, people: PEOPLE } };

export const FOLLOW_PAGES: Readonly<Record<string, Entrance>> = {
  "follow-list": follow(),
  "follow-none": follow({ "follow-ups": { rows: [], more: 0, signed: false, people: [] } }),
  "follow-all": follow(LEADS, [], ZHOU),
  "follow-said": follow({}, ["[data-outcome=reached]"]),
  "follow-late": follow({ "follow-ups/say": "too-late" }, ["[data-outcome=unreached]"]),
  "follow-offline": follow({ "follow-ups": "offline" }),
};
