/** A back office's page: what lies open, by deadline; one of them opened in this browser; the answer. */

import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { language, t, tCode } from "../../../counsel/client/i18n.ts";
import type { PageProps } from "../../../counsel/client/insidePages.ts";
import { shelfOf } from "../../../counsel/client/office/book.ts";
import { Failure, Outcome, useBook } from "../../../counsel/client/office/speaking.tsx";
import { DESKS } from "../../../counsel/client/referralContract.ts";
import { AT, DeskBook, type DeskView } from "./deskBook.ts";
import type { Listed } from "./deskQuestions.ts";
import type { Read } from "./reading.ts";
import { actsIn, isDesk, SIGNED } from "./words.ts";

export { sealWith } from "./letter.ts";

const bookOf = shelfOf((api, me) => new DeskBook(api, me));
/** How often the list is looked at anew, ms. */
const LOOK_EVERY = 30_000;

interface Props {
  readonly book: DeskBook;
  readonly view: DeskView;
}

export function DeskPage({ me, api }: PageProps): VNode {
  const book = bookOf(api, me);
  const view = useBook(book);
  useEffect(() => {
    const timer = setInterval(() => void book.load(), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [book]);
  return <AtTheDesk book={book} view={view} />;
}

/** The page as it stands. */
export function AtTheDesk({ book, view }: Props): VNode {
  const { me } = book;
  return (
    <div class="inside office referrals-desk">
      <h1>{t("referral.desk.title", { desk: t(`referral.desks.${me.desk ?? ""}`) })}</h1>
      <p class="soft">{t("referral.desk.says")}</p>
      {!SIGNED && <p class="unsigned">{t("mode.unsigned")}</p>}
      {view.noCard !== "" && (
        <p class="attention" role="alert">
          {tCode("referral.desk.no_card", view.noCard)}
        </p>
      )}
      {view.failure !== "" && (
        <Failure
          code={view.failure}
          stale={view.referrals !== null}
          again={() => void book.load()}
        />
      )}
      <List book={book} view={view} />
    </div>
  );
}

function List({ book, view }: Props): VNode {
  const { referrals } = view;
  if (referrals === null) {
    return <p role="status">{view.failure === "" ? t("referral.desk.loading") : ""}</p>;
  }
  return (
    <>
      <p class="soft" role="status">
        {t(referrals.length === 0 ? "referral.desk.none" : "referral.desk.count", {
          count: referrals.length + view.more,
        })}
      </p>
      <ul class="rows">
        {referrals.map((row) => (
          <li key={row.ref} class="card" data-ref={row.ref}>
            <button
              type="button"
              class="plain"
              aria-expanded={view.open === row.ref}
              onClick={() => void book.open(view.open === row.ref ? "" : row.ref)}
            >
              {t(`referral.desk.states.${row.state}`)} · {standing(row)}
            </button>
            {view.open === row.ref && <Open book={book} view={view} row={row} />}
          </li>
        ))}
      </ul>
    </>
  );
}

function standing(row: Listed): string {
  const came = t("referral.desk.came", { day: dayOf(row.came) });
  return row.state !== "sent"
    ? came
    : `${came} · ${t("referral.desk.due", { day: dayOf(row.due) })}`;
}

function dayOf(day: string): string {
  const at = new Date(`${day}T12:00:00Z`);
  return at.toLocaleDateString(language, { month: "long", day: "numeric" });
}

function Open({ book, view, row }: Props & { row: Listed }): VNode {
  const { reading } = view;
  if (reading === null) {
    return <p role="status">{t("referral.desk.opening")}</p>;
  }
  return (
    <div class="opened">
      {reading.lines?.behalf && <p class="attention">{t("referral.desk.behalf")}</p>}
      <ol class="said">
        {reading.letters.map((read) => (
          <Letter key={read.number} read={read} />
        ))}
      </ol>
      {reading.lines === null ? (
        <p class="attention">{t("referral.desk.not_for_here")}</p>
      ) : (
        <Answer book={book} view={view} row={row} />
      )}
    </div>
  );
}

function Letter({ read }: { read: Read }): VNode {
  const by =
    read.by === "seeker" ? t("referral.desk.seeker") : read.who || t("referral.desk.unread");
  return (
    <li class={read.by === "desk" ? "ours" : ""}>
      <p class="by">
        <b>{by}</b> <span>{t(`referral.acts.${read.kind}`)}</span>
      </p>
      <p class="text" dir="auto">
        {read.text}
      </p>
    </li>
  );
}

function Answer({ book, view, row }: Props & { row: Listed }): VNode {
  const acts = actsIn(row.state);
  const busy = view.busy === AT.letter;
  if (acts.length === 0) {
    return <Outcome page={view} at={AT.letter} section="referral" />;
  }
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <label>
        {t("referral.desk.words")}
        <textarea
          rows={4}
          maxLength={800}
          autocomplete="off"
          value={view.draft.text}
          onInput={(event) => book.write({ text: event.currentTarget.value })}
        />
      </label>
      {acts.includes("redirect") && <To book={book} view={view} />}
      <Outcome page={view} at={AT.letter} section="referral" />
      <div class="answers">
        {acts.map((act) => (
          <button
            key={act}
            type="button"
            class={act === "accept" || act === "appoint" || act === "come" ? "firm" : "second"}
            data-act={act}
            aria-disabled={busy}
            onClick={() => void book.carryOut(act)}
          >
            {t(`referral.desk.do.${act}`)}
          </button>
        ))}
      </div>
    </form>
  );
}

function To({ book, view }: Props): VNode {
  return (
    <label>
      {t("referral.desk.to")}
      <select
        value={view.draft.to}
        onChange={(event) => {
          const to = event.currentTarget.value;
          book.write({ to: isDesk(to) ? to : "" });
        }}
      >
        <option value="">{t("referral.desk.to_none")}</option>
        {DESKS.filter((desk) => desk !== book.me.desk).map((desk) => (
          <option key={desk} value={desk}>
            {t(`referral.desks.${desk}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
