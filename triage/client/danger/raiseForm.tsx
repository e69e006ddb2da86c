/** Whoever talks with somebody says that they may be in danger: which danger decides who is called. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { t } from "../../../counsel/client/i18n.ts";
import { ChoiceForm } from "./choiceForm.tsx";

const KINDS: readonly string[] = ["now", "recent", "orange"];

export function RaiseForm({ raise }: { raise: (danger: string) => void }): VNode {
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <button type="button" class="second" onClick={() => setOpen(true)}>
        {t("danger.raise")}
      </button>
    );
  }
  return (
    <ChoiceForm
      label={t("danger.raise")}
      choices={[{ name: "danger", words: KINDS }]}
      submit={(said) => {
        setOpen(false);
        raise(said["danger"] ?? "");
      }}
      cancel={() => setOpen(false)}
    />
  );
}
