/** What a phone asks when its day has come. Nothing is sent by any answer, nor by none. */

import { useState } from "preact/hooks";
import { t } from "../../../counsel/client/i18n.ts";
import { type Revisit, SIGNED } from "./days.ts";

export interface BackCardProps {
  readonly revisit: Revisit;
  /** Somebody can come in now. */
  readonly open: boolean;
  /** Answered: the next one is waited for. */
  readonly onAnswered: () => void;
  readonly onStop: () => void;
  /** To the first question, with whoever it was agreed with. */
  readonly onTalk: () => void;
}

export function BackCard(props: BackCardProps) {
  const { revisit } = props;
  return (
    <section class="card back-card" aria-labelledby="back-title">
      {revisit.kind === "referral" ? <Visit {...props} /> : <Back {...props} />}
      {!SIGNED && <p class="unsigned">{t("mode.unsigned")}</p>}
    </section>
  );
}

function Back({ revisit, open, onAnswered, onStop, onTalk }: BackCardProps) {
  return (
    <>
      <h2 id="back-title">{t("later.card.title")}</h2>
      <p>{t("later.card.lead")}</p>
      {open && <TalkButton name={revisit.name} onTalk={onTalk} />}
      <button type="button" class="other" onClick={onAnswered}>
        {t("later.card.fine")}
      </button>
      <button type="button" class="quiet" onClick={onStop}>
        {t("later.card.stop")}
      </button>
    </>
  );
}

function TalkButton({ name, onTalk }: { name: string; onTalk: () => void }) {
  return (
    <button type="button" class="act" onClick={onTalk}>
      {name === "" ? t("later.card.anyone") : t("later.card.again", { name })}
    </button>
  );
}

function Visit({ revisit, open, onAnswered, onStop, onTalk }: BackCardProps) {
  const [missed, setMissed] = useState(false);
  return (
    <>
      <h2 id="back-title">{t("later.card.visit_title")}</h2>
      <p role="status">{t(missed ? "later.card.missed_lead" : "later.card.visit_lead")}</p>
      {missed && open && <TalkButton name={revisit.name} onTalk={onTalk} />}
      {!missed && (
        <>
          <button type="button" class="other" onClick={onStop}>
            {t("later.card.came")}
          </button>
          <button type="button" class="other" onClick={() => setMissed(true)}>
            {t("later.card.missed")}
          </button>
        </>
      )}
      <button type="button" class="quiet" onClick={missed ? onStop : onAnswered}>
        {t(missed ? "later.card.stop" : "later.card.not_yet")}
      </button>
    </>
  );
}
