/** The visible list of shortcuts. It lies over the page's corner and stops nothing. */

import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { t } from "../../counsel/client/i18n.ts";
import { SHORTCUTS } from "./keyboard.ts";

const PLAIN = ["enter", "newline", "escape"] as const;

export function KeysPanel(props: {
  single: boolean;
  setSingle: (on: boolean) => void;
  close: () => void;
}): VNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div class="panel keys" role="dialog" aria-labelledby="keys-title" tabIndex={-1} ref={box}>
      <h2 id="keys-title">{t("console.keys.title")}</h2>
      <dl>
        {SHORTCUTS.map(({ act, shown }) => (
          <KeyLine key={act} shown={shown} says={t(`console.keys.${act}`)} />
        ))}
        {PLAIN.map((name) => (
          <KeyLine
            key={name}
            shown={t(`console.keys.${name}_key`)}
            says={t(`console.keys.${name}`)}
          />
        ))}
      </dl>
      <label class="tick">
        <input
          type="checkbox"
          checked={props.single}
          onChange={(event) => props.setSingle(event.currentTarget.checked)}
        />
        {t("console.keys.single")}
      </label>
      <button type="button" class="second" onClick={props.close}>
        {t("console.keys.close")}
      </button>
    </div>
  );
}

function KeyLine({ shown, says }: { shown: string; says: string }): VNode {
  return (
    <div>
      <dt>
        <kbd>{shown}</kbd>
      </dt>
      <dd>{says}</dd>
    </div>
  );
}
