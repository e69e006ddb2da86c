/**
 * The supervisors' board, to be read from two metres: who waits and how urgently, who is on and free,
 * what has waited too long, and today's waits. Codes and working names; never who somebody is.
 */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { OnDuty, Ongoing } from "../../../counsel/client/contract.ts";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import { AskToComeIn } from "../beside/wishes.tsx";
import { rowClass, WaitingFacts } from "../board.tsx";
import type { Waiting } from "../boardView.ts";
import type { Desk } from "../desk.ts";
import type { DeskView } from "../deskView.ts";
import { TierMark, Topics } from "../marks.tsx";
import { LowerForm } from "./lowerForm.tsx";
import { WaitsPlot } from "./waitsPlot.tsx";

interface OverviewProps {
  readonly desk: Desk;
  readonly view: DeskView;
  /** Milliseconds. */
  readonly now: number;
}

const RED = 0;

export function Overview({ desk, view, now }: OverviewProps): VNode {
  const { board, link } = view;
  return (
    <div class="overview">
      <section aria-labelledby="overview-waits">
        <h2 id="overview-waits">{t("console.board.title")}</h2>
        <Sums rows={board?.rows ?? []} waiting={board?.waiting ?? 0} />
        {link !== "online" && board !== null && <p class="attention">{t("console.board.stale")}</p>}
        <div role="status">
          {view.refusal !== null && (
            <p class="attention">{tCode("console.failed", view.refusal.code)}</p>
          )}
        </div>
        {board === null && <p class="soft">{t("console.board.loading")}</p>}
        {board?.waiting === 0 && <p class="soft">{t("console.board.nobody")}</p>}
        {board !== null && board.rows.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard.
          <ol class="people" tabIndex={0}>
            {board.rows.map((row, place) => (
              <li key={row.caseCode} class={rowClass(row)} data-tier={row.tier}>
                <WaitingFacts row={row} since={now - board.at} />
                <RowActs row={row} desk={desk} view={view} first={place === 0} />
              </li>
            ))}
          </ol>
        )}
      </section>
      <section aria-labelledby="overview-staff">
        <h2 id="overview-staff">{t("console.overview.staff")}</h2>
        <Staff staff={board?.staff ?? []} desk={desk} />
        <h2 id="overview-talks">{t("console.overview.talks")}</h2>
        <GoingOn rows={view.ongoing} desk={desk} view={view} />
        <WaitsPlot points={view.waits} />
      </section>
    </div>
  );
}

/** One line that says how it stands: how many in danger, how many too long, how many at all. */
function Sums({ rows, waiting }: { rows: readonly Waiting[]; waiting: number }): VNode {
  const red = rows.filter((row) => row.tier === RED).length;
  const late = rows.filter((row) => row.breached !== 0).length;
  return (
    <p class="sums" role="status">
      <span>{t("console.overview.waiting", { count: waiting })}</span>
      <span class={red > 0 ? "danger" : ""}>{t("console.overview.red", { count: red })}</span>
      <span class={late > 0 ? "attention" : ""}>{t("console.overview.late", { count: late })}</span>
    </p>
  );
}

/** Talks that go on: codes, never who talks with whom. From each one may ask to come in. */
function GoingOn(
  props: Pick<OverviewProps, "desk" | "view"> & { rows: readonly Ongoing[] },
): VNode {
  const { rows, desk, view } = props;
  if (rows.length === 0) {
    return <p class="soft">{t("console.overview.no_talks")}</p>;
  }
  return (
    <ul class="on-duty going-on" aria-labelledby="overview-talks">
      {rows.map((row) => (
        <li key={row.caseCode} data-case={row.caseCode}>
          <b class="code">{row.caseCode}</b>
          <TierMark tier={row.tier} now={0} />
          <Topics topics={row.topics} />
          {row.inside !== 0 && <span class="soft">{t("console.overview.accompanied")}</span>}
          {row.inside === 0 && (
            <AskToComeIn
              caseCode={row.caseCode}
              wishes={view.visits}
              inside={row.held !== 0}
              askIn={(code) => void desk.visits.askIn(code)}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

interface RowProps extends Pick<OverviewProps, "desk" | "view"> {
  readonly row: Waiting;
  /** The board's first: whoever a supervisor takes is that one. */
  readonly first: boolean;
}

/** A supervisor takes a red nobody is free for, or finds somebody less urgent and says why. */
function RowActs({ row, desk, view, first }: RowProps): VNode {
  const [lowering, setLowering] = useState(false);
  if (lowering) {
    return (
      <LowerForm
        row={row}
        cancel={() => setLowering(false)}
        lower={(tier, reason) => {
          setLowering(false);
          void desk.lower(row.caseCode, tier, reason);
        }}
      />
    );
  }
  return (
    <div class="answers">
      {first && row.tier === RED && (
        <button
          type="button"
          class="firm"
          aria-disabled={view.taking}
          onClick={() => void desk.take()}
        >
          {t("console.overview.take")}
        </button>
      )}
      <button type="button" class="second" onClick={() => setLowering(true)}>
        {t("console.overview.lower")}
      </button>
    </div>
  );
}

function Staff({ staff, desk }: { staff: readonly OnDuty[]; desk: Desk }): VNode {
  if (staff.length === 0) {
    return <p class="soft">{t("console.overview.nobody_on")}</p>;
  }
  return (
    <ul class="on-duty">
      {staff.map((one) => (
        <li key={one.staff} data-state={one.state}>
          <b>{one.name}</b>
          <span>
            <span aria-hidden="true">{one.state === "free" ? "●" : "◐"} </span>
            {tCode("console.overview.states", one.state)}
          </span>
          <span class="soft">
            {one.role === "counsellor"
              ? t("console.overview.holds", { holds: one.holds, cap: one.cap })
              : t("console.overview.supervises")}
          </span>
          {one.role === "counsellor" && <Cap one={one} desk={desk} />}
        </li>
      ))}
    </ul>
  );
}

function Cap({ one, desk }: { one: OnDuty; desk: Desk }): VNode {
  const to = one.cap > 1 ? 1 : 2;
  return (
    <button type="button" class="second" onClick={() => void desk.setCap(one.staff, to)}>
      {t("console.overview.cap", { name: one.name, count: to })}
    </button>
  );
}
