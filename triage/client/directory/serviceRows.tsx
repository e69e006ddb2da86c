/** Telephones and hours of a service: rows that come and go. */

import type { VNode } from "preact";

import { t } from "../../../counsel/client/i18n.ts";
import { BLANK_HOURS, BLANK_PHONE, type Words } from "./questions.ts";

/** Telephones, and hours, one form takes: twin of `triage/directory/editing.py`. */
const MOST = 8;
const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

function changed(rows: readonly Words[], place: number, part: Words): readonly Words[] {
  return rows.map((row, at) => (at === place ? ({ ...row, ...part } as Words) : row));
}

function without(rows: readonly Words[], place: number): readonly Words[] {
  return rows.filter((_, at) => at !== place);
}

interface RowsProps {
  readonly rows: readonly Words[];
  write(rows: readonly Words[]): void;
}

export function Phones({ rows, write }: RowsProps): VNode {
  return (
    <fieldset class="directory-rows">
      <legend>{t("directory_desk.fields.phones")}</legend>
      {rows.map((row, place) => (
        <div key={row["id"] || place} class="directory-row">
          {(["number", "description"] as const).map((part) => (
            <label key={part}>
              {t(`directory_desk.phone.${part}`)}
              <input
                value={row[part] ?? ""}
                inputMode={part === "number" ? "tel" : "text"}
                maxLength={part === "number" ? 24 : 200}
                autoComplete="off"
                onInput={(event) =>
                  write(changed(rows, place, { [part]: event.currentTarget.value }))
                }
              />
            </label>
          ))}
          <Drop place={place} drop={() => write(without(rows, place))} />
        </div>
      ))}
      {rows.length < MOST && (
        <button type="button" class="second" onClick={() => write([...rows, { ...BLANK_PHONE }])}>
          {t("directory_desk.phone.more")}
        </button>
      )}
    </fieldset>
  );
}

function Drop({ place, drop }: { place: number; drop: () => void }): VNode {
  return (
    <button type="button" class="plain" onClick={drop}>
      {t("directory_desk.form.drop")}
      <span class="unseen"> {place + 1}</span>
    </button>
  );
}

export function Hours({ rows, write }: RowsProps): VNode {
  return (
    <fieldset class="directory-rows">
      <legend>{t("directory_desk.fields.hours")}</legend>
      {rows.map((row, place) => (
        <HoursRow
          key={row["id"] || place}
          row={row}
          place={place}
          write={(part) => write(changed(rows, place, part))}
          drop={() => write(without(rows, place))}
        />
      ))}
      {rows.length < MOST && (
        <button type="button" class="second" onClick={() => write([...rows, { ...BLANK_HOURS }])}>
          {t("directory_desk.hours.more")}
        </button>
      )}
      <p class="soft">{t("directory_desk.hours.hint")}</p>
    </fieldset>
  );
}

interface HoursProps {
  readonly row: Words;
  readonly place: number;
  write(part: Words): void;
  drop(): void;
}

function HoursRow({ row, place, write, drop }: HoursProps): VNode {
  const named = (row["byday"] ?? "").split(",").filter((day) => day !== "");
  const toggle = (day: string): void => {
    const days = DAYS.filter((one) => (one === day ? !named.includes(day) : named.includes(one)));
    write({ byday: days.join(",") });
  };
  return (
    <div class="directory-row">
      <div class="days" role="group" aria-label={t("directory_desk.hours.days")}>
        {DAYS.map((day) => (
          <label key={day} class="tick">
            <input type="checkbox" checked={named.includes(day)} onChange={() => toggle(day)} />
            {t(`directory.days.${day}`)}
          </label>
        ))}
      </div>
      {(["opens_at", "closes_at"] as const).map((part) => (
        <label key={part}>
          {t(`directory_desk.hours.${part}`)}
          <input
            value={(row[part] ?? "").slice(0, 5)}
            placeholder={part === "opens_at" ? "09:00" : "17:00"}
            inputMode="numeric"
            maxLength={5}
            autoComplete="off"
            onInput={(event) => write({ [part]: event.currentTarget.value })}
          />
        </label>
      ))}
      <Drop place={place} drop={drop} />
    </div>
  );
}
