/** One question on a screen: large answers, and skipping as easy as any of them. */

import { t } from "../../../counsel/client/i18n.ts";
import type { Question } from "./scoring.ts";

export interface QuestionPageProps {
  readonly question: Question;
  /** Questions left at this stage, this one included. */
  readonly left: number;
  /** Sentences before the first question, or none. */
  readonly lead: readonly string[];
  readonly chosen: string;
  /** Empty: skipped. */
  readonly onAnswer: (option: string) => void;
  readonly onBack?: (() => void) | undefined;
  /** Leaves all questions of this stage. */
  readonly onRest?: { readonly label: string; readonly press: () => void } | undefined;
  readonly onCalls: () => void;
  readonly unsigned: boolean;
}

/** The words of an answer: four questions of a published text share theirs. */
export function optionText(question: Question, option: string): string {
  return t(
    question.sum === undefined
      ? `intake.q.${question.id}.${option}`
      : `intake.often.options.${option}`,
  );
}

export function QuestionPage(props: QuestionPageProps) {
  const { question, left, lead, chosen, onAnswer, onBack, onRest } = props;
  return (
    <main class="screen asks">
      {lead.map((sentence) => (
        <p key={sentence} class="lead">
          {sentence}
        </p>
      ))}
      <p class="left">{t(`intake.left.${Math.min(left, 5)}`)}</p>
      {question.sum !== undefined && <p>{t("intake.often.stem")}</p>}
      <h1 tabIndex={-1}>{t(`intake.q.${question.id}.text`)}</h1>
      <div class="options">
        {question.options.map(({ id }) => (
          <button
            key={id}
            type="button"
            class="option"
            aria-pressed={chosen === id}
            onClick={() => onAnswer(id)}
          >
            {optionText(question, id)}
          </button>
        ))}
        <button type="button" class="option skips" onClick={() => onAnswer("")}>
          {t("intake.skip")}
        </button>
      </div>
      <div class="row beside">
        {onBack !== undefined && (
          <button type="button" class="quiet" onClick={onBack}>
            {t("intake.back")}
          </button>
        )}
        {onRest !== undefined && (
          <button type="button" class="quiet" onClick={onRest.press}>
            {onRest.label}
          </button>
        )}
        <button type="button" class="quiet" onClick={props.onCalls}>
          {t("menu.numbers")}
        </button>
      </div>
      {props.unsigned && <p class="unsigned">{t("mode.unsigned")}</p>}
    </main>
  );
}
