/** The numbers this organisation answers for: tried every month by a person, or the door stays shut. */

import type { VNode } from "preact";

import { HOTLINE_CALLED_WITHIN_MS } from "../contract.ts";
import { t } from "../i18n.ts";
import { Adding } from "./adding.tsx";
import { daysLeft, standingOf, tallyOf } from "./hotlines.ts";
import { AT, type OrganisationBook, type OrganisationView } from "./organisationBook.ts";
import type { Hotline } from "./organisationQuestions.ts";
import { AskFirst, goOnFrom, Outcome } from "./speaking.tsx";
import { dayInWords } from "./when.ts";

const WITHIN_DAYS = Math.round(HOTLINE_CALLED_WITHIN_MS / 86_400_000);

interface CardProps {
  readonly book: OrganisationBook;
  readonly view: OrganisationView;
  readonly hotlines: readonly Hotline[];
  /** May say that they rang one. */
  readonly calls: boolean;
  /** May add and remove numbers of their own. */
  readonly changes: boolean;
  /** Milliseconds. */
  readonly now: number;
}

export function NumbersCard(props: CardProps): VNode {
  const { view, hotlines, now } = props;
  const { due, missing } = tallyOf(hotlines, now);
  return (
    <section class="card" aria-labelledby="numbers-title">
      <h2 id="numbers-title" tabIndex={-1}>
        {t("organisation.numbers.title")}
      </h2>
      <p>{t("organisation.numbers.says", { days: WITHIN_DAYS })}</p>
      <p class="soft">{t("organisation.numbers.how")}</p>
      <p class={missing + due > 0 ? "due" : "done"}>{tally(missing, due)}</p>
      <Outcome page={view} at={AT.numbers} section="organisation" />
      <ul class="rows">
        {hotlines.map((line) => (
          <NumberRow key={line.number} {...props} line={line} />
        ))}
      </ul>
      {props.changes && <Adding book={props.book} view={view} />}
    </section>
  );
}

function tally(missing: number, due: number): string {
  if (missing > 0) {
    return t("organisation.numbers.some_missing", { count: missing });
  }
  return due > 0
    ? t("organisation.numbers.some_due", { count: due })
    : t("organisation.numbers.all_fresh");
}

function NumberRow(props: CardProps & { line: Hotline }): VNode {
  const { view, line, now, calls, changes } = props;
  const standing = standingOf(line, now);
  const asking = [`rang-${line.number}`, `remove-${line.number}`].includes(view.asked);
  const name = line.national ? t(`numbers.lines.${line.number}.name`) : line.name;
  const hours = line.national ? t(`numbers.lines.${line.number}.hours`) : line.hours;
  return (
    <li class="number-row" data-standing={standing}>
      <div class="says">
        <p class="number-head">
          <a href={`tel:${line.number}`} class="number">
            {line.number}
          </a>
          <b>{name}</b>
          {!line.national && <span class="soft">{t("organisation.numbers.own")}</span>}
        </p>
        <p class="soft">{hours}</p>
        <p class={standing === "fresh" ? "called" : "called due"}>
          {standing !== "fresh" && <span aria-hidden="true">◆ </span>}
          {lastCall(line, now)}
        </p>
        <Outcome page={view} at={AT.number(line.number)} section="organisation" />
      </div>
      <div class={asking ? "answers asking" : "answers"}>
        {calls && <Rang {...props} />}
        {changes && !line.national && <Remove {...props} />}
      </div>
    </li>
  );
}

function lastCall(line: Hotline, now: number): string {
  if (line.called === null) {
    return t("organisation.numbers.never");
  }
  const when = dayInWords(line.called, now);
  const called = t("organisation.numbers.called", {
    when,
    by: line.calledBy?.working_name ?? t("organisation.numbers.somebody"),
  });
  switch (standingOf(line, now)) {
    case "fresh":
      return called;
    case "due":
      return called + t("organisation.numbers.due", { count: daysLeft(line, now) });
    case "missing":
      return called + t("organisation.numbers.over", { days: WITHIN_DAYS });
  }
}

function Rang({ book, view, line }: CardProps & { line: Hotline }): VNode {
  const id = `rang-${line.number}`;
  const { number } = line;
  if (view.asked !== id) {
    return (
      <button type="button" class="second" id={id} onClick={() => book.askFirst(id)}>
        {t("organisation.rang.ask")}
        <span class="unseen">{t("organisation.rang.which", { number })}</span>
      </button>
    );
  }
  return (
    <AskFirst
      id={id}
      title={t("organisation.rang.title", { number })}
      yes={t("organisation.rang.yes")}
      no={t("organisation.rang.no")}
      page={view}
      at={AT.number(number)}
      section="organisation"
      onYes={() => void book.reportCall(number).then(goOnFrom(id))}
      onNo={() => book.askFirst("")}
    >
      <p>{t("organisation.rang.says")}</p>
    </AskFirst>
  );
}

function Remove({ book, view, line }: CardProps & { line: Hotline }): VNode {
  const id = `remove-${line.number}`;
  const { number, name } = line;
  if (view.asked !== id) {
    return (
      <button type="button" class="second" id={id} onClick={() => book.askFirst(id)}>
        {t("organisation.remove.ask")}
        <span class="unseen">{t("organisation.rang.which", { number })}</span>
      </button>
    );
  }
  return (
    <AskFirst
      id={id}
      title={t("organisation.remove.title", { number, name })}
      yes={t("organisation.remove.yes")}
      no={t("organisation.remove.no")}
      page={view}
      at={AT.numbers}
      section="organisation"
      onYes={() => void book.remove(number).then(goOnFrom("numbers-title"))}
      onNo={() => book.askFirst("")}
    >
      <p>{t("organisation.remove.says")}</p>
    </AskFirst>
  );
}
