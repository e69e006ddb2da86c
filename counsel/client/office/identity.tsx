/** Name, level, zone and languages; and the sentence seekers read of it. */

import type { VNode } from "preact";

import { t } from "../i18n.ts";
import { AT, type OrganisationBook, type OrganisationView } from "./organisationBook.ts";
import type { Identity } from "./organisationQuestions.ts";
import { Outcome } from "./speaking.tsx";

/** Characters of a name or a level, as the table has room for. */
const LONGEST = 64;
/** Zones with a name people use; any other is written as its IANA name. */
const KNOWN_ZONES = ["Asia/Shanghai", "Asia/Urumqi"] as const;
/** What the service can be read in. */
const LANGUAGES = ["zh", "en"] as const;

interface CardProps {
  readonly book: OrganisationBook;
  readonly view: OrganisationView;
  readonly stored: Identity;
  readonly changes: boolean;
}

export function IdentityCard(props: CardProps): VNode {
  const { view, stored, changes } = props;
  const shown = view.draft ?? stored;
  return (
    <section class="card" aria-labelledby="identity-title">
      <h2 id="identity-title">{t("organisation.identity.title")}</h2>
      {changes ? <IdentityForm {...props} shown={shown} /> : <Facts identity={stored} />}
      <figure class="as-seen">
        <figcaption class="soft">{t("organisation.identity.seen")}</figcaption>
        <p>{runBy(shown)}</p>
      </figure>
    </section>
  );
}

/** As the first page says it, see `landing.run_by_*` and triage/views.py. */
function runBy({ level, name }: Identity): string {
  const by = [level, name].map((word) => word.trim()).filter((word) => word !== "");
  return t("organisation.identity.run_by", {
    by: by.length === 0 ? t("organisation.identity.nobody") : by.join(" "),
  });
}

function Facts({ identity }: { identity: Identity }): VNode {
  const { name, level, zone, languages } = identity;
  const unsaid = t("organisation.identity.unsaid");
  const rows: readonly (readonly [name: string, says: string])[] = [
    ["name", name === "" ? unsaid : name],
    ["level", level === "" ? unsaid : level],
    ["zone", zoneName(zone)],
    ["languages", languages.map(languageName).join(t("people.comma"))],
  ];
  return (
    <>
      <dl class="known">
        {rows.map(([word, says]) => (
          <div key={word}>
            <dt>{t(`organisation.identity.${word}`)}</dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
      <p class="soft">{t("organisation.identity.only_administrators")}</p>
    </>
  );
}

function IdentityForm({ book, view, shown }: CardProps & { shown: Identity }): VNode {
  const busy = view.busy === AT.identity;
  const same = view.draft === null;
  return (
    <form
      noValidate
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void book.save();
      }}
    >
      <Line book={book} shown={shown} name="level" />
      <Line book={book} shown={shown} name="name" />
      <Zone book={book} shown={shown} />
      <Languages book={book} shown={shown} />
      <Outcome page={view} at={AT.identity} section="organisation" />
      <button type="submit" class="firm" aria-disabled={busy || same}>
        {t(busy ? "organisation.identity.busy" : "organisation.identity.save")}
      </button>
    </form>
  );
}

interface PartProps {
  readonly book: OrganisationBook;
  readonly shown: Identity;
}

function Line({ book, shown, name }: PartProps & { name: "name" | "level" }): VNode {
  return (
    <div class="field">
      <label for={`identity-${name}`}>{t(`organisation.identity.${name}`)}</label>
      <input
        id={`identity-${name}`}
        autoComplete="off"
        maxLength={LONGEST}
        aria-describedby={`identity-${name}-hint`}
        value={shown[name]}
        onInput={(event) => book.write({ ...shown, [name]: event.currentTarget.value })}
      />
      <p id={`identity-${name}-hint`} class="soft">
        {t(`organisation.identity.${name}_hint`)}
      </p>
    </div>
  );
}

function Zone({ book, shown }: PartProps): VNode {
  const known = KNOWN_ZONES.some((zone) => zone === shown.zone);
  return (
    <div class="field">
      <label for="identity-zone">{t("organisation.identity.zone")}</label>
      <select
        id="identity-zone"
        aria-describedby="identity-zone-hint"
        value={known ? shown.zone : "other"}
        onChange={(event) => {
          const zone = event.currentTarget.value;
          book.write({ ...shown, zone: zone === "other" ? "" : zone });
        }}
      >
        {KNOWN_ZONES.map((zone) => (
          <option key={zone} value={zone}>
            {zoneName(zone)}
          </option>
        ))}
        <option value="other">{t("organisation.identity.other_zone")}</option>
      </select>
      {!known && (
        <input
          aria-label={t("organisation.identity.zone_name")}
          autoComplete="off"
          spellcheck={false}
          maxLength={LONGEST}
          placeholder="Asia/Shanghai"
          value={shown.zone}
          onInput={(event) => book.write({ ...shown, zone: event.currentTarget.value })}
        />
      )}
      <p id="identity-zone-hint" class="soft">
        {t("organisation.identity.zone_hint")}
      </p>
    </div>
  );
}

function Languages({ book, shown }: PartProps): VNode {
  const turn = (language: string, on: boolean): void => {
    const spoken = LANGUAGES.filter((one) =>
      one === language ? on : shown.languages.includes(one),
    );
    book.write({ ...shown, languages: spoken });
  };
  return (
    <fieldset>
      <legend>{t("organisation.identity.languages")}</legend>
      <div class="ticks">
        {LANGUAGES.map((language) => (
          <label key={language} class="tick">
            <input
              type="checkbox"
              checked={shown.languages.includes(language)}
              onChange={(event) => turn(language, event.currentTarget.checked)}
            />
            {languageName(language)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function zoneName(zone: string): string {
  const known = KNOWN_ZONES.find((one) => one === zone);
  return known === undefined ? zone : t(`organisation.zones.${known.slice(5)}`);
}

function languageName(language: string): string {
  const known = LANGUAGES.find((one) => one === language);
  return known === undefined ? language : t(`console.case.languages.${known}`);
}
