/** The bar on top of everything: the line, who works here, the keys, the way out. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { t } from "../../counsel/client/i18n.ts";
import type { Me } from "../../counsel/client/staffApi.ts";
import type { LinkState } from "./boardView.ts";
import type { Desk } from "./desk.ts";
import { actOf } from "./keyboard.ts";
import { KeysPanel } from "./keysPanel.tsx";
import { SignOutPanel } from "./signOutPanel.tsx";

export interface BarProps {
  readonly me: Me;
  /** Null for those who have no desk. */
  readonly desk: Desk | null;
  /** Whether the page calls when it is not looked at; `blocked`: by sound only. */
  readonly calling: "on" | "off" | "blocked";
  toggleCalling(): void;
  signOut(): void;
  readonly single: boolean;
  setSingle(on: boolean): void;
  /** Brings the desk to the front, for keys that do something there. */
  openDesk(): void;
}

type Panel = "" | "keys" | "sign-out";

export function StaffBar(props: BarProps): VNode {
  const { desk, me } = props;
  const [panel, setPanel] = useState<Panel>("");
  useShortcuts(props, panel, setPanel);
  const toggle = (name: Panel) => () => setPanel(panel === name ? "" : name);
  return (
    <section class="staff-bar" aria-label={t("console.bar.title")}>
      {desk !== null && <Wire link={desk.view.link} />}
      <p class="me">
        {t("talk.member", { name: me.working_name, role: t(`talk.roles.${me.role}`) })}
      </p>
      {desk !== null && <CallButton {...props} />}
      {desk !== null && (
        <button
          type="button"
          class="plain"
          id="ask-keys"
          aria-expanded={panel === "keys"}
          onClick={toggle("keys")}
        >
          {t("console.bar.keys")} <kbd>?</kbd>
        </button>
      )}
      <button
        type="button"
        class="plain"
        id="ask-sign-out"
        aria-expanded={panel === "sign-out"}
        onClick={toggle("sign-out")}
      >
        {t("console.bar.sign_out")}
      </button>
      <OpenPanel {...props} panel={panel} setPanel={setPanel} />
    </section>
  );
}

function OpenPanel(props: BarProps & { panel: Panel; setPanel: (panel: Panel) => void }): VNode {
  const { panel, setPanel, desk } = props;
  const held = desk?.view.talks.filter((talk) => talk.state === "active").length ?? 0;
  return (
    <>
      {panel === "keys" && (
        <KeysPanel
          single={props.single}
          setSingle={props.setSingle}
          close={() => closePanel("ask-keys", setPanel)}
        />
      )}
      {panel === "sign-out" && (
        <SignOutPanel
          held={held}
          yes={props.signOut}
          no={() => closePanel("ask-sign-out", setPanel)}
        />
      )}
    </>
  );
}

function Wire({ link }: { link: LinkState }): VNode {
  return (
    <p class="wire" role="status" data-link={link}>
      <span aria-hidden="true">{link === "online" ? "●" : "◌"} </span>
      {t(`console.bar.${link}`)}
    </p>
  );
}

function CallButton({ calling, toggleCalling }: BarProps): VNode {
  return (
    <button
      type="button"
      class="plain"
      aria-pressed={calling !== "off"}
      title={calling === "blocked" ? t("console.bar.blocked_why") : undefined}
      onClick={toggleCalling}
    >
      {t(`console.bar.call.${calling}`)}
    </button>
  );
}

/** Back to the button that opened it, so that the keyboard's place is not lost. */
function closePanel(opener: string, setPanel: (panel: Panel) => void): void {
  setPanel("");
  document.getElementById(opener)?.focus();
}

/** Keys that work anywhere in the console. What acts on a person only brings the button near. */
function useShortcuts(props: BarProps, panel: Panel, setPanel: (panel: Panel) => void): void {
  const { desk, single, openDesk } = props;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const act = actOf(event, isField(event.target), single);
      if (act === null) {
        return;
      }
      if (act === "escape") {
        stepBack(desk, panel, setPanel);
        return;
      }
      if (act === "list") {
        setPanel(panel === "keys" ? "" : "keys");
      } else if (desk !== null) {
        const hidden = document.querySelector("#panel-desk[hidden]") !== null;
        openDesk();
        if (hidden) {
          setTimeout(() => atDesk(desk, act)); // drawn first: what lies hidden can take no cursor
        } else {
          atDesk(desk, act); // at once: the Enter that may follow is not for the field any more
        }
      }
      event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [desk, single, panel]);
}

function atDesk(desk: Desk, act: NonNullable<ReturnType<typeof actOf>>): void {
  switch (act) {
    case "take":
      document.querySelector<HTMLElement>(".take .act")?.click();
      break;
    case "next":
      desk.step(1);
      break;
    case "previous":
      desk.step(-1);
      break;
    case "write":
      desk.write();
      break;
    case "numbers":
      document.getElementById("send-numbers")?.focus();
      break;
    case "end":
      desk.askEnd(desk.view.focused);
      break;
  }
}

function stepBack(desk: Desk | null, panel: Panel, setPanel: (panel: Panel) => void): void {
  if (panel !== "") {
    closePanel(panel === "keys" ? "ask-keys" : "ask-sign-out", setPanel);
  } else if (desk !== null && desk.view.ending !== null) {
    desk.askEnd(null);
    desk.write();
  }
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}
