/** Every screen of the seeker, one at a time, chosen by the address: `#chat`, `#menu`, … */

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Talk, TalkView } from "../../../chat/client/talk.ts";
import { utf8 } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import { byId, followKeyboard } from "../../../counsel/client/dom.ts";
import { guardLinks } from "../../../counsel/client/exit.ts";
import type { CallQuestion } from "../../../triage/client/callAsked.tsx";
import type { Card } from "../../../triage/client/cues/listening.ts";
import type { Held } from "../../../triage/client/directory/pocket.ts";
import { answered, BLANK_INTAKE, type Intake } from "../../../triage/client/intake/intake.ts";
import { IntakeFlow } from "../../../triage/client/intake/intakeFlow.tsx";
import { Telling } from "../../../triage/client/intake/telling.ts";
import type { LookupPlace } from "../../../triage/client/lookupSheet.tsx";
import { SeekerTalk, type Sheet } from "../../../triage/client/seekerTalk.tsx";
import { asked, CARD_STATES, lay, SHEETS, showCard } from "./comingBack.tsx";
import { HELD } from "./places.ts";
import { ERRANDS, errands } from "./referrals.ts";
import { DRAFT, NOW, VIEWS as PLAIN } from "./states.ts";

const VIEWS: Readonly<Record<string, TalkView>> = {
  ...PLAIN,
  "follow-asked": asked(PLAIN["chat"] as TalkView),
};

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
    answer: note("answer"),
    ask: note("ask"),
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
  readonly card?: Card;
  readonly draft?: string;
  readonly kept?: boolean;
  /** What was said on the way here. */
  readonly said?: Partial<Intake>;
  /** What is pressed once it is shown. */
  readonly press?: string;
  readonly place?: () => Promise<LookupPlace>;
  /** A state of what lies with desks. */
  readonly errands?: string;
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
  "cue-asks": { view: "waiting", card: "asks" },
  "cue-raised": { view: "waiting", card: "raised" },
  "help-consent": { view: "help-asked", sheet: "help" },
  "help-coming": { view: "help-given", sheet: "help" },
  "help-erase": { view: "help-given", sheet: "erase" },
  calls: { view: "chat", sheet: "numbers" },
  alarm: {
    view: "chat",
    sheet: "alarm",
    said: { told: "red-now", danger: "pressed", pressedAt: NOW },
  },
  "alarm-offline": {
    view: "offline",
    sheet: "alarm",
    said: { told: "red-now", danger: "pressed", pressedAt: NOW },
  },
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
  red: { view: "red", said: { told: "red-now" } },
  "red-mistaken": { view: "red", said: { told: "red-now", danger: "now", pressedAt: NOW } },
  "red-recent": { view: "red", said: { told: "red-recent" } },
  "red-supervisor": { view: "red-supervisor", said: { told: "red-now" } },
  "red-nobody": { view: "red-nobody", said: { told: "red-now" } },
  pressed: { view: "red", said: { told: "red-now", danger: "pressed", pressedAt: NOW } },
  "pressed-late": { view: "red", said: { told: "red-now", danger: "pressed", pressedAt: 1 } },
  "typing-safe": { view: "red", said: { ...after({ safe: "harmed" }), told: "red-now" } },
  plan: { view: "waiting", said: after({ safe: "safe", wish: "before" }) },
  tried: { view: "waiting", said: after({ safe: "safe", wish: "before", plan: "none" }) },
  worse: { view: "waiting", sheet: "worse" },
  company: { view: "waiting", sheet: "more-questions" },
  often: { view: "waiting", sheet: "more-questions", said: after({ company: "none" }) },
  thanks: {
    view: "waiting",
    sheet: "more-questions",
    said: after({ company: "", nervous: "1", worry: "2", interest: "", down: "0" }),
  },
  breathing: { view: "waiting", sheet: "breathing" },
  sent: { view: "waiting", sheet: "sent", said: { topics: ["wages", "family"], region: "44" } },
  sleep: { view: "waiting", sheet: "read-sleep" },
  calm: { view: "waiting", sheet: "read-calm" },
  wages: { view: "waiting", sheet: "read-wages" },
  injury: { view: "waiting", sheet: "read-injury" },
  verify: { view: "chat", press: ".members button" },
  ...Object.fromEntries(
    ERRANDS.map((name): [string, Scene] => [
      name,
      { view: "chat", sheet: "referrals", errands: name },
    ]),
  ),
  ...SHEETS,
};

/** Questions answered one after the other, `""` where one was skipped. */
function after(said: Readonly<Record<string, string>>): Partial<Intake> {
  let intake = BLANK_INTAKE;
  for (const [question, option] of Object.entries(said)) {
    intake = answered(intake, question, option);
  }
  return { ...intake, told: "yellow" };
}

/** As it is kept on a phone: then the page goes on from there. */
function telling(said: Partial<Intake>): Telling {
  const kept = JSON.stringify({ ...BLANK_INTAKE, ...said, left: "" });
  const language = document.documentElement.lang.slice(0, 2);
  return new Telling({ language, keep: () => undefined }, kept);
}

function useIntake(said: Partial<Intake>): { intake: Intake; telling: Telling } {
  const [made] = useState(() => telling(said));
  const [intake, setIntake] = useState(made.intake);
  useEffect(() => made.subscribe(setIntake), [made]);
  return { intake, telling: made };
}

function Scenery({ scene }: { scene: Scene }) {
  const view = VIEWS[scene.view] as TalkView;
  const { intake, telling } = useIntake(scene.said ?? { told: "yellow" });
  const [talk] = useState(() => fake(view));
  useState(() => telling.placed(talk, null));
  const [draft, setDraft] = useState(scene.draft ?? "");
  const [sheet, setSheet] = useState<Sheet>(scene.sheet ?? "");
  const [call, setCall] = useState<CallQuestion>(scene.call ?? "");
  const [sound, setSound] = useState(true);
  const [card, setCard] = useState<Card>(scene.card ?? "");
  return (
    <SeekerTalk
      view={view}
      talk={talk}
      intake={intake}
      telling={telling}
      card={card}
      onCard={() => setCard("")}
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
      referrals={errands(scene.errands ?? "")}
    />
  );
}

/** The screens before there is a talk, and what was said by then. */
const BEFORE: Readonly<Record<string, Partial<Intake>>> = {
  safe: {},
  wish: after({ safe: "safe" }),
  other: after({ safe: "other" }),
  start: after({ safe: "safe", wish: "none" }),
  "start-failed": after({ safe: "safe", wish: "none" }),
  opening: { danger: "pressed", pressedAt: NOW },
  "opening-failed": { danger: "now", pressedAt: NOW },
};

function Entry({ name }: { name: string }) {
  const { intake, telling } = useIntake({ ...BEFORE[name], told: "" });
  const failed = name.endsWith("-failed");
  return (
    <IntakeFlow
      intake={intake}
      telling={telling}
      state={failed ? "failed" : name === "opening" ? "opening" : "ready"}
      reason={undefined}
      listener={zh ? "林" : "Lin"}
      onListener={(same) => acts.push(["listener", same])}
      onStart={(beginning) => acts.push(["start", { ...beginning, ...telling.intake }])}
      now={() => NOW}
    />
  );
}

const zh = document.documentElement.lang.startsWith("zh");

function Screen({ name }: { name: string }) {
  const scene = OVERLAID[name] ?? (name in VIEWS ? { view: name } : undefined);
  return scene === undefined ? <Entry name={name} /> : <Scenery scene={scene} />;
}

/** Shows the state the address names, in place of the one before. */
async function show(): Promise<void> {
  const name = location.hash.slice(1);
  const app = document.getElementById("app");
  if (app === null || name === "") {
    return;
  }
  acts.length = 0;
  document.body.removeAttribute("data-ready");
  if (name.startsWith("follow-")) await lay(name);
  render(null, app);
  document.documentElement.classList.add("talking");
  byId("main").hidden = true;
  byId("foot").hidden = true;
  app.hidden = false;
  if (CARD_STATES.includes(name)) showCard(name, app);
  else render(<Screen key={name} name={name} />, app);
  const press = OVERLAID[name]?.press;
  if (press !== undefined) {
    app.querySelector<HTMLElement>(press)?.click();
  }
  const wait = name in SHEETS ? 120 : 0; // what is read from the phone's own shelf
  setTimeout(() => document.body.setAttribute("data-ready", name), wait); // what was pressed has opened
}

guardLinks();
followKeyboard();
Object.assign(window, {
  states: [
    ...new Set([BEFORE, VIEWS, OVERLAID].flatMap((some) => Object.keys(some)).concat(CARD_STATES)),
  ],
});
window.addEventListener("hashchange", () => void show());
void show();
