/** Ten codes, shown once: nobody goes on before saying that they are kept. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { t } from "./i18n.ts";

export interface RecoveryCodesProps {
  readonly codes: readonly string[];
  /** What comes after: into the console, or on with what one was doing. */
  readonly then: "go_in" | "go_on";
  done(): void;
}

export function RecoveryCodes({ codes, then, done }: RecoveryCodesProps): VNode {
  const [kept, setKept] = useState(false);
  const [copied, setCopied] = useState<"" | "copied" | "not_copied">("");
  const [early, setEarly] = useState(false);
  const copy = (): void => {
    const put = navigator.clipboard?.writeText(codes.join("\n")) ?? Promise.reject();
    put.then(
      () => setCopied("copied"),
      () => setCopied("not_copied"),
    );
  };
  return (
    <div class="recovery">
      <p>{t("recovery.says")}</p>
      <ol class="codes code">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div class="answers">
        <button type="button" class="second" onClick={copy}>
          {t("recovery.copy")}
        </button>
        <button type="button" class="second" onClick={() => window.print()}>
          {t("recovery.print")}
        </button>
      </div>
      <p role="status" class="soft">
        {copied !== "" && t(`recovery.${copied}`)}
      </p>
      <label class="tick">
        <input type="checkbox" checked={kept} onChange={() => setKept(!kept)} />
        {t("recovery.kept")}
      </label>
      <div role="alert">{early && !kept && <p class="attention">{t("recovery.first")}</p>}</div>
      <button
        type="button"
        class="act"
        aria-disabled={!kept}
        onClick={() => (kept ? done() : setEarly(true))}
      >
        {t(`recovery.${then}`)}
      </button>
    </div>
  );
}
