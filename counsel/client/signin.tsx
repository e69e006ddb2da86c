/** Name, password, code; or a passkey. It says what to do next, never which of them was wrong. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { type Asking, useAsking } from "./asking.ts";
import { CodeField, Told, typed, typedCode, typedPassword } from "./fields.tsx";
import { t } from "./i18n.ts";
import { knowsPasskeys } from "./passkeys.ts";
import type { Me, Outcome } from "./staffApi.ts";

export interface SignInProps {
  /** `again`: signed out while working, what was begun is kept. `done`: signed out by choice. */
  readonly note: "" | "again" | "done";
  /** What is said above the form from the start, as a code; or empty. */
  readonly failure: string;
  /** When it works the page goes on by itself. */
  submit(name: string, password: string, code: string): Promise<Outcome<Me>>;
  passkey(): Promise<Outcome<Me>>;
}

export function SignIn(props: SignInProps): VNode {
  const asking = useAsking(props.failure);
  const byPasskey = useAsking();
  const [recovery, setRecovery] = useState(false);
  const code = useRef<HTMLInputElement>(null);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (asking.busy || asking.left > 0) {
      return;
    }
    const fields = readForm(event.currentTarget as HTMLFormElement, recovery);
    if (fields === null) {
      asking.tell(recovery ? "missing-recovery" : "missing");
      return;
    }
    byPasskey.tell("");
    if ((await asking.run(() => props.submit(...fields))) === null && code.current !== null) {
      code.current.value = ""; // a code works once
      code.current.focus();
    }
  };

  return (
    <main id="main" class="gate">
      <div class="sheet">
        <form noValidate onSubmit={(event) => void submit(event)}>
          <h1>{t("console.signin.title")}</h1>
          {props.note === "again" && <p class="attention">{t("console.signin.again")}</p>}
          {props.note === "done" && <p role="status">{t("console.sign_out.done")}</p>}
          <NameAndPassword />
          <CodeOrRecovery recovery={recovery} swap={() => setRecovery(!recovery)} code={code} />
          <Told asking={asking} section="console.signin.failed" />
          <button type="submit" class="act" aria-disabled={asking.busy || asking.left > 0}>
            {t(asking.busy ? "console.signin.busy" : "console.signin.submit")}
          </button>
        </form>
        {knowsPasskeys() && <ByPasskey asking={byPasskey} passkey={props.passkey} />}
        <Lost />
      </div>
    </main>
  );
}

function NameAndPassword(): VNode {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <>
      <label>
        {t("console.signin.name")}
        <input
          ref={first}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellcheck={false}
          required
        />
      </label>
      <label>
        {t("console.signin.password")}
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
    </>
  );
}

interface CodeOrRecoveryProps {
  readonly recovery: boolean;
  readonly code: { current: HTMLInputElement | null };
  swap(): void;
}

function CodeOrRecovery({ recovery, code, swap }: CodeOrRecoveryProps): VNode {
  const kind = recovery ? "recovery" : "code";
  return (
    <div class="swap">
      <CodeField
        key={kind}
        field={code}
        digits={!recovery}
        label={t(`console.signin.${kind}`)}
        hint={t(`console.signin.${kind}_hint`)}
      />
      <button
        type="button"
        class="quiet"
        onClick={() => {
          swap();
          setTimeout(() => code.current?.focus());
        }}
      >
        {t(recovery ? "console.signin.use_code" : "console.signin.use_recovery")}
      </button>
    </div>
  );
}

/** One tap, whatever has been typed: a name that has to wait does not keep its owner out. */
function ByPasskey({
  asking,
  passkey,
}: {
  asking: Asking;
  passkey: SignInProps["passkey"];
}): VNode {
  return (
    <section class="by-passkey" aria-label={t("console.signin.passkey")}>
      <button
        type="button"
        class="other"
        aria-disabled={asking.busy}
        onClick={() => void asking.run(passkey)}
      >
        {t(asking.busy ? "console.signin.passkey_busy" : "console.signin.passkey")}
      </button>
      <p class="soft">{t("console.signin.passkey_hint")}</p>
      <Told asking={asking} section="console.signin.failed" />
    </section>
  );
}

function Lost(): VNode {
  return (
    <details class="lost">
      <summary>{t("console.signin.lost")}</summary>
      <p class="soft">{t("console.signin.lost_says")}</p>
    </details>
  );
}

/** Name, password, code; null when one is missing. */
function readForm(form: HTMLFormElement, recovery: boolean): [string, string, string] | null {
  const name = typed(form, "username");
  const password = typedPassword(form, "password");
  const code = typedCode(form);
  const fits = recovery ? code !== "" : /^\d{6}$/.test(code);
  return name !== "" && password !== "" && fits ? [name, password, code] : null;
}
