/** Asked of supervisors and administrators, as a friend would: it can wait. */

import type { VNode } from "preact";

import { t } from "./i18n.ts";

export function PasskeyWanted({ now, later }: { now: () => void; later: () => void }): VNode {
  return (
    <section class="wanted" aria-label={t("own.wanted.title")}>
      <p>
        <b>{t("own.wanted.title")}</b> {t("own.wanted.says")}
      </p>
      <div class="answers">
        <button type="button" class="firm" onClick={now}>
          {t("own.wanted.now")}
        </button>
        <button type="button" class="plain" onClick={later}>
          {t("own.wanted.later")}
        </button>
      </div>
    </section>
  );
}
