/** After somebody new came: what was said before is the seeker's own to tell, by a tap that names who reads. */

import { useState } from "preact/hooks";
import { t } from "../../../counsel/client/i18n.ts";
import { earlierWords } from "../earlier.ts";
import type { Talk, TalkView } from "../talk.ts";
import { readersOf } from "./memberLine.tsx";

export function Share({ view, talk }: { view: TalkView; talk: Pick<Talk, "say"> }) {
  const [put, setPut] = useState(false);
  const text = earlierWords(view.lines, t("talk.share.title"));
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
