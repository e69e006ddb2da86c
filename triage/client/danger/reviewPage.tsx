/**
 * Danger that is over: what happened when, who acted, who still needs a quarter-hour, and what there is
 * to learn, in codes. Seconds are told as calm steps; nobody is ranked by them.
 */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { useAsking } from "../../../counsel/client/asking.ts";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import type { PageProps } from "../../../counsel/client/insidePages.ts";
import {
  askReview,
  askReviews,
  learn,
  type PastDanger,
  type PastStep,
  type Reviews,
  type Told,
} from "./reviewQuestions.ts";

export function ReviewPage({ api }: PageProps): VNode {
  const [all, setAll] = useState<Reviews | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const asking = useAsking();
  const look = async (): Promise<void> => {
    const found = await asking.run(() => askReviews(api));
    if (found !== null) setAll(found);
  };
  useEffect(() => {
    void look();
  }, [api]);
  const open = async (id: number): Promise<void> => {
    const found = await asking.run(() => askReview(api, id));
    if (found !== null) setTold(found);
  };
  const keep = async (id: number, learned: readonly string[]): Promise<void> => {
    const found = await asking.run(() => learn(api, id, learned));
    if (found !== null) {
      setTold(found);
      await look();
    }
  };
  return (
    <div class="inside reviews">
      <h1>{t("review.title")}</h1>
      <p class="soft">{t("review.says")}</p>
      {all === null && asking.told === "" && <p role="status">{t("review.loading")}</p>}
      {all !== null && <Inside all={all} />}
      {all !== null && <List rows={all.rows} open={told?.id ?? 0} show={(id) => void open(id)} />}
      {all !== null && told !== null && (
        <One key={told.id} told={told} codes={all.learn} keep={(codes) => keep(told.id, codes)} />
      )}
      <div role="alert">
        {asking.told !== "" && <p class="attention">{tCode("errors", asking.told)}</p>}
      </div>
    </div>
  );
}

/** Whoever was suspended while they sat in talks: those are to be handed on. */
function Inside({ all }: { all: Reviews }): VNode | null {
  if (all.inside.length === 0) {
    return null;
  }
  return (
    <ul class="left-inside">
      {all.inside.map(({ who, talks }) => (
        <li key={who} class="attention">
          {t("review.inside", { who, count: talks })}
        </li>
      ))}
    </ul>
  );
}

interface ListProps {
  readonly rows: readonly PastDanger[];
  readonly open: number;
  show(id: number): void;
}

function List({ rows, open, show }: ListProps): VNode {
  if (rows.length === 0) {
    return <p>{t("review.none")}</p>;
  }
  return (
    <ul class="past">
      {rows.map((row) => (
        <li key={row.id} data-reviewed={row.reviewed}>
          <button
            type="button"
            class="person"
            aria-pressed={row.id === open}
            onClick={() => show(row.id)}
          >
            <b>{row.caseCode === "" ? t("review.erased") : row.caseCode}</b> <span>{row.day}</span>{" "}
            <span>{tCode("danger.kinds", row.kind)}</span> <span>{endOf(row)}</span>{" "}
            <span class="soft">
              <span aria-hidden="true">{row.reviewed ? "✓ " : "○ "}</span>
              {t(row.reviewed ? "review.reviewed" : "review.to_review")}
              {row.owed > 0 && t("danger.and") + t("review.owed", { count: row.owed })}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface OneProps {
  readonly told: Told;
  readonly codes: readonly string[];
  keep(learned: readonly string[]): Promise<void>;
}

function One({ told, codes, keep }: OneProps): VNode {
  return (
    <section class="review" aria-labelledby="review-title">
      <h2 id="review-title">
        {t("review.one", { code: told.caseCode === "" ? t("review.erased") : told.caseCode })}
      </h2>
      <p>
        {told.shown < 0 ? t("review.never_shown") : t("review.shown", { after: since(told.shown) })}
        {told.unstaffed && ` ${t("review.unstaffed")}`}
        {told.unassessed !== "" && ` ${tCode("danger.words.unassessed", told.unassessed)}`}
      </p>
      <ol class="timeline">
        {told.steps.map((step, place) => (
          <li key={place} data-event={step.event}>
            <span class="when">{since(step.after)}</span> <span>{whatOf(step)}</span>
          </li>
        ))}
      </ol>
      {told.debriefs.length > 0 && (
        <p>
          {t("review.debriefs")}
          {told.debriefs
            .map(({ who, begun }) =>
              t(begun ? "review.debrief_begun" : "review.debrief_owed", { who }),
            )
            .join(t("danger.and"))}
        </p>
      )}
      <Learning told={told} codes={codes} keep={keep} />
    </section>
  );
}

function Learning({ told, codes, keep }: OneProps): VNode {
  const [chosen, setChosen] = useState<readonly string[]>(told.learned);
  const turn = (code: string): void =>
    setChosen(chosen.includes(code) ? chosen.filter((one) => one !== code) : [...chosen, code]);
  return (
    <form
      class="learn"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.length > 0) void keep(chosen);
      }}
    >
      <fieldset>
        <legend>{t("review.learn")}</legend>
        {codes.map((code) => (
          <label key={code}>
            <input
              type="checkbox"
              checked={chosen.includes(code)}
              onChange={() => turn(code)}
              value={code}
            />
            <span>{tCode("review.learned", code)}</span>
          </label>
        ))}
      </fieldset>
      <p class="soft">{t("review.no_words")}</p>
      <button type="submit" class="second" aria-disabled={chosen.length === 0}>
        {t("review.keep")}
      </button>
      <p role="status">{told.by !== "" && t("review.kept_by", { who: told.by })}</p>
    </form>
  );
}

function endOf(row: PastDanger): string {
  return row.state === "erased"
    ? t("review.ended_erased")
    : tCode("danger.words.outcome", row.outcome);
}

/** "40 s", "3 min", "2 h": as calm as it can be and still be learned from. */
function since(seconds: number): string {
  if (seconds < 120) return t("review.seconds", { count: seconds });
  const minutes = Math.round(seconds / 60);
  return minutes < 120
    ? t("review.minutes", { count: minutes })
    : t("review.hours", { count: Math.round(minutes / 60) });
}

function whatOf(step: PastStep): string {
  const what = step.called === "" ? tCode("review.events", step.event) : t(called(step.called));
  const more = { act: "danger.words.what", close: "danger.words.outcome" }[step.event];
  const how = more === undefined ? "" : tCode(more, step.reason);
  const who = step.who === "" ? tCode("review.roles", step.role) : step.who;
  return t(how === "" ? "review.did" : "review.did_how", { who, what, how });
}

function called(audience: string): `danger.called.${string}` {
  return `danger.called.${audience}`;
}
