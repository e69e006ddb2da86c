/** Who stands when, how many come, and who else might: the fields of the question. */

import type { VNode } from "preact";

import { t } from "../../../counsel/client/i18n.ts";
import { daysOf } from "../rota/days.ts";
import type { Week } from "../rota/questions.ts";
import { dateOf, weekdayOf } from "../rota/week.ts";
import { type Draft, draftOf, MOST_LINES, type TypedLine } from "./wanted.ts";

const WEEK = 7;
/** As the server allows: people, those who come in an hour, supervisors. */
const MOST = { people: 60, come: 300, supervisors: 10 } as const;

interface FieldsProps {
  readonly draft: Draft;
  readonly week: Week;
  readonly first: string;
  write(part: Partial<Draft>): void;
}

export function WantedFields(props: FieldsProps): VNode {
  const { draft, write } = props;
  const change = (at: number, line: TypedLine): void =>
    write({ lines: draft.lines.map((old, place) => (place === at ? line : old)) });
  return (
    <>
      <FromRota {...props} />
      <fieldset class="who">
        <legend>{t("staffing.lines")}</legend>
        {draft.lines.map((line, at) => (
          <LineFields
            key={at}
            line={line}
            change={(to) => change(at, to)}
            remove={
              draft.lines.length > 1
                ? () => write({ lines: draft.lines.filter((_, place) => place !== at) })
                : null
            }
          />
        ))}
        {draft.lines.length < MOST_LINES && (
          <button
            type="button"
            class="plain"
            onClick={() => write({ lines: [...draft.lines, { ...lastOf(draft), people: "1" }] })}
          >
            {t("staffing.add")}
          </button>
        )}
      </fieldset>
      <Numbers {...props} />
      <fieldset class="who">
        <legend>{t("staffing.more")}</legend>
        <LineFields line={draft.more} change={(more) => write({ more })} remove={null} />
      </fieldset>
    </>
  );
}

const lastOf = (draft: Draft): TypedLine => draft.lines[draft.lines.length - 1] ?? draft.more;

/** Days of the week in sight on which listeners stand. */
function FromRota({ draft, week, first, write }: FieldsProps): VNode | null {
  const days = daysOf(
    week.shifts.filter(({ state }) => state !== "cancelled"),
    first,
    WEEK,
    week.zone,
  ).filter(({ shifts }) => shifts.some(({ role }) => role === "counsellor"));
  if (days.length === 0) {
    return null;
  }
  const take = (day: string): void => {
    const found = days.find((one) => one.day === day);
    if (found !== undefined) {
      write(draftOf(found.shifts, week.zone, draft));
    }
  };
  return (
    <label>
      {t("staffing.from_rota")}
      <select id="staffing-day" onChange={(event) => take(event.currentTarget.value)}>
        <option value="">{t("staffing.by_hand")}</option>
        {days.map(({ day }) => (
          <option key={day} value={day}>
            {t("staffing.day", { weekday: weekdayOf(day), date: dateOf(day) })}
          </option>
        ))}
      </select>
    </label>
  );
}

interface LineProps {
  readonly line: TypedLine;
  change(line: TypedLine): void;
  readonly remove: (() => void) | null;
}

function LineFields({ line, change, remove }: LineProps): VNode {
  return (
    <div class="line-fields">
      <label>
        {t("rota.plan.from")}
        <input
          type="time"
          value={line.from}
          onInput={(event) => change({ ...line, from: event.currentTarget.value })}
        />
      </label>
      <label>
        {t("rota.plan.to")}
        <input
          type="time"
          value={line.to}
          onInput={(event) => change({ ...line, to: event.currentTarget.value })}
        />
      </label>
      <label>
        {t("rota.plan.places")}
        <input
          type="number"
          min={1}
          max={MOST.people}
          value={line.people}
          onInput={(event) => change({ ...line, people: event.currentTarget.value })}
        />
      </label>
      {remove !== null && (
        <button type="button" class="plain" onClick={remove}>
          {t("staffing.remove")}
        </button>
      )}
    </div>
  );
}

function Numbers({ draft, write }: FieldsProps): VNode {
  return (
    <div class="fields">
      <label>
        {t("staffing.come")}
        <input
          type="number"
          id="staffing-come"
          min={0.1}
          max={MOST.come}
          step={0.1}
          value={draft.come}
          onInput={(event) => write({ come: event.currentTarget.value })}
        />
      </label>
      <label>
        {t("staffing.each")}
        <select value={draft.each} onChange={(event) => write({ each: event.currentTarget.value })}>
          <option value="1">{t("staffing.one_talk")}</option>
          <option value="2">{t("staffing.two_talks")}</option>
        </select>
      </label>
      <label>
        {t("staffing.supervisors")}
        <input
          type="number"
          min={0}
          max={MOST.supervisors}
          value={draft.supervisors}
          onInput={(event) => write({ supervisors: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}
