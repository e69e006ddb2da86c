/** "Cards": who waits for a card or to be put on duty, what has to be taken back, and all there are. */

import type { ComponentChildren, VNode } from "preact";

import { t, tCode } from "../i18n.ts";
import type { PageProps } from "../insidePages.ts";
import { AskFirst, goOnFrom, Outcome, useBook } from "../office/speaking.tsx";
import { hourInWords } from "../office/when.ts";
import { IssuerCard } from "./issuerCard.tsx";
import { AT, type KeysBook, type KeysView } from "./keysBook.ts";
import { keysBook } from "./keysShelf.ts";
import type { DutyWait, ListedCard, Request } from "./questions.ts";

export interface KeysProps {
  readonly book: KeysBook;
  readonly view: KeysView;
}

export function KeysPage({ me, api }: PageProps): VNode {
  const book = keysBook(api, me);
  const view = useBook(book);
  return <Keys book={book} view={view} />;
}

export function Keys({ book, view }: KeysProps): VNode {
  const { overview, failure, waits } = view;
  const due = overview?.cards.filter((card) => card.due) ?? [];
  return (
    <div class="inside office keys-page">
      <h1 id="keys-title" tabIndex={-1}>
        {t("keys.title")}
      </h1>
      {failure !== "" && (
        <div role="alert" class="failure">
          <div>
            <p class="attention">{tCode("keys.failed", failure)}</p>
            {overview !== null && <p>{t("people.stale")}</p>}
          </div>
          <button type="button" class="second" onClick={() => void book.load()}>
            {t("people.again")}
          </button>
        </div>
      )}
      {overview === null && failure === "" && <p role="status">{t("keys.loading")}</p>}
      {overview !== null && (
        <>
          <IssuerCard book={book} view={view} />
          {book.issues && (
            <Section name="duty" count={waits.length} view={view}>
              {waits.map((wait) => (
                <DutyRow key={wait.id} book={book} view={view} wait={wait} />
              ))}
            </Section>
          )}
          <Section name="requests" count={overview.waiting.length} view={view}>
            {overview.waiting.map((request) => (
              <RequestRow key={request.id} book={book} view={view} request={request} />
            ))}
          </Section>
          <Section name="due" count={due.length} view={view}>
            {due.map((card) => (
              <DueRow key={card.card} book={book} view={view} card={card} />
            ))}
          </Section>
          <Section name="cards" count={overview.cards.length - due.length} view={view}>
            {overview.cards
              .filter((card) => !card.due)
              .map((card) => (
                <CardRow key={card.card} book={book} view={view} card={card} />
              ))}
          </Section>
          {overview.more > 0 && <p class="soft">{t("keys.more", { count: overview.more })}</p>}
        </>
      )}
    </div>
  );
}

/** A list under its title, or the sentence for when there is nothing in it. */
function Section(props: {
  name: keyof typeof AT;
  count: number;
  view: KeysView;
  children: ComponentChildren;
}): VNode {
  const { name, count, view, children } = props;
  return (
    <section class="card" aria-labelledby={`keys-${name}`}>
      <h2 id={`keys-${name}`} tabIndex={-1}>
        {t(`keys.${name}.title`)}
      </h2>
      <p class="soft">{t(count === 0 ? `keys.${name}.none` : `keys.${name}.says`)}</p>
      <Outcome page={view} at={AT[name]} section="keys" />
      {count > 0 && <ul class="rows">{children}</ul>}
    </section>
  );
}

function who({ working_name: name, role }: { working_name: string; role: string }): string {
  return t("talk.member", { name, role: t(`talk.roles.${role}`) });
}

function DutyRow({ book, view, wait }: KeysProps & { wait: DutyWait }): VNode {
  const able = view.standing === "issuer";
  return (
    <li class="pending">
      <div class="says">
        <p>
          <b>{who(wait.who)}</b>
        </p>
        <p class="soft">{t("keys.duty.until", { when: hourInWords(wait.until) })}</p>
      </div>
      <div class="answers">
        <button
          type="button"
          class="firm"
          aria-disabled={!able || view.busy !== ""}
          onClick={() => able && void book.putOn(wait).then(goOnFrom("keys-duty"))}
        >
          {t("keys.duty.put_on", { name: wait.who.working_name })}
        </button>
      </div>
    </li>
  );
}

/** A supervisor's browser certifies counsellors only; for the others the digits go to the ceremony. */
function RequestRow({ book, view, request }: KeysProps & { request: Request }): VNode {
  const { id, who: one } = request;
  const able = view.standing === "issuer" && one.role === "counsellor";
  return (
    <li class="pending">
      <div class="says">
        <p>
          <b>{who(one)}</b>
        </p>
        <p class="digits">{view.requests[id]}</p>
        {one.role !== "counsellor" && <p class="soft">{t("keys.requests.ceremony")}</p>}
      </div>
      <Acts there={book.issues} asking={view.asked === `give-${id}`}>
        <Asked
          book={book}
          view={view}
          act={{ id: `give-${id}`, verb: "give", at: AT.requests, name: one.working_name, able }}
          yes={() => book.give(request).then(goOnFrom("keys-requests"))}
        >
          <p>{t("keys.give.says", { name: one.working_name })}</p>
          <p class="digits">{view.requests[id]}</p>
        </Asked>
        <button
          type="button"
          class="second"
          aria-disabled={view.busy !== ""}
          onClick={() => void book.refuse(request).then(goOnFrom("keys-requests"))}
        >
          {t("keys.requests.refuse")}
          <span class="unseen"> {one.working_name}</span>
        </button>
      </Acts>
    </li>
  );
}

function DueRow({ book, view, card }: KeysProps & { card: ListedCard }): VNode {
  const { working_name: name } = card.who;
  return (
    <li class="pending">
      <div class="says">
        <p class="due">
          <span aria-hidden="true">◆ </span>
          {t(card.lost ? "keys.due.lost" : "keys.due.left", { name })}
        </p>
        <p class="soft">{t("keys.cards.until", { issued: card.issued, until: card.until })}</p>
      </div>
      <Acts there={book.issues} asking={view.asked === `revoke-${card.card}`}>
        <Asked
          book={book}
          view={view}
          act={{
            id: `revoke-${card.card}`,
            verb: "revoke",
            at: AT.due,
            name,
            able: view.standing === "issuer",
          }}
          yes={() => book.revoke(card).then(goOnFrom("keys-due"))}
        >
          <p>{t("keys.revoke.says", { name })}</p>
        </Asked>
      </Acts>
    </li>
  );
}

function CardRow({ book, view, card }: KeysProps & { card: ListedCard }): VNode {
  const { working_name: name } = card.who;
  return (
    <li class="pending">
      <div class="says">
        <p>
          <b>{who(card.who)}</b>
          {card.revoked && <span class="mark-word"> {t("keys.cards.revoked")}</span>}
        </p>
        <p class="soft">{t("keys.cards.until", { issued: card.issued, until: card.until })}</p>
      </div>
      {!card.revoked && (
        <Acts there={book.loses} asking={view.asked === `lose-${card.card}`}>
          <Asked
            book={book}
            view={view}
            act={{
              id: `lose-${card.card}`,
              verb: "lose",
              at: AT.due,
              name,
              able: true,
            }}
            yes={() => book.lose(card).then(goOnFrom("keys-due"))}
          >
            <p>{t("keys.lose.says", { name })}</p>
          </Asked>
        </Acts>
      )}
    </li>
  );
}

/** What can be done in a row; whoever only looks on is offered nothing. */
function Acts(props: {
  there: boolean;
  asking: boolean;
  children: ComponentChildren;
}): VNode | null {
  const { there, asking, children } = props;
  return there ? <div class={asking ? "answers asking" : "answers"}>{children}</div> : null;
}

interface AskedProps extends KeysProps {
  readonly act: {
    readonly id: string;
    readonly verb: "give" | "revoke" | "lose";
    readonly at: string;
    readonly name: string;
    readonly able: boolean;
  };
  yes(): Promise<unknown>;
  readonly children: ComponentChildren;
}

/** A button that asks once, in its place. */
function Asked({ book, view, act, yes, children }: AskedProps): VNode {
  const { id, verb, at, name, able } = act;
  if (view.asked !== id) {
    return (
      <button
        type="button"
        class={verb === "lose" ? "second" : "firm"}
        id={id}
        aria-disabled={!able || view.busy !== ""}
        onClick={() => able && book.askFirst(id)}
      >
        {t(`keys.${verb}.ask`)}
        <span class="unseen"> {name}</span>
      </button>
    );
  }
  return (
    <AskFirst
      id={id}
      title={t(`keys.${verb}.title`, { name })}
      yes={t(`keys.${verb}.yes`)}
      no={t(`keys.${verb}.no`)}
      page={view}
      at={at}
      section="keys"
      onYes={() => void yes()}
      onNo={() => book.askFirst("")}
    >
      {children}
    </AskFirst>
  );
}
