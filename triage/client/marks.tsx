/** Small signs used in several columns: a shape and a word, never a colour alone. */

import type { VNode } from "preact";

import { PRESENCES, TOPICS } from "../../counsel/client/contract.ts";
import { t } from "../../counsel/client/i18n.ts";

const SHAPES: Readonly<Record<string, string>> = {
  here: "●",
  hidden: "◐",
  calling: "☎\uFE0E",
  gone: "○",
};

/** Nothing for a presence the server does not know. */
export function Presence({ presence }: { presence: string }): VNode | null {
  if (!PRESENCES.some((known) => known === presence)) {
    return null;
  }
  return (
    <span class="presence" data-presence={presence}>
      <span aria-hidden="true">{SHAPES[presence]} </span>
      {t(`console.presence.${presence}`)}
    </span>
  );
}

const TIERS: readonly (readonly [shape: string, word: string])[] = [
  ["▲", "red"],
  ["◆", "orange"],
  ["■", "yellow"],
  ["○", "green"],
];

/** Which of the two reds; see `Request.now`. */
const RECENT = 2;

/** How urgent, as a shape and a word; never shown to a seeker. `now` tells the reds apart. */
export function TierMark({ tier, now = 0 }: { tier: number; now?: number }): VNode | null {
  const [shape, word] = TIERS[tier] ?? [];
  if (word === undefined) {
    return null;
  }
  const which = word === "red" && now === RECENT ? "recent" : word;
  return (
    <span class="tier" data-tier={word}>
      <span aria-hidden="true">{shape} </span>
      {t(`console.tier.${which}`)}
    </span>
  );
}

/** The topics of our own table; a word that is none of them is not shown. */
export function Topics({ topics }: { topics: readonly string[] }): VNode {
  const known = topics.filter((topic) => TOPICS.some((ours) => ours === topic));
  return (
    <span class={known.length === 0 ? "topics none" : "topics"}>
      {known.length === 0
        ? t("console.board.no_topics")
        : known.map((topic) => t(`topics.${topic}`)).join(" · ")}
    </span>
  );
}
