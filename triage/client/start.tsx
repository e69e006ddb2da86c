/** Before the queue: everything may be left empty, and whether it stays on this phone is said out loud. */

import { useState } from "preact/hooks";
import { INDUSTRIES, REGIONS, TOPICS } from "../../counsel/client/contract.ts";
import { t } from "../../counsel/client/i18n.ts";
import type { Intake } from "./intake/intake.ts";
import { SentPanel } from "./intake/sentPanel.tsx";
import type { Telling } from "./intake/telling.ts";

/** As the server allows (limits.MAX_TOPICS). */
const MOST_TOPICS = 4;

export interface Beginning {
  readonly firstLine: string;
  readonly keep: boolean;
}

export interface StartProps {
  readonly intake: Intake;
  readonly telling: Telling;
  readonly onStart: (beginning: Beginning) => void;
  readonly onBack?: () => void;
  readonly state: "ready" | "opening" | "failed";
  /** A sentence of its own for why it failed, if there is one. */
  readonly reason?: string | undefined;
  /** Whoever was last talked with, by name; "" for nobody. */
  readonly listener: string;
  readonly onListener: (same: boolean) => void;
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

/** Whom one would rather not meet, and whom one would like to meet again. */
function Wishes({ intake, telling, listener, onListener }: StartProps) {
  const [same, setSame] = useState(telling.wished);
  return (
    <div class="chips">
      <Chip
        label={t("start.no_plants")}
        on={intake.noPlants}
        onToggle={() => telling.choose({ noPlants: !intake.noPlants })}
      />
      {listener !== "" && (
        <Chip
          label={t("start.same_listener", { name: listener })}
          on={same}
          onToggle={() => {
            setSame(!same);
            onListener(!same);
          }}
        />
      )}
    </div>
  );
}

function Chip({ label, on, onToggle }: { label: string; on: boolean; onToggle: () => void }) {
  return (
    <label class={on ? "chip on" : "chip"}>
      <input type="checkbox" checked={on} onChange={onToggle} />
      {label}
    </label>
  );
}

/** What will leave, read from the bytes that would. */
function Leaving({ telling }: { telling: Telling }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <p class="hint">{t("start.what_leaves")}</p>
      <button type="button" class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t("intake.sent.look")}
      </button>
      {open && <SentPanel request={telling.request} />}
    </>
  );
}

export function Start(props: StartProps) {
  const { intake, telling, onStart, state, reason } = props;
  const { topics, region, industry } = intake;
  const [firstLine, setFirstLine] = useState("");
  const busy = state === "opening";
  const toggle = (topic: string): void => {
    const others = topics.filter((one) => one !== topic);
    telling.choose({ topics: topics.includes(topic) ? others : [...topics, topic] });
  };
  const start = (keep: boolean): void => {
    if (!busy) {
      onStart({ firstLine: firstLine.trim(), keep });
    }
  };
  return (
    <main class="screen start">
      <h1 tabIndex={-1}>{t("start.title")}</h1>
      <p>{t("start.lead")}</p>
      <Topics chosen={topics} onToggle={toggle} />
      <FirstLine text={firstLine} onText={setFirstLine} />
      <details class="whom">
        <summary>{t("start.whom")}</summary>
        <div class="row">
          <Pick
            label={t("start.region")}
            codes={REGIONS}
            chosen={region}
            onPick={(code) => telling.choose({ region: code })}
          />
          <Pick
            label={t("start.industry")}
            codes={INDUSTRIES}
            chosen={industry}
            onPick={(code) => telling.choose({ industry: code })}
          />
        </div>
        <p class="hint" id="places-hint">
          {t("start.places_hint")}
        </p>
        <Wishes {...props} />
      </details>
      <h2>{t("start.choose")}</h2>
      <p class={state === "failed" ? "attention" : "hint"} role="status">
        {busy && t("start.opening")}
        {state === "failed" && (reason ?? t("start.failed"))}
      </p>
      <Choice name="keep" busy={busy} onPick={() => start(true)} />
      <Choice name="leave_none" busy={busy} onPick={() => start(false)} />
      <Leaving telling={telling} />
      {props.onBack !== undefined && (
        <button type="button" class="quiet" onClick={props.onBack}>
          {t("intake.back")}
        </button>
      )}
    </main>
  );
}

function FirstLine({ text, onText }: { text: string; onText: (text: string) => void }) {
  return (
    <>
      <label class="first-line">
        <span>{t("start.first_line")}</span>
        <textarea
          rows={2}
          value={text}
          autocomplete="off"
          aria-describedby="first-line-hint"
          onInput={(event) => onText(event.currentTarget.value)}
        />
      </label>
      <p class="hint" id="first-line-hint">
        {t("start.first_line_hint")}
      </p>
    </>
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
