/**
 * After somebody new came in a fresh group: what was said before is the seeker's own to tell, by a tap
 * that names who reads. Their own words only: what the other one said is not theirs to vouch for.
 */

import { useState } from "preact/hooks";
import { t } from "../../../counsel/client/i18n.ts";
import type { Talk, TalkView } from "../talk.ts";
import { readersOf } from "./memberLine.tsx";

/** Their own words from before, in one text; "" where there are none, or where they were told since. */
export function earlierWords(lines: TalkView["lines"]): string {
  const came = lines.map(isFresh).lastIndexOf(true);
  const mine = lines.flatMap((line, place) =>
    line.kind === "words" && line.mine && line.state !== "waiting-tap" ? [{ ...line, place }] : [],
  );
  const title = t("talk.share.title");
  const said = mine.filter(({ place, text }) => place < came && !text.startsWith(title));
  const told = mine.some(({ place, text }) => place > came && text.startsWith(title));
  return said.length === 0 || told ? "" : [title, ...said.map(({ text }) => text)].join("\n");
}

function isFresh(line: TalkView["lines"][number]): boolean {
  return line.kind === "notice" && line.code === "fresh-start";
}

export function Share({ view, talk }: { view: TalkView; talk: Pick<Talk, "say"> }) {
  const [put, setPut] = useState(false);
  const text = earlierWords(view.lines);
  if (text === "" || put) {
    return null;
  }
  return (
    <section class="release share">
      <button type="button" class="quiet" onClick={() => void talk.say(text)}>
        {t("talk.share.send", { names: readersOf(view) })}
      </button>
      <button type="button" class="quiet" onClick={() => setPut(true)}>
        {t("talk.share.not")}
      </button>
    </section>
  );
}
