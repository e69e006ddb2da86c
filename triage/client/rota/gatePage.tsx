/**
 * The gate: everything that must be so before live opens, item by item. Met or not is said by a
 * word and a sign; what is not met says what to do next.
 */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { useAsking } from "../../../counsel/client/asking.ts";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import type { PageProps } from "../../../counsel/client/insidePages.ts";
import { may } from "../../../counsel/client/rights.ts";
import { localOf } from "./days.ts";
import { askGate, askWeek, type Gate, type GateItem, signGate } from "./questions.ts";
import { dateOf } from "./week.ts";

/** How often an open page looks again, milliseconds. */
const LOOK_EVERY = 30_000;
const SIGNED = ["texts", "timers"] as const;

export function GatePage(props: PageProps): VNode {
  const { api } = props;
  const [gate, setGate] = useState<Gate | null>(null);
  const [zone, setZone] = useState("");
  const asking = useAsking();
  const look = async (): Promise<void> => {
    const answer = await askGate(api);
    if (answer.ok) {
      setGate(answer.value);
    } else {
      asking.tell(answer.code);
    }
  };
  useEffect(() => {
    void askWeek(api, new Date(Date.now()).toISOString().slice(0, 10), 1).then((answer) =>
      setZone(answer.ok ? answer.value.zone : "UTC"),
    );
    void look();
    const timer = setInterval(() => void (document.hidden || look()), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [api]);
  const sign = async (what: (typeof SIGNED)[number], signer: string): Promise<void> => {
    await asking.run(() => signGate(api, what, signer));
    await look();
  };
  return (
    <div class="inside gate-page">
      <h1>{t("gate.title")}</h1>
      {gate === null || zone === "" ? (
        <p class="soft">{t("gate.loading")}</p>
      ) : (
        <Items {...props} gate={gate} zone={zone} sign={sign} />
      )}
      <div role="alert">
        {asking.told !== "" && <p class="attention">{tCode("errors", asking.told)}</p>}
      </div>
    </div>
  );
}

interface ItemsProps extends PageProps {
  readonly gate: Gate;
  readonly zone: string;
  sign(what: (typeof SIGNED)[number], signer: string): Promise<void>;
}

function Items(props: ItemsProps): VNode {
  const { gate, zone, sign, me } = props;
  const unmet = gate.items.filter((item) => !item.met).length;
  return (
    <>
      <p>{t(`gate.modes.${gate.mode}`)}</p>
      <p role="status">
        <b>{unmet === 0 ? t("gate.all_met") : t("gate.some_unmet", { count: unmet })}</b>
      </p>
      <ul class="gate-items">
        {gate.items.map((item) => (
          <li key={item.code} class="gate-item" data-met={item.met}>
            <p class="met">
              <span aria-hidden="true">{item.met ? "✓ " : "○ "}</span>
              {t(item.met ? "gate.met" : "gate.unmet")}
            </p>
            <div>
              <h2>{tCode("gate.items", item.code)}</h2>
              <Facts item={item} zone={zone} />
              {!item.met && <p>{tCode("gate.next", item.code)}</p>}
              {SIGNED.map(
                (what) =>
                  what === item.code &&
                  may(me.role, "sign-gate") && (
                    <Signing key={what} met={item.met} sign={(signer) => sign(what, signer)} />
                  ),
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Who made it so, and when, as far as that is known. */
function Facts({ item, zone }: { item: GateItem; zone: string }): VNode | null {
  const { when, detail, code } = item;
  const who = item.who.split(", ").join(t("gate.and"));
  const at = when === null ? null : localOf(when, zone);
  const moment = at === null ? "" : t("gate.moment", { date: dateOf(at.day), time: at.time });
  const sentence =
    who === "" ? moment : moment === "" ? who : t("gate.who_when", { who, when: moment });
  if (sentence === "" && detail === "") {
    return null;
  }
  return (
    <p class="soft">
      {sentence}
      {sentence !== "" && detail !== "" && t("gate.and")}
      {detail !== "" && detailOf(code, detail)}
    </p>
  );
}

/** What is left of a demo, what keys or the trail lack, and whom a page does not reach, come as codes;
 * everything else is numbers. */
function detailOf(code: string, detail: string): string {
  const words = detail.split(" ");
  const section = (
    { demo: "gate.left", audit: "gate.left", paging: "gate.left", keys: "gate.lack" } as const
  )[code];
  const shown = section === undefined ? words : words.map((word) => tCode(section, word));
  return t("gate.detail", { detail: shown.join(t("gate.and")) });
}

/** Signed once, the form is put away: texts change, and then somebody signs again. */
function Signing({ met, sign }: { met: boolean; sign: (signer: string) => Promise<void> }): VNode {
  if (!met) {
    return <SignForm sign={sign} />;
  }
  return (
    <details>
      <summary>{t("gate.sign_again")}</summary>
      <SignForm sign={sign} />
    </details>
  );
}

function SignForm({ sign }: { sign: (signer: string) => Promise<void> }): VNode {
  const [signer, setSigner] = useState("");
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (signer.trim() !== "") {
      void sign(signer.trim()).then(() => setSigner(""));
    }
  };
  return (
    <form class="sign" onSubmit={submit}>
      <label>
        {t("gate.signer")}
        <input
          value={signer}
          maxLength={60}
          autoComplete="off"
          onInput={(event) => setSigner(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="second">
        {t("gate.sign")}
      </button>
    </form>
  );
}
