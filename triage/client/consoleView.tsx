/** The whole console: the bar, who waits, the talks in front, and what is known of the person. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { t } from "../../counsel/client/i18n.ts";
import type { Me } from "../../counsel/client/staffApi.ts";
import { BoardColumn } from "./board.tsx";
import { CasePane } from "./casePane.tsx";
import type { Desk, DeskView } from "./desk.ts";
import { actOf } from "./keyboard.ts";
import { KeysPanel } from "./keysPanel.tsx";
import { SignOutPanel } from "./signOutPanel.tsx";
import { type PaneActs, TalkPane } from "./talkPane.tsx";

export interface ConsoleProps {
  readonly desk: Desk;
  readonly view: DeskView;
  readonly me: Me;
  /** Milliseconds. */
  readonly now: number;
  /** Whether the page calls when it is not looked at; `blocked`: by sound only. */
  readonly calling: "on" | "off" | "blocked";
  toggleCalling(): void;
  signOut(): void;
  readonly single: boolean;
  setSingle(on: boolean): void;
}

type Panel = "" | "keys" | "sign-out";

export function Console(props: ConsoleProps): VNode {
  const { desk, view } = props;
  const [panel, setPanel] = useState<Panel>("");
  useShortcuts(desk, props.single, panel, setPanel);
  return (
    <div class="console">
      <Bar {...props} panel={panel} setPanel={setPanel} />
      <main id="main" class="desk" data-panes={Math.max(1, view.panes.length)}>
        <h1 class="unseen">{t("console.bar.title")}</h1>
        <BoardColumn
          view={view}
          now={props.now}
          acts={{
            take: () => void desk.take(),
            show: (ref) => desk.show(ref),
            dismiss: () => desk.dismissRefusal(),
          }}
        />
        <Panes desk={desk} view={view} now={props.now} />
        <CasePane
          talk={view.talks.find((talk) => talk.ref === view.focused) ?? null}
          ending={view.ending !== null && view.ending === view.focused}
          acts={{
            sendNumbers: (ref) => void desk.hands.sendNumbers(ref),
            askEnd: (ref) => desk.askEnd(ref),
            end: () => void desk.end(),
          }}
        />
      </main>
      {panel === "keys" && (
        <KeysPanel
          single={props.single}
          setSingle={props.setSingle}
          close={() => closePanel("ask-keys", setPanel)}
        />
      )}
      {panel === "sign-out" && (
        <SignOutPanel
          held={view.talks.filter((talk) => talk.state === "active").length}
          yes={props.signOut}
          no={() => closePanel("ask-sign-out", setPanel)}
        />
      )}
    </div>
  );
}

/** Back to the button that opened it, so that the keyboard's place is not lost. */
function closePanel(opener: string, setPanel: (panel: Panel) => void): void {
  setPanel("");
  document.getElementById(opener)?.focus();
}

function Bar(props: ConsoleProps & { panel: Panel; setPanel: (panel: Panel) => void }): VNode {
  const { view, me, panel, setPanel, calling } = props;
  return (
    <section class="staff-bar" aria-label={t("console.bar.title")}>
      <p class="wire" role="status" data-link={view.link}>
        <span aria-hidden="true">{view.link === "online" ? "●" : "◌"} </span>
        {t(`console.bar.${view.link}`)}
      </p>
      <p class="me">
        {t("talk.member", { name: me.working_name, role: t(`talk.roles.${me.role}`) })}
      </p>
      <button
        type="button"
        class="plain"
        aria-pressed={calling !== "off"}
        title={calling === "blocked" ? t("console.bar.blocked_why") : undefined}
        onClick={props.toggleCalling}
      >
        {t(`console.bar.call.${calling}`)}
      </button>
      <button
        type="button"
        class="plain"
        id="ask-keys"
        aria-expanded={panel === "keys"}
        onClick={() => setPanel(panel === "keys" ? "" : "keys")}
      >
        {t("console.bar.keys")} <kbd>?</kbd>
      </button>
      <button
        type="button"
        class="plain"
        id="ask-sign-out"
        aria-expanded={panel === "sign-out"}
        onClick={() => setPanel(panel === "sign-out" ? "" : "sign-out")}
      >
        {t("console.bar.sign_out")}
      </button>
    </section>
  );
}

function Panes({ desk, view, now }: { desk: Desk; view: DeskView; now: number }): VNode {
  const acts: PaneActs = {
    type: (ref, text) => desk.type(ref, text),
    say: (ref, text) => void desk.hands.say(ref, text),
    release: (ref) => desk.hands.release(ref),
    retry: (ref, id) => desk.hands.retry(ref, id),
    takeBack: (ref, id) => desk.hands.takeBack(ref, id),
    shown: () => desk.markShown(),
    focus: (ref) => desk.focus(ref),
    putAway: (ref) => desk.putAway(ref),
    again: (ref) => desk.show(ref),
  };
  const panes = view.panes.flatMap((ref) => view.talks.filter((talk) => talk.ref === ref));
  return (
    <div class="panes">
      {panes.length === 0 && (
        <div class="middle none">
          <h2>{t("console.pane.none_title")}</h2>
          <p class="soft">{t("console.pane.none")}</p>
        </div>
      )}
      {panes.map((talk) => (
        <TalkPane
          key={talk.ref}
          talk={talk}
          front={talk.ref === view.focused}
          cursor={view.cursor}
          now={now}
          acts={acts}
        />
      ))}
    </div>
  );
}

/** Keys that work anywhere in the console. What acts on a person only brings the button near. */
function useShortcuts(
  desk: Desk,
  single: boolean,
  panel: Panel,
  setPanel: (panel: Panel) => void,
): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const act = actOf(event, isField(event.target), single);
      if (act === null) {
        return;
      }
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
        case "list":
          setPanel(panel === "keys" ? "" : "keys");
          break;
        case "escape":
          stepBack(desk, panel, setPanel);
          return;
      }
      event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [desk, single, panel]);
}

function stepBack(desk: Desk, panel: Panel, setPanel: (panel: Panel) => void): void {
  if (panel !== "") {
    closePanel(panel === "keys" ? "ask-keys" : "ask-sign-out", setPanel);
  } else if (desk.view.ending !== null) {
    desk.askEnd(null);
    desk.write();
  }
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}
