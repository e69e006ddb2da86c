/** Every line that would leave, each with its own tick; nothing is sent before the button names it. */

import { useState } from "preact/hooks";
import { t } from "../../../counsel/client/i18n.ts";
import type { DeskCode } from "../../../counsel/client/referralContract.ts";
import { CHARACTERS_AT_MOST, daysOf, LINES_AT_MOST, type Proposal, SIGNED } from "./words.ts";

export interface ApproveProps {
  readonly draft: Proposal;
  /** Null while it is asked which of them anybody answers at. */
  readonly desks: readonly DeskCode[] | null;
  readonly onSend: (desk: DeskCode, lines: readonly string[], tells: boolean) => void;
  readonly onNo: () => void;
}

interface Row {
  readonly text: string;
  readonly ticked: boolean;
}

/** These want a name in the end; whoever goes there gives it there, and it is never joined to this. */
const NAMED: readonly DeskCode[] = ["hardship", "joining", "legal-aid", "labour-inspection"];

export function Approve({ draft, desks, onSend, onNo }: ApproveProps) {
  const { desk } = draft;
  const [rows, setRows] = useState<readonly Row[]>(
    draft.lines.map((text) => ({ text, ticked: text === "" })),
  );
  const [tells, setTells] = useState(false);
  const [sent, setSent] = useState(false);
  const lines = rows.filter((row) => row.ticked).map((row) => row.text.trim());
  const chosen = lines.filter((line) => line !== "");
  const long = chosen.join("").length > CHARACTERS_AT_MOST;
  const nobody = desks !== null && !desks.includes(desk);
  const put = (at: number, part: Partial<Row>): void =>
    setRows(rows.map((row, place) => (place === at ? { ...row, ...part } : row)));
  const send = (): void => {
    if (chosen.length > 0 && !long && !nobody && !sent) {
      setSent(true);
      onSend(desk, chosen, tells);
    }
  };
  const name = t(`referral.desks.${desk}`);
  return (
    <section class="approve" aria-labelledby="approve-title">
      <h2 id="approve-title">{t("referral.approve.title", { desk: name })}</h2>
      <p class="hint">{t("referral.approve.lead")}</p>
      <ol class="approve-lines">
        {rows.map((row, at) => (
          <LineRow key={at} row={row} at={at} put={(part) => put(at, part)} />
        ))}
      </ol>
      {rows.length < LINES_AT_MOST && (
        <button
          type="button"
          class="quiet"
          onClick={() => setRows([...rows, { text: "", ticked: true }])}
        >
          {t("referral.approve.add")}
        </button>
      )}
      <label class="tick">
        <input type="checkbox" checked={tells} onChange={() => setTells(!tells)} />
        {t("referral.approve.tells")}
      </label>
      <ul class="hint">
        <li>{t("referral.approve.gets", { desk: name })}</li>
        <li>{t("referral.approve.when")}</li>
        <li>{t("referral.approve.days", { count: daysOf(desk) })}</li>
        {NAMED.includes(desk) && <li>{t("referral.approve.named")}</li>}
      </ul>
      {!SIGNED && <p class="unsigned">{t("mode.unsigned")}</p>}
      <p role="status" class="attention">
        {nobody ? t("referral.nobody") : long ? t("referral.approve.long") : ""}
      </p>
      <button
        type="button"
        class="act"
        id="approve-send"
        aria-disabled={chosen.length === 0 || long || nobody || sent}
        onClick={send}
      >
        {t("referral.approve.send", { count: chosen.length })}
      </button>
      <button type="button" class="quiet" onClick={onNo}>
        {t("referral.approve.no")}
      </button>
    </section>
  );
}

function LineRow({ row, at, put }: { row: Row; at: number; put: (part: Partial<Row>) => void }) {
  return (
    <li>
      <label class="tick">
        <input type="checkbox" checked={row.ticked} onChange={() => put({ ticked: !row.ticked })} />
        {t("referral.approve.line", { number: at + 1 })}
      </label>
      <textarea
        rows={2}
        aria-label={t("referral.approve.words", { number: at + 1 })}
        autocomplete="off"
        value={row.text}
        onInput={(event) => put({ text: event.currentTarget.value })}
      />
    </li>
  );
}
