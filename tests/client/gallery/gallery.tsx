/** Every screen of the seeker, one at a time, chosen by the address: `#chat`, `#menu`, … */

import { render } from "preact";
import { useState } from "preact/hooks";
import type { Talk, TalkView } from "../../../chat/client/talk.ts";
import { utf8 } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import { byId, followKeyboard } from "../../../counsel/client/dom.ts";
import { guardLinks } from "../../../counsel/client/exit.ts";
import type { Held } from "../../../triage/client/directory/pocket.ts";
import type { LookupPlace } from "../../../triage/client/lookupSheet.tsx";
import { type CallQuestion, SeekerTalk, type Sheet } from "../../../triage/client/seekerTalk.tsx";
import { Start } from "../../../triage/client/start.tsx";
import { HELD } from "./places.ts";
import { DRAFT, NOW, VIEWS } from "./states.ts";

/** What a person did, for a test to read. */
const acts: unknown[][] = [];
Object.assign(window, { acts });
const note =
  (...what: unknown[]) =>
  async (): Promise<void> => {
    acts.push(what);
  };

function fake(view: TalkView): Talk {
  return {
    view,
    subscribe: () => () => undefined,
    say: async (text) => {
      acts.push(["say", text]);
    },
    retry: async (id) => {
      acts.push(["retry", id]);
    },
    withdraw: (id) => {
      acts.push(["withdraw", id]);
      return DRAFT;
    },
    sendNumbers: note("sendNumbers"),
    sendCard: note("sendCard"),
    releaseWaiting: note("releaseWaiting"),
    setPresence: (presence) => {
      acts.push(["presence", presence]);
    },
    typing: () => undefined,
    markShown: () => undefined,
    end: note("end"),
    erase: note("erase"),
    close: () => undefined,
  };
}

interface Scene {
  readonly view: string;
  readonly sheet?: Sheet;
  readonly call?: CallQuestion;
  readonly erasing?: boolean;
  readonly draft?: string;
  readonly kept?: boolean;
  /** What is pressed once it is shown. */
  readonly press?: string;
  readonly place?: () => Promise<LookupPlace>;
}

/** A phone that looked into Guangdong last, and what its pocket holds. */
const pocketOf = (take: () => Promise<Held>) => async (): Promise<LookupPlace> => ({
  trust: { now: () => NOW } as Trust,
  store: { read: async () => ({ bytes: utf8("44") }), put: async () => undefined },
  pocket: { take },
});

const PLACES = {
  found: pocketOf(async () => HELD),
  doubt: pocketOf(async () => ({ ...HELD, doubt: "old" })),
  none: pocketOf(() => Promise.reject(Object.assign(new Error(), { code: "none" }))),
};

const OVERLAID: Readonly<Record<string, Scene>> = {
  menu: { view: "chat", sheet: "menu" },
  calls: { view: "chat", sheet: "numbers" },
  verbs: { view: "chat", sheet: "verbs" },
  end: { view: "chat", sheet: "end" },
  erase: { view: "chat", sheet: "erase" },
  "erase-busy": { view: "chat", sheet: "erase", erasing: true },
  clear: { view: "chat", sheet: "clear" },
  calling: { view: "waiting", call: "asking" },
  called: { view: "chat", call: "no" },
  draft: { view: "chat", draft: DRAFT },
  places: { view: "chat", sheet: "places" },
  "places-passed": { view: "place", sheet: "places", place: PLACES.doubt },
  "places-none": { view: "chat", sheet: "places", place: PLACES.none },
  "waiting-none": { view: "waiting", kept: false },
  verify: { view: "chat", press: ".members button" },
};

function Scenery({ scene }: { scene: Scene }) {
  const view = VIEWS[scene.view] as TalkView;
  const [draft, setDraft] = useState(scene.draft ?? "");
  const [sheet, setSheet] = useState<Sheet>(scene.sheet ?? "");
  const [call, setCall] = useState<CallQuestion>(scene.call ?? "");
  const [sound, setSound] = useState(true);
  return (
    <SeekerTalk
      view={view}
      talk={fake(view)}
      kept={scene.kept ?? true}
      draft={draft}
      onDraft={setDraft}
      now={NOW}
      sound={sound}
      onSound={setSound}
      sheet={sheet}
      onSheet={setSheet}
      call={call}
      onCall={setCall}
      erasing={scene.erasing ?? false}
      endedHere={true}
      onEnd={note("end")}
      onErase={note("erase")}
      onLeave={note("leave")}
      onClear={note("clear")}
      onAgain={note("again")}
      place={scene.place ?? PLACES.found}
    />
  );
}

function Screen({ name }: { name: string }) {
  const scene = OVERLAID[name] ?? (name in VIEWS ? { view: name } : undefined);
  if (scene !== undefined) {
    return <Scenery scene={scene} />;
  }
  return (
    <Start
      state={name === "start" ? "ready" : "failed"}
      onStart={(beginning) => acts.push(["start", beginning])}
    />
  );
}

/** The screens before there is a talk. */
const BEFORE: readonly string[] = ["start", "start-failed"];

/** Shows the state the address names, in place of the one before. */
function show(): void {
  const name = location.hash.slice(1);
  const app = document.getElementById("app");
  if (app === null || name === "") {
    return;
  }
  acts.length = 0;
  render(null, app);
  document.documentElement.classList.toggle("talking", !BEFORE.includes(name));
  byId("main").hidden = true;
  byId("foot").hidden = true;
  app.hidden = false;
  render(<Screen key={name} name={name} />, app);
  const press = OVERLAID[name]?.press;
  if (press !== undefined) {
    app.querySelector<HTMLElement>(press)?.click();
  }
  setTimeout(() => document.body.setAttribute("data-ready", name)); // what was pressed has opened
}

guardLinks();
followKeyboard();
Object.assign(window, {
  states: [...BEFORE, ...Object.keys(VIEWS), ...Object.keys(OVERLAID)],
});
window.addEventListener("hashchange", show);
show();
