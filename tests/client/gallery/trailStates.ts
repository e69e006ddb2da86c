/** A trail, made up by hand: what its page must be able to show. */

import type { Json, Me } from "../../../counsel/client/staffApi.ts";
import { CHEN, LIN, SUN, WANG, ZHOU } from "./officeStates.ts";
import { EVENING } from "./standing.ts";

const MINUTE = 60_000;

let next = 900;

const entry = (what: string, by: Me | null, change: Json = {}): Json => {
  next -= 1;
  const at = new Date(EVENING - (900 - next) * 7 * MINUTE).toISOString();
  return {
    id: next,
    at: `${at.slice(0, 16)}Z`,
    by,
    role: by?.role ?? "shell",
    what,
    about: null,
    noun: "",
    thing: "",
    ...change,
  };
};

const day = (): Json => ({ at: new Date(EVENING).toISOString().slice(0, 10) });
const PEOPLE = [CHEN, LIN, SUN, WANG, ZHOU];

const ENTRIES: readonly Json[] = [
  entry("trail-read", SUN),
  entry("case-ended", LIN, { ...day(), noun: "case", thing: "K7RM" }),
  entry("case-opened", LIN, { ...day(), noun: "case", thing: "" }),
  entry("case-taken", LIN, { ...day(), noun: "case", thing: "C4XT" }),
  entry("case-passed", LIN, { ...day(), noun: "case", thing: "M2PQ" }),
  entry("case-lowered", ZHOU, { ...day(), noun: "case", thing: "K7RM" }),
  entry("cap-changed", ZHOU, { about: LIN, noun: "count", thing: "2" }),
  entry("offers-on", LIN),
  entry("shift-step", ZHOU, { noun: "shift", thing: "214 check-in" }),
  entry("suspended", WANG, { about: CHEN }),
  entry("role-changed", WANG, { about: LIN, noun: "role", thing: "supervisor" }),
  entry("sign-in-failed", null, { role: "", about: WANG, noun: "count", thing: "4" }),
  entry("hotline-called", ZHOU, { noun: "number", thing: "12356" }),
  entry("gate-signed", ZHOU, { noun: "signed", thing: "texts" }),
  entry("right-used", WANG, { noun: "right", thing: "run-people" }),
  entry("device-certified", null, { about: ZHOU, noun: "device", thing: "8d3f 02ac 91e4 77b0" }),
  entry("added", null, { about: SUN }),
];

export const TRAIL: Json = { entries: ENTRIES, before: 800, total: 4213, people: PEOPLE };
export const ALL: Json = { entries: ENTRIES, before: 0, total: 17, people: PEOPLE };
export const NOTHING: Json = { entries: [], before: 0, total: 0, people: PEOPLE };

const verdict = (change: Json = {}): Json => ({
  rows: 4213,
  open: 3,
  vouched: { seq: 4210, at: `${new Date(EVENING - MINUTE).toISOString().slice(0, 16)}Z` },
  wrong: "",
  first: 0,
  last: 0,
  ...change,
});

export const FITS: Json = verdict();
export const WRONG: Readonly<Record<string, Json>> = {
  changed: verdict({ wrong: "changed", first: 317, last: 317 }),
  cut: verdict({ wrong: "cut", first: 4180, last: 4210 }),
  unknown: verdict({ wrong: "unknown", vouched: null, open: 4213 }),
};
