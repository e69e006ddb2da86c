/** What is true while somebody waits, in the order in which it matters. Pure. */

import type { TalkView } from "../../chat/client/talk.ts";
import { t } from "../../counsel/client/i18n.ts";
import type { Standing } from "./intake/standing.ts";

export interface Story {
  readonly title: string;
  readonly sentences: readonly string[];
}

const NOBODY_THERE = 3;
const SUPERVISOR_CALLED = 2;

/** Someone was there before: the words of a first listener, or the line that one joined. */
function wasServed(view: TalkView): boolean {
  return view.lines.some(
    (line) => line.kind === "joined" || (line.kind === "words" && line.state !== "waiting-tap"),
  );
}

function told(title: string, ...sentences: readonly string[]): Story {
  return { title: t(`waiting.${title}`), sentences: sentences.map((one) => t(`waiting.${one}`)) };
}

/** `urgency` is what the queue was told; its word is never said. */
export function storyOf(view: TalkView, standing: Standing | null, urgency: string): Story {
  if (view.phase === "starting") return told("title", "starting");
  const red = urgency.startsWith("red");
  if (standing === null) return told(red ? "red_title" : "title", "asking");
  if (red) return redStory(standing, urgency);
  if (standing.closed) return told("nobody_title", "closed", "closed_stay");
  if (!view.supervised) return told("nobody_title", "unsupervised", "unsupervised_stay");
  if (standing.nobody) return told("nobody_title", "nobody", "nobody_stay");
  if (standing.offered) return told("offered_title", "offered");
  if (wasServed(view)) return told("returned_title", "returned");
  const surge = standing.surge ? [t("waiting.surge")] : [];
  return { title: t("waiting.title"), sentences: [placeOf(standing), ...surge] };
}

function redStory({ stage, nobody }: Standing, urgency: string): Story {
  if (nobody || stage >= NOBODY_THERE) return told("nobody_title", "red_nobody");
  if (stage >= SUPERVISOR_CALLED) return told("red_title", "red_supervisor");
  // Danger that has passed is first in the queue too; nobody is rung out of bed for it.
  return told("red_title", urgency === "red-now" ? "red" : "red_recent");
}

/** A place described, not promised. */
function placeOf({ ahead, range }: Standing): string {
  const place =
    ahead === 0
      ? t("waiting.next")
      : t(ahead === 1 ? "waiting.ahead_one" : "waiting.ahead", { count: ahead });
  const time =
    range === null
      ? t("waiting.no_range")
      : t(range.low === 0 ? "waiting.within" : "waiting.range", { ...range });
  return `${place}${time}`;
}
