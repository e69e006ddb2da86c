/** Help that is offered, once its page has been fetched: most people never need it. */

import { useEffect, useState } from "preact/hooks";
import type { Talk, TalkView } from "../../../chat/client/talk.ts";
import { t } from "../../../counsel/client/i18n.ts";

type Part = typeof import("./helpPage.tsx");

export interface HelpProps {
  readonly view: TalkView;
  readonly talk: Talk;
  readonly onBack: () => void;
}

export function HelpSheet(props: HelpProps) {
  const [part, setPart] = useState<Part | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    import("./helpPage.tsx").then(setPart, () => setFailed(true));
  }, []);
  if (part === null) {
    return <p role="status">{failed && t("talk.offline")}</p>;
  }
  return <part.HelpPage {...props} />;
}
