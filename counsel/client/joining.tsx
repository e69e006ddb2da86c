/** Where an invitation leads: a name to sign in with, a password, an authenticator; then the codes. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { type Asking, useAsking } from "./asking.ts";
import type { Authenticator, Chosen, Invited, Joined } from "./entrance.ts";
import { CodeField, Field, NewPassword, Told, typed, typedCode, typedPassword } from "./fields.tsx";
import { t } from "./i18n.ts";
import { QrCode } from "./qr.tsx";
import { RecoveryCodes } from "./recoveryCodes.tsx";
import type { Outcome } from "./staffApi.ts";

/** Which of the link's questions come to nothing for good: the link, or this page, is too old. */
const OVER = new Set(["invitation", "version"]);

export interface JoiningProps {
  look(): Promise<Outcome<Invited>>;
  authenticator(): Promise<Outcome<Authenticator>>;
  finish(chosen: Chosen): Promise<Outcome<Joined>>;
  /** The link is forgotten: inside, when they have joined and have their codes; else to sign in. */
  leave(): void;
}

interface Found {
  readonly invited: Invited;
  readonly authenticator: Authenticator;
}

export function Joining(props: JoiningProps): VNode {
  const [found, setFound] = useState<Found | null>(null);
  const [joined, setJoined] = useState<Joined | null>(null);
  const looking = useAsking();
  const finishing = useAsking();

  const look = async (): Promise<void> => {
    const invited = await looking.run(props.look);
    const authenticator = invited && (await looking.run(props.authenticator));
    if (invited && authenticator) {
      setFound({ invited, authenticator });
    }
  };
  useEffect(() => void look(), []);

  if (joined !== null) {
    return (
      <main id="main" class="gate">
        <div class="sheet">
          <h1 tabIndex={-1} ref={toFront}>
            {t("joining.in", { name: joined.me.working_name })}
          </h1>
          <RecoveryCodes codes={joined.recovery} then="go_in" done={props.leave} />
        </div>
      </main>
    );
  }
  if (found === null || OVER.has(finishing.told)) {
    return <Unopened asking={found === null ? looking : finishing} again={look} {...props} />;
  }
  const finish = async (chosen: Chosen): Promise<boolean> => {
    const done = await finishing.run(() => props.finish(chosen));
    setJoined(done);
    return done !== null;
  };
  return <JoinForm {...found} asking={finishing} finish={finish} />;
}

/** Not looked at yet, or nothing to look at. */
function Unopened({
  asking,
  again,
  leave,
}: {
  asking: Asking;
  again: () => Promise<void>;
  leave: () => void;
}): VNode {
  return (
    <main id="main" class="gate">
      <div class="sheet">
        <h1>{t("joining.title")}</h1>
        {asking.told === "" && <p role="status">{t("joining.looking")}</p>}
        <Told asking={asking} section="joining.failed" />
        {asking.told !== "" && !OVER.has(asking.told) && (
          <button type="button" class="act" onClick={() => void again()}>
            {t("joining.again")}
          </button>
        )}
        {asking.told !== "" && (
          <button type="button" class="quiet" onClick={leave}>
            {t("joining.to_sign_in")}
          </button>
        )}
      </div>
    </main>
  );
}

interface FormProps extends Found {
  readonly asking: Asking;
  finish(chosen: Chosen): Promise<boolean>;
}

function JoinForm({ invited, authenticator, asking, finish }: FormProps): VNode {
  const form = useRef<HTMLFormElement>(null);
  const code = useRef<HTMLInputElement>(null);
  const joins = invited.kind === "join";
  useEffect(() => leadTo(form.current, asking.told), [asking.told]);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (form.current === null || asking.busy || asking.left > 0) {
      return;
    }
    const chosen = readForm(form.current, joins);
    if (chosen === null) {
      asking.tell(joins ? "missing" : "missing-reset");
    } else if (!(await finish(chosen)) && code.current !== null) {
      code.current.value = ""; // a code works once
    }
  };

  return (
    <main id="main" class="gate">
      <form ref={form} class="sheet joining" noValidate onSubmit={(event) => void submit(event)}>
        <h1>{t(`joining.title_${invited.kind}`, { name: invited.working_name })}</h1>
        <p>
          {t(`joining.says_${invited.kind}`, {
            organisation: invited.organisation,
            role: t(`talk.roles.${invited.role}`),
          })}
        </p>
        <p class="soft">{t("joining.not_you")}</p>
        <h2>{t(joins ? "joining.step_name" : "joining.step_password")}</h2>
        {joins && <SignInName />}
        <NewPassword name="password" label={t("joining.password.label")} />
        <h2>{t("joining.step_app")}</h2>
        <AuthenticatorCard authenticator={authenticator} />
        <CodeField
          digits
          field={code}
          label={t("joining.code.label")}
          hint={t("joining.code.hint")}
        />
        <Told asking={asking} section="joining.failed" />
        <button type="submit" class="act" aria-disabled={asking.busy || asking.left > 0}>
          {t(asking.busy ? "joining.busy" : `joining.submit_${invited.kind}`)}
        </button>
      </form>
    </main>
  );
}

function SignInName(): VNode {
  return (
    <Field label={t("joining.name.label")} hint={t("joining.name.hint")}>
      {(tied) => (
        <input
          {...tied}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellcheck={false}
          maxLength={64}
          required
        />
      )}
    </Field>
  );
}

/** The same secret three ways: for a camera, for this very phone, and for typing it in. */
function AuthenticatorCard({ authenticator }: { authenticator: Authenticator }): VNode {
  const { secret, uri, picture } = authenticator;
  return (
    <div class="authenticator">
      <p>{t("joining.app.says")}</p>
      <QrCode rows={picture} label={t("joining.app.picture")} />
      <a class="quiet" href={uri}>
        {t("joining.app.same_phone")}
      </a>
      <p class="soft">{t("joining.app.by_hand")}</p>
      <p class="code secret">{inFours(secret)}</p>
    </div>
  );
}

/** Easier to read aloud and to type; blanks are no part of it. */
export function inFours(secret: string): string {
  return secret.replace(/=+$/, "").replace(/(.{4})(?=.)/g, "$1 ");
}

/** Null when something is missing. */
function readForm(form: HTMLFormElement, joins: boolean): Chosen | null {
  const signInName = joins ? typed(form, "username") : "";
  const password = typedPassword(form, "password");
  const code = typedCode(form);
  const whole = (signInName !== "" || !joins) && password !== "" && /^\d{6}$/.test(code);
  return whole ? { signInName, password, code } : null;
}

/** To the field a refusal is about. */
function leadTo(form: HTMLFormElement | null, told: string): void {
  const fields: Readonly<Record<string, string>> = {
    "name-taken": "username",
    "bad-value": "username",
    "weak-password": "password",
    "sign-in": "code",
  };
  const name = fields[told];
  if (name !== undefined) {
    form?.querySelector<HTMLInputElement>(`input[name=${name}]`)?.focus();
  }
}

/** What has just appeared is read out from its heading on. */
const toFront = (heading: HTMLElement | null): void => heading?.focus();
