/** Answers as a counsellor reads them: the seeker's own words for each question. Pure. */

import { t } from "../../../counsel/client/i18n.ts";
import { QUESTIONS } from "./scoring.ts";

export function questionText(question: string): string {
  return t(question === "danger" ? "console.case.danger" : `intake.q.${question}.text`);
}

export function answerText(question: string, option: string): string {
  if (option === "") return t("console.case.skipped");
  if (question === "danger") return t(`console.case.dangers.${option}`);
  const often = QUESTIONS.find((one) => one.id === question)?.sum !== undefined;
  return t(often ? `intake.often.options.${option}` : `intake.q.${question}.${option}`);
}

/** How urgent this answer is by itself: it decides a mark beside the words, never the words. */
export function urgencyIn(question: string, option: string): string {
  if (question === "danger") return option === "mistake" ? "orange" : "red-now";
  const found = QUESTIONS.find((one) => one.id === question);
  return found?.options.find((one) => one.id === option)?.tier ?? "green";
}
