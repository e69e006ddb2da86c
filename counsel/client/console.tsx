/** The staff page: who is signed in, this browser's card, and then the desk. */

import "./staffTexts.ts";
import { render, type VNode } from "preact";

import { Console } from "../../triage/client/consoleView.tsx";
import { Notice } from "../../triage/client/notice.tsx";
import { armChime } from "./chime.ts";
import { byId } from "./dom.ts";
import { t } from "./i18n.ts";
import { SignIn } from "./signin.tsx";
import { type Screen, StaffPage } from "./staffPage.ts";

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
        />
      );
    case "desk":
      return (
        <Console
          desk={screen.shift.desk}
          view={screen.shift.desk.view}
          me={screen.me}
          now={Date.now()}
          calling={page.calling}
          toggleCalling={() => page.toggleCalling()}
          signOut={() => void page.signOut()}
          single={page.single}
          setSingle={(on) => page.setSingle(on)}
        />
      );
    case "notice":
      return <Notice {...screen} />;
  }
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
  void page.open();
}

run();
