/** The organisation page: who runs this service, and the numbers it answers for. */

import type { VNode } from "preact";

import { t } from "../i18n.ts";
import type { PageProps } from "../insidePages.ts";
import { ReachCard } from "../reachCard.tsx";
import { may } from "../rights.ts";
import { shelfOf } from "./book.ts";
import { IdentityCard } from "./identity.tsx";
import { NumbersCard } from "./numbers.tsx";
import { OrganisationBook } from "./organisationBook.ts";
import { Failure, useBook } from "./speaking.tsx";

const bookOf = shelfOf((api, me) => new OrganisationBook(api, me));

export function OrganisationPage({ me, api }: PageProps): VNode {
  const book = bookOf(api, me);
  const view = useBook(book);
  const { organisation, failure } = view;
  return (
    <div class="inside office">
      <h1>{t("organisation.title")}</h1>
      {failure !== "" && (
        <Failure code={failure} stale={organisation !== null} again={() => void book.load()} />
      )}
      {organisation === null && failure === "" && <p role="status">{t("organisation.loading")}</p>}
      {organisation !== null && (
        <>
          <IdentityCard
            book={book}
            view={view}
            stored={organisation}
            changes={may(me.role, "run-organisation")}
          />
          <NumbersCard
            book={book}
            view={view}
            hotlines={organisation.hotlines}
            calls={may(me.role, "call-hotline")}
            changes={may(me.role, "run-organisation")}
            now={Date.now()}
          />
          {may(me.role, "run-organisation") && <ReachCard api={api} whose="lead" />}
        </>
      )}
    </div>
  );
}
