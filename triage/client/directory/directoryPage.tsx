/** "Directory": who helps where, province by province; what is old, and what phones get of it. */

import type { VNode } from "preact";

import { REGIONS } from "../../../counsel/client/contract.ts";
import { t } from "../../../counsel/client/i18n.ts";
import type { PageProps } from "../../../counsel/client/insidePages.ts";
import { keysBook } from "../../../counsel/client/keys/keysShelf.ts";
import { shelfOf } from "../../../counsel/client/office/book.ts";
import { Failure, goOnFrom, Outcome, useBook } from "../../../counsel/client/office/speaking.tsx";
import "./words.ts";
import { Assured, type DirectoryProps, kindName, regionName } from "./deskWords.tsx";
import { AT, DirectoryBook } from "./directoryBook.ts";
import type { RegionRow, ServiceRow } from "./questions.ts";
import { ServicePane } from "./serviceForm.tsx";
import { Shipping } from "./shipping.tsx";

const directoryBook = shelfOf(
  (api, me) =>
    new DirectoryBook(api, me, { sign: (edition) => keysBook(api, me).signDirectory(edition) }),
);

export function DirectoryPage({ me, api }: PageProps): VNode {
  const book = directoryBook(api, me);
  const view = useBook(book);
  return <DirectoryDesk book={book} view={view} now={Date.now()} />;
}

export function DirectoryDesk(props: DirectoryProps): VNode {
  const { book, view } = props;
  const { regions, failure, form } = view;
  return (
    <div class="inside office directory-page">
      <h1 id="directory-title" tabIndex={-1}>
        {t("directory_desk.title")}
      </h1>
      <p class="soft">{t("directory_desk.says")}</p>
      {failure !== "" && (
        <Failure code={failure} stale={regions !== null} again={() => void book.load()} />
      )}
      {regions === null && failure === "" && <p role="status">{t("directory_desk.loading")}</p>}
      {regions !== null && form === null && (
        <>
          <ListCard {...props} regions={regions} />
          {view.region !== "" && <Shipping {...props} regions={regions} />}
        </>
      )}
      {form !== null && <ServicePane {...props} form={form} />}
    </div>
  );
}

type ListProps = DirectoryProps & { readonly regions: readonly RegionRow[] };

function ListCard(props: ListProps): VNode {
  const { book, view } = props;
  const { list } = view;
  return (
    <section class="card" aria-labelledby="directory-list">
      <h2 id="directory-list" tabIndex={-1}>
        {t("directory_desk.list.title")}
      </h2>
      <Choosing {...props} />
      <Outcome page={view} at={AT.list} section="directory_desk" />
      {list === null && <p role="status">{t("directory_desk.loading")}</p>}
      {list !== null && list.services.length === 0 && (
        <p class="soft">{t("directory_desk.list.none")}</p>
      )}
      <ul class="rows">
        {list?.services.map((service) => (
          <ServiceItem key={service.id} {...props} service={service} />
        ))}
      </ul>
      <div class="answers">
        {list !== null && list.more > 0 && (
          <button type="button" class="second" onClick={() => void book.more()}>
            {t("directory_desk.list.more", { count: list.more })}
          </button>
        )}
        <button type="button" class="second" id="begin-service" onClick={() => book.begin()}>
          {t("directory_desk.list.begin")}
        </button>
      </div>
    </section>
  );
}

function Choosing({ book, view, regions }: ListProps): VNode {
  const counts = new Map(regions.map((row) => [row.region, row.services]));
  return (
    <div class="directory-choosing">
      <label>
        {t("directory_desk.list.region")}
        <select
          value={view.region}
          onChange={(event) => void book.look(event.currentTarget.value, view.words)}
        >
          <option value="">{regionLabel("", counts.get("") ?? 0)}</option>
          {REGIONS.map((region) => (
            <option key={region} value={region}>
              {regionLabel(region, counts.get(region) ?? 0)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("directory_desk.list.words")}
        <input
          type="search"
          value={view.words}
          autoComplete="off"
          onInput={(event) => void book.look(view.region, event.currentTarget.value)}
        />
      </label>
    </div>
  );
}

function regionLabel(region: string, services: number): string {
  const name = regionName(region);
  return services === 0 ? name : t("directory_desk.list.counted", { name, count: services });
}

function ServiceItem({ book, service, now }: ListProps & { service: ServiceRow }): VNode {
  const { id, name, organisation, kind, status, sample, inPlant } = service;
  const marks = [
    sample && t("directory.sample"),
    inPlant && t("directory.in_plant"),
    status !== "active" && t(`directory_desk.statuses.${status.split(" ").join("_")}`),
  ].filter((mark): mark is string => mark !== false);
  return (
    <li class="pending">
      <div class="says">
        <p>
          <b>{name}</b>
          {marks.map((mark) => (
            <span key={mark} class="mark-word">
              {" "}
              {mark}
            </span>
          ))}
        </p>
        <p class="soft">{t("directory_desk.list.of", { kind: kindName(kind), organisation })}</p>
        <Assured assured={service.assured} now={now} />
      </div>
      <div class="answers">
        <button
          type="button"
          class="second"
          id={`open-${id}`}
          onClick={() => void book.open(id).then(() => goOnFrom("service-title")(true))}
        >
          {t("directory_desk.list.open")}
          <span class="unseen"> {name}</span>
        </button>
      </div>
    </li>
  );
}
