/** One's own password and recovery codes. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { useAsking } from "./asking.ts";
import { CodeField, NewPassword, typedCode, typedPassword } from "./fields.tsx";
import { Fold } from "./fold.tsx";
import { t } from "./i18n.ts";
import { changePassword, renewRecovery } from "./own.ts";
import { RecoveryCodes } from "./recoveryCodes.tsx";
import type { StaffApi } from "./staffApi.ts";

export function PasswordCard({ api }: { api: StaffApi }): VNode {
  const asking = useAsking();
  const change = async (form: HTMLFormElement): Promise<boolean> => {
    const old = typedPassword(form, "old");
    const password = typedPassword(form, "password");
    const code = typedCode(form);
    if (old === "" || password === "" || code === "") {
      asking.tell("missing");
      return false;
    }
    return (await asking.run(() => changePassword(api, { old, password, code }))) === true;
  };
  return (
    <section class="card" aria-labelledby="own-password">
      <h2 id="own-password">{t("own.password.title")}</h2>
      <p>{t("own.password.says")}</p>
      <Fold name="password" asking={asking} submit={change}>
        <label>
          {t("own.password.old")}
          <input name="old" type="password" autoComplete="current-password" required />
        </label>
        <NewPassword name="password" label={t("own.password.new")} />
        <ProofField />
      </Fold>
    </section>
  );
}

export function RecoveryCard({
  api,
  left,
  changed,
}: {
  api: StaffApi;
  left: number;
  changed: () => Promise<void>;
}): VNode {
  const asking = useAsking();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const renew = async (form: HTMLFormElement): Promise<boolean> => {
    const code = typedCode(form);
    if (code === "") {
      asking.tell("missing-code");
      return false;
    }
    const fresh = await asking.run(() => renewRecovery(api, code));
    setCodes(fresh);
    return fresh !== null;
  };
  const put = (): void => {
    setCodes(null);
    void changed();
  };
  return (
    <section class="card" aria-labelledby="own-recovery">
      <h2 id="own-recovery">{t("own.recovery.title")}</h2>
      {codes !== null ? (
        <RecoveryCodes codes={codes} then="go_on" done={put} />
      ) : (
        <>
          <p class={left < 3 ? "attention" : ""}>{t("own.recovery.left", { count: left })}</p>
          <p>{t("own.recovery.says")}</p>
          <Fold name="recovery" asking={asking} submit={renew}>
            <ProofField />
          </Fold>
        </>
      )}
    </section>
  );
}

/** Shows that the person is here, and not only a browser that was left open. */
export function ProofField(): VNode {
  return <CodeField digits={false} label={t("own.proof.label")} hint={t("own.proof.hint")} />;
}
