/** What phones get of a province: packed here, read by this browser, signed by a person who saw it. */

import type { VNode } from "preact";

import { t } from "../../../counsel/client/i18n.ts";
import { AskFirst, goOnFrom, Outcome } from "../../../counsel/client/office/speaking.tsx";
import { hourInWords } from "../../../counsel/client/office/when.ts";
import { may } from "../../../counsel/client/rights.ts";
import { type DirectoryProps, regionName } from "./deskWords.tsx";
import { AT, type Draft } from "./directoryBook.ts";
import type { RegionRow } from "./questions.ts";

/** Names of one list that are spelled out; the rest is a number. */
const NAMED = 30;

type ShippingProps = DirectoryProps & { readonly regions: readonly RegionRow[] };

export function Shipping(props: ShippingProps): VNode {
  const { book, view, regions } = props;
  const row = regions.find((one) => one.region === view.region);
  const name = regionName(view.region);
  return (
    <section class="card" aria-labelledby="directory-ship">
      <h2 id="directory-ship" tabIndex={-1}>
        {t("directory_desk.ship.title", { name })}
      </h2>
      <p class="soft">{t("directory_desk.ship.says")}</p>
      <Shipped row={row} />
      <Outcome page={view} at={AT.ship} section="directory_desk" />
      {view.draft === null ? (
        <button
          type="button"
          class="second"
          id="pack"
          aria-disabled={view.busy !== ""}
          onClick={() => void book.pack().then(goOnFrom("directory-ship"))}
        >
          {t("directory_desk.ship.pack")}
        </button>
      ) : (
        <Reading {...props} draft={view.draft} />
      )}
    </section>
  );
}

function Shipped({ row }: { row: RegionRow | undefined }): VNode {
  if (row === undefined || row.version === 0 || row.made === null) {
    return <p class="due">◆ {t("directory_desk.ship.never")}</p>;
  }
  const { version, entries, made, by } = row;
  const when = hourInWords(made);
  const who = by?.working_name ?? t("directory_desk.ship.somebody");
  return <p>{t("directory_desk.ship.shipped", { version, count: entries, when, who })}</p>;
}

function Reading({ book, view, draft }: ShippingProps & { draft: Draft }): VNode {
  const { changes, entries, edition } = draft;
  const signs = may(book.me.role, "issue");
  const lists = (["added", "changed", "gone"] as const).filter((list) => changes[list].length > 0);
  return (
    <div class="stack inner">
      <p>{t("directory_desk.ship.packed", { version: edition.version, count: entries })}</p>
      {lists.length === 0 && <p class="soft">{t("directory_desk.ship.same")}</p>}
      {lists.map((list) => (
        <div key={list}>
          <h3>{t(`directory_desk.ship.${list}`, { count: changes[list].length })}</h3>
          <ul class="plain-list">
            {changes[list].slice(0, NAMED).map((name, place) => (
              <li key={`${place} ${name}`}>{name}</li>
            ))}
          </ul>
        </div>
      ))}
      {signs ? (
        <Signing book={book} view={view} />
      ) : (
        <p class="soft">{t("directory_desk.ship.issuers")}</p>
      )}
    </div>
  );
}

function Signing({ book, view }: Pick<ShippingProps, "book" | "view">): VNode {
  const id = "sign-directory";
  if (view.asked !== id) {
    return (
      <button type="button" class="firm" id={id} onClick={() => book.askFirst(id)}>
        {t("directory_desk.ship.sign")}
      </button>
    );
  }
  return (
    <AskFirst
      id={id}
      title={t("directory_desk.ship.sign_title", { name: regionName(view.region) })}
      yes={t("directory_desk.ship.sign_yes")}
      no={t("directory_desk.ship.sign_no")}
      page={view}
      at={AT.ship}
      section="directory_desk"
      onYes={() => void book.ship().then(goOnFrom("directory-ship"))}
      onNo={() => book.askFirst("")}
    >
      <p>{t("directory_desk.ship.sign_says")}</p>
    </AskFirst>
  );
}
