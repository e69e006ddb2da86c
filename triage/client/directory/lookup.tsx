/**
 * Looking for somebody who helps: one province is fetched whole, then nothing more leaves this
 * device, whatever is typed. The same for a seeker and for whoever talks with them.
 */

import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import type { Card } from "../../../chat/client/card.ts";
import { CardView } from "../../../chat/client/view/cardView.tsx";
import { REGIONS } from "../../../counsel/client/contract.ts";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import { cardOf } from "./cardOf.ts";
import type { Held, Pocket } from "./pocket.ts";
import { ANYTHING, type Hit, Searching, type Wish } from "./search.ts";
import "./words.ts";

/** Kinds a person would look for, in the order of need; the others are found by words. */
const KINDS = ["emergency", "line", "legal-aid", "hardship", "station", "labour-inspection"];
/** Hits shown at first, and so many more with each tap. */
const AT_ONCE = 10;

export interface LookupProps {
  readonly pocket: Pick<Pocket, "take">;
  /** Where one looks first; empty: asked. */
  readonly region: string;
  /** ms: the instant that is judged by. */
  readonly now: () => number;
  /** Remembers the province for the next time the page is opened. */
  readonly onRegion?: (region: string) => void;
  /** Somebody who may pass a card on. */
  readonly pass?: (card: Card) => void;
}

type State =
  | { readonly is: "none" | "loading" }
  | { readonly is: "failed"; readonly code: string }
  | { readonly is: "held"; readonly held: Held };

export function Lookup(props: LookupProps): VNode {
  const { pocket, onRegion } = props;
  const [region, setRegion] = useState(props.region);
  const [tries, setTries] = useState(0);
  const [state, setState] = useState<State>({ is: region === "" ? "none" : "loading" });
  useEffect(() => {
    let wanted = true;
    if (region === "") {
      setState({ is: "none" });
      return undefined;
    }
    setState({ is: "loading" });
    pocket.take(region).then(
      (held) => wanted && setState({ is: "held", held }),
      (error: { code?: unknown }) =>
        wanted && setState({ is: "failed", code: String(error.code ?? "offline") }),
    );
    return () => {
      wanted = false;
    };
  }, [pocket, region, tries]);
  const pick = (code: string): void => {
    setRegion(code);
    onRegion?.(code);
  };
  return (
    <div class="lookup">
      <label class="pick">
        {t("directory.region")}
        <select
          value={region}
          autocomplete="off"
          onChange={(event) => pick(event.currentTarget.value)}
        >
          <option value="">{t("directory.choose")}</option>
          {REGIONS.map((code) => (
            <option key={code} value={code}>
              {t(`places.${code}`)}
            </option>
          ))}
        </select>
      </label>
      <p class="hint">{t("directory.private")}</p>
      <div role="status">
        {state.is === "loading" && <p>{t("directory.loading")}</p>}
        {state.is === "failed" && <Failed code={state.code} again={() => setTries(tries + 1)} />}
      </div>
      {state.is === "held" && <Looking key={region} {...props} held={state.held} />}
    </div>
  );
}

function Failed({ code, again }: { code: string; again: () => void }): VNode {
  return (
    <>
      <p class="attention">{tCode("directory.refused", code.split("-").join("_"))}</p>
      <p>{t("directory.refused.still")}</p>
      {code !== "none" && (
        <button type="button" class="quiet" onClick={again}>
          {t("directory.again")}
        </button>
      )}
    </>
  );
}

interface LookingProps extends LookupProps {
  readonly held: Held;
}

function Looking(props: LookingProps): VNode {
  const { held, now } = props;
  const { directory } = held.signed;
  const searching = useMemo(() => new Searching(directory), [directory]);
  const [wish, setWish] = useState<Wish>(ANYTHING);
  const [most, setMost] = useState(AT_ONCE);
  const change = (part: Partial<Wish>): void => {
    setWish({ ...wish, ...part });
    setMost(AT_ONCE);
  };
  const found = searching.find(wish, now(), most);
  return (
    <>
      <Edition held={held} />
      <label class="pick">
        {t("directory.words")}
        <input
          type="search"
          class="lookup-words"
          value={wish.words}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => change({ words: event.currentTarget.value })}
        />
      </label>
      <Narrowing wish={wish} change={change} />
      <p role="status" class="hint">
        {found.total === 0 ? t("directory.nothing") : t("directory.found", { count: found.total })}
      </p>
      {found.hits.map((hit) => (
        <HitCard key={hit.entry.id} {...props} hit={hit} />
      ))}
      {found.total > found.hits.length && (
        <button type="button" class="quiet" onClick={() => setMost(most + AT_ONCE)}>
          {t("directory.more", { count: found.total - found.hits.length })}
        </button>
      )}
      {found.inPlant > 0 && !wish.inPlant && (
        <button type="button" class="quiet" onClick={() => change({ inPlant: true })}>
          {t("directory.show_in_plant", { count: found.inPlant })}
        </button>
      )}
    </>
  );
}

/** Which directory this is; and plainly when it is not the newest, or a newer one was refused. */
function Edition({ held }: { held: Held }): VNode {
  const { signedAt } = held.signed;
  const day = new Date(signedAt).toISOString().slice(0, 10);
  return (
    <>
      <p class="hint">{t("directory.edition", { day })}</p>
      {held.doubt !== "" && (
        <p class="attention">
          {tCode("directory.doubt", held.doubt.split("-").join("_"), { day })}
        </p>
      )}
    </>
  );
}

function Narrowing(props: { wish: Wish; change: (part: Partial<Wish>) => void }): VNode {
  const { wish, change } = props;
  return (
    <div class="chips" role="group" aria-label={t("directory.kind")}>
      {KINDS.map((kind) => (
        <button
          key={kind}
          type="button"
          class={wish.kind === kind ? "chip on" : "chip"}
          aria-pressed={wish.kind === kind}
          onClick={() => change({ kind: wish.kind === kind ? "" : kind })}
        >
          {t(`directory.kinds.${kind.split("-").join("_")}`)}
        </button>
      ))}
      <button
        type="button"
        class={wish.openOnly ? "chip on" : "chip"}
        aria-pressed={wish.openOnly}
        onClick={() => change({ openOnly: !wish.openOnly })}
      >
        {t("directory.open_only")}
      </button>
    </div>
  );
}

function HitCard({ hit, held, pass }: LookingProps & { hit: Hit }): VNode {
  const { entry, opening, stale } = hit;
  const { region, version } = held.signed.directory;
  const card = cardOf(entry, region, version);
  const open = t(`directory.opening.${opening}`);
  const standing = stale ? `${open} · ${t("directory.stale", { day: entry.assured ?? "" })}` : open;
  const [passed, setPassed] = useState(false);
  return (
    <div class="hit">
      <CardView card={card} standing={standing} stale={stale} />
      {pass !== undefined && (
        <button
          type="button"
          class="second"
          onClick={() => {
            setPassed(true);
            pass(card);
          }}
        >
          {t(passed ? "directory.passed" : "directory.pass")}
          <span class="unseen"> {entry.name}</span>
        </button>
      )}
    </div>
  );
}
