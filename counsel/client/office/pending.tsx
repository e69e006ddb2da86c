/** Links nobody has used yet, and resets that wait for a second person. */

import type { VNode } from "preact";

import { t } from "../i18n.ts";
import { may } from "../rights.ts";
import type { Me } from "../staffApi.ts";
import { AT, type PeopleBook, type PeopleView } from "./peopleBook.ts";
import type { Pending } from "./peopleQuestions.ts";
import { inOrder, mayAgree, standingOf, waits } from "./roster.ts";
import { AskFirst, goOnFrom, Outcome } from "./speaking.tsx";
import { hourInWords } from "./when.ts";

interface Props {
  readonly book: PeopleBook;
  readonly view: PeopleView;
  readonly me: Me;
}

export function PendingList({ book, view, me }: Props): VNode | null {
  const rows = inOrder(me, view.roster?.pending ?? []);
  const told = view.said?.at === AT.pending;
  if (rows.length === 0 && !told) {
    return null;
  }
  return (
    <section class="card" aria-labelledby="pending-title">
      <h2 id="pending-title" tabIndex={-1}>
        {t("people.pending.title")}
      </h2>
      <Outcome page={view} at={AT.pending} section="people" />
      <ul class="rows">
        {rows.map((row) => (
          <PendingRow key={row.id} book={book} view={view} me={me} row={row} />
        ))}
      </ul>
    </section>
  );
}

function PendingRow({ book, view, me, row }: Props & { row: Pending }): VNode {
  const standing = standingOf(me, row);
  const due = waits(standing);
  const asking = [`agree-${row.id}`, `withdraw-${row.id}`].includes(view.asked);
  return (
    <li class="pending">
      <div class="says">
        <p class={due ? "due" : ""}>
          {due && <span aria-hidden="true">◆ </span>}
          {sentence(standing, row)}
        </p>
        <p class="soft">{t("people.pending.until", { when: hourInWords(row.expires) })}</p>
      </div>
      <div class={asking ? "answers asking" : "answers"}>
        {mayAgree(me, row) && <Agree book={book} view={view} row={row} />}
        {may(me.role, "run-people") && <Withdraw book={book} view={view} row={row} />}
      </div>
    </li>
  );
}

function sentence(standing: string, row: Pending): string {
  const by = row.askedBy?.working_name ?? t("people.pending.shell");
  return t(`people.pending.${standing}`, {
    name: row.working_name,
    role: t(`talk.roles.${row.role}`),
    by,
  });
}

function Agree({ book, view, row }: Omit<Props, "me"> & { row: Pending }): VNode {
  const id = `agree-${row.id}`;
  const name = row.working_name;
  if (view.asked !== id) {
    return (
      <button type="button" class="second" id={id} onClick={() => book.askFirst(id)}>
        {t("people.agree.ask", { name })}
      </button>
    );
  }
  return (
    <AskFirst
      id={id}
      title={t("people.agree.title", { name })}
      yes={t("people.agree.yes")}
      no={t("people.agree.no")}
      page={view}
      at={AT.pending}
      section="people"
      onYes={() => void book.agree(row)}
      onNo={() => book.askFirst("")}
    >
      <p>{t("people.agree.first", { name })}</p>
      <p>{t("people.agree.then", { name })}</p>
    </AskFirst>
  );
}

function Withdraw({ book, view, row }: Omit<Props, "me"> & { row: Pending }): VNode {
  const id = `withdraw-${row.id}`;
  const name = row.working_name;
  if (view.asked !== id) {
    return (
      <button type="button" class="second" id={id} onClick={() => book.askFirst(id)}>
        {t("people.withdraw.ask")}
        <span class="unseen">{t("people.withdraw.whose", { name })}</span>
      </button>
    );
  }
  return (
    <AskFirst
      id={id}
      title={t("people.withdraw.title", { name })}
      yes={t("people.withdraw.yes")}
      no={t("people.withdraw.no")}
      page={view}
      at={AT.pending}
      section="people"
      onYes={() => void book.withdraw(row).then(goOnFrom("pending-title"))}
      onNo={() => book.askFirst("")}
    >
      <p>{t("people.withdraw.says", { name })}</p>
    </AskFirst>
  );
}
