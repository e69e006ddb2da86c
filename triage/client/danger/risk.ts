/**
 * What was asked about a risk, in five taps, and what that says. Pure.
 *
 * The taps stay in this browser, sealed. What leaves it is the tier and that somebody asked.
 */

import book from "../../escalation/risk.json" with { type: "json" };
import type { Said } from "../intake/answers.ts";
import { mostUrgent, URGENCY, type Urgency } from "../intake/scoring.ts";

export interface RiskOption {
  readonly id: string;
  readonly counts: number;
  readonly tier: string;
}

export interface RiskItem {
  readonly id: string;
  readonly options: readonly RiskOption[];
}

/** Whom it is about decides what is done first, and what is asked. */
export interface RiskPath {
  readonly id: string;
  readonly steps: readonly string[];
  readonly items: readonly RiskItem[];
}

export const PATHS: readonly RiskPath[] = book.paths;
/** Why an item was not asked. */
export const UNASKED: readonly string[] = book.unasked;
/** Whether somebody clinical stands for what is asked and what it counts. */
export const RISK_SIGNED: boolean = book.signed_off !== null;

/** `taps`: an option by item. `unasked`: why not, by item. `done`: a person said that is all. */
export interface Risk {
  readonly version: number;
  readonly path: string;
  readonly taps: Readonly<Record<string, string>>;
  readonly unasked: Readonly<Record<string, string>>;
  readonly done: boolean;
}

export const NO_RISK: Risk = {
  version: book.version,
  path: "",
  taps: {},
  unasked: {},
  done: false,
};

/** The path of these answers, until somebody chooses another. */
export function pathOf(risk: Risk, answers: readonly Said[]): RiskPath {
  const said = answers.map(({ question, option }) => `${question}=${option}`);
  const threatened = said.includes("safe=harmed") || said.includes("danger=threatened");
  const suggested = said.includes("safe=harm") ? "harm" : threatened ? "harmed" : "self";
  const id = risk.path === "" ? suggested : risk.path;
  return PATHS.find((path) => path.id === id) ?? (PATHS[0] as RiskPath);
}

/** Another tap, of this item alone; what was not asked is asked by it. */
export function tapped(risk: Risk, path: RiskPath, item: string, option: string): Risk {
  const { [item]: _, ...unasked } = risk.unasked;
  return { ...onPath(risk, path), taps: { ...risk.taps, [item]: option }, unasked };
}

/** Not asked, and why; "": it will be. */
export function leftOut(risk: Risk, path: RiskPath, item: string, why: string): Risk {
  const { [item]: _, ...taps } = risk.taps;
  const { [item]: __, ...unasked } = risk.unasked;
  const next = why === "" ? unasked : { ...unasked, [item]: why };
  return { ...onPath(risk, path), taps, unasked: next };
}

/** It is about something else: what was tapped for another path says nothing here. */
export function turnedTo(path: string): Risk {
  return { ...NO_RISK, path };
}

/** What the taps say: `sum` of `most` over what was asked, how urgent, and how many are missing. */
export function weigh(risk: Risk, path: RiskPath) {
  const chosen = path.items.flatMap((item) => {
    const option = item.options.find((one) => one.id === risk.taps[item.id]);
    return option === undefined ? [] : [{ item, option }];
  });
  const most = chosen.reduce((all, { item }) => all + heaviest(item), 0);
  const sum = chosen.reduce((all, { option }) => all + option.counts, 0);
  const unasked = path.items.filter((item) => (risk.unasked[item.id] ?? "") !== "").length;
  const urgency = mostUrgent(...chosen.map(({ option }) => option.tier));
  return { sum, most, urgency, missing: path.items.length - chosen.length - unasked };
}

/**
 * The danger to raise once all is asked, or "": `open` is the one that is open already. Taps only
 * ever raise; less urgent takes two people. What was told is `done`: once a person has ended that, the
 * same taps call nobody again.
 */
export function raises(urgency: Urgency, open: string, done = false): string {
  if (done && open === "") return "";
  const kind = DANGERS[urgency] ?? "";
  const before = URGENCY.findIndex((one) => DANGERS[one] === open);
  return kind !== "" && (before === -1 || URGENCY.indexOf(urgency) < before) ? kind : "";
}

const DANGERS: Partial<Record<Urgency, string>> = {
  "red-now": "now",
  "red-recent": "recent",
  orange: "orange",
};

/** What is kept, or a blank one for anything that is in no table of ours. */
export function readRisk(kept: unknown): Risk {
  const risk = (kept ?? {}) as Partial<Risk>;
  const known = risk.version === book.version && PATHS.some(({ id }) => id === risk.path);
  return known ? { ...NO_RISK, ...risk } : NO_RISK;
}

function onPath(risk: Risk, path: RiskPath): Risk {
  return { ...risk, path: path.id, done: false };
}

function heaviest(item: RiskItem): number {
  return Math.max(...item.options.map((option) => option.counts));
}
