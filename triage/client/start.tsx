/** Before the queue: everything may be left empty, and whether it stays on this phone is said out loud. */

import { useState } from "preact/hooks";
import { INDUSTRIES, REGIONS, TOPICS } from "../../counsel/client/contract.ts";
import { t } from "../../counsel/client/i18n.ts";

/** As the server allows (limits.MAX_TOPICS). */
const MOST_TOPICS = 4;

export interface Beginning {
  readonly topics: readonly string[];
  /** Codes of where and in what trade one works; each may be empty. */
  readonly region: string;
  readonly industry: string;
  readonly firstLine: string;
  readonly keep: boolean;
}

export interface StartProps {
  readonly onStart: (beginning: Beginning) => void;
  readonly state: "ready" | "opening" | "failed";
  /** A sentence of its own for why it failed, if there is one. */
  readonly reason?: string;
}

function Topics({
  chosen,
  onToggle,
}: {
  chosen: readonly string[];
  onToggle: (topic: string) => void;
}) {
  return (
    <fieldset class="topics">
      <legend>{t("start.topics")}</legend>
      <div class="chips">
        {TOPICS.map((topic) => {
          const on = chosen.includes(topic);
          const full = !on && chosen.length >= MOST_TOPICS;
          return (
            <label key={topic} class={on ? "chip on" : full ? "chip off" : "chip"}>
              <input
                type="checkbox"
                checked={on}
                disabled={full}
                onChange={() => onToggle(topic)}
              />
              {t(`topics.${topic}`)}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

interface PickProps {
  readonly label: string;
  readonly codes: readonly string[];
  readonly chosen: string;
  readonly onPick: (code: string) => void;
}

function Pick({ label, codes, chosen, onPick }: PickProps) {
  return (
    <label class="pick">
      {label}
      <select
        value={chosen}
        autocomplete="off"
        aria-describedby="places-hint"
        onChange={(event) => onPick(event.currentTarget.value)}
      >
        <option value="">{t("start.unsaid")}</option>
        {codes.map((code) => (
          <option key={code} value={code}>
            {t(`places.${code}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Start({ onStart, state, reason }: StartProps) {
  const [topics, setTopics] = useState<readonly string[]>([]);
  const [region, setRegion] = useState("");
  const [industry, setIndustry] = useState("");
  const [firstLine, setFirstLine] = useState("");
  const busy = state === "opening";
  const toggle = (topic: string): void => {
    setTopics(topics.includes(topic) ? topics.filter((one) => one !== topic) : [...topics, topic]);
  };
  const start = (keep: boolean): void => {
    if (!busy) {
      onStart({ topics, region, industry, firstLine: firstLine.trim(), keep });
    }
  };
  return (
    <main class="screen start">
      <h1 tabIndex={-1}>{t("start.title")}</h1>
      <p>{t("start.lead")}</p>
      <Topics chosen={topics} onToggle={toggle} />
      <div class="row">
        <Pick label={t("start.region")} codes={REGIONS} chosen={region} onPick={setRegion} />
        <Pick
          label={t("start.industry")}
          codes={INDUSTRIES}
          chosen={industry}
          onPick={setIndustry}
        />
      </div>
      <p class="hint" id="places-hint">
        {t("start.places_hint")}
      </p>
      <label class="first-line">
        <span>{t("start.first_line")}</span>
        <textarea
          rows={2}
          value={firstLine}
          autocomplete="off"
          aria-describedby="first-line-hint"
          onInput={(event) => setFirstLine(event.currentTarget.value)}
        />
      </label>
      <p class="hint" id="first-line-hint">
        {t("start.first_line_hint")}
      </p>
      <h2>{t("start.choose")}</h2>
      <p class={state === "failed" ? "attention" : "hint"} role="status">
        {busy && t("start.opening")}
        {state === "failed" && (reason ?? t("start.failed"))}
      </p>
      <Choice name="keep" busy={busy} onPick={() => start(true)} />
      <Choice name="leave_none" busy={busy} onPick={() => start(false)} />
      <p class="hint">{t("start.what_leaves")}</p>
    </main>
  );
}

interface ChoiceProps {
  readonly name: "keep" | "leave_none";
  readonly busy: boolean;
  readonly onPick: () => void;
}

function Choice({ name, busy, onPick }: ChoiceProps) {
  return (
    <button type="button" class="choice" aria-disabled={busy} onClick={onPick}>
      <b>{t(`start.${name}`)}</b>
      <span>{t(`start.${name}_note`)}</span>
    </button>
  );
}
