/** The staff page: joining, signing in, and inside the tabs with the desk among them. */

import "./staffTexts.ts";
import { render, type VNode } from "preact";

import { Console } from "../../triage/client/consoleView.tsx";
import { Notice, NoticeSheet } from "../../triage/client/notice.tsx";
import { StaffBar } from "../../triage/client/staffBar.tsx";
import { Tabs } from "../../triage/client/tabs.tsx";
import { ToldFirst } from "./audit/toldFirst.tsx";
import { armChime } from "./chime.ts";
import { byId } from "./dom.ts";
import { askForAuthenticator, lookAtInvitation } from "./entrance.ts";
import { t } from "./i18n.ts";
import type { TabName } from "./insidePages.ts";
import { Joining } from "./joining.tsx";
import { KeysWait } from "./keys/keysWait.tsx";
import { INSIDE_PAGES } from "./pagesByTab.ts";
import { PasskeyWanted } from "./passkeyWanted.tsx";
import { may } from "./rights.ts";
import { SignIn } from "./signin.tsx";
import { type Screen, StaffPage } from "./staffPage.ts";
import type { DeskState } from "./workplace.ts";

function View({ screen, page }: { screen: Screen; page: StaffPage }): VNode {
  switch (screen.name) {
    case "opening":
      return (
        <main id="main" class="gate">
          <p role="status">{t("console.loading")}</p>
        </main>
      );
    case "sign-in":
      return (
        <SignIn
          key={screen.note}
          note={screen.note}
          failure={screen.failure}
          submit={(name, password, code) => page.signIn(name, password, code)}
          passkey={() => page.signInByPasskey()}
        />
      );
    case "joining":
      return (
        <Joining
          key={screen.token}
          look={() => lookAtInvitation(page.api, screen.token)}
          authenticator={() => askForAuthenticator(page.api, screen.token)}
          finish={(chosen) => page.join(screen.token, chosen)}
          leave={() => void page.leaveLink()}
        />
      );
    case "inside":
      return <Inside screen={screen} page={page} />;
    case "notice":
      return <Notice {...screen} />;
  }
}

interface InsideProps {
  readonly screen: Extract<Screen, { name: "inside" }>;
  readonly page: StaffPage;
}

function Inside({ screen, page }: InsideProps): VNode {
  const { me, mode, desk } = screen;
  const shift = desk?.kind === "shift" ? desk.shift : null;
  // What can be put off does not stand above somebody in danger.
  const calm = (shift?.desk.view.dangers.length ?? 0) === 0;
  return (
    <Tabs
      me={me}
      mode={mode}
      api={page.api}
      desk={desk && <DeskPlace desk={desk} takes={may(me.role, "be-offered")} />}
      pages={INSIDE_PAGES}
      dutyLooked={(standing) => page.workplace.dutyLooked(standing)}
      notice={(open) =>
        calm ? (
          <>
            <Reminder screen={screen} page={page} open={open} />
            {may(me.role, "issue") && <KeysWait me={me} api={page.api} open={open} />}
          </>
        ) : null
      }
      bar={(open) => (
        <StaffBar
          me={me}
          desk={shift?.desk ?? null}
          calling={page.workplace.calling}
          toggleCalling={() => page.workplace.toggleCalling()}
          signOut={() => void page.signOut()}
          single={page.workplace.single}
          setSingle={(on) => page.workplace.setSingle(on)}
          openDesk={() => open("desk")}
        />
      )}
      waiting={shift?.desk.view.board?.waiting ?? 0}
      unread={shift?.desk.unread() ?? 0}
      onDesk={(seen) => shift?.cover(!seen)}
    />
  );
}

function DeskPlace({ desk, takes }: { desk: DeskState; takes: boolean }): VNode {
  switch (desk.kind) {
    case "opening":
      return (
        <div class="gate">
          <p role="status">{t("console.loading")}</p>
        </div>
      );
    case "notice":
      return (
        <div class="gate">
          <NoticeSheet {...desk} />
        </div>
      );
    case "shift": {
      const { desk: found } = desk.shift;
      return (
        <>
          {!desk.onDuty && takes && <p class="strip">{t("console.off_duty")}</p>}
          <Console desk={found} view={found.view} now={Date.now()} takes={takes} />
        </>
      );
    }
  }
}

interface ReminderProps extends InsideProps {
  open(tab: TabName): void;
}

/** One thing at a time: first what is recorded about them. */
function Reminder({ screen, page, open }: ReminderProps): VNode | null {
  if (!screen.told) {
    return <ToldFirst read={() => open("trail")} known={() => void page.knowsTrail()} />;
  }
  return screen.wantsPasskey ? <Wanted page={page} open={open} /> : null;
}

function Wanted({ page, open }: Pick<ReminderProps, "page" | "open">): VNode {
  const now = (): void => {
    page.putOffPasskey();
    open("own");
  };
  return <PasskeyWanted now={now} later={() => page.putOffPasskey()} />;
}

/** A rehearsal says so before anybody has signed in. Without an answer the page says what it was built with. */
async function showMode(): Promise<void> {
  const answer = await fetch("/now.json", { cache: "no-store", credentials: "omit" });
  const now = (await answer.json()) as { readonly mode: string };
  if (now.mode !== "live") {
    byId("banner").hidden = false;
  }
}

function run(): void {
  const app = byId("app");
  app.textContent = "";
  document.addEventListener("click", armChime);
  let screen: Screen = { name: "opening" };
  let due = false;
  const draw = (): void => {
    due = false;
    render(<View screen={screen} page={page} />, app);
  };
  const page: StaffPage = new StaffPage((next) => {
    screen = next;
    // Once after all that one event changed, and never in the middle of drawing.
    if (!due) {
      due = true;
      void Promise.resolve().then(draw);
    }
  });
  showMode().catch(() => undefined);
  // A link that is put into the address bar of a page that is open already loads nothing by itself.
  window.addEventListener("hashchange", () => {
    if (location.hash.startsWith("#join")) {
      void page.open();
    }
  });
  void page.open();
}

run();
