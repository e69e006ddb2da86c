/**
 * The word lists of `triage/cues/`, made ready to listen with. The notation is small enough for
 * somebody who writes no programs: `(a|b)`, `…` for a few characters, `。` for the end of a clause.
 */

import en from "../../cues/cues.en.json" with { type: "json" };
import zh from "../../cues/cues.zh.json" with { type: "json" };

/**
 * What a phrase speaks of: in Progress · Attempt · Means · Time · Farewell · Wish to die · Burden
 * · weary, which is too little alone (V) · Self-harm · Harm to others · waGes.
 */
export const CLASSES = ["P", "A", "M", "T", "F", "W", "B", "V", "S", "H", "G"] as const;
export type CueClass = (typeof CLASSES)[number];

export interface Lists {
  readonly version: string;
  readonly language: string;
  readonly classes: Readonly<Record<CueClass, readonly string[]>>;
  /** Negated · hYperbole · 3rd person · Done with long ago. */
  readonly softeners: Readonly<Record<"N" | "Y" | "3" | "D", readonly string[]>>;
  readonly aids: Readonly<Record<Aid, readonly string[]>>;
}

type Aid =
  | "negated, then"
  | "negated, but"
  | "first person"
  | "third person, but"
  | "third person, or"
  | "past, but"
  | "past, and"
  | "intent"
  | "wish, and";

/** Each pattern finds all its phrases in one clause; those with `last` only right at its end. */
export interface Table {
  readonly classes: Readonly<Record<CueClass, RegExp>>;
  readonly hyperbole: RegExp;
  readonly negatedLast: RegExp;
  readonly noNegationLast: RegExp;
  readonly person: RegExp;
  readonly first: RegExp;
  readonly objectLast: RegExp;
  readonly cause: RegExp;
  readonly past: RegExp;
  readonly still: RegExp;
  readonly resolved: RegExp;
  readonly intent: RegExp;
  readonly plan: RegExp;
}

/** How far `…` reaches. */
const GAP = { zh: ".{0,8}", en: ".{0,24}" };

function pattern(phrase: string, gap: string): string {
  return phrase
    .replace(/['’]/g, "")
    .replace(/[.*+?^${}[\]\\]/g, "\\$&")
    .replace(/\(/g, "(?:")
    .replace(/…/g, gap)
    .replace(/。/g, "$$");
}

/** Throws a SyntaxError for a phrase whose brackets do not match. */
export function prepare(lists: Lists): Table {
  const spaced = lists.language !== "zh";
  const gap = spaced ? GAP.en : GAP.zh;
  const any = (phrases: readonly string[]): string => {
    if (phrases.length === 0) return "(?!)";
    const longestFirst = [...phrases].sort((a, b) => b.length - a.length);
    const one = longestFirst.map((phrase) => pattern(phrase, gap)).join("|");
    return spaced ? `\\b(?:${one})\\b` : `(?:${one})`;
  };
  const all = (phrases: readonly string[]): RegExp => new RegExp(any(phrases), "g");
  const once = (phrases: readonly string[]): RegExp => new RegExp(any(phrases));
  const last = (...groups: readonly string[]): RegExp => new RegExp(`${groups.join("")}\\s*$`);
  const { classes, softeners, aids } = lists;
  const found = CLASSES.map((name) => [name, all(classes[name])] as const);
  return {
    classes: Object.fromEntries(found) as Record<CueClass, RegExp>,
    hyperbole: all(softeners.Y),
    negatedLast: last(any(softeners.N), `(?:\\s*${any(aids["negated, then"])})*`),
    noNegationLast: last(any(aids["negated, but"])),
    person: all([...aids["first person"], ...softeners["3"]]),
    first: last(any(aids["first person"])),
    objectLast: last(any(aids["third person, but"])),
    cause: once(aids["third person, or"]),
    past: once(softeners.D),
    still: once(aids["past, but"]),
    resolved: once(aids["past, and"]),
    intent: once(aids.intent),
    plan: once(aids["wish, and"]),
  };
}

export const LISTS: readonly Lists[] = [zh, en];

let ready: readonly Table[] = [];

/** Made at the first sentence, not while the page opens. */
export function tables(): readonly Table[] {
  if (ready.length === 0) ready = LISTS.map(prepare);
  return ready;
}
