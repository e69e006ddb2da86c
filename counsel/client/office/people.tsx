/** The people page: who works here, who was invited, and what is done about it. */

import type { VNode } from "preact";

import { language, t } from "../i18n.ts";
import type { PageProps } from "../insidePages.ts";
import { may } from "../rights.ts";
import type { Me } from "../staffApi.ts";
import { shelfOf } from "./book.ts";
import { Invite } from "./invite.tsx";
import { Links } from "./links.tsx";
import { PendingList } from "./pending.tsx";
import { PeopleBook, type PeopleView } from "./peopleBook.ts";
import { PersonRow } from "./person.tsx";
import { KINDS, type Kind, listed } from "./roster.ts";
import { Failure, useBook } from "./speaking.tsx";

const pageLanguage = document.documentElement.lang.slice(0, 2);
const bookOf = shelfOf((api, me) => new PeopleBook(api, me, pageLanguage));

export function PeoplePage({ me, api }: PageProps): VNode {
  const book = bookOf(api, me);
  const view = useBook(book);
  const { roster, failure } = view;
  return (
    <div class="inside office">
      <h1 id="people-title" tabIndex={-1}>
        {t("people.title")}
      </h1>
      {!may(me.role, "run-people") && <p class="soft">{t(`people.limits.${me.role}`)}</p>}
      {failure !== "" && (
        <Failure code={failure} stale={roster !== null} again={() => void book.load()} />
      )}
      {roster === null && failure === "" && <p role="status">{t("people.loading")}</p>}
      {may(me.role, "run-people") && <Invite book={book} view={view} />}
      <Links book={book} view={view} />
      {roster !== null && (
        <>
          <PendingList book={book} view={view} me={me} />
          <Everybody book={book} view={view} me={me} />
        </>
      )}
    </div>
  );
}

interface ListProps {
  readonly book: PeopleBook;
  readonly view: PeopleView;
  readonly me: Me;
}

function Everybody({ book, view, me }: ListProps): VNode {
  const people = view.roster?.people ?? [];
  const shown = listed(people, view.filter, view.opened, language);
  return (
    <section aria-labelledby="everybody-title" class="everybody">
      <h2 id="everybody-title">{t("people.list.title")}</h2>
      <FilterBar book={book} view={view} />
      <p class="soft" role="status">
        {shown.length === people.length
          ? t("people.list.count", { count: people.length })
          : t("people.list.some", { count: shown.length, total: people.length })}
      </p>
      {shown.length === 0 && <p>{t("people.list.none")}</p>}
      <ul class="rows">
        {shown.map((member) => (
          <PersonRow key={member.person} book={book} view={view} me={me} member={member} />
        ))}
      </ul>
    </section>
  );
}

function FilterBar({ book, view }: Omit<ListProps, "me">): VNode {
  return (
    <div class="one-line" role="search" aria-label={t("people.list.find")}>
      <label>
        {t("people.list.words")}
        <input
          type="search"
          id="find-people"
          autoComplete="off"
          spellcheck={false}
          value={view.filter.words}
          onInput={(event) => book.setFilter({ words: event.currentTarget.value })}
        />
      </label>
      <label>
        {t("people.list.only")}
        <select
          value={view.filter.kind}
          onChange={(event) => book.setFilter({ kind: event.currentTarget.value as Kind })}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`people.kinds.${kind}`)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
