/** Fields that several forms of staff have in common, and how a form says what went wrong. */

import type { ComponentChildren, RefObject, VNode } from "preact";
import { useId, useState } from "preact/hooks";

import type { Asking } from "./asking.ts";
import { t, tCode } from "./i18n.ts";
import { patience } from "./patience.ts";

/** A label, what is typed, and one line of help that is read out with it. */
export function Field({
  label,
  hint,
  children,
}: {
  label: string;
  hint: string;
  children: (tied: { id: string; "aria-describedby": string }) => VNode;
}): VNode {
  const id = useId();
  const help = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": help })}
      <p id={help} class="soft">
        {hint}
      </p>
    </div>
  );
}

/** A password being chosen: it can be looked at, because nobody types twelve signs blindly twice. */
export function NewPassword({ name, label }: { name: string; label: string }): VNode {
  const [shown, setShown] = useState(false);
  const id = useId();
  const hint = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="new-password">
        <input
          id={id}
          name={name}
          type={shown ? "text" : "password"}
          autoComplete="new-password"
          autoCapitalize="none"
          spellcheck={false}
          aria-describedby={hint}
          maxLength={256}
          required
        />
        <button
          type="button"
          class="second"
          aria-label={t(shown ? "joining.password.hide_label" : "joining.password.show_label")}
          onClick={() => setShown(!shown)}
        >
          {t(shown ? "joining.password.hide" : "joining.password.show")}
        </button>
      </div>
      <p id={hint} class="soft">
        {t("joining.password.hint")}
      </p>
    </div>
  );
}

/** Six digits of the authenticator, or one of the recovery codes. */
export function CodeField({
  label,
  hint,
  digits,
  field,
}: {
  label: string;
  hint: string;
  digits: boolean;
  field?: RefObject<HTMLInputElement>;
}): VNode {
  return (
    <Field label={label} hint={hint}>
      {(tied) => (
        <input
          {...tied}
          {...(field === undefined ? {} : { ref: field })}
          name="code"
          inputMode={digits ? "numeric" : "text"}
          autoComplete={digits ? "one-time-code" : "off"}
          autoCapitalize="none"
          spellcheck={false}
          maxLength={digits ? 7 : 32}
          required
        />
      )}
    </Field>
  );
}

/** What was typed, trimmed; of a form's own fields only. */
export function typed(form: HTMLFormElement, name: string): string {
  return String(new FormData(form).get(name) ?? "").trim();
}

/** Never trimmed: a blank is a sign of a password like any other. */
export function typedPassword(form: HTMLFormElement, name: string): string {
  return String(new FormData(form).get(name) ?? "");
}

/** Without blanks and hyphens; an input method for Chinese may write digits of full width. */
export function typedCode(form: HTMLFormElement): string {
  return typed(form, "code").normalize("NFKC").replace(/[\s-]/g, "");
}

/** One place for all a form has to say, read out when it changes. `section` holds the sentences. */
export function Told({
  asking,
  section,
  children,
}: {
  asking: Asking;
  section: string;
  children?: ComponentChildren;
}): VNode {
  return (
    <>
      <div role="alert">
        {asking.told !== "" && <p class="attention">{tCode(section, asking.told)}</p>}
      </div>
      {asking.slowed && <p class="soft">{waitSentence(asking.left)}</p>}
      {children}
    </>
  );
}

export function waitSentence(seconds: number): string {
  const { unit, count } = patience(seconds);
  return t(`console.signin.wait_${unit}`, { count });
}
