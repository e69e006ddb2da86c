/**
 * What somebody answered, as it goes to whoever comes: sealed, inside the talk, after a tap.
 *
 *     intake 1
 *     safe=unsure
 *     wish=            (asked and skipped)
 */

import type { Danger, Intake } from "./intake.ts";
import { QUESTIONS } from "./scoring.ts";

const HEAD = "intake 1";
const DANGERS: readonly Danger[] = ["pressed", "now", "afraid", "threatened", "mistake"];

/** One answer as the counsellor reads it; `option` is empty for a question that was skipped. */
export interface Said {
  readonly question: string;
  readonly option: string;
}

/** Empty when nothing was asked. */
export function encodeAnswers({ answers, seen, danger }: Intake): string {
  const asked = QUESTIONS.filter((question) => seen.includes(question.id));
  const lines = asked.map(({ id }) => `${id}=${answers[id] ?? ""}`);
  const pressed = danger === "" ? [] : [`danger=${danger}`];
  const all = [...pressed, ...lines];
  return all.length === 0 ? "" : [HEAD, ...all].join("\n");
}

/** What is known of it; anything that is in no table of ours is left out. Null for other text. */
export function decodeAnswers(text: string): readonly Said[] | null {
  const [head, ...lines] = text.split("\n");
  if (head !== HEAD) return null;
  return lines.flatMap((line) => {
    const [question = "", option = ""] = line.split("=");
    return isKnown(question, option) ? [{ question, option }] : [];
  });
}

function isKnown(question: string, option: string): boolean {
  if (question === "danger") return DANGERS.some((danger) => danger === option);
  const found = QUESTIONS.find((one) => one.id === question);
  return found !== undefined && (option === "" || found.options.some((one) => one.id === option));
}
