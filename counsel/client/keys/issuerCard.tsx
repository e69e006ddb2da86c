/** What this browser may sign, and the log as it knows it: read to each other when a shift begins. */

import type { VNode } from "preact";

import { t } from "../i18n.ts";
import { Outcome } from "../office/speaking.tsx";
import { hourInWords, lastDay } from "../office/when.ts";
import { AT, type KeysBook, type KeysView } from "./keysBook.ts";

export function IssuerCard({ book, view }: { book: KeysBook; view: KeysView }): VNode {
  const { standing, head } = view;
  return (
    <section class="card" aria-labelledby="keys-issuer">
      <h2 id="keys-issuer" tabIndex={-1}>
        {t(book.issues ? "keys.issuer.title" : "keys.head.record")}
      </h2>
      {book.issues && <Standing view={view} />}
      <Outcome page={view} at={AT.issuer} section="keys" />
      {book.issues && standing === "none" && (
        <button
          type="button"
          class="second"
          aria-disabled={view.busy !== ""}
          onClick={() => void book.becomeIssuer()}
        >
          {t("keys.issuer.become")}
        </button>
      )}
      {head !== null && (
        <div class="head">
          <h3>{t("keys.head.title")}</h3>
          <p class="digits">{head.digits}</p>
          <p class="soft">
            {t("keys.head.says", {
              size: head.size,
              when: hourInWords(head.at),
            })}
          </p>
        </div>
      )}
    </section>
  );
}

function Standing({ view }: { view: KeysView }): VNode {
  const { standing, digits, code, until, left } = view;
  if (standing === "issuer") {
    return <p>{t("keys.issuer.issuer", { until: lastDay(until), left })}</p>;
  }
  return (
    <>
      <p>{t(`keys.issuer.${standing}`)}</p>
      {standing === "asked" && (
        <>
          <p class="digits">{digits}</p>
          <p class="soft">{t("keys.code")}</p>
          <p class="code">
            <code>{code}</code>
          </p>
        </>
      )}
    </>
  );
}
