/** The seeker decides: whether, at which hour, and whether a calendar is told. All of it on this phone. */

import { useEffect, useState } from "preact/hooks";
import { language, t } from "../../../counsel/client/i18n.ts";
import {
  calendar,
  HOURS,
  isOver,
  momentsOf,
  type Revisit,
  type RevisitKind,
  readQuestion,
  SIGNED,
  USUAL_HOUR,
} from "./days.ts";
import { forgetRevisit, keepRevisit, readRevisit } from "./kept.ts";

export interface RevisitPageProps {
  /** What a counsellor asked in this talk, or "" for nothing. */
  readonly question: string;
  /** It is about an appointment of one's own. */
  readonly visit: boolean;
  readonly name: string;
  readonly person: string;
  readonly now: number;
  /** The answer goes into the talk, in words. */
  readonly onAnswer: (text: string) => void;
}

export function whenOf(moment: number): string {
  return new Date(moment).toLocaleString(language, {
    ...{ month: "long", day: "numeric", weekday: "short", hour: "numeric", minute: "2-digit" },
  });
}

export function RevisitPage(props: RevisitPageProps) {
  const [kept, setKept] = useState<Revisit | null | undefined>(undefined);
  const [failed, setFailed] = useState(false);
  const slot = props.visit ? "visit" : "talk";
  useEffect(() => {
    readRevisit(slot).then(setKept, () => setKept(null));
  }, [slot]);
  const keep = async (revisit: Revisit): Promise<void> => {
    const done = await keepRevisit(revisit).catch(() => false);
    setFailed(!done);
    if (!done) return;
    setKept(revisit);
    const [first] = revisit.moments;
    if (revisit.kind !== "referral" && first !== undefined) {
      props.onAnswer(t("later.answer", { when: whenOf(first) }));
    }
  };
  if (kept === undefined) return <p role="status">…</p>;
  return (
    <div class="revisit">
      <p>{t("later.lead")}</p>
      {kept !== null && !isOver(kept, props.now) ? (
        <Kept
          kept={kept}
          now={props.now}
          onStop={() => void forgetRevisit(slot).then(() => setKept(null))}
        />
      ) : (
        <Choose {...props} onKeep={(revisit) => void keep(revisit)} />
      )}
      <p role="alert" class={failed ? "attention" : ""}>
        {failed && t("later.not_kept")}
      </p>
      <p class="hint">{t("later.limits")}</p>
      {!SIGNED && <p class="unsigned">{t("mode.unsigned")}</p>}
    </div>
  );
}

interface ChooseProps extends RevisitPageProps {
  readonly onKeep: (revisit: Revisit) => void;
}

function Choose(props: ChooseProps) {
  const { question, visit, name, person, now, onAnswer, onKeep } = props;
  const [asked, setAsked] = useState(visit ? null : readQuestion(question));
  const [hour, setHour] = useState(USUAL_HOUR);
  const take = (kind: RevisitKind, moments: readonly number[]): void =>
    onKeep({ kind, moments, next: 0, name, person });
  if (visit) {
    return (
      <Appointment
        now={now}
        onKeep={(at) => take("referral", momentsOf({ kind: "referral", days: 0 }, at, 0))}
      />
    );
  }
  if (asked === null) return <p role="status">{t("later.nothing")}</p>;
  const moments = momentsOf(asked, now, hour);
  const no = (): void => {
    onAnswer(t("later.answer_no"));
    setAsked(null);
  };
  return (
    <>
      <label>
        {t("later.hour")}
        <select value={hour} onChange={(event) => setHour(Number(event.currentTarget.value))}>
          {HOURS.map((one) => (
            <option key={one} value={one}>
              {t("later.hour_line", { hour: one })}
            </option>
          ))}
        </select>
      </label>
      <Moments moments={moments} />
      <p class="hint">{t("later.keep")}</p>
      <button type="button" class="act" id="revisit-yes" onClick={() => take(asked.kind, moments)}>
        {t("later.yes")}
      </button>
      <button type="button" class="quiet" id="revisit-no" onClick={no}>
        {t("later.no")}
      </button>
    </>
  );
}

function Moments({ moments }: { moments: readonly number[] }) {
  return (
    <>
      <p>{t("later.days")}</p>
      <ul class="moments">
        {moments.map((moment) => (
          <li key={moment}>{whenOf(moment)}</li>
        ))}
      </ul>
    </>
  );
}

/** A desk says when in its own words, so the phone has to be told. */
function Appointment({ now, onKeep }: { now: number; onKeep: (at: number) => void }) {
  const [text, setText] = useState("");
  const at = new Date(text).getTime();
  const fits = at > now;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (fits) onKeep(at);
      }}
    >
      <label>
        {t("later.appointment")}
        <input
          type="datetime-local"
          id="appointment"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <p class="hint">{t("later.visits")}</p>
      <p class="hint">{t("later.keep")}</p>
      <button type="submit" class="act" aria-disabled={!fits}>
        {t("later.yes")}
      </button>
    </form>
  );
}

interface KeptProps {
  readonly kept: Revisit;
  readonly now: number;
  readonly onStop: () => void;
}

function Kept({ kept, now, onStop }: KeptProps) {
  const toCome = kept.moments.slice(kept.next).filter((moment) => moment > now);
  const [first] = toCome;
  return (
    <>
      <p role="status">{first !== undefined && t("later.kept", { when: whenOf(first) })}</p>
      <button type="button" class="other" id="calendar" onClick={() => saveCalendar(toCome)}>
        {t("later.calendar")}
      </button>
      <p class="hint">{t("later.calendar_hint")}</p>
      <button type="button" class="quiet" onClick={onStop}>
        {t("later.stop")}
      </button>
    </>
  );
}

/** Made here and handed to the phone; no server has seen it. */
function saveCalendar(moments: readonly number[]): void {
  const draw = (): string => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const text = calendar(moments, t("later.event"), draw);
  const address = URL.createObjectURL(new Blob([text], { type: "text/calendar" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "calendar.ics";
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
