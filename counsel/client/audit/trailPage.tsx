/**
 * The trail: what is recorded, told to everybody; and for auditors and supervisors what was, with a
 * filter, a file, and whether anybody has rewritten it.
 */

import type { VNode } from "preact";
import { useEffect } from "preact/hooks";

import { t } from "../i18n.ts";
import type { PageProps } from "../insidePages.ts";
import { shelfOf } from "../office/book.ts";
import { Failure, Outcome, useBook } from "../office/speaking.tsx";
import { may } from "../rights.ts";
import { rowsOf, sentenceOf, whenOf, whoOf } from "./entryWords.ts";
import { FilterForm } from "./filterForm.tsx";
import { tableOf } from "./table.ts";
import { AT, TrailBook, type TrailView } from "./trailBook.ts";
import { VerdictCard } from "./verdict.tsx";
import { WhatIsRecorded } from "./whatIsRecorded.tsx";

const bookOf = shelfOf((api, me) => new TrailBook(api, me));

export function TrailPage({ me, api }: PageProps): VNode {
  const reads = may(me.role, "see-audit");
  return (
    <div class="inside office trail">
      <h1>{t("audit.title")}</h1>
      <WhatIsRecorded folded={reads} />
      {reads && <Reading book={bookOf(api, me)} />}
    </div>
  );
}

export interface ReadingProps {
  readonly book: TrailBook;
  readonly view: TrailView;
}

function Reading({ book }: { book: TrailBook }): VNode {
  const view = useBook(book);
  useEffect(() => {
    if (book.view.verdict === null) {
      void book.verify();
    }
  }, [book]);
  return (
    <>
      <VerdictCard book={book} view={view} />
      <section aria-labelledby="trail-title" class="everybody">
        <h2 id="trail-title">{t("audit.list.title")}</h2>
        <FilterForm book={book} view={view} />
        {view.failure !== "" && (
          <Failure
            code={view.failure}
            stale={view.entries !== null}
            again={() => void book.load()}
          />
        )}
        <Entries book={book} view={view} />
      </section>
    </>
  );
}

function Entries({ book, view }: ReadingProps): VNode {
  const { entries } = view;
  if (entries === null) {
    return <p role="status">{view.failure === "" ? t("audit.list.loading") : ""}</p>;
  }
  return (
    <>
      <p class="soft" role="status">
        {entries.length === 0
          ? t("audit.list.none")
          : t("audit.list.count", { count: entries.length, total: view.total })}
      </p>
      <ul class="rows entries">
        {entries.map((entry) => (
          <li key={entry.id} class="entry">
            <span class="when">{whenOf(entry)}</span>
            <span class="who">{whoOf(entry)}</span>
            <span class="did">{sentenceOf(entry)}</span>
          </li>
        ))}
      </ul>
      <div class="answers">
        {view.before !== 0 && (
          <button
            type="button"
            class="second"
            id="trail-older"
            aria-disabled={view.busy !== ""}
            onClick={() => void book.older()}
          >
            {t("audit.list.older")}
          </button>
        )}
        {entries.length > 0 && (
          <button
            type="button"
            class="second"
            id="trail-file"
            aria-disabled={view.busy !== ""}
            onClick={() => void save(book)}
          >
            {t(view.busy === AT.file ? "audit.file.busy" : "audit.file.save")}
          </button>
        )}
      </div>
      <Outcome page={view} at={AT.file} section="audit" />
    </>
  );
}

/** The file is made in this page and leaves it only into the reader's own folder. */
async function save(book: TrailBook): Promise<void> {
  const entries = await book.export();
  if (entries === null) {
    return;
  }
  const address = URL.createObjectURL(new Blob([tableOf(rowsOf(entries))], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${t("audit.file.name")}-${new Date(Date.now()).toISOString().slice(0, 10)}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
