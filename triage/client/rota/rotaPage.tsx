/**
 * A week of the rota. Each day is a list of its shifts; a wide screen lays the seven beside each
 * other. Everything a shift is, it says in words.
 */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { useAsking } from "../../../counsel/client/asking.ts";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import type { PageProps } from "../../../counsel/client/insidePages.ts";
import { may } from "../../../counsel/client/rights.ts";
import { Loaded } from "../loaded.tsx";
import type { StaffingProps } from "../staffing/staffingPage.tsx";
import { addDays, daysOf, mondayOf } from "./days.ts";
import { PlanForm } from "./planForm.tsx";
import { actOnShift, askWeek, type ShiftAct, type Week } from "./questions.ts";
import { ShiftCard } from "./shiftCard.tsx";
import { dateOf, weekdayOf } from "./week.ts";

/** How often an open page looks again, milliseconds: others sign up too. */
const LOOK_EVERY = 60_000;
const WEEK = 7;
const loadStaffing = (): Promise<(props: StaffingProps) => VNode> =>
  import("../staffing/staffingPage.tsx").then((part) => part.StaffingPage);

export function RotaPage(props: PageProps): VNode {
  const { api, me } = props;
  const [first, setFirst] = useState(() =>
    mondayOf(new Date(Date.now()).toISOString().slice(0, 10)),
  );
  const [week, setWeek] = useState<Week | null>(null);
  const [done, setDone] = useState("");
  const [reckons, setReckons] = useState(false);
  const asking = useAsking();
  const at = useRef(first);
  at.current = first;
  const settled = useRef(false);
  const look = async (): Promise<void> => {
    const answer = await askWeek(api, first, WEEK);
    if (at.current !== first) {
      return; // another week was asked for meanwhile
    }
    if (answer.ok) {
      setWeek(answer.value);
      // It may be Monday there already: the first look goes to the organisation's own week.
      if (!settled.current) {
        setFirst(mondayOf(answer.value.today));
      }
      settled.current = true;
    } else {
      asking.tell(answer.code);
    }
  };
  useEffect(() => {
    setWeek(null);
    void look();
    const timer = setInterval(() => void (document.hidden || look()), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [api, first]);
  const act = async (what: ShiftAct, shift: number): Promise<void> => {
    setDone("");
    if ((await asking.run(() => actOnShift(api, what, shift))) === true) {
      setDone(what);
    }
    await look();
  };
  return (
    <div class="inside rota">
      <header class="inside-top">
        <h1>{t("rota.title")}</h1>
        <Steps first={first} go={setFirst} today={week?.today ?? ""} />
      </header>
      <p class="soft">{week === null ? t("rota.loading") : t("rota.zone", { zone: week.zone })}</p>
      {may(me.role, "foresee") && (
        <button
          type="button"
          class="second reckon"
          id="reckon"
          aria-expanded={reckons}
          onClick={() => setReckons(!reckons)}
        >
          {t(reckons ? "staffing.close" : "staffing.open")}
        </button>
      )}
      {reckons && week !== null && <Loaded load={loadStaffing} page={{ ...props, week, first }} />}
      <Told told={asking.told} done={done} />
      {week !== null && (
        <Days week={week} first={first} props={props} act={act} busy={asking.busy} />
      )}
      {may(me.role, "plan-rota") && <PlanForm {...props} first={first} planned={look} />}
    </div>
  );
}

function Told({ told, done }: { told: string; done: string }): VNode {
  return (
    <>
      <div role="alert">{told !== "" && <p class="attention">{tCode("rota.failed", told)}</p>}</div>
      <div role="status">{told === "" && done !== "" && <p>{t(`rota.done.${done}`)}</p>}</div>
    </>
  );
}

function Steps(props: { first: string; go: (day: string) => void; today: string }): VNode {
  const { first, go, today } = props;
  const last = addDays(first, WEEK - 1);
  return (
    <nav class="answers" aria-label={t("rota.weeks")}>
      <button type="button" class="second" onClick={() => go(addDays(first, -WEEK))}>
        {t("rota.earlier")}
      </button>
      <b aria-live="polite">{t("rota.range", { from: dateOf(first), to: dateOf(last) })}</b>
      <button type="button" class="second" onClick={() => go(addDays(first, WEEK))}>
        {t("rota.later")}
      </button>
      {today !== "" && (today < first || today > last) && (
        <button type="button" class="second" onClick={() => go(mondayOf(today))}>
          {t("rota.this_week")}
        </button>
      )}
    </nav>
  );
}

interface DaysProps {
  readonly week: Week;
  readonly first: string;
  readonly props: PageProps;
  readonly busy: boolean;
  act(what: ShiftAct, shift: number): Promise<void>;
}

function Days({ week, first, props, act, busy }: DaysProps): VNode {
  const { shifts, zone, today } = week;
  return (
    <ol class="week">
      {daysOf(shifts, first, WEEK, zone).map(({ day, shifts: begun }) => (
        <li key={day} class={day === today ? "day today" : "day"}>
          <h2>
            {weekdayOf(day)} <span class="date">{dateOf(day)}</span>
            {day === today && <span class="mark-today">{t("rota.today")}</span>}
          </h2>
          {begun.length === 0 && <p class="soft">{t("rota.nothing")}</p>}
          <ul>
            {begun.map((shift) => (
              <ShiftCard
                key={shift.id}
                shift={shift}
                zone={zone}
                role={props.me.role}
                busy={busy}
                act={(what) => void act(what, shift.id)}
              />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
