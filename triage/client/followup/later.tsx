/** The page of a time to come back, once it has been fetched. Most people never need it. */

import { useEffect, useState } from "preact/hooks";
import type { Talk, TalkView } from "../../../chat/client/talk.ts";
import { t } from "../../../counsel/client/i18n.ts";

type Part = typeof import("./part.tsx");

export interface RevisitSheetProps {
  readonly view: TalkView;
  readonly talk: Pick<Talk, "news">;
  readonly now: number;
  /** It is about an appointment at a desk, and not about this talk. */
  readonly visit: boolean;
}

/** What was asked last in this talk, as it came; "" for nothing. */
function questionIn({ lines }: TalkView): string {
  const asked = lines.flatMap((line) =>
    line.kind === "referral" && !line.mine && isRevisit(line.text) ? [line.text] : [],
  );
  return asked[asked.length - 1] ?? "";
}

export function isRevisit(text: string): boolean {
  return text.startsWith("revisit ");
}

export function RevisitSheet({ view, talk, now, visit }: RevisitSheetProps) {
  const [part, setPart] = useState<Part | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    import("./part.tsx").then(setPart, () => setFailed(true));
  }, []);
  if (part === null) {
    return <p role="status">{failed && t("talk.offline")}</p>;
  }
  const them = view.members.find((one) => !one.me && one.role === "counsellor");
  return (
    <part.RevisitPage
      question={questionIn(view)}
      visit={visit}
      name={them?.name ?? ""}
      person={them?.person ?? ""}
      now={now}
      onAnswer={(text) => void talk.news?.(text)}
    />
  );
}
