/**
 * What a person's own words may be about, heard on the device they were written on. Pure.
 *
 * Nothing in here lowers or refuses anything. `raise`: something in progress, or a wish with means,
 * a time or a farewell, or harm to somebody meant in earnest: one step up, one card. `ask`: a wish
 * or a burden alone: a card, unless the answers have asked already. `count`: too little alone.
 * Classes and rule: clinical notes, section 5.5; unvalidated, and signed by nobody yet.
 */

import { CLASSES, type CueClass, type Table, tablesFor } from "./tables.ts";

export const LEVELS = ["none", "count", "ask", "raise"] as const;
export type Level = (typeof LEVELS)[number];

export interface Heard {
  readonly level: Level;
  /** What was heard, each class once; for who tunes the lists, never for a screen of a seeker. */
  readonly classes: readonly CueClass[];
}

export const SILENCE: Heard = { level: "none", classes: [] };

/** Longer texts are heard to here: some 4,000 characters are many times the longest message. */
const MOST = 4_000;

const CLAUSE_ENDS = /[,，、.。!！?？;；:：…~～—()（）"“”\n]+/;

interface Hits {
  /** How often each class was heard as the writer's own, and now. */
  readonly now: Map<CueClass, Set<string>>;
  /** Heard of a time that the writer says is long ago. */
  readonly past: Set<CueClass>;
  /** Means or harm with a word before it that says it will be done. */
  meant: boolean;
  /** A wish or harm in one clause with a word of planning. */
  planned: boolean;
}

/** The clauses of a text, in small letters, one width, without apostrophes and needless blanks. */
export function clauses(text: string): string[] {
  return text
    .slice(0, MOST)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’`\u200b-\u200d\ufeff]/g, "")
    .split(CLAUSE_ENDS)
    .map((clause) =>
      clause
        .replace(/\s+/g, " ")
        .replace(/([\u0080-\uffff]) (?=[\u0080-\uffff])/g, "$1")
        .trim(),
    )
    .filter((clause) => clause !== "");
}

export function hear(text: string): Heard {
  const said = clauses(text);
  return hearSaid(tablesFor(said), said);
}

/** Makes the tables of both languages, which takes a slow phone a moment. */
export function ready(): void {
  hear("好 ok");
}

/** With other tables than ours: whoever tunes them compares. */
export function hearWith(lists: readonly Table[], text: string): Heard {
  return hearSaid(lists, clauses(text));
}

function hearSaid(lists: readonly Table[], said: readonly string[]): Heard {
  return lists.reduce<Heard>((loudest, table) => louder(loudest, hearIn(table, said)), SILENCE);
}

export function louder(one: Heard, other: Heard): Heard {
  return LEVELS.indexOf(other.level) > LEVELS.indexOf(one.level) ? other : one;
}

function hearIn(table: Table, said: readonly string[]): Heard {
  const whole = said.join("\n");
  const longAgo = table.past.test(whole) && !table.still.test(whole);
  const hits: Hits = { now: new Map(), past: new Set(), meant: false, planned: false };
  for (const clause of said) listen(table, clause, longAgo, hits);
  const over = longAgo && table.resolved.test(whole);
  const classes = CLASSES.filter((name) => hits.now.has(name) || hits.past.has(name));
  return { level: levelOf(hits, over), classes };
}

function listen(table: Table, clause: string, longAgo: boolean, hits: Hits): void {
  const heard = clause.replace(table.hyperbole, (phrase) => "#".repeat(phrase.length));
  for (const name of CLASSES) {
    for (const match of heard.matchAll(table.classes[name])) {
      const before = heard.slice(0, match.index);
      if (isNegated(table, before)) continue;
      if (name !== "B" && isOfAnother(table, before)) continue;
      if (longAgo) hits.past.add(name);
      else hits.now.set(name, (hits.now.get(name) ?? new Set()).add(match[0]));
      if (name === "M" || name === "H") hits.meant ||= table.intent.test(before);
      if (name === "W" || name === "H") hits.planned ||= table.plan.test(clause);
    }
  }
}

function isNegated(table: Table, before: string): boolean {
  return table.negatedLast.test(before) && !table.noNegationLast.test(before);
}

/** Whoever was named last before the phrase is who it is about; nobody named: the writer. */
function isOfAnother(table: Table, before: string): boolean {
  let another = false;
  for (const match of before.matchAll(table.person)) {
    const lead = before.slice(0, match.index);
    if (table.first.test(match[0])) another = false;
    else if (!table.objectLast.test(lead) && !table.objectLast.test(lead + match[0])) {
      another = !table.cause.test(before.slice(match.index));
    }
  }
  return another;
}

function levelOf({ now, past, meant, planned }: Hits, over: boolean): Level {
  const has = (...names: readonly CueClass[]): boolean => names.some((name) => now.has(name));
  if (has("P", "A", "F")) return "raise";
  if (has("W") && (planned || has("M", "T"))) return "raise";
  if (has("M") && (meant || has("T", "G"))) return "raise";
  if (has("H") && (meant || planned || has("T", "M"))) return "raise";
  if (has("W", "M", "H", "S", "B")) return "ask";
  const weary = now.get("V")?.size ?? 0;
  if (weary > 1 || (weary > 0 && has("T"))) return "ask";
  if (past.has("A") || past.has("P")) return "ask";
  if (!over && ["W", "M", "F", "S", "H"].some((name) => past.has(name as CueClass))) return "ask";
  return weary > 0 || past.size > 0 ? "count" : "none";
}
