/** The one question after a call, and a word about its answer. */

import { OtherButton } from "../../chat/client/view/endings.tsx";
import { t } from "../../counsel/client/i18n.ts";

export type CallQuestion = "" | "asking" | "yes" | "no";

interface CallAskedProps {
  readonly call: CallQuestion;
  readonly onCall: (answer: CallQuestion) => void;
}

export function CallAsked({ call, onCall }: CallAskedProps) {
  if (call === "") {
    return null;
  }
  if (call !== "asking") {
    return (
      <section class="call answered" role="status">
        <p>{t(`calling.after_${call}`)}</p>
        <button type="button" class="quiet" onClick={() => onCall("")}>
          {t("exit.understood")}
        </button>
      </section>
    );
  }
  return (
    <section class="call" role="status">
      <p>{t("calling.question")}</p>
      <div class="row">
        <OtherButton label={t("calling.yes")} onPress={() => onCall("yes")} />
        <OtherButton label={t("calling.no")} onPress={() => onCall("no")} />
        <OtherButton label={t("calling.mistake")} onPress={() => onCall("")} />
      </div>
    </section>
  );
}
