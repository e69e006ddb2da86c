/** A page of its own for what stands in the way of the desk: one sentence, one thing to do. */

import type { VNode } from "preact";

import { t, tCode } from "../../counsel/client/i18n.ts";

export interface NoticeProps {
  /** Where `title` is found in the texts, and `failed.<code>`, or `says` without a code. */
  readonly section: string;
  readonly code: string;
  /** The place of the words on the button; empty: there is nothing to press. */
  readonly action: string;
  act(): void;
  /** Digits somebody else compares; left out or empty: there are none. */
  readonly digits?: string;
}

export function Notice(props: NoticeProps): VNode {
  return (
    <main id="main" class="gate">
      <NoticeSheet {...props} />
    </main>
  );
}

/** The same inside a page that goes on around it. */
export function NoticeSheet({ section, code, action, act, digits = "" }: NoticeProps): VNode {
  return (
    <div class="sheet" role="alert">
      <h1>{t(`${section}.title`)}</h1>
      <p>{code === "" ? t(`${section}.says`) : tCode(`${section}.failed`, code)}</p>
      {digits !== "" && <p class="digits">{digits}</p>}
      {action !== "" && (
        <button type="button" class="act" onClick={act}>
          {t(action)}
        </button>
      )}
    </div>
  );
}
