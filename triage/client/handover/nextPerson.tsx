/** Somebody else is to go on with the talk: what is said, what would go along, and three answers. */

import texts from "catalogue/handover";
import type { Answer, Handover } from "../../../chat/client/saved.ts";
import { learn, t } from "../../../counsel/client/i18n.ts";

learn(texts);

export interface NextPersonProps {
  readonly handover: Handover;
  readonly onAnswer: (answer: Answer) => void;
  /** Not with anybody else today: the talk ends. */
  readonly onStop: () => void;
}

interface ChoiceProps {
  readonly label: string;
  readonly main?: boolean;
  readonly onPress: () => void;
}

function Choice({ label, main = false, onPress }: ChoiceProps) {
  return (
    <button type="button" class={main ? "act" : "other"} onClick={onPress}>
      {label}
    </button>
  );
}

export function NextPerson({ handover, onAnswer, onStop }: NextPersonProps) {
  const { by, name, summary, answer, here } = handover;
  if (answer !== "") {
    const key = answer === "yes" && summary !== "" ? "will_pass" : "will_tell";
    return (
      <section class="release next put" role="status">
        <p>{t(`handover.${key}`, { by, name })}</p>
      </section>
    );
  }
  return (
    <section class="release next" aria-labelledby="next-title">
      <p id="next-title" role="status">
        {t(here ? "handover.here" : "handover.next", { by, name })}
      </p>
      {summary !== "" && (
        <>
          {!here && <p>{t("handover.written", { by, name })}</p>}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <blockquote dir="auto" tabIndex={0}>
            {summary}
          </blockquote>
          <Choice main label={t("handover.yes")} onPress={() => onAnswer("yes")} />
          <Choice label={t("handover.self", { name })} onPress={() => onAnswer("self")} />
        </>
      )}
      {summary === "" && (
        <Choice main label={t("handover.fine", { name })} onPress={() => onAnswer("self")} />
      )}
      {!here && <Choice label={t("handover.stop")} onPress={onStop} />}
    </section>
  );
}
