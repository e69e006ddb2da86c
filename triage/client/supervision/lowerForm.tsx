/** A person lowers how urgent somebody is, and says why. Nothing else ever does. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { t } from "../../../counsel/client/i18n.ts";
import type { Waiting } from "../boardView.ts";

const TIERS: readonly string[] = ["red", "orange", "yellow", "green"];
/** As `LOWERS` in triage/queue/tiers.py. */
const REASONS: readonly string[] = ["judged", "safe", "tested"];

interface LowerProps {
  readonly row: Waiting;
  cancel(): void;
  lower(tier: number, reason: string): void;
}

export function LowerForm({ row, cancel, lower }: LowerProps): VNode {
  const [tier, setTier] = useState(Math.min(row.tier + 1, TIERS.length - 1));
  const [reason, setReason] = useState("");
  const ready = reason !== "" && tier > row.tier;
  return (
    <form
      class="lower"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) {
          lower(tier, reason);
        }
      }}
    >
      <label>
        {t("console.lower.to", { code: row.caseCode })}
        <select value={tier} onChange={(event) => setTier(Number(event.currentTarget.value))}>
          {TIERS.map((word, place) =>
            place > row.tier ? (
              <option key={word} value={place}>
                {t(`console.tier.${word}`)}
              </option>
            ) : null,
          )}
        </select>
      </label>
      <label>
        {t("console.lower.why")}
        <select value={reason} onChange={(event) => setReason(event.currentTarget.value)}>
          <option value="">{t("console.lower.choose")}</option>
          {REASONS.map((code) => (
            <option key={code} value={code}>
              {t(`console.lower.reasons.${code}`)}
            </option>
          ))}
        </select>
      </label>
      <div class="answers">
        <button type="submit" class="firm" aria-disabled={!ready}>
          {t("console.lower.do")}
        </button>
        <button type="button" class="second" onClick={cancel}>
          {t("console.lower.not")}
        </button>
      </div>
    </form>
  );
}
