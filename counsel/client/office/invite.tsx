/** Inviting somebody: a working name and a role in, a link out. */

import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n.ts";
import { DESKS } from "../referralContract.ts";
import { ROLES } from "../staffApi.ts";
import { AT, type PeopleBook, type PeopleView } from "./peopleBook.ts";
import { goOnFrom, Outcome } from "./speaking.tsx";

/** Characters of a working name, as the table has room for. */
const LONGEST_NAME = 32;

export function Invite({ book, view }: { book: PeopleBook; view: PeopleView }): VNode {
  if (view.draft === null) {
    return (
      <>
        <Outcome page={view} at={AT.invite} section="people" />
        <button
          type="button"
          class="second begin-invite"
          id="begin-invite"
          onClick={() => book.write({ name: "", role: "counsellor", desk: DESKS[0] })}
        >
          {t("people.invite.open")}
        </button>
      </>
    );
  }
  return <InviteForm book={book} view={view} draft={view.draft} />;
}

interface FormProps {
  readonly book: PeopleBook;
  readonly view: PeopleView;
  readonly draft: NonNullable<PeopleView["draft"]>;
}

function InviteForm({ book, view, draft }: FormProps): VNode {
  const busy = view.busy === AT.invite;
  const close = (): void => {
    book.write(null);
    goOnFrom("begin-invite")(true);
  };
  return (
    <form
      class="card"
      noValidate
      aria-labelledby="invite-title"
      onSubmit={(event) => {
        event.preventDefault();
        void book.invite();
      }}
    >
      <h2 id="invite-title">{t("people.invite.title")}</h2>
      <NameField book={book} draft={draft} />
      <Roles book={book} draft={draft} />
      {draft.role === "desk" && <Desks book={book} draft={draft} />}
      <Outcome page={view} at={AT.invite} section="people" />
      <div class="answers">
        <button type="submit" class="firm" aria-disabled={busy}>
          {t(busy ? "people.invite.busy" : "people.invite.submit")}
        </button>
        <button type="button" class="second" onClick={close}>
          {t("people.invite.close")}
        </button>
      </div>
    </form>
  );
}

function NameField({ book, draft }: Pick<FormProps, "book" | "draft">): VNode {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <div class="field">
      <label for="invite-name">{t("people.invite.name")}</label>
      <input
        id="invite-name"
        ref={first}
        autoComplete="off"
        spellcheck={false}
        maxLength={LONGEST_NAME}
        aria-describedby="invite-name-hint"
        value={draft.name}
        onInput={(event) => book.write({ ...draft, name: event.currentTarget.value })}
      />
      <p id="invite-name-hint" class="soft">
        {t("people.invite.name_hint")}
      </p>
    </div>
  );
}

function Desks({ book, draft }: Pick<FormProps, "book" | "draft">): VNode {
  return (
    <label class="field">
      {t("people.invite.desk")}
      <select
        value={draft.desk}
        onChange={(event) => book.write({ ...draft, desk: event.currentTarget.value })}
      >
        {DESKS.map((desk) => (
          <option key={desk} value={desk}>
            {t(`referral.desks.${desk}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Roles({ book, draft }: Pick<FormProps, "book" | "draft">): VNode {
  return (
    <fieldset class="roles">
      <legend>{t("people.invite.role")}</legend>
      {ROLES.map((role) => (
        <label key={role} class="tick">
          <input
            type="radio"
            name="role"
            checked={draft.role === role}
            onChange={() => book.write({ ...draft, role })}
          />
          <span>
            {t(`talk.roles.${role}`)}
            <span class="soft"> {t(`people.does.${role}`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
