/** Breathing out, longer than in. Nothing counts; a circle moves, or stands still for who prefers it. */

import { t } from "../../../counsel/client/i18n.ts";

export function Breathing() {
  return (
    <section class="breathing">
      <div class="circle" aria-hidden="true">
        <span class="in">{t("intake.breathing.in")}</span>
        <span class="out">{t("intake.breathing.out")}</span>
      </div>
      <p>{t("intake.breathing.says")}</p>
      <p class="hint">{t("intake.breathing.stop")}</p>
    </section>
  );
}
