/** How the pages of the office speak: what came of something, and what is asked before it is done. */

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { t, tCode } from "../i18n.ts";
import { patience } from "../patience.ts";
import type { Book, Page } from "./book.ts";

/** The book as it is now, and looked at anew whenever the page is opened. */
export function useBook<V extends Page>(book: Book<V>): V {
  const [view, setView] = useState(book.view);
  useEffect(() => {
    const stop = book.subscribe(setView);
    void book.load();
    return stop;
  }, [book]);
  return view;
}

export interface Place {
  readonly page: Page;
  /** Where on the page, see the books. */
  readonly at: string;
  /** Where the sentences are: `done` and `failed`. */
  readonly section: string;
}

/** What came of it, said at its own place and read out. Refused with a question open: said in there. */
export function Outcome({ page, at, section }: Place): VNode {
  const said = page.said?.at === at && page.said.done !== "" ? page.said : null;
  return (
    <>
      <div role="status">
        {said !== null && (
          <p class="done">
            <span aria-hidden="true">✓ </span>
            {t(`${section}.done.${said.done}`, { name: said.name })}
          </p>
        )}
      </div>
      {page.asked === "" && <Refused page={page} at={at} section={section} />}
    </>
  );
}

function Refused({ page, at, section }: Place): VNode {
  const said = page.said?.at === at && page.said.done === "" ? page.said : null;
  return (
    <div role="alert">
      {said !== null && (
        <p class="attention">{tCode(`${section}.failed`, said.code, { name: said.name })}</p>
      )}
      {said !== null && said.until > 0 && <p class="soft">{waiting(said.until)}</p>}
    </div>
  );
}

function waiting(until: number): string {
  const { unit, count } = patience(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
  return t(`console.signin.wait_${unit}`, { count });
}

/** The list could not be asked for, or not again: what is shown is said to be old. */
export function Failure(props: { code: string; stale: boolean; again: () => void }): VNode {
  return (
    <div role="alert" class="failure">
      <div>
        <p class="attention">{tCode("people.not_loaded", props.code)}</p>
        {props.stale && <p>{t("people.stale")}</p>}
      </div>
      <button type="button" class="second" onClick={props.again}>
        {t("people.again")}
      </button>
    </div>
  );
}

interface AskProps extends Place {
  /** Ids begin with it; also where the keyboard goes back to. */
  readonly id: string;
  readonly title: string;
  readonly yes: string;
  readonly no: string;
  onYes(): void;
  onNo(): void;
  readonly children: ComponentChildren;
}

/** Asked inside the page, where it was pressed: what happens then, and two answers. */
export function AskFirst(props: AskProps): VNode {
  const { id, onNo } = props;
  const busy = props.page.busy === props.at;
  const back = (): void => {
    onNo();
    setTimeout(() => document.getElementById(id)?.focus()); // once it is drawn again
  };
  return (
    <div
      class="ask"
      role="group"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-says`}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          back();
        }
      }}
    >
      <h3 id={`${id}-title`}>{props.title}</h3>
      <div id={`${id}-says`}>{props.children}</div>
      <Refused page={props.page} at={props.at} section={props.section} />
      <div class="answers">
        <button type="button" class="second" ref={takeCursor} onClick={back}>
          {props.no}
        </button>
        <button type="button" class="firm" aria-disabled={busy} onClick={props.onYes}>
          {props.yes}
        </button>
      </div>
    </div>
  );
}

/** Where the keyboard goes on from, once what was done is drawn and its button is gone. */
export function goOnFrom(id: string): (done: boolean) => void {
  return (done) => {
    if (done) {
      setTimeout(() => document.getElementById(id)?.focus());
    }
  };
}

/** The harmless answer gets the cursor when the question appears. */
function takeCursor(button: HTMLButtonElement | null): void {
  if (button !== null && button.dataset["had"] === undefined) {
    button.dataset["had"] = "";
    button.focus();
  }
}
