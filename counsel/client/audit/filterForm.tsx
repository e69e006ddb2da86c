/** What is looked for in the trail: a person, a kind of act, a talk, a day. */

import type { VNode } from "preact";

import { t } from "../i18n.ts";
import { AT } from "./trailBook.ts";
import type { ReadingProps } from "./trailPage.tsx";
import { EVERYTHING, KINDS } from "./trailQuestions.ts";

export function FilterForm({ book, view }: ReadingProps): VNode {
  const { draft, filter, people } = view;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void book.find();
  };
  return (
    <form class="one-line" aria-label={t("audit.filter.title")} role="search" onSubmit={submit}>
      <label>
        {t("audit.filter.person")}
        <select
          id="trail-person"
          value={draft.person}
          onChange={(event) => book.write({ person: event.currentTarget.value })}
        >
          <option value="">{t("audit.filter.anybody")}</option>
          {people.map(({ person, working_name }) => (
            <option key={person} value={person}>
              {working_name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("audit.filter.what")}
        <select
          id="trail-what"
          value={draft.what}
          onChange={(event) => book.write({ what: event.currentTarget.value })}
        >
          <option value="">{t("audit.filter.anything")}</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`audit.kinds.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="short">
        {t("audit.filter.case")}
        <input
          id="trail-case"
          value={draft.caseCode}
          maxLength={4}
          autoComplete="off"
          spellcheck={false}
          onInput={(event) => book.write({ caseCode: event.currentTarget.value })}
        />
      </label>
      <label class="short">
        {t("audit.filter.day")}
        <input
          type="date"
          id="trail-day"
          value={draft.day}
          onInput={(event) => book.write({ day: event.currentTarget.value })}
        />
      </label>
      <button type="submit" class="second" aria-disabled={view.busy === AT.list}>
        {t("audit.filter.find")}
      </button>
      {filter !== EVERYTHING && (
        <button type="button" class="plain" onClick={() => void book.findAll()}>
          {t("audit.filter.all")}
        </button>
      )}
    </form>
  );
}
