/** Name, password, code. It says what to do next, never which of the three was wrong. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { t, tCode } from "./i18n.ts";
import { patience } from "./patience.ts";
import type { Refusal } from "./staffApi.ts";

export interface SignInProps {
  /** `again`: signed out while working, what was begun is kept. `done`: signed out by choice. */
  readonly note: "" | "again" | "done";
  /** What is said above the form from the start, as a code; or empty. */
  readonly failure: string;
  /** Null when it worked; the page goes on by itself then. */
  submit(name: string, password: string, code: string): Promise<Refusal | null>;
}

interface Told {
  readonly code: string;
  /** Until when trying is pointless, milliseconds; 0: not at all. */
  readonly until: number;
}

export function SignIn(props: SignInProps): VNode {
  const [told, setTold] = useState<Told>({ code: props.failure, until: 0 });
  const [busy, setBusy] = useState(false);
  const code = useRef<HTMLInputElement>(null);
  const left = useSecondsUntil(told.until);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy || left > 0) {
      return;
    }
    const fields = readForm(event.currentTarget as HTMLFormElement);
    if (fields === null) {
      setTold({ code: "missing", until: 0 });
      return;
    }
    setBusy(true);
    setTold({ code: "", until: 0 });
    const refusal = await props.submit(...fields);
    setBusy(false);
    if (refusal !== null) {
      const until = refusal.retryAfter > 0 ? Date.now() + refusal.retryAfter * 1000 : 0;
      setTold({ code: refusal.code, until });
      if (code.current !== null && refusal.code === "sign-in") {
        code.current.value = ""; // a code works once
        code.current.focus();
      }
    }
  };

  return (
    <main id="main" class="gate">
      <form class="sheet" noValidate onSubmit={(event) => void submit(event)}>
        <h1>{t("console.signin.title")}</h1>
        {props.note === "again" && <p class="attention">{t("console.signin.again")}</p>}
        {props.note === "done" && <p role="status">{t("console.sign_out.done")}</p>}
        <Fields code={code} />
        <div role="alert">{told.code !== "" && <p class="attention">{sentence(told.code)}</p>}</div>
        {told.until > 0 && <p class="soft">{waitSentence(left)}</p>}
        <button type="submit" class="act" aria-disabled={busy || left > 0}>
          {t(busy ? "console.signin.busy" : "console.signin.submit")}
        </button>
      </form>
    </main>
  );
}

function Fields({ code }: { code: { current: HTMLInputElement | null } }): VNode {
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
      <label>
        {t("console.signin.code")}
        <input
          ref={code}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          aria-describedby="code-hint"
          maxLength={7}
          required
        />
      </label>
      <p id="code-hint" class="soft">
        {t("console.signin.code_hint")}
      </p>
    </>
  );
}

/** Name, password, code without its blank; null when one is missing. */
function readForm(form: HTMLFormElement): [string, string, string] | null {
  const data = new FormData(form);
  const field = (name: string): string => String(data.get(name) ?? "");
  const code = field("code").replace(/\s/g, "");
  const complete =
    field("username").trim() !== "" && field("password") !== "" && /^\d{6}$/.test(code);
  return complete ? [field("username").trim(), field("password"), code] : null;
}

function sentence(code: string): string {
  return code === "missing" ? t("console.signin.missing") : tCode("console.signin.failed", code);
}

function waitSentence(seconds: number): string {
  const { unit, count } = patience(seconds);
  return t(`console.signin.wait_${unit}`, { count });
}

/** Whole seconds left, 0 when over. Ticks only while there is something to wait for. */
function useSecondsUntil(until: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (until <= Date.now()) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [until]);
  return until === 0 ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}
