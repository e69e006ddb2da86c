/** One direct question, once, to somebody who is alone with the phone. It stops nothing. */

import { useEffect, useRef } from "preact/hooks";
import { OtherButton } from "../../../chat/client/view/endings.tsx";
import { t } from "../../../counsel/client/i18n.ts";

export interface CueCardProps {
  /** One step up was asked for already. */
  readonly raised: boolean;
  readonly onSafe: () => void;
  readonly onUnsure: () => void;
  readonly onDanger: () => void;
  /** Not now: the card goes, and does not come again. */
  readonly onLater: () => void;
}

export function CueCard({ raised, onSafe, onUnsure, onDanger, onLater }: CueCardProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <section class="call cue" role="status">
      <h2 ref={title}>{t("cues.ask")}</h2>
      <p>{t("cues.why")}</p>
      {raised && <p>{t("cues.raised")}</p>}
      <div class="options">
        <OtherButton label={t("cues.safe")} onPress={onSafe} />
        <OtherButton label={t("cues.unsure")} onPress={onUnsure} />
        <button type="button" class="danger" onClick={onDanger}>
          {t("cues.danger")}
        </button>
        <button type="button" class="quiet" onClick={onLater}>
          {t("cues.later")}
        </button>
      </div>
    </section>
  );
}
