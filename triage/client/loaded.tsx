/** A part of the console that is not there yet: says so, and how to try again when it could not be fetched. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { t } from "../../counsel/client/i18n.ts";

interface LoadedProps<P> {
  load(): Promise<(props: P) => VNode>;
  readonly page: P;
}

export function Loaded<P extends object>({ load, page }: LoadedProps<P>): VNode {
  const [state, setState] = useState<{ Page: ((props: P) => VNode) | null; failed: boolean }>({
    Page: null,
    failed: false,
  });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let wanted = true;
    setState({ Page: null, failed: false });
    load().then(
      (Page) => wanted && setState({ Page, failed: false }),
      () => wanted && setState({ Page: null, failed: true }),
    );
    return () => {
      wanted = false;
    };
  }, [load, tries]);
  if (state.Page !== null) {
    return <state.Page {...page} />;
  }
  return (
    <div class="middle" role={state.failed ? "alert" : "status"}>
      <p>{t(state.failed ? "nav.not_loaded" : "console.loading")}</p>
      {state.failed && (
        <button type="button" class="second" onClick={() => setTries(tries + 1)}>
          {t("nav.again")}
        </button>
      )}
    </div>
  );
}
