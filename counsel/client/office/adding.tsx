/** Adding a number of one's own: all three parts of it, or none. */

import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { t } from "../i18n.ts";
import { AT, BLANK, type OrganisationBook, type OrganisationView } from "./organisationBook.ts";
import type { OwnNumber } from "./organisationQuestions.ts";
import { goOnFrom, Outcome } from "./speaking.tsx";

const PARTS = ["number", "name", "hours"] as const;
/** Characters, as the table has room for. */
const LONGEST: Readonly<Record<keyof OwnNumber, number>> = { number: 20, name: 32, hours: 64 };

interface AddingProps {
  readonly book: OrganisationBook;
  readonly view: OrganisationView;
}

export function Adding({ book, view }: AddingProps): VNode {
  if (view.number !== null) {
    return <AddForm book={book} view={view} typed={view.number} />;
  }
  return (
    <>
      <Outcome page={view} at={AT.add} section="organisation" />
      <button
        type="button"
        class="second"
        id="begin-number"
        onClick={() => book.writeNumber(BLANK)}
      >
        {t("organisation.add.open")}
      </button>
    </>
  );
}

function AddForm({ book, view, typed }: AddingProps & { typed: OwnNumber }): VNode {
  const close = (): void => {
    book.writeNumber(null);
    goOnFrom("begin-number")(true);
  };
  return (
    <form
      class="stack inner"
      noValidate
      aria-labelledby="add-title"
      onSubmit={(event) => {
        event.preventDefault();
        void book.add().then(goOnFrom("begin-number"));
      }}
    >
      <h3 id="add-title">{t("organisation.add.title")}</h3>
      {PARTS.map((part) => (
        <PartField key={part} book={book} typed={typed} part={part} />
      ))}
      <Outcome page={view} at={AT.add} section="organisation" />
      <div class="answers">
        <button type="submit" class="firm" aria-disabled={view.busy === AT.add}>
          {t("organisation.add.submit")}
        </button>
        <button type="button" class="second" onClick={close}>
          {t("organisation.add.close")}
        </button>
      </div>
    </form>
  );
}

interface PartProps {
  readonly book: OrganisationBook;
  readonly typed: OwnNumber;
  readonly part: keyof OwnNumber;
}

function PartField({ book, typed, part }: PartProps): VNode {
  const field = useRef<HTMLInputElement>(null);
  const first = part === PARTS[0];
  useEffect(() => {
    if (first) {
      field.current?.focus();
    }
  }, [first]);
  return (
    <div class="field">
      <label for={`add-${part}`}>{t(`organisation.add.${part}`)}</label>
      <input
        id={`add-${part}`}
        ref={field}
        inputMode={first ? "tel" : "text"}
        autoComplete="off"
        maxLength={LONGEST[part]}
        aria-describedby={`add-${part}-hint`}
        value={typed[part]}
        onInput={(event) => book.writeNumber({ ...typed, [part]: event.currentTarget.value })}
      />
      <p id={`add-${part}-hint`} class="soft">
        {t(`organisation.add.${part}_hint`)}
      </p>
    </div>
  );
}
