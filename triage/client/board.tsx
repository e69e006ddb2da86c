/** The left column: who waits, and the talks this counsellor holds. */

import type { VNode } from "preact";

import type { Hands } from "../../counsel/client/contract.ts";
import { t, tCode } from "../../counsel/client/i18n.ts";
import type { Waiting } from "./boardView.ts";
import { type DeskTalk, standing } from "./deskTalk.ts";
import type { DeskView } from "./deskView.ts";
import { AskedToCome, type ComeActs } from "./handover/cards.tsx";
import { Presence, TierMark, Topics } from "./marks.tsx";
import { OfferCard } from "./offerCard.tsx";
import { waitOf } from "./waits.ts";

export interface BoardActs extends ComeActs {
  take(): void;
  accept(): void;
  pass(): void;
  offerMe(wanted: boolean): void;
  show(ref: string): void;
  dismiss(): void;
}

interface BoardProps {
  readonly view: DeskView;
  /** Milliseconds, moved on now and then so that waits grow. */
  readonly now: number;
  /** Whether this person takes people at all. */
  readonly takes: boolean;
  readonly acts: BoardActs;
}

export function BoardColumn(props: BoardProps): VNode {
  return (
    <aside class="column board" aria-label={t("console.board.title")}>
      <WhoWaits {...props} />
      {props.takes && <MyTalks {...props} />}
    </aside>
  );
}

function WhoWaits({ view, now, takes, acts }: BoardProps): VNode {
  const { board, link } = view;
  const beyond = board === null ? 0 : board.waiting - board.rows.length;
  return (
    <section class="waits" aria-labelledby="waits-title">
      <h2 id="waits-title">
        {t("console.board.title")}
        {board !== null && board.waiting > 0 && (
          <span class="count">{t("console.board.count", { count: board.waiting })}</span>
        )}
      </h2>
      {takes && view.offer !== null && (
        <OfferCard
          key={view.offer.offer}
          offer={view.offer}
          busy={view.taking}
          accept={acts.accept}
          pass={acts.pass}
        />
      )}
      {takes && <AskedToCome passages={view.passages} acts={acts} />}
      {takes && <TakeNext view={view} acts={acts} />}
      {link !== "online" && board !== null && <p class="stale">{t("console.board.stale")}</p>}
      {board === null && <p class="soft">{t("console.board.loading")}</p>}
      {board?.waiting === 0 && <p class="soft">{t("console.board.nobody")}</p>}
      {board !== null && board.rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard.
        <ol class="people" tabIndex={0}>
          {board.rows.map((row) => (
            <WaitingRow key={row.caseCode} row={row} since={now - board.at} />
          ))}
        </ol>
      )}
      {beyond > 0 && <p class="soft">{t("console.board.more", { count: beyond })}</p>}
    </section>
  );
}

/** The one main action of the page; it says why it cannot be done instead of just being grey. */
function TakeNext({ view, acts }: { view: DeskView; acts: BoardActs }): VNode {
  const held = view.talks.filter((talk) => talk.state === "active").length;
  const full = held >= (view.board?.hands.cap ?? 1);
  const hands = view.board?.hands;
  const rests = SAID.includes(hands?.state ?? "");
  const waiting = view.board?.waiting ?? 0;
  const able = view.link === "online" && !full && !rests && !view.taking && waiting > 0;
  return (
    <div class="take">
      <button
        type="button"
        class="act"
        aria-disabled={!able}
        aria-keyshortcuts="Alt+N"
        onClick={() => able && acts.take()}
      >
        {t(view.taking ? "console.board.taking" : "console.board.take")}
      </button>
      {full && <p class="soft">{t("console.board.full", { count: held })}</p>}
      {hands !== undefined && <MyHands hands={hands} offerMe={acts.offerMe} />}
      <div role="status">
        {view.refusal !== null && (
          <div class="attention refusal">
            <p>{tCode("console.failed", view.refusal.code)}</p>
            <button type="button" class="plain" onClick={acts.dismiss}>
              {t("console.dismiss")}
            </button>
          </div>
        )}
      </div>
    </div>
  );
}

/** The states that keep somebody from a new person, and are said. */
const SAID: readonly string[] = ["red", "rest", "ending", "learning", "pause", "debrief"];

/** Whether people are offered to me, and why none are just now. */
function MyHands({ hands, offerMe }: { hands: Hands; offerMe: (wanted: boolean) => void }): VNode {
  const on = hands.offers !== 0;
  return (
    <>
      {SAID.includes(hands.state) && (
        <p class="soft">{t(`console.hands.${hands.state}`, { minutes: hands.rest })}</p>
      )}
      <button type="button" class="second" aria-pressed={on} onClick={() => offerMe(!on)}>
        {t(on ? "console.hands.offers_on" : "console.hands.offers_off")}
      </button>
    </>
  );
}

/** How a row is framed: who came back, who has waited too long. */
export function rowClass(row: Waiting): string {
  const marks = [row.returned && "returned", row.breached !== 0 && "breached"];
  return ["person", ...marks.filter((mark) => mark !== false)].join(" ");
}

function WaitingRow({ row, since }: { row: Waiting; since: number }): VNode {
  return (
    <li class={rowClass(row)} data-tier={row.tier}>
      <WaitingFacts row={row} since={since} />
    </li>
  );
}

/** All that is known of somebody who waits. `since`: milliseconds since the board said so. */
export function WaitingFacts({ row, since }: { row: Waiting; since: number }): VNode {
  const wait = waitOf(row.minutes, since);
  return (
    <>
      <span class="code">{row.caseCode}</span>
      <TierMark tier={row.tier} now={row.now} />
      <Topics topics={row.topics} />
      <span class="wait">
        {wait.long && <span class="long">◆ {t("console.board.long")} · </span>}
        {t(`console.board.waits.${wait.step}`, { count: wait.hours })}
      </span>
      <Presence presence={row.presence} />
      <RowMarks row={row} />
      {row.returned && (
        <span class="why">
          <span aria-hidden="true">↩ </span>
          <b>{t("console.board.returned")}</b> {t("console.board.returned_why")}
        </span>
      )}
    </>
  );
}

/** What makes this row another one than its tier says. */
function RowMarks({ row }: { row: Waiting }): VNode | null {
  const marks = [
    row.breached !== 0 && "breached",
    row.humanCheck !== 0 && "human_check",
    row.offered !== 0 && "offered",
  ].filter((mark): mark is string => mark !== false);
  if (marks.length === 0) {
    return null;
  }
  return (
    <span class="row-marks">
      {marks.map((mark) => (
        <span key={mark} data-mark={mark}>
          {t(`console.board.${mark}`)}
        </span>
      ))}
    </span>
  );
}

function MyTalks({ view, acts }: Pick<BoardProps, "view" | "acts">): VNode {
  return (
    <section class="holding" aria-labelledby="mine-title">
      <h2 id="mine-title">{t("console.mine.title")}</h2>
      {view.talks.length === 0 && <p class="soft">{t("console.mine.none")}</p>}
      <ul class="people">
        {view.talks.map((talk) => (
          <MyTalk key={talk.ref} talk={talk} view={view} show={acts.show} />
        ))}
      </ul>
    </section>
  );
}

function MyTalk(props: { talk: DeskTalk; view: DeskView; show: (ref: string) => void }): VNode {
  const { talk, view, show } = props;
  const unread = talk.view?.unread ?? 0;
  return (
    <li>
      <button
        type="button"
        class="person held"
        data-state={standing(talk)}
        data-open={view.panes.includes(talk.ref)}
        aria-current={view.focused === talk.ref}
        onClick={() => show(talk.ref)}
      >
        <span class="code">{talk.caseCode}</span>
        <Topics topics={talk.topics} />
        <span class="standing">{t(`console.mine.${standing(talk)}`)}</span>
        {unread > 0 && <span class="unread">{t("console.mine.unread", { count: unread })}</span>}
        {talk.draft !== "" && <span class="begun">{t("console.mine.draft")}</span>}
      </button>
    </li>
  );
}
