/** One place on the rota: when, which role, who, how it stands, and what can be done about it. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { t } from "../../../counsel/client/i18n.ts";
import type { StaffRole } from "../../../counsel/client/staffApi.ts";
import { actsOf, type CardAct } from "./acts.ts";
import type { Shift, ShiftAct } from "./questions.ts";
import { hoursOf } from "./week.ts";

export interface ShiftCardProps {
  readonly shift: Shift;
  readonly zone: string;
  /** Of whoever looks. */
  readonly role: StaffRole;
  readonly busy: boolean;
  act(what: ShiftAct): void;
}

export function ShiftCard({ shift, zone, role, busy, act }: ShiftCardProps): VNode {
  const [asked, setAsked] = useState(false);
  const hours = hoursOf(shift, zone);
  const label = t("rota.label", { hours, role: t(`talk.roles.${shift.role}`) });
  const press = (what: CardAct): void => {
    if (what === "cancel") {
      setAsked(true);
    } else {
      act(what === "keep" ? "cover" : what);
    }
  };
  return (
    <li class="shift" data-state={shift.state} data-mine={shift.mine} aria-label={label}>
      <p class="hours">
        <b>{hours}</b> {t(`talk.roles.${shift.role}`)}
      </p>
      <p>
        {shift.who !== null && <b>{shift.who.working_name}</b>}{" "}
        <span class="how">{t(`rota.states.${wordOf(shift)}`)}</span>
      </p>
      <Marks shift={shift} />
      {asked ? (
        <div class="answers" role="group" aria-label={t("rota.cancel_asked")}>
          <p>{t(shift.who === null ? "rota.cancel_asked" : "rota.cancel_asked_taken")}</p>
          <button type="button" class="second" onClick={() => setAsked(false)}>
            {t("rota.keep")}
          </button>
          <button
            type="button"
            class="firm"
            onClick={() => {
              setAsked(false);
              act("cancel");
            }}
          >
            {t("rota.do.cancel")}
          </button>
        </div>
      ) : (
        <div class="answers">
          {actsOf(shift, role, Date.now()).map((what) => (
            <button
              key={what}
              type="button"
              class="second"
              aria-disabled={busy}
              aria-label={t("rota.do_label", { act: t(`rota.do.${what}`), label })}
              onClick={() => !busy && press(what)}
            >
              {t(`rota.do.${what}`)}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}

function wordOf({ state, who }: Shift): string {
  return state === "missed" && who === null ? "missed_open" : state;
}

function Marks({ shift }: { shift: Shift }): VNode | null {
  const words = [
    ...(shift.mine ? ["mine"] : []),
    ...(shift.cover && shift.state === "taken" ? ["cover"] : []),
    ...(shift.walkIn ? ["walk_in"] : []),
  ];
  if (words.length === 0) {
    return null;
  }
  return (
    <p class="marks">
      {words.map((word) => (
        <span key={word} class={`tag ${word}`}>
          {t(`rota.marks.${word}`)}
        </span>
      ))}
    </p>
  );
}
