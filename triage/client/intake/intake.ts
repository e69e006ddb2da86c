/**
 * What somebody has said on the way to a place, and while they wait. Pure: each step gives the next.
 *
 * It lives on the phone. `request.ts` makes of it the few bytes that leave for the queue, and
 * `answers.ts` the text that goes, by a tap, to whoever comes.
 */

import {
  type Answers,
  mostUrgent,
  QUESTIONS,
  type Question,
  type Stage,
  score,
  stands,
  type Urgency,
} from "./scoring.ts";

/** The four taps under the dial card; `pressed` before any of them, "" never pressed. */
export type Danger = "" | "pressed" | "now" | "afraid" | "threatened" | "mistake";

export interface Intake {
  readonly answers: Answers;
  /** Questions that were answered or skipped, in order. */
  readonly seen: readonly string[];
  readonly topics: readonly string[];
  /** Codes of where and in what trade one works; each may be empty. */
  readonly region: string;
  readonly industry: string;
  /** Nobody who works in a plant, wherever it is. */
  readonly noPlants: boolean;
  readonly danger: Danger;
  /** Milliseconds, when the danger button was last pressed; 0: never. */
  readonly pressedAt: number;
  /** How urgent the queue was told it is; "" before there is a place. */
  readonly told: Urgency | "";
  /** As `told`, before the danger button was pressed. */
  readonly before: Urgency | "";
}

export const BLANK_INTAKE: Intake = {
  answers: {},
  seen: [],
  topics: [],
  region: "",
  industry: "",
  noPlants: false,
  danger: "",
  pressedAt: 0,
  told: "",
  before: "",
};

/** The danger button can be called a mistake for so long (limits.MISTAKE_WITHIN), milliseconds. */
export const MISTAKE_WITHIN = 60_000;

/** What is still to be asked at this stage, in order. Nothing once an answer said to stop. */
export function ahead(intake: Intake, stage: Stage): readonly Question[] {
  const { answers, seen } = intake;
  const ended = QUESTIONS.some((question) =>
    question.options.some((one) => one.ends === true && one.id === answers[question.id]),
  );
  return QUESTIONS.filter(
    (question) =>
      question.stage === stage &&
      !ended &&
      !seen.includes(question.id) &&
      stands(question, answers),
  );
}

/** An answer, or "" for a question that was skipped. What it makes pointless is forgotten. */
export function answered(intake: Intake, question: string, option: string): Intake {
  const others = Object.entries(intake.answers).filter(([name]) => name !== question);
  const said = Object.fromEntries(option === "" ? others : [...others, [question, option]]);
  const known = (name: string): boolean => {
    const found = QUESTIONS.find((one) => one.id === name);
    return found === undefined || stands(found, said);
  };
  const answers = Object.fromEntries(Object.entries(said).filter(([name]) => known(name)));
  const seen = [...intake.seen.filter((name) => name !== question && known(name)), question];
  return { ...intake, answers, seen };
}

/** One question back; the same when there is none. */
export function steppedBack(intake: Intake): Intake {
  const last = intake.seen[intake.seen.length - 1];
  if (last === undefined) return intake;
  const { [last]: _, ...answers } = intake.answers;
  return { ...intake, answers, seen: intake.seen.slice(0, -1) };
}

/** How urgent it is now: what the answers say, and never less than was told before. */
export function urgencyOf(intake: Intake): Urgency {
  const said = score(intake.answers, intake.topics);
  const pressed = intake.danger !== "" && intake.danger !== "mistake";
  return mostUrgent(said, intake.told, pressed ? "red-now" : "green");
}

/** As `urgencyOf`, had the danger button not been pressed. */
export function withoutButton(intake: Intake): Urgency {
  return mostUrgent(score(intake.answers, intake.topics), intake.before);
}

/** Red by an answer or the button: nothing more is asked before somebody is called. */
export function isRed(urgency: Urgency | ""): boolean {
  return urgency === "red-now" || urgency === "red-recent";
}

/** The danger button. Pressed again within the minute, it is one press, and one mistake. */
export function endangered(intake: Intake, now: number): Intake {
  const pressed = { ...intake, danger: "pressed" as const };
  return mayTakeBack(intake, now) ? pressed : { ...pressed, pressedAt: now, before: intake.told };
}

/** One of the four taps. Whoever is threatened is asked first whether typing is safe. */
export function explained(intake: Intake, danger: Danger): Intake {
  const said = { ...intake, danger };
  if (danger === "threatened") return answered(said, "safe", "harmed");
  if (danger === "mistake") {
    const back = intake.danger === "threatened" ? answered(said, "safe", "") : said;
    return { ...back, told: mostUrgent(intake.before, "orange") };
  }
  return said;
}

export function mayTakeBack({ danger, pressedAt }: Intake, now: number): boolean {
  return danger !== "" && danger !== "mistake" && now - pressedAt < MISTAKE_WITHIN;
}

/** It got worse: one step, and no further than orange by itself. Red takes an answer or the button. */
export function worsened(intake: Intake): Intake {
  const urgency = urgencyOf(intake);
  return { ...intake, told: urgency === "green" ? "yellow" : mostUrgent(urgency, "orange") };
}

/** The queue has been told. */
export function told(intake: Intake): Intake {
  return { ...intake, told: urgencyOf(intake) };
}
