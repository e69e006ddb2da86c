/** What desks did, by month, once it is over: a table, and what of it is not said. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { useAsking } from "../../../counsel/client/asking.ts";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import type { PageProps } from "../../../counsel/client/insidePages.ts";
import { askCounts, type Count, type Months } from "./deskQuestions.ts";

export function MonthsPage({ api }: PageProps): VNode {
  const [found, setFound] = useState<Months | null>(null);
  const asking = useAsking();
  useEffect(() => {
    void asking.run(() => askCounts(api)).then((answer) => answer !== null && setFound(answer));
  }, [api]);
  return (
    <div class="inside office months">
      <h1>{t("months.title")}</h1>
      {found !== null && <p class="soft">{t("months.says", { from: found.from })}</p>}
      {found === null && asking.told === "" && <p role="status">{t("months.loading")}</p>}
      {found?.counts.length === 0 && <p role="status">{t("months.none")}</p>}
      {found !== null && found.counts.length > 0 && <Table found={found} />}
      <div role="alert">
        {asking.told !== "" && <p class="attention">{tCode("errors", asking.told)}</p>}
      </div>
    </div>
  );
}

function Table({ found }: { found: Months }): VNode {
  return (
    <table class="months">
      <thead>
        <tr>
          {["month", "desk", "what", "count"].map((column) => (
            <th key={column} scope="col">
              {t(`months.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {found.counts.map((row) => (
          <tr key={`${row.month} ${row.event} ${row.desk}`}>
            <th scope="row">{row.month}</th>
            <td>{deskOf(row)}</td>
            <td>{t(`referral.acts.${row.event}`)}</td>
            <td class="number">
              {row.count === 0 ? t("months.few", { from: found.from }) : row.count}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function deskOf({ desk }: Count): string {
  return desk === "" ? t("months.others") : t(`referral.desks.${desk}`);
}
