/**
 * From answers to how urgent it is. Pure, and the twin of `triage/intake/scoring.py`: both are held
 * to the same vectors, which hold every combination of answers.
 *
 * The answers stay on the phone. What leaves it is the result.
 */

import book from "../../intake/questions.json" with { type: "json" };

export type Urgency = "red-now" | "red-recent" | "orange" | "yellow" | "green";

/** The most urgent first. */
export const URGENCY = book.urgency as readonly Urgency[];
const LEAST: Urgency = "green";

/** The chosen option by question; a question that was skipped or never asked is not in it. */
export type Answers = Readonly<Record<string, string>>;

export interface Option {
  readonly id: string;
  readonly tier?: string;
  /** Nothing more is asked after this one. */
  readonly ends?: boolean;
  readonly with?: { readonly topics: readonly string[]; readonly tier: string };
}

/** `before`: for a place in the queue; `placed`: right after; `waiting`: for who likes to. */
export type Stage = "before" | "placed" | "waiting";

export interface Question {
  readonly id: string;
  readonly stage: string;
  readonly skipped: string;
  readonly sum?: string;
  readonly when?: readonly { readonly question: string; readonly is: readonly string[] }[];
  readonly options: readonly Option[];
}

export const QUESTIONS: readonly Question[] = book.questions;

/** Whether somebody clinical stands for the wording and the table. */
export const SIGNED: boolean = book.signed_off !== null;

/** Whether what was said so far leads to this question: an answer counts only then. */
export function stands(question: Question, answers: Answers): boolean {
  return (question.when ?? []).every((asked) => {
    const before = QUESTIONS.find((one) => one.id === asked.question);
    const said = asked.is.includes(answers[asked.question] ?? "");
    return said && (before === undefined || stands(before, answers));
  });
}

/** How urgent it is: what the most urgent answer says; a skipped one counts. */
export function score(answers: Answers, topics: readonly string[] = []): Urgency {
  return mostUrgent(
    ...QUESTIONS.map((question) => said(question, answers, topics)),
    ...sums(answers),
  );
}

/** The most urgent of these: nothing that is added to them lowers it. */
export function mostUrgent(...tiers: readonly string[]): Urgency {
  return URGENCY.find((urgency) => tiers.includes(urgency)) ?? LEAST;
}

function said(question: Question, answers: Answers, topics: readonly string[]): string {
  if (!stands(question, answers)) return LEAST;
  const option = question.options.find((one) => one.id === answers[question.id]);
  if (option === undefined) return question.skipped;
  const extra = option.with;
  const pressing = extra?.topics.some((topic) => topics.includes(topic)) ?? false;
  return extra !== undefined && pressing ? extra.tier : (option.tier ?? LEAST);
}

function sums(answers: Answers): string[] {
  return Object.entries(book.sums).map(([name, rule]) => {
    const parts = QUESTIONS.filter((question) => question.sum === name);
    const total = parts.reduce((sum, part) => sum + Number(answers[part.id] ?? 0), 0);
    return total >= rule.from ? rule.tier : LEAST;
  });
}
