/**
 * The console's tabs: the desk, which lives on under every other one, and the pages beside it, each
 * loaded when it is opened.
 */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { t } from "../../counsel/client/i18n.ts";
import type { InsidePages, TabName, TabsProps } from "../../counsel/client/insidePages.ts";
import { may } from "../../counsel/client/rights.ts";
import { DutyBar } from "./duty.tsx";
import { Loaded } from "./loaded.tsx";
import { TOOLS } from "./referral/tools.ts";
import { moveOf, numberOf, tabsOf } from "./tabKeys.ts";

/** The pages of this layer; those of people, organisation and oneself are given. */
const OURS: InsidePages = {
  rota: () => import("./rota/rotaPage.tsx").then((part) => part.RotaPage),
  directory: () => import("./directory/directoryPage.tsx").then((part) => part.DirectoryPage),
  gate: () => import("./rota/gatePage.tsx").then((part) => part.GatePage),
  behalf: () =>
    import("./referral/behalfPage.tsx").then((part) => {
      part.sealWith(TOOLS);
      return part.BehalfPage;
    }),
  desks: () => import("./referral/monthsPage.tsx").then((part) => part.MonthsPage),
  follow: () => import("./followup/followPage.tsx").then((part) => part.FollowPage),
  stories: () => import("./stories/storiesPage.tsx").then((part) => part.StoriesPage),
  review: () => import("./danger/reviewPage.tsx").then((part) => part.ReviewPage),
  referrals: () =>
    import("./referral/deskPage.tsx").then((part) => {
      part.sealWith(TOOLS);
      return part.DeskPage;
    }),
};

export function Tabs(props: TabsProps): VNode {
  const { me, desk } = props;
  const pages = { ...OURS, ...props.pages };
  const names = tabsOf(me.role, (name) =>
    name === "desk" ? desk !== null : pages[name] !== undefined,
  );
  const [open, setOpen] = useState<TabName>(names[0] ?? "own");
  useNumbers(names, setOpen);
  useEffect(() => props.onDesk(open === "desk")); // a desk may also begin under another tab
  const load = open === "desk" ? undefined : pages[open];
  return (
    <div class="console">
      {props.bar(setOpen)}
      {may(me.role, "see-rota") && (
        <DutyBar api={props.api} me={me} mode={props.mode} looked={props.dutyLooked} />
      )}
      <TabRow names={names} open={open} setOpen={setOpen} counts={props} />
      {props.notice(setOpen)}
      <main id="main" class={open === "desk" ? "under desk-open" : "under"}>
        {desk !== null && (
          <Panel name="desk" hidden={open !== "desk"}>
            {desk}
          </Panel>
        )}
        {load !== undefined && (
          <Panel name={open} key={open} hidden={false}>
            <Loaded load={load} page={{ me, mode: props.mode, api: props.api }} />
          </Panel>
        )}
      </main>
    </div>
  );
}

function Panel(props: { name: TabName; hidden: boolean; children: VNode }): VNode {
  const { name, hidden, children } = props;
  return (
    <div
      role="tabpanel"
      class="tab-panel"
      id={`panel-${name}`}
      aria-labelledby={`tab-${name}`}
      // A page may hold nothing to press and still be longer than the screen.
      tabIndex={name === "desk" ? undefined : 0}
      hidden={hidden}
    >
      {children}
    </div>
  );
}

interface RowProps {
  readonly names: readonly TabName[];
  readonly open: TabName;
  readonly setOpen: (name: TabName) => void;
  readonly counts: Pick<TabsProps, "waiting" | "unread">;
}

/** One stop for the Tab key; arrows go along the row, Enter or the space bar opens. */
function TabRow({ names, open, setOpen, counts }: RowProps): VNode {
  const row = useRef<HTMLDivElement>(null);
  const moved = (event: KeyboardEvent): void => {
    const tabs = [...(row.current?.querySelectorAll<HTMLElement>("[role=tab]") ?? [])];
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const to = event.altKey || at === -1 ? null : moveOf(event.key, at, tabs.length);
    if (to !== null) {
      event.preventDefault();
      tabs[to]?.focus();
    }
  };
  return (
    <nav aria-label={t("nav.title")}>
      <div role="tablist" class="tabs" aria-label={t("nav.title")} ref={row} onKeyDown={moved}>
        {names.map((name, place) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === open}
            aria-controls={name === open || name === "desk" ? `panel-${name}` : undefined}
            aria-keyshortcuts={place < 9 ? `Alt+${place + 1}` : undefined}
            tabIndex={name === open ? 0 : -1}
            onClick={() => setOpen(name)}
          >
            {t(`nav.${name}`)}
            {name === "desk" && <Counts {...counts} />}
          </button>
        ))}
      </div>
    </nav>
  );
}

/** Who waits and what is not read yet, in words, whichever tab is open. */
function Counts({ waiting, unread }: Pick<TabsProps, "waiting" | "unread">): VNode {
  return (
    <>
      {waiting > 0 && <span class="badge">{t("nav.waiting", { count: waiting })}</span>}
      {unread > 0 && <span class="badge firm-badge">{t("nav.unread", { count: unread })}</span>}
    </>
  );
}

function useNumbers(names: readonly TabName[], setOpen: (name: TabName) => void): void {
  const key = names.join(" ");
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const name = names[numberOf(event) ?? -1];
      if (name !== undefined && !event.isComposing && !event.repeat) {
        event.preventDefault();
        setOpen(name);
        document.getElementById(`tab-${name}`)?.focus();
      }
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [key]);
}
