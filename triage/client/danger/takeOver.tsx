/** In the row of somebody in danger whom their listener left: since when, and the one button that goes on. */

import type { VNode } from "preact";

import { clock } from "../../../chat/client/view/when.ts";
import { t } from "../../../counsel/client/i18n.ts";
import type { DangerRow } from "./steps.ts";

const GONE = ["silent", "let-go"] as const;

export interface TakeOverProps {
  readonly row: DangerRow;
  /** On duty with nobody in hand. */
  readonly free: boolean;
  /** Somebody is being taken right now. */
  readonly busy: boolean;
  takeOver(caseCode: string): void;
}

export function TakeOver({ row, free, busy, takeOver }: TakeOverProps): VNode | null {
  const gone = GONE.find((one) => one === row.gone);
  if (gone === undefined) {
    return null;
  }
  const time = clock(new Date(row.at - row.unheard * 1000));
  const note = `take-over-${row.caseCode}`;
  return (
    <div class="take-over">
      <p class="attention" role="status">
        {t(`danger.gone.${gone}`, { name: row.before, time })}
      </p>
      {free && (
        <button
          type="button"
          class="firm"
          aria-disabled={busy}
          aria-describedby={note}
          onClick={() => busy || takeOver(row.caseCode)}
        >
          {t("danger.take_over")}
        </button>
      )}
      <p id={note} class="soft">
        {free ? t("danger.take_over_note", { name: row.before }) : t("danger.take_over_not")}
      </p>
    </div>
  );
}
