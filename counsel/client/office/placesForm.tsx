/** Where somebody works beside this, so that they meet nobody from there (coarse codes only). */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { INDUSTRIES, REGIONS } from "../contract.ts";
import { t } from "../i18n.ts";
import { AT } from "./peopleBook.ts";
import type { Places } from "./peopleQuestions.ts";
import type { PersonProps } from "./person.tsx";
import { Outcome } from "./speaking.tsx";

export function PlacesForm({ book, view, member }: PersonProps): VNode {
  const { region, industry, inPlant } = member;
  const [places, setPlaces] = useState<Places>({ region, industry, inPlant });
  const id = `places-${member.person}`;
  const busy = view.busy === AT.places(member.person);
  return (
    <form
      class="places-form"
      onSubmit={(event) => {
        event.preventDefault();
        void book.mark(member, places);
      }}
    >
      <fieldset aria-describedby={`${id}-hint`}>
        <legend>{t("people.places.title")}</legend>
        <Coarse places={places} setPlaces={setPlaces} />
        <label class="tick">
          <input
            type="checkbox"
            checked={places.inPlant}
            onChange={(event) => setPlaces({ ...places, inPlant: event.currentTarget.checked })}
          />
          {t("people.places.in_plant")}
        </label>
        <p class="soft" id={`${id}-hint`}>
          {t("people.places.hint", { name: member.working_name })}
        </p>
      </fieldset>
      <Outcome page={view} at={AT.places(member.person)} section="people" />
      <button type="submit" class="second" id={id} aria-disabled={busy}>
        {t("people.places.save")}
      </button>
    </form>
  );
}

function Coarse(props: { places: Places; setPlaces: (places: Places) => void }): VNode {
  const { places, setPlaces } = props;
  return (
    <div class="one-line">
      <Choice
        label={t("people.places.region")}
        value={places.region}
        codes={REGIONS}
        choose={(code) => setPlaces({ ...places, region: code })}
      />
      <Choice
        label={t("people.places.industry")}
        value={places.industry}
        codes={INDUSTRIES}
        choose={(code) => setPlaces({ ...places, industry: code })}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly codes: readonly string[];
  choose(code: string): void;
}

function Choice({ label, value, codes, choose }: ChoiceProps): VNode {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("people.places.none")}</option>
        {codes.map((code) => (
          <option key={code} value={code}>
            {t(`places.${code}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
