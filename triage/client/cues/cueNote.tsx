/** What the same rules hear in words that were opened here; a hint to a person, and no more. */

import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Line } from "../../../chat/client/talk.ts";
import { t } from "../../../counsel/client/i18n.ts";
import { gravest } from "./ear.ts";
import type { Level } from "./rules.ts";

/** The seeker's own words among these lines. */
export function ownWords(lines: readonly Line[]): string[] {
  return lines.flatMap((line) =>
    line.kind === "words" && !line.mine && line.role === "seeker" ? [line.text] : [],
  );
}

/** What the phone said it heard, and what is heard here: the graver of both. */
export function levelOf(lines: readonly Line[]): Level {
  const told = lines.flatMap((line) => (line.kind === "cue" && !line.mine ? [line.text] : []));
  const heard = gravest(ownWords(lines));
  return told.includes("raise") ? "raise" : heard === "none" && told.length > 0 ? "ask" : heard;
}

/** Put away it stays away, until something graver is heard. Made anew for each talk: give it a key. */
export function CueNote({ lines }: { lines: readonly Line[] }): VNode | null {
  const [seen, setSeen] = useState<Level>("none");
  const last = lines[lines.length - 1];
  const level = useMemo(() => levelOf(lines), [lines.length, last?.id]);
  if (level === "none" || level === seen) {
    return null;
  }
  return (
    <section class="cue" role="status">
      <h3>{t("console.cues.title")}</h3>
      <p>{t(`console.cues.${level}`)}</p>
      <p class="soft">{t("console.cues.note")}</p>
      <button type="button" class="plain" onClick={() => setSeen(level)}>
        {t("console.cues.done")}
      </button>
    </section>
  );
}
