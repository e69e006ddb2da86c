/** One or two choices and a button, inside the row they are about: nothing lies over a talk. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { t } from "../../../counsel/client/i18n.ts";

export interface Choices {
  readonly name: string;
  readonly words: readonly string[];
}

interface ChoiceFormProps {
  readonly label: string;
  readonly choices: readonly Choices[];
  submit(said: Readonly<Record<string, string>>): void;
  cancel(): void;
}

export function ChoiceForm({ label, choices, submit, cancel }: ChoiceFormProps): VNode {
  const [said, setSaid] = useState<Readonly<Record<string, string>>>({});
  const ready = choices.every(({ name }) => (said[name] ?? "") !== "");
  return (
    <form
      class="lower"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) {
          submit(said);
        }
      }}
    >
      {choices.map(({ name, words }) => (
        <label key={name}>
          {t(`danger.fields.${name}`)}
          <select
            name={name}
            value={said[name] ?? ""}
            onChange={(event) => setSaid({ ...said, [name]: event.currentTarget.value })}
          >
            <option value="">{t("danger.choose")}</option>
            {words.map((word) => (
              <option key={word} value={word}>
                {t(`danger.words.${name}.${word}`)}
              </option>
            ))}
          </select>
        </label>
      ))}
      <div class="answers">
        <button type="submit" class="firm" aria-disabled={!ready}>
          {t("danger.do")}
        </button>
        <button type="button" class="second" onClick={cancel}>
          {t("danger.not")}
        </button>
      </div>
    </form>
  );
}
