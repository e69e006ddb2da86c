/** A form behind a button: the page stays short until somebody wants to change something. */

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Asking } from "./asking.ts";
import { Told } from "./fields.tsx";
import { t } from "./i18n.ts";

export interface FoldProps {
  /** The place of its words: `own.<name>.open`, `.submit`, `.done`. */
  readonly name: string;
  /** What its button is called for those who hear it, where several look alike. */
  readonly label?: string;
  readonly asking: Asking;
  /** True when it was done: the form folds, and `own.<name>.done` is said. */
  submit(form: HTMLFormElement): Promise<boolean>;
  readonly children: ComponentChildren;
}

export function Fold({ name, label, asking, submit, children }: FoldProps): VNode {
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const turned = useRef(false);
  useEffect(() => {
    if (open) {
      form.current?.querySelector("input")?.focus();
    } else if (turned.current) {
      opener.current?.focus();
    }
  }, [open]);
  const turn = (to: boolean): void => {
    turned.current = true;
    setOpen(to);
  };

  const sent = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (form.current === null || asking.busy || asking.left > 0) {
      return;
    }
    if (await submit(form.current)) {
      setDone(true);
      turn(false);
    }
  };
  const begin = (): void => {
    setDone(false);
    asking.tell("");
    turn(true);
  };
  return (
    <>
      <p role="status">{done && t(`own.${name}.done`)}</p>
      {open ? (
        <form ref={form} class="fold" noValidate onSubmit={(event) => void sent(event)}>
          {children}
          <Told asking={asking} section="own.failed" />
          <div class="answers">
            <button type="submit" class="firm" aria-disabled={asking.busy || asking.left > 0}>
              {t(asking.busy ? "own.busy" : `own.${name}.submit`)}
            </button>
            <button type="button" class="second" onClick={() => turn(false)}>
              {t("own.close")}
            </button>
          </div>
        </form>
      ) : (
        <button ref={opener} type="button" class="second" aria-label={label} onClick={begin}>
          {t(`own.${name}.open`)}
        </button>
      )}
    </>
  );
}
