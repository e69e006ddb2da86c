/** Where somebody works beside this, so that they meet nobody from there (coarse codes only). */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { t } from "../i18n.ts";
import { PlaceFields } from "../placeFields.tsx";
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
        <div class="one-line">
          <PlaceFields
            region={places.region}
            industry={places.industry}
            unsaid={t("people.places.none")}
            change={(region, industry) => setPlaces({ ...places, region, industry })}
          />
        </div>
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
