/** Said over every tab of whoever issues: how many people wait for a tap of theirs. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { t } from "../i18n.ts";
import type { PageProps, TabName } from "../insidePages.ts";
import { keysBook } from "./keysShelf.ts";

interface Props extends Pick<PageProps, "me" | "api"> {
  open(tab: TabName): void;
}

export function KeysWait({ me, api, open }: Props): VNode | null {
  const book = keysBook(api, me);
  const [waiting, setWaiting] = useState(book.waiting);
  useEffect(() => {
    const stop = book.subscribe(() => setWaiting(book.waiting));
    book.start();
    return () => {
      stop();
      book.stop();
    };
  }, [book]);
  if (waiting === 0) {
    return null;
  }
  return (
    <section class="wanted" aria-label={t("keys.wait.title")}>
      <p role="status">
        <b>{t("keys.wait.title")}</b> {t("keys.wait.says", { count: waiting })}
      </p>
      <div class="answers">
        <button type="button" class="firm" onClick={() => open("keys")}>
          {t("keys.wait.open")}
        </button>
      </div>
    </section>
  );
}
