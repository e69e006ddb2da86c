/**
 * The duty bar: whether this person is on, what comes next, and why the door is open or closed, in
 * plain words. It stands under the staff bar, whichever tab is open.
 */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { type Asking, useAsking } from "../../counsel/client/asking.ts";
import { t, tCode } from "../../counsel/client/i18n.ts";
import type { PageProps } from "../../counsel/client/insidePages.ts";
import { may } from "../../counsel/client/rights.ts";
import type { Outcome } from "../../counsel/client/staffApi.ts";
import { localOf } from "./rota/days.ts";
import { actOnDuty, askDuty, askWeek, checkIn, type Duty, type DutyAct } from "./rota/questions.ts";
import { hoursOf, momentOf, weekdayOf } from "./rota/week.ts";

/** How often the bar looks again by itself, milliseconds: a door says within this that it moved. */
const LOOK_EVERY = 15_000;
/** From so long before a shift on it can be started (limits.CHECK_IN_FROM); milliseconds. */
const CHECK_IN_FROM = 15 * 60_000;

interface BarProps extends PageProps {
  /** Told after each look whether this person is checked in. */
  looked(standing: boolean): void;
}

export function DutyBar(props: BarProps): VNode {
  const { api, looked } = props;
  const [duty, setDuty] = useState<Duty | null>(null);
  const [zone, setZone] = useState("");
  const [now, setNow] = useState(Date.now);
  const asking = useAsking();
  const look = async (): Promise<void> => {
    const answer = await askDuty(api);
    setNow(Date.now());
    if (answer.ok) {
      setDuty(answer.value);
      looked(answer.value.shift !== null);
    } else if (answer.code === "offline") {
      setDuty(null); // what stood here may be wrong by now
    }
  };
  useEffect(() => {
    void zoneOf(props).then(setZone);
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY);
    const seen = (): void => void (document.hidden || look());
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [api]);
  const act = async (ask: () => Promise<Outcome<true>>): Promise<void> => {
    await asking.run(ask);
    await look();
  };
  return (
    <section class="duty" aria-label={t("duty.title")}>
      {duty === null || zone === "" ? (
        <p class="soft">{t("duty.loading")}</p>
      ) : (
        <Standing {...props} duty={duty} zone={zone} now={now} asking={asking} act={act} />
      )}
      <div role="alert" class="told">
        {asking.told !== "" && <p class="attention">{tCode("errors", asking.told)}</p>}
      </div>
    </section>
  );
}

/** The organisation's time zone; asked until it is there. */
async function zoneOf({ api }: PageProps): Promise<string> {
  for (;;) {
    const answer = await askWeek(api, new Date(Date.now()).toISOString().slice(0, 10), 1);
    if (answer.ok) {
      return answer.value.zone;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}

interface StandingProps extends PageProps {
  readonly duty: Duty;
  readonly zone: string;
  /** Milliseconds. */
  readonly now: number;
  readonly asking: Asking;
  act(ask: () => Promise<Outcome<true>>): Promise<void>;
}

function Standing(props: StandingProps): VNode {
  const { duty, asking, act, api, me } = props;
  const stands = may(me.role, "stand");
  return (
    <>
      <div class="standing" role="status">
        {stands && (
          <p>
            <b>{stateSentence(props)}</b>
          </p>
        )}
        {stands && !duty.cleared && <p class="attention">{t("duty.not_cleared")}</p>}
        <DoorLine {...props} />
      </div>
      {duty.page === "due" && (
        <div class="page-due">
          <p>{t("duty.page_due")}</p>
          <button
            type="button"
            class="firm"
            aria-disabled={asking.busy}
            onClick={() => void act(() => actOnDuty(api, "page-seen"))}
          >
            {t("duty.page_seen")}
          </button>
        </div>
      )}
      {stands && <Acts {...props} />}
    </>
  );
}

function stateSentence({ duty, zone, now }: StandingProps): string {
  const { shift, next } = duty;
  if (shift !== null) {
    const time = localOf(shift.ends, zone).time;
    if (shift.state === "debrief" && duty.resumes !== null) {
      return t("duty.debrief", { time, until: localOf(duty.resumes, zone).time });
    }
    return t(shift.state === "pause" ? "duty.pause" : "duty.on", { time });
  }
  if (next === null) {
    return t("duty.off_nothing");
  }
  if (next.starts <= now) {
    return t("duty.late", { hours: hoursOf(next, zone) });
  }
  const weekday = weekdayOf(localOf(next.starts, zone).day);
  return t("duty.off_next", { weekday, hours: hoursOf(next, zone) });
}

/** A door that is closed says why, and when the rota opens it next. */
function DoorLine({ duty, zone, mode }: StandingProps): VNode {
  const { open, unmet, opens } = duty.door;
  if (mode === "demo") {
    return <p class="soft">{t("duty.door_demo")}</p>;
  }
  if (open) {
    return (
      <p>
        <span aria-hidden="true">◉ </span>
        {t("duty.door_open")}
      </p>
    );
  }
  const why = unmet.map((code) => tCode("duty.unmet", code)).join(t("duty.unmet_and"));
  const then =
    opens === null ? t("duty.opens_unknown") : t("duty.opens", { moment: momentOf(opens, zone) });
  return (
    <p class="door-closed">
      <span aria-hidden="true">◎ </span>
      {t("duty.door_closed", { why, opens: then })}
    </p>
  );
}

/** What can be done now, and nothing else. Leaving with somebody on one's hands is asked once. */
function Acts(props: StandingProps): VNode {
  const { duty, api, asking, act } = props;
  /** The state in which leaving was asked about: another state is another question. */
  const [leaving, setLeaving] = useState<string | null>(null);
  const state = duty.shift?.state ?? "";
  const press = (what: DutyAct): void => {
    if (what === "check-out" && duty.talks > 0) {
      setLeaving(state);
    } else {
      void act(() => actOnDuty(api, what));
    }
  };
  const does = (what: DutyAct, able = true): VNode => (
    <button
      type="button"
      class="second"
      aria-disabled={asking.busy || !able}
      onClick={() => able && press(what)}
    >
      {t(`duty.do.${what}`)}
    </button>
  );
  if (leaving === state) {
    return <Leaving {...props} no={() => setLeaving(null)} />;
  }
  if (duty.shift === null) {
    return <CheckIn {...props} />;
  }
  return (
    <div class="answers">
      {state === "on" ? (
        <>
          {does("pause")}
          {does("debrief")}
        </>
      ) : (
        does("resume", duty.resumes === null || duty.resumes <= props.now)
      )}
      {does("check-out")}
    </div>
  );
}

/** For the next shift when it is time, else for one that is not on the rota. */
function CheckIn({ duty, now, api, asking, act }: StandingProps): VNode {
  const { next } = duty;
  const due = next !== null && next.starts - CHECK_IN_FROM <= now;
  return (
    <div class="answers">
      <button
        type="button"
        class={due ? "firm" : "second"}
        id="check-in"
        aria-disabled={asking.busy}
        aria-describedby={due ? undefined : "walk-in"}
        onClick={() => void act(() => checkIn(api, due ? next.id : 0))}
      >
        {t(due ? "duty.check_in" : "duty.walk_in")}
      </button>
      {!due && (
        <p class="soft" id="walk-in">
          {t("duty.walk_in_hint")}
        </p>
      )}
    </div>
  );
}

function Leaving({ duty, api, act, no }: StandingProps & { no: () => void }): VNode {
  const harmless = useRef<HTMLButtonElement>(null);
  useEffect(() => harmless.current?.focus(), []);
  return (
    <div class="answers" role="group" aria-label={t("duty.do.check-out")}>
      <p class="attention">{t("duty.leaving", { count: duty.talks })}</p>
      <button type="button" class="second" ref={harmless} onClick={no}>
        {t("duty.stay")}
      </button>
      <button
        type="button"
        class="firm"
        onClick={() => void act(() => actOnDuty(api, "check-out"))}
      >
        {t("duty.do.check-out")}
      </button>
    </div>
  );
}
