/** A link that is shown once: to copy, to scan, and to put away when it has been handed over. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { t } from "../i18n.ts";
import { QrCode } from "../qr.tsx";
import type { PeopleBook, PeopleView, ShownLink } from "./peopleBook.ts";
import { linkOf } from "./roster.ts";
import { AskFirst } from "./speaking.tsx";

export function Links({ book, view }: { book: PeopleBook; view: PeopleView }): VNode {
  return (
    <>
      {view.links.map((link) => (
        <LinkCard key={link.token} book={book} view={view} link={link} />
      ))}
    </>
  );
}

interface CardProps {
  readonly book: PeopleBook;
  readonly view: PeopleView;
  readonly link: ShownLink;
}

function LinkCard({ book, view, link }: CardProps): VNode {
  const title = useRef<HTMLHeadingElement>(null);
  // What was pressed to get it is gone; whoever listens or steers by keyboard goes on from here.
  useEffect(() => title.current?.focus(), []);
  const address = linkOf(location.origin, location.pathname, link.token);
  const { name, kind } = link;
  const id = `link-${link.token}`;
  return (
    <section class="card link-once" aria-labelledby={`${id}-name`}>
      <h2 id={`${id}-name`} tabIndex={-1} ref={title}>
        {t(`people.link.title_${kind}`, { name })}
      </h2>
      <p class="attention">{t(`people.link.once_${kind}`)}</p>
      <p>{t(`people.link.how_${kind}`, { name })}</p>
      <Copying id={`${id}-address`} address={address} />
      {link.picture.length > 0 && (
        <details>
          <summary>{t("people.link.scan", { name })}</summary>
          <QrCode rows={link.picture} label={t("people.link.picture", { name })} />
        </details>
      )}
      <PutAway book={book} view={view} link={link} />
    </section>
  );
}

function PutAway({ book, view, link }: CardProps): VNode {
  const id = `link-${link.token}`;
  const { name } = link;
  if (view.asked !== id) {
    return (
      <button type="button" class="second" id={id} onClick={() => book.askFirst(id)}>
        {t("people.link.away")}
      </button>
    );
  }
  return (
    <AskFirst
      id={id}
      title={t("people.link.away_title", { name })}
      yes={t("people.link.away_yes")}
      no={t("people.link.away_no")}
      page={view}
      at={id}
      section="people"
      onYes={() => {
        book.putAway(link);
        document.getElementById("people-title")?.focus();
      }}
      onNo={() => book.askFirst("")}
    >
      <p>{t("people.link.away_says")}</p>
    </AskFirst>
  );
}

type Copied = "" | "copied" | "not_copied";

function Copying({ id, address }: { id: string; address: string }): VNode {
  const [copied, setCopied] = useState<Copied>("");
  const field = useRef<HTMLInputElement>(null);
  const copy = (): void => {
    field.current?.select();
    copyText(address).then(
      () => setCopied("copied"),
      () => setCopied("not_copied"),
    );
  };
  return (
    <div class="field">
      <label for={id}>{t("people.link.address")}</label>
      <div class="with-button">
        <input
          id={id}
          ref={field}
          readOnly
          value={address}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="second" onClick={copy}>
          {t("people.link.copy")}
        </button>
      </div>
      <p class={copied === "not_copied" ? "attention" : "done"} role="status">
        {copied !== "" && t(`people.link.${copied}`)}
      </p>
    </div>
  );
}

async function copyText(text: string): Promise<void> {
  if (navigator.clipboard === undefined) {
    throw new Error("this browser lets no page copy");
  }
  await navigator.clipboard.writeText(text);
}
