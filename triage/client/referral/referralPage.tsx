/** The seeker's page of referrals: lines to approve one by one, and a mailbox for what comes back. */

import { useEffect, useState } from "preact/hooks";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import { DESKS, type DeskCode } from "../../../counsel/client/referralContract.ts";
import { Approve } from "./approve.tsx";
import type { Kept } from "./kept.ts";
import { spell } from "./letter.ts";
import type { Mailbox } from "./mailbox.ts";
import { OneReferral } from "./oneReferral.tsx";
import type { Referrals } from "./referrals.ts";
import { type Proposal, readProposal } from "./words.ts";

export interface ReferralPageProps {
  readonly mailbox: Mailbox;
  readonly referrals: Referrals;
  /** Whether the seeker keeps the talk on this phone. */
  readonly kept: boolean;
  /** An appointment stands: the phone may ask afterwards. */
  readonly onVisit: () => void;
}

export function ReferralPage({ mailbox, referrals, kept, onVisit }: ReferralPageProps) {
  const [all, setAll] = useState(mailbox.all);
  useEffect(() => mailbox.subscribe(setAll), [mailbox]);
  const [draft, setDraft] = useState<Proposal | null>(() => readProposal(referrals.proposal));
  const desks = useDesks(mailbox);
  const done = (): void => {
    referrals.proposal = "";
    setDraft(null);
  };
  return (
    <div class="referrals">
      {!kept && <p class="attention">{t("referral.not_kept")}</p>}
      {draft !== null && (
        <Approve
          draft={draft}
          desks={desks}
          onSend={(desk, lines, tells) => void mailbox.approve(desk, lines, tells).then(done)}
          onNo={done}
        />
      )}
      {all.map((one) => (
        <OneReferral
          key={spell(one.ref)}
          one={one}
          mailbox={mailbox}
          onVisit={onVisit}
          onElsewhere={(desk) => setDraft({ desk, lines: [...one.lines] })}
        />
      ))}
      {all.length > 0 && draft === null && <Look mailbox={mailbox} all={all} />}
      {draft === null && (
        <Begin desks={desks} onBegin={(desk) => setDraft({ desk, lines: [""] })} />
      )}
    </div>
  );
}

/** Null while it is asked; then the desks somebody answers at. */
function useDesks(mailbox: Mailbox): readonly DeskCode[] | null {
  const [desks, setDesks] = useState<readonly DeskCode[] | null>(null);
  useEffect(() => {
    mailbox.desks(DESKS).then(setDesks, () => setDesks([]));
  }, [mailbox]);
  return desks;
}

interface BeginProps {
  readonly desks: readonly DeskCode[] | null;
  readonly onBegin: (desk: DeskCode) => void;
}

function Begin({ desks, onBegin }: BeginProps) {
  if (desks === null) {
    return <p role="status">{t("referral.asking")}</p>;
  }
  if (desks.length === 0) {
    return <p role="status">{t("referral.no_desks")}</p>;
  }
  return (
    <section aria-labelledby="referral-begin">
      <h2 id="referral-begin">{t("referral.begin")}</h2>
      <p class="hint">{t("referral.what_it_is")}</p>
      {desks.map((desk) => (
        <button key={desk} type="button" class="other" onClick={() => onBegin(desk)}>
          {t(`referral.desks.${desk}`)}
        </button>
      ))}
    </section>
  );
}

function saidOf(failure: string): string {
  if (failure === "no-seat") return t("referral.gone");
  return failure === "" ? t("referral.looked") : tCode("errors", failure);
}

function Look({ mailbox, all }: { mailbox: Mailbox; all: readonly Kept[] }) {
  const [busy, setBusy] = useState(false);
  const [looked, setLooked] = useState(false);
  const look = async (): Promise<void> => {
    setBusy(true);
    await mailbox.lookNow();
    setBusy(false);
    setLooked(true);
  };
  if (!all.some((one) => one.sentAt > 0)) {
    return null;
  }
  const said = saidOf(mailbox.failure);
  return (
    <section class="look">
      <button type="button" class="other" aria-disabled={busy} onClick={() => void look()}>
        {t(busy ? "referral.looking" : "referral.look")}
      </button>
      <p class="hint" role="status">
        {looked && !busy ? said : t("referral.look_hint")}
      </p>
    </section>
  );
}
