/** The directory where a talk is: its own part of the script, fetched when somebody opens it. */

import type { FunctionComponent, VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import type { Card } from "../../chat/client/card.ts";
import { NotYet } from "../../chat/client/view/lateCard.tsx";
import type { Trust } from "../../counsel/client/certificates.ts";
import type { LookupProps } from "./directory/lookup.tsx";
import type { PocketStore } from "./directory/pocket.ts";

export interface LookupPlace {
  readonly trust: Trust;
  /** Where a province is kept, and which one was looked at last. */
  readonly store: PocketStore;
  /** Another pocket than this page's own: galleries bring one. */
  readonly pocket?: LookupProps["pocket"];
}

interface Loaded {
  readonly Lookup: FunctionComponent<LookupProps>;
  readonly pocket: LookupProps["pocket"];
  readonly region: string;
}

const REGION = "directory-region";

async function load({ trust, store, pocket }: LookupPlace): Promise<Loaded> {
  const [{ Lookup, Pocket }, found] = await Promise.all([
    import("./directory/lookingUp.ts"),
    store.read(REGION).catch(() => null),
  ]);
  const region = found === null ? "" : new TextDecoder().decode(found.bytes);
  return { Lookup, pocket: pocket ?? new Pocket(trust, store), region };
}

export interface LookupSheetProps {
  readonly place: () => Promise<LookupPlace>;
  readonly pass?: (card: Card) => void;
}

export function LookupSheet({ place, pass }: LookupSheetProps): VNode {
  const [loaded, setLoaded] = useState<(Loaded & LookupPlace) | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let wanted = true;
    setFailed(false);
    place()
      .then(async (found) => ({ ...found, ...(await load(found)) }))
      .then(
        (found) => wanted && setLoaded(found),
        () => wanted && setFailed(true),
      );
    return () => {
      wanted = false;
    };
  }, [place, tries]);
  const now = useMemo(() => () => loaded?.trust.now() ?? Date.now(), [loaded]);
  if (loaded === null) {
    return <NotYet failed={failed} again={() => setTries(tries + 1)} />;
  }
  const { Lookup, pocket, region, store } = loaded;
  const remember = (code: string): void => {
    store.put(REGION, new TextEncoder().encode(code)).catch(() => undefined);
  };
  return (
    <Lookup
      pocket={pocket}
      region={region}
      now={now}
      onRegion={remember}
      {...(pass === undefined ? {} : { pass })}
    />
  );
}
