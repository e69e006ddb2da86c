/** A form behind a button: the page stays short until somebody wants to change something. */

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import type { Asking } from "./asking.ts";
import { Told } from "./fields.tsx";
import { t } from "./i18n.ts";

export interface FoldProps {
  /** The place of its words: `own.<name>.open`, `.submit`, `.done`. */
  readonly name: string;
  readonly asking: Asking;
  /** True when it was done: the form folds, and `own.<name>.done` is said. */
  submit(form: HTMLFormElement): Promise<boolean>;
  readonly children: ComponentChildren;
}

export function Fold({ name, asking, submit, children }: FoldProps): VNode {
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (open) {
      form.current?.querySelector("input")?.focus();
    }
  }, [open]);

  const sent = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (form.current === null || asking.busy || asking.left > 0) {
      return;
    }
    if (await submit(form.current)) {
      setOpen(false);
      setDone(true);
      opener.current?.focus();
    }
  };
  const toggle = (): void => {
    setDone(false);
    asking.tell("");
    setOpen(!open);
  };
  return (
    <>
      <p role="status">{done && t(`own.${name}.done`)}</p>
      <button
        ref={opener}
        type="button"
        class="second"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={toggle}
      >
        {t(open ? "own.close" : `own.${name}.open`)}
      </button>
      {open && (
        <form id={id} ref={form} class="fold" noValidate onSubmit={(event) => void sent(event)}>
          {children}
          <Told asking={asking} section="own.failed" />
          <button type="submit" class="firm" aria-disabled={asking.busy || asking.left > 0}>
            {t(asking.busy ? "own.busy" : `own.${name}.submit`)}
          </button>
        </form>
      )}
    </>
  );
}
