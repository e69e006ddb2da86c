/** Places that were passed on in a talk. */

import type { TalkView } from "../../chat/client/talk.ts";
import { LateCard } from "../../chat/client/view/lateCard.tsx";
import { t } from "../../counsel/client/i18n.ts";

/** What was passed on in this talk, found again without scrolling for it. */
export function PassedOn({ view }: { view: TalkView }) {
  const cards = view.lines.flatMap((line) => (line.kind === "card" ? [line] : []));
  if (cards.length === 0) {
    return null;
  }
  return (
    <section>
      <h2>{t("card.passed_on")}</h2>
      {cards.map(({ id, text }) => (
        <LateCard key={id} text={text} />
      ))}
      <h2>{t("card.look_up")}</h2>
    </section>
  );
}
