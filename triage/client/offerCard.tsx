/** Somebody is offered: who, why, and two answers of the same weight. Letting it lapse is no fault. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { t } from "../../counsel/client/i18n.ts";
import type { Offer } from "./boardView.ts";
import { TierMark, Topics } from "./marks.tsx";
import { waitOf } from "./waits.ts";

interface OfferProps {
  readonly offer: Offer;
  readonly busy: boolean;
  accept(): void;
  pass(): void;
}

/** Time is said in steps of ten seconds: a clock on a decision helps nobody. */
const STEP = 10;

/** Seconds left as they are said, from milliseconds. */
export function leftOf(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1_000 / STEP) * STEP);
}

export function OfferCard({ offer, busy, accept, pass }: OfferProps): VNode {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const wait = waitOf(offer.minutes, 0);
  return (
    <section class="offer" aria-labelledby="offer-title">
      <h3 id="offer-title">{t("console.offer.title", { code: offer.caseCode })}</h3>
      <p role="status">
        <TierMark tier={offer.tier} /> · <Topics topics={offer.topics} /> ·{" "}
        {t(`console.board.waits.${wait.step}`, { count: wait.hours })}
      </p>
      <p class="soft">{t("console.offer.left", { seconds: leftOf(offer.until, now) })}</p>
      <div class="answers">
        <button type="button" class="firm" aria-disabled={busy} onClick={() => busy || accept()}>
          {t("console.offer.accept")}
        </button>
        <button type="button" class="second" onClick={pass}>
          {t("console.offer.pass")}
        </button>
      </div>
      <p class="soft">{t("console.offer.lapses")}</p>
    </section>
  );
}
