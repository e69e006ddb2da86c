/** The four ways out side by side, as on the page of promises. */

import { t } from "../../../counsel/client/i18n.ts";

const VERBS = ["close", "leave", "end", "erase"] as const;
const COLUMNS = ["phone", "server", "back"] as const;

export function Verbs() {
  return (
    <table class="verbs">
      <thead>
        <tr>
          <th scope="col">{t("verbs.action")}</th>
          {COLUMNS.map((column) => (
            <th scope="col" key={column}>
              {t(`verbs.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {VERBS.map((verb) => (
          <tr key={verb}>
            <th scope="row">{t(`verbs.${verb}.name`)}</th>
            {COLUMNS.map((column) => (
              <td key={column} data-label={t(`verbs.${column}`)}>
                {t(`verbs.${verb}.${column}`)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
