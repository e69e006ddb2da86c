/**
 * Consent to send help: what it means, where to wait, and one tap that names who reads it. The place
 * travels only in the talk; nothing of it is asked of our machine.
 */

import texts from "catalogue/help";

import { useState } from "preact/hooks";
import { readersOf } from "../../../chat/client/view/memberLine.tsx";
import { learn, t } from "../../../counsel/client/i18n.ts";
import type { HelpProps } from "./later.tsx";
import { COST, SIGNED } from "./script.ts";
import { PLACE_AT_MOST, type Standing, standingOf, writeWhere } from "./words.ts";

learn(texts);

export function HelpPage({ view, talk, onBack }: HelpProps) {
  const standing = standingOf(view.lines);
  const name = standing.who || readersOf(view);
  const active = view.phase === "active";
  const say = (word: string): void => {
    void talk.help?.(word);
    void talk.forgetPlaces?.();
    onBack();
  };
  switch (standing.state) {
    case "asked":
      return active ? <Consent name={name} view={view} talk={talk} say={say} /> : <Past />;
    case "unsent":
      return (
        <>
          <p class="attention">{t("help.unsent")}</p>
          <button type="button" class="act" onClick={() => void talk.retry(standing.line)}>
            {t("help.yes", { names: readersOf(view) })}
          </button>
          <Word word="back" say={say} />
        </>
      );
    case "given":
    case "called":
      return <Given standing={standing} name={name} say={say} />;
    default:
      return <Past />;
  }
}

function Past() {
  return <p>{t("help.past")}</p>;
}

function Word({ word, say }: { word: string; say: (word: string) => void }) {
  return (
    <button type="button" class="other" onClick={() => say(word)}>
      {t(`help.words.${word}`)}
    </button>
  );
}

interface ConsentProps extends Pick<HelpProps, "view" | "talk"> {
  readonly name: string;
  say(word: string): void;
}

function Consent({ name, view, talk, say }: ConsentProps) {
  const [where, setWhere] = useState<Choice>({ outside: null, text: "" });
  const [state, setState] = useState<"" | "sent" | "failed">("");
  const { outside, text } = where;
  const ready = outside !== null && text.trim() !== "" && state !== "sent";
  const send = (): void => {
    if (outside === null || !ready) return;
    setState("sent");
    talk.givePlace?.(writeWhere({ outside, text })).catch(() => setState("failed"));
  };
  return (
    <section class="sent-help">
      <p>{t("help.consent")}</p>
      <ul class="hint">
        <li>{t("help.sealed", { name })}</li>
        <li>{t("help.passed_on")}</li>
        <li>{COST === "" ? t("help.cost") : COST}</li>
      </ul>
      <WhereFields where={where} put={setWhere} />
      {!SIGNED && <p class="unsigned">{t("mode.unsigned")}</p>}
      <p role="status" class="attention">
        {state === "failed" && t("help.unsent")}
      </p>
      <button type="button" class="act" id="help-yes" aria-disabled={!ready} onClick={send}>
        {t("help.yes", { names: readersOf(view) })}
      </button>
      <Word word="no" say={say} />
    </section>
  );
}

interface Choice {
  readonly outside: boolean | null;
  readonly text: string;
}

interface FieldsProps {
  readonly where: Choice;
  put(where: Choice): void;
}

/** Outside or in, and the words for it. Nothing of it is kept before the tap. */
function WhereFields({ where, put }: FieldsProps) {
  return (
    <>
      <fieldset class="where">
        <legend>{t("help.meet")}</legend>
        {[true, false].map((outside) => (
          <label key={String(outside)} class="tick">
            <input
              type="radio"
              name="where"
              checked={where.outside === outside}
              onChange={() => put({ ...where, outside })}
            />
            {t(outside ? "help.outside" : "help.inside")}
          </label>
        ))}
      </fieldset>
      {where.outside === false && <p class="attention">{t("help.guard")}</p>}
      <label class="where-text">
        {t("help.place")}
        <textarea
          id="help-place"
          rows={3}
          maxLength={PLACE_AT_MOST}
          autocomplete="off"
          value={where.text}
          onInput={(event) => put({ ...where, text: event.currentTarget.value })}
        />
      </label>
      <p class="hint">{t("help.place_hint")}</p>
    </>
  );
}

interface GivenProps {
  readonly standing: Standing;
  readonly name: string;
  say(word: string): void;
}

/** It was said, and somebody may be on the way. */
function Given({ standing, name, say }: GivenProps) {
  const { where, state } = standing;
  return (
    <section class="sent-help">
      <p>{t(state === "called" ? "help.called" : "help.given", { name })}</p>
      <p class="said-place">{where === null ? t("help.forgotten") : where.text}</p>
      <p class="hint">{t("help.kept", { name })}</p>
      <p class="hint">{t("help.erased", { name })}</p>
      <Word word="there" say={say} />
      <Word word="back" say={say} />
    </section>
  );
}
