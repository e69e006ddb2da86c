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
  readonly language: string;
  readonly version: string;
  /** Who may look, and what the lists are never used for. */
  readonly notice: string;
  readonly source: string;
  /** The clinical lead who stands for them, or null. */
  readonly signed_off: string | null;
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
  const between = `(?:\\s*${any(aids["negated, then"])})*`;
  const found = CLASSES.map((name) => [name, all(classes[name])] as const);
  return {
    classes: Object.fromEntries(found) as Record<CueClass, RegExp>,
    hyperbole: all(softeners.Y),
    negatedLast: last(any(softeners.N), between),
    noNegationLast: last(any(aids["negated, but"]), between),
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

const ready = new Map<Lists, Table>();

const WRITTEN = { zh: /[\u3400-\u9fff]/, en: /[a-z]{2}/ };

/** The tables for clauses: Chinese for Chinese, English for words of Latin letters. */
export function tablesFor(said: readonly string[]): Table[] {
  return LISTS.filter(({ language }) => {
    const letters = WRITTEN[language as keyof typeof WRITTEN];
    return said.some((clause) => letters.test(clause));
  }).map(made);
}

/** Made when it is first needed: a sixth-of-the-speed phone takes a moment for each. */
function made(lists: Lists): Table {
  const table = ready.get(lists) ?? prepare(lists);
  ready.set(lists, table);
  return table;
}
