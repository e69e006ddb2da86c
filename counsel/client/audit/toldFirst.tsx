/** On somebody's first day, until they have said that they read it: what they do is recorded. */

import type { VNode } from "preact";

import { t } from "../i18n.ts";

export function ToldFirst({ read, known }: { read: () => void; known: () => void }): VNode {
  return (
    <section class="wanted" aria-label={t("audit.told.title")}>
      <p>
        <b>{t("audit.told.title")}</b> {t("audit.told.says")}
      </p>
      <div class="answers">
        <button type="button" class="firm" onClick={read}>
          {t("audit.told.read")}
        </button>
        <button type="button" class="plain" id="told-known" onClick={known}>
          {t("audit.told.known")}
        </button>
      </div>
    </section>
  );
}
