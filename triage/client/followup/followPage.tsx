/** Whom to look in on: the soonest day first, one's own or everybody's, and what a person says came of it. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { language, t, tCode } from "../../../counsel/client/i18n.ts";
import type { PageProps } from "../../../counsel/client/insidePages.ts";
import { shelfOf } from "../../../counsel/client/office/book.ts";
import { Failure, Outcome, useBook } from "../../../counsel/client/office/speaking.tsx";
import { atRow, FollowBook, type FollowView } from "./book.ts";
import type { Colleague, FollowUp, Past } from "./questions.ts";

const bookOf = shelfOf((api, me) => new FollowBook(api, me));
const OPEN: readonly string[] = ["unasked", "agreed"];

interface Props {
  readonly book: FollowBook;
  readonly view: FollowView;
}

export function FollowPage({ me, api }: PageProps): VNode {
  const book = bookOf(api, me);
  return <FollowUps book={book} view={useBook(book)} />;
}

/** The page as it stands. */
export function FollowUps({ book, view }: Props): VNode {
  const { list } = view;
  const open = list?.rows.filter((row) => OPEN.includes(row.state)) ?? [];
  const over = list?.rows.filter((row) => !OPEN.includes(row.state)) ?? [];
  return (
    <div class="inside office follow-ups">
      <h1>{t("follow.title")}</h1>
      <p class="soft">{t("follow.says")}</p>
      {list !== null && !list.signed && <p class="unsigned">{t("mode.unsigned")}</p>}
      {view.failure !== "" && (
        <Failure code={view.failure} stale={list !== null} again={() => void book.load()} />
      )}
      <p role="status">{standing(view, open.length)}</p>
      <ul class="rows">
        {open.map((row) => (
          <Row key={row.id} row={row} book={book} view={view} />
        ))}
      </ul>
      {over.length > 0 && (
        <section aria-labelledby="follow-over">
          <h2 id="follow-over">{t("follow.over")}</h2>
          <ul class="rows">
            {over.map((row) => (
              <Row key={row.id} row={row} book={book} view={view} />
            ))}
          </ul>
        </section>
      )}
      {list !== null && list.more > 0 && (
        <p class="soft">{t("follow.more", { count: list.more })}</p>
      )}
    </div>
  );
}

function standing({ list, failure }: FollowView, open: number): string {
  if (list === null) return failure === "" ? t("follow.loading") : "";
  return open === 0 ? t("follow.none") : t("follow.count", { count: open });
}

function dayOf(day: string): string {
  const at = new Date(`${day}T12:00:00Z`);
  return at.toLocaleDateString(language, { month: "long", day: "numeric", timeZone: "UTC" });
}

function Row({ row, book, view }: Props & { row: FollowUp }): VNode {
  const open = OPEN.includes(row.state);
  const name = row.caseCode === "" ? t("follow.no_name") : row.caseCode;
  const id = `follow-${row.id}`;
  return (
    <li class="card" data-state={row.state} aria-labelledby={id}>
      <h2 id={id}>
        <span class="code">{name}</span> · {tCode("follow.kinds", row.kind)}
      </h2>
      <p>
        <b>{tCode("follow.states", row.state)}</b> · {open ? whenOf(row) : dayOf(row.ended)} ·{" "}
        {ownerOf(row)}
        {row.of > 1 && open && ` · ${t("follow.step", { step: row.step, of: row.of })}`}
      </p>
      {row.past.length > 0 && (
        <ul class="soft past">
          {row.past.map((past) => (
            <li key={`${past.on} ${past.event}`}>{pastOf(past)}</li>
          ))}
        </ul>
      )}
      {open && <Outcomes row={row} book={book} busy={view.busy !== ""} />}
      {open && (view.list?.people.length ?? 0) > 0 && (
        <HandOn row={row} book={book} people={view.list?.people ?? []} />
      )}
      <Outcome page={view} at={atRow(row.id)} section="follow" />
    </li>
  );
}

function whenOf(row: FollowUp): string {
  const day = dayOf(row.due);
  return row.late === 0 ? day : `${day} · ${t("follow.late", { count: row.late })}`;
}

function ownerOf(row: FollowUp): string {
  if (row.mine) return t("follow.mine");
  return row.owner === "" ? t("follow.nobody") : t("follow.owner", { name: row.owner });
}

function pastOf({ event, who, on }: Past): string {
  const what = tCode("follow.past", event);
  return t(who === "" ? "follow.past_clock" : "follow.past_line", { day: dayOf(on), what, who });
}

interface OutcomesProps {
  readonly row: FollowUp;
  readonly book: FollowBook;
  readonly busy: boolean;
}

/** Whoever was never asked cannot have been reached by it. */
function Outcomes({ row, book, busy }: OutcomesProps): VNode {
  const known = ["reached", "unreached", "unwanted", "done"];
  const outcomes = row.state === "agreed" ? known : known.slice(1);
  return (
    <div class="answers">
      {outcomes.map((outcome) => (
        <button
          key={outcome}
          type="button"
          class={outcome === "reached" ? "firm" : "second"}
          data-outcome={outcome}
          aria-disabled={busy}
          onClick={() => void book.say(row.id, outcome)}
        >
          {t(`follow.outcomes.${outcome}`)}
        </button>
      ))}
    </div>
  );
}

interface HandProps {
  readonly row: FollowUp;
  readonly book: FollowBook;
  readonly people: readonly Colleague[];
}

function HandOn({ row, book, people }: HandProps): VNode {
  const [person, setPerson] = useState("");
  const chosen = people.find((one) => one.person === person);
  return (
    <form
      class="hand-on"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen !== undefined) void book.hand(row.id, chosen.person, chosen.name);
      }}
    >
      <label>
        {t("follow.hand")}
        <select value={person} onChange={(event) => setPerson(event.currentTarget.value)}>
          <option value="">{t("follow.hand_none")}</option>
          {people.map((one) => (
            <option key={one.person} value={one.person}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="second" aria-disabled={chosen === undefined}>
        {t("follow.hand_do")}
      </button>
    </form>
  );
}
