/** "This browser" and one's others: whether each has a card, until when, and what to do when it is lost. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { useAsking } from "../asking.ts";
import { toBase64url } from "../bytes.ts";
import { CertifyError, forgetDevice, keptKeyOf, openDevice } from "../device.ts";
import { Told } from "../fields.tsx";
import { t } from "../i18n.ts";
import type { PageProps } from "../insidePages.ts";
import { hourInWords, lastDay } from "../office/when.ts";
import { requestCode } from "./codes.ts";
import { digitsOfKey } from "./digits.ts";
import { askOwnCards, type Card, holderOf, loseCard } from "./questions.ts";
import { staffStore, staffTrust } from "./staffTrust.ts";

type Props = Pick<PageProps, "me" | "api">;

export type Here =
  | { readonly kind: "none" | "revoked" }
  | { readonly kind: "waiting"; readonly digits: string; readonly code: string }
  | { readonly kind: "card"; readonly until: number; readonly dutyUntil: number };

/** How often it looks again while it waits, ms. */
const LOOK_EVERY = 10_000;

export function OwnBrowsers({ me, api }: Props): VNode {
  const asking = useAsking();
  const [here, setHere] = useState<Here | null>(null);
  const [key, setKey] = useState("");
  const [cards, setCards] = useState<readonly Card[]>([]);
  const [tries, setTries] = useState(0);
  const look = async (begin: boolean, anew = false): Promise<void> => {
    const store = await staffStore();
    if (anew) {
      await forgetDevice(store);
    }
    const kept = await keptKeyOf({ store, me });
    const found = kept === null && !begin ? ({ kind: "none" } as const) : await stand({ me, api });
    if (typeof found === "string") {
      asking.tell(found);
    } else {
      setHere(found);
    }
    const drawn = await keptKeyOf({ store, me });
    setKey(drawn === null ? "" : toBase64url(drawn));
    const listed = await askOwnCards(api);
    setCards(listed.ok ? listed.value : []);
  };
  useEffect(() => void look(false), []);
  useEffect(() => {
    const timer = setInterval(() => here?.kind === "waiting" && void look(false), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [here?.kind]);
  const lose = async (card: string): Promise<void> => {
    await asking.run(() => loseCard(api, card));
    await look(false);
    setTries(tries + 1);
  };
  return (
    <section class="card" aria-labelledby="own-browsers">
      <h2 id="own-browsers" tabIndex={-1}>
        {t("keys.own.title")}
      </h2>
      <p>{t("keys.own.says")}</p>
      {here === null ? (
        <p role="status">{t("own.loading")}</p>
      ) : (
        <BrowserState here={here} ask={(anew) => void look(true, anew)} />
      )}
      <Told asking={asking} section="keys.failed" />
      <OwnCards key={tries} cards={cards} here={key} lose={(card) => void lose(card)} />
    </section>
  );
}

/** What the card of this browser says now; a code where it could not be found out. */
async function stand({ me, api }: Props): Promise<Here | string> {
  try {
    const [store, trust] = await Promise.all([staffStore(), staffTrust()]);
    const { until, dutyUntil } = await openDevice({ me, api, store, trust });
    return { kind: "card", until, dutyUntil };
  } catch (error) {
    if (!(error instanceof CertifyError)) {
      return "unknown";
    }
    if (error.code === "waiting" && error.key !== null) {
      const code = await requestCode({ what: "device", key: error.key, ...holderOf(me) });
      return { kind: "waiting", digits: await digitsOfKey(error.key), code };
    }
    const gone = ["revoked", "certificate-revoked", "other-person"].includes(error.code);
    return gone ? { kind: "revoked" } : error.code;
  }
}

export function BrowserState(props: { here: Here; ask: (anew: boolean) => void }): VNode {
  const { here, ask } = props;
  switch (here.kind) {
    case "card":
      return (
        <p class="standing">
          {t("keys.own.card", { until: lastDay(here.until) })}
          {here.dutyUntil > 0 && t("keys.own.on_duty", { when: hourInWords(here.dutyUntil) })}
        </p>
      );
    case "waiting":
      return (
        <div class="waits-for-card">
          <p>{t("keys.own.waiting")}</p>
          <p class="digits">{here.digits}</p>
          <details>
            <summary>{t("keys.own.for_ceremony")}</summary>
            <p class="soft">{t("keys.code")}</p>
            <p class="code">
              <code>{here.code}</code>
            </p>
          </details>
        </div>
      );
    default:
      return (
        <>
          <p class={here.kind === "revoked" ? "attention" : ""}>{t(`keys.own.${here.kind}`)}</p>
          <button type="button" class="second" onClick={() => ask(here.kind === "revoked")}>
            {t("keys.own.ask")}
          </button>
        </>
      );
  }
}

interface OwnCardsProps {
  readonly cards: readonly Card[];
  /** The key of this browser. */
  readonly here: string;
  lose(card: string): void;
}

export function OwnCards({ cards, here, lose }: OwnCardsProps): VNode | null {
  const [asked, setAsked] = useState("");
  const there = cards.filter((card) => !card.revoked);
  if (there.length === 0) {
    return null;
  }
  return (
    <ul class="rows">
      {there.map((card) => (
        <li key={card.card} class="pending">
          <div class="says">
            <p>
              <b>{t(card.key === here ? "keys.own.this" : "keys.own.other")}</b>{" "}
              {card.lost && <span class="due">{t("keys.own.lost")}</span>}
            </p>
            <p class="soft">{t("keys.cards.until", { issued: card.issued, until: card.until })}</p>
          </div>
          {!card.lost && (
            <div class={asked === card.card ? "answers asking" : "answers"}>
              <Lose
                asked={asked === card.card}
                ask={(open) => setAsked(open ? card.card : "")}
                yes={() => lose(card.card)}
              />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

interface LoseProps {
  readonly asked: boolean;
  ask(open: boolean): void;
  yes(): void;
}

function Lose({ asked, ask, yes }: LoseProps): VNode {
  if (!asked) {
    return (
      <button type="button" class="second" onClick={() => ask(true)}>
        {t("keys.own.lose")}
      </button>
    );
  }
  return (
    <div class="ask" role="group" aria-label={t("keys.own.lose")}>
      <p>{t("keys.own.lose_says")}</p>
      <div class="answers">
        <button type="button" class="second" onClick={() => ask(false)}>
          {t("keys.lose.no")}
        </button>
        <button type="button" class="firm" onClick={yes}>
          {t("keys.own.lose_yes")}
        </button>
      </div>
    </div>
  );
}
