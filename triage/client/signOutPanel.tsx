/** Asked before signing out, with what it does to the people one holds. */

import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { t } from "../../counsel/client/i18n.ts";

export function SignOutPanel(props: { held: number; yes: () => void; no: () => void }): VNode {
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  return (
    <div
      class="panel"
      role="dialog"
      aria-labelledby="sign-out-title"
      aria-describedby="sign-out-says"
    >
      <h2 id="sign-out-title">{t("console.sign_out.title")}</h2>
      <div id="sign-out-says">
        {props.held > 0 && (
          <p class="attention">{t("console.sign_out.held", { count: props.held })}</p>
        )}
        <p>{t("console.sign_out.says")}</p>
      </div>
      <div class="answers">
        <button type="button" class="second" ref={no} onClick={props.no}>
          {t("console.sign_out.no")}
        </button>
        <button type="button" class="firm" onClick={props.yes}>
          {t("console.sign_out.yes")}
        </button>
      </div>
    </div>
  );
}
