/** A place that was passed on: what draws it is fetched with the first one, not with a talk. */

import type { FunctionComponent } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

import { t } from "../../../counsel/client/i18n.ts";
import type { SpelledCardProps } from "./cardView.tsx";

type Drawn = FunctionComponent<SpelledCardProps>;

let drawn: Drawn | null = null;

export interface LateCardProps extends SpelledCardProps {
  /** It stands there, and takes the room it needs. */
  readonly onDrawn?: () => void;
}

export function LateCard({ onDrawn, ...card }: LateCardProps) {
  const [Part, setPart] = useState<Drawn | null>(() => drawn);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let wanted = Part === null;
    setFailed(false);
    import("./cardView.tsx").then(
      ({ SpelledCard }) => {
        drawn = SpelledCard;
        if (wanted) setPart(() => SpelledCard);
      },
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
    };
  }, [tries]);
  useLayoutEffect(() => {
    if (Part !== null) onDrawn?.();
  }, [Part]);
  return Part === null ? (
    <NotYet failed={failed} again={() => setTries(tries + 1)} />
  ) : (
    <Part {...card} />
  );
}

/** While a part of the page is on its way; and when it did not come. */
export function NotYet({ failed, again }: { failed: boolean; again: () => void }) {
  return (
    <div role="status">
      <p>{t(failed ? "card.not_loaded" : "card.loading")}</p>
      {failed && (
        <button type="button" class="quiet" onClick={again}>
          {t("card.again")}
        </button>
      )}
    </div>
  );
}
