/** The page of referrals, once it has been fetched. */

import { useEffect, useState } from "preact/hooks";
import { t } from "../../../counsel/client/i18n.ts";
import type { Loaded, Referrals } from "./referrals.ts";

interface SheetProps {
  readonly referrals: Referrals;
  readonly kept: boolean;
  /** The phone is to ask afterwards whether they got there. */
  readonly onSheet: (sheet: "visit") => void;
}

export function ReferralSheet({ referrals, kept, onSheet }: SheetProps) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    referrals.load().then(setLoaded, () => setFailed(true));
  }, [referrals]);
  if (loaded === null) {
    return <p role="status">{failed && t("talk.offline")}</p>;
  }
  const { part, mailbox } = loaded;
  return (
    <part.ReferralPage
      mailbox={mailbox}
      referrals={referrals}
      kept={kept}
      onVisit={() => onSheet("visit")}
    />
  );
}
