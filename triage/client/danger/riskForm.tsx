/**
 * Beside the talk, never over it: what to do first, five taps, and one button once all is asked. It
 * counts what was said and decides nothing.
 */

import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { t } from "../../../counsel/client/i18n.ts";
import type { Said } from "../intake/answers.ts";
import {
  leftOut,
  PATHS,
  pathOf,
  RISK_SIGNED,
  type Risk,
  type RiskItem,
  type RiskPath,
  raises,
  tapped,
  turnedTo,
  UNASKED,
  weigh,
} from "./risk.ts";

export interface RiskFormProps {
  readonly risk: Risk;
  readonly answers: readonly Said[];
  /** Which danger is open for them, or "". */
  readonly open: string;
  /** Raised when somebody wants to see this. */
  readonly wanted: number;
  tap(risk: Risk): void;
  /** All is asked: `danger` is to be raised first, unless it is "". */
  done(risk: Risk, danger: string): void;
}

export function RiskForm(props: RiskFormProps): VNode {
  const { risk, wanted, tap } = props;
  const title = useRef<HTMLHeadingElement>(null);
  const path = pathOf(risk, props.answers);
  useEffect(() => {
    if (wanted > 0) title.current?.focus();
  }, [wanted]);
  return (
    <section class="risk" aria-labelledby="risk-title">
      <h3 id="risk-title" ref={title} tabIndex={-1}>
        {t("risk.title")}
      </h3>
      <label class="about">
        {t("risk.about")}
        <select value={path.id} onChange={(event) => tap(turnedTo(event.currentTarget.value))}>
          {PATHS.map(({ id }) => (
            <option key={id} value={id}>
              {t(`risk.paths.${id}`)}
            </option>
          ))}
        </select>
      </label>
      <ol class="steps">
        {path.steps.map((step) => (
          <li key={step}>{t(`risk.steps.${step}`)}</li>
        ))}
      </ol>
      {path.items.map((item) => (
        <Item key={`${path.id}-${item.id}`} item={item} path={path} risk={risk} tap={tap} />
      ))}
      <Sum {...props} path={path} />
      {!RISK_SIGNED && <p class="unsigned">{t("mode.unsigned")}</p>}
    </section>
  );
}

interface ItemProps extends Pick<RiskFormProps, "risk" | "tap"> {
  readonly item: RiskItem;
  readonly path: RiskPath;
}

function Item({ item, path, risk, tap }: ItemProps): VNode {
  const words = `risk.items.${path.id}.${item.id}`;
  return (
    <fieldset data-item={item.id}>
      <legend>{t(`${words}.ask`)}</legend>
      <div class="taps">
        {item.options.map(({ id }) => (
          <label key={id}>
            <input
              type="radio"
              name={`risk-${item.id}`}
              value={id}
              checked={risk.taps[item.id] === id}
              onChange={() => tap(tapped(risk, path, item.id, id))}
            />
            <span>{t(`${words}.${id}`)}</span>
          </label>
        ))}
        {risk.taps[item.id] === undefined && (
          <Unasked item={item} path={path} risk={risk} tap={tap} />
        )}
      </div>
    </fieldset>
  );
}

/** Offered as long as nothing is tapped. */
function Unasked({ item, path, risk, tap }: ItemProps): VNode {
  const ask = t(`risk.items.${path.id}.${item.id}.ask`);
  return (
    <select
      aria-label={t("risk.unasked_for", { item: ask })}
      value={risk.unasked[item.id] ?? ""}
      onChange={(event) => tap(leftOut(risk, path, item.id, event.currentTarget.value))}
    >
      <option value="">{t("risk.unasked_none")}</option>
      {UNASKED.map((why) => (
        <option key={why} value={why}>
          {t(`risk.unasked.${why}`)}
        </option>
      ))}
    </select>
  );
}

function Sum({ path, risk, open, done }: RiskFormProps & { path: RiskPath }): VNode {
  const { sum, most, urgency, missing } = weigh(risk, path);
  const danger = missing === 0 ? raises(urgency, open, risk.done) : "";
  const word = danger !== "" ? "raise" : risk.done ? "again" : "done";
  return (
    <div class="sum">
      <p role="status">
        {missing > 0
          ? t("risk.missing", { count: missing })
          : t("risk.says", { sum, most, level: t(`risk.levels.${urgency}`) })}
      </p>
      <button
        type="button"
        class={danger === "" ? "second" : "firm"}
        aria-disabled={missing > 0}
        onClick={() => missing === 0 && done({ ...risk, path: path.id, done: true }, danger)}
      >
        {t(`risk.${word}`)}
      </button>
      <p class="soft">{t("risk.kept")}</p>
    </div>
  );
}
