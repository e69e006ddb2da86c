/** Every screen of the console, one at a time, chosen by the address: `#two-talks`, `#offline`, … */

import "../../../counsel/client/staffTexts.ts";
import { render, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Talk, TalkView } from "../../../chat/client/talk.ts";
import type { Hands, OnDuty, WaitPoint } from "../../../counsel/client/contract.ts";
import { byId } from "../../../counsel/client/dom.ts";
import type { Mode } from "../../../counsel/client/staffApi.ts";
import type { LinkState, Mine, Offer, Waiting } from "../../../triage/client/boardView.ts";
import { Console } from "../../../triage/client/consoleView.tsx";
import type { DangerRow } from "../../../triage/client/danger/steps.ts";
import { Desk } from "../../../triage/client/desk.ts";
import type { DeskView, Room } from "../../../triage/client/deskView.ts";
import { Drafts } from "../../../triage/client/drafts.ts";
import { Notice } from "../../../triage/client/notice.tsx";
import { StaffBar } from "../../../triage/client/staffBar.tsx";
import { Tabs } from "../../../triage/client/tabs.tsx";
import { CARDS_PAGES } from "./cards.tsx";
import {
  board,
  DANGER_HELD,
  DANGERS,
  DRAFT,
  FIRST,
  IN_DANGER,
  MINE,
  NOW,
  OFFER,
  ON_DUTY,
  SECOND,
  VIEWS,
  WAITING,
  WAITS,
} from "./consoleStates.ts";
import { ENTRANCES, play } from "./entrances.tsx";
import { OFFICE } from "./office.tsx";
import { EVENING, PEOPLE, type Standing, standingApi } from "./standing.ts";
import { TRAIL_SCENES } from "./trail.tsx";

/** What a person did, for a test to read. */
const acts: string[][] = [];

function fake(ref: string, view: TalkView): Talk {
  const note =
    (name: string) =>
    async (...what: string[]): Promise<void> => {
      acts.push([name, ref, ...what]);
    };
  return {
    view,
    subscribe: () => () => undefined,
    say: note("say"),
    retry: note("retry"),
    withdraw: () => DRAFT,
    sendNumbers: note("numbers"),
    releaseWaiting: note("release"),
    end: note("end"),
    erase: note("erase"),
    setPresence: (presence) => {
      document.body.dataset["presence"] = presence;
    },
    typing: () => undefined,
    markShown: () => undefined,
    close: () => undefined,
  };
}

const noted =
  (name: string) =>
  async (...what: unknown[]): Promise<void> => {
    acts.push([name, ...what.map(String)]);
  };

interface Scene {
  readonly waiting?: readonly Waiting[];
  readonly beyond?: number;
  readonly hands?: Partial<Hands>;
  readonly staff?: readonly OnDuty[];
  readonly waits?: readonly WaitPoint[];
  readonly offer?: Offer;
  readonly dangers?: readonly DangerRow[];
  readonly mine?: readonly Mine[];
  /** The names of the views, by reference. */
  readonly views?: Readonly<Record<string, string>>;
  readonly link?: LinkState;
  readonly drafts?: Readonly<Record<string, string>>;
  readonly take?: string;
  readonly attend?: string;
  readonly calling?: "on" | "off" | "blocked";
  readonly after?: (desk: Desk) => void;
  /** Pressed one after the other once it is drawn. */
  readonly press?: string | readonly string[];
  readonly who?: keyof typeof PEOPLE;
  readonly standing?: Standing;
  readonly mode?: Mode;
}

const ONE: Scene = {
  waiting: WAITING.slice(1, 3),
  mine: [MINE.first],
  views: { [FIRST]: "first" },
};
const TWO: Scene = {
  waiting: WAITING.slice(0, 2),
  mine: [MINE.first, MINE.second, MINE.ended],
  views: { [FIRST]: "first", [SECOND]: "second" },
};

const NONE: Scene = { waiting: [], mine: [] };

const SCENES: Readonly<Record<string, Scene>> = {
  "board-loading": { link: "connecting" },
  "board-empty": { waiting: [], mine: [] },
  waiting: { waiting: WAITING, beyond: 3, mine: [], calling: "blocked" },
  "take-refused": { waiting: WAITING.slice(2), mine: [], take: "too-late" },
  "one-talk": ONE,
  fresh: { waiting: [], mine: [MINE.first], views: { [FIRST]: "fresh" } },
  starting: { ...ONE, views: { [FIRST]: "starting" }, drafts: { [FIRST]: DRAFT } },
  readers: { ...ONE, views: { [FIRST]: "readers" }, drafts: { [FIRST]: DRAFT } },
  draft: { ...ONE, drafts: { [FIRST]: DRAFT } },
  "two-talks": { ...TWO, drafts: { [SECOND]: DRAFT } },
  unread: { ...TWO, views: { [FIRST]: "first", [SECOND]: "unread" }, calling: "off" },
  cue: { ...ONE, views: { [FIRST]: "cue" } },
  offline: { ...ONE, views: { [FIRST]: "unsent" }, link: "offline" },
  ending: { ...ONE, after: (desk) => desk.askEnd(FIRST) },
  ended: { ...ONE, views: { [FIRST]: "closed" }, drafts: { [FIRST]: DRAFT } },
  erased: { ...ONE, views: { [FIRST]: "erased" } },
  lost: { ...ONE, views: { [FIRST]: "lost" }, drafts: { [FIRST]: DRAFT } },
  refused: { ...ONE, views: { [FIRST]: "refused" } },
  "attend-failed": { ...ONE, attend: "no-key" },
  keys: { ...ONE, press: "#ask-keys" },
  "sign-out": { ...TWO, press: "#ask-sign-out" },
  offered: { ...NONE, waiting: WAITING.slice(0, 2), offer: OFFER, hands: { offers: 1 } },
  resting: { ...NONE, hands: { state: "rest", rest: 11 }, waiting: WAITING.slice(1) },
  danger: { ...ONE, waiting: [...IN_DANGER, ...WAITING], hands: { state: "red", cap: 1 } },
  overview: {
    waiting: [...IN_DANGER, ...WAITING],
    mine: [],
    who: "zhou",
    staff: ON_DUTY,
    waits: WAITS,
    standing: { duty: "on" },
  },
  "danger-board": {
    waiting: IN_DANGER.slice(0, 1),
    mine: [],
    who: "zhou",
    staff: ON_DUTY,
    dangers: DANGERS,
    standing: { duty: "on" },
  },
  "danger-settling": {
    waiting: [],
    mine: [],
    who: "zhou",
    staff: ON_DUTY,
    dangers: DANGERS.slice(3),
    standing: { duty: "on" },
    press: ".danger-row .firm",
  },
  "danger-talk": { ...ONE, dangers: DANGER_HELD, hands: { state: "red", cap: 1 } },
  lowering: {
    waiting: [...IN_DANGER.slice(1), ...WAITING.slice(0, 2)],
    mine: [],
    who: "zhou",
    staff: ON_DUTY,
    standing: { duty: "on" },
    press: ".overview .people .second",
  },
  watching: { waiting: WAITING.slice(1), mine: [], who: "zhou", standing: { duty: "page-due" } },
  "off-duty": { ...NONE, take: "off-duty", waiting: WAITING.slice(2), standing: { duty: "off" } },
  "duty-late": { ...NONE, standing: { duty: "late" } },
  "duty-nothing": { ...NONE, standing: { duty: "nothing" } },
  "duty-pause": { ...ONE, standing: { duty: "pause" } },
  "duty-debrief": { ...NONE, standing: { duty: "debrief" } },
  "duty-leaving": { ...TWO, standing: { duty: "held" }, press: ".duty .answers button:last-child" },
  "duty-refused": {
    ...NONE,
    standing: { duty: "late", answers: { "duty/check-in": "not-now" } },
    press: "#check-in",
  },
  "duty-offline": { ...NONE, standing: { losesDuty: true }, press: ".duty .answers button" },
  rota: { ...TWO, views: { ...TWO.views, [SECOND]: "unread" }, press: "#tab-rota" },
  "rota-empty": { ...NONE, standing: { empty: true }, press: "#tab-rota" },
  "rota-signed-up": {
    ...NONE,
    press: ["#tab-rota", ".shift[data-state=open] button:not([aria-disabled=true])"],
  },
  "rota-clash": {
    ...NONE,
    standing: { answers: { "rota/sign-up": "shift-clash" } },
    press: ["#tab-rota", ".shift[data-state=open] button"],
  },
  "rota-offline": { ...NONE, standing: { answers: { rota: "offline" } }, press: "#tab-rota" },
  "rota-planner": {
    ...NONE,
    who: "zhou",
    standing: { duty: "on", answers: { "rota/plan": { shifts: [1, 2, 3, 4] } } },
    press: ["#tab-rota", ".shift[data-state=open] button:last-child", ".plan button"],
  },
  gate: { ...NONE, who: "zhou", press: "#tab-gate" },
  "gate-auditor": { who: "wang", press: "#tab-gate" },
  "gate-refused": {
    ...NONE,
    who: "zhou",
    standing: { answers: { gate: "internal" } },
    press: "#tab-gate",
  },
};

async function setUp(scene: Scene): Promise<Desk> {
  const records = new Map(
    Object.entries(scene.drafts ?? {}).map(([ref, text]) => [
      `draft:${ref}`,
      new TextEncoder().encode(text),
    ]),
  );
  const desk = new Desk({
    drafts: new Drafts({
      read: async (name) => records.get(name) ?? null,
      write: async (name, bytes) => void records.set(name, new Uint8Array(bytes)),
      remove: async (name) => void records.delete(name),
    }),
    take: () => Promise.reject({ code: scene.take ?? "nobody-waits" }),
    board: {
      accept: async (offer) => {
        acts.push(["accept", String(offer)]);
        return FIRST;
      },
      pass: noted("pass"),
      offerMe: noted("offer-me"),
      lower: noted("lower"),
      setCap: noted("cap"),
      danger: noted("danger"),
    },
    attend: async (ref) => {
      const view = VIEWS[scene.views?.[ref] ?? ""];
      if (view === undefined || scene.attend !== undefined) {
        throw Object.assign(new Error("refused"), { code: scene.attend ?? "no-seat" });
      }
      return fake(ref, view);
    },
  });
  desk.setRoom(room());
  desk.setLink(scene.link ?? "online");
  if (scene.waiting && scene.mine) {
    desk.setBoard(board(scene.waiting, scene.mine, scene));
    desk.setOffer(scene.offer === undefined ? null : { ...scene.offer, until: EVENING + 30_000 });
    desk.setWaits(scene.waits ?? []);
    desk.setDangers(scene.dangers ?? []);
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (scene.take !== undefined) {
    await desk.take();
  }
  scene.after?.(desk);
  return desk;
}

const room = (): Room => (matchMedia("(min-width: 1180px)").matches ? 2 : 1);

function Scenery({ desk, scene }: { desk: Desk; scene: Scene }): VNode {
  const [view, setView] = useState<DeskView>(desk.view);
  const [calling, setCalling] = useState(scene.calling ?? "on");
  const [single, setSingle] = useState(true);
  useEffect(() => desk.subscribe(setView), [desk]);
  const me = PEOPLE[scene.who ?? "lin"];
  const [api] = useState(() => standingApi(scene.standing ?? {}, acts));
  const there = me.role === "counsellor" || me.role === "supervisor" ? desk : null;
  return (
    <Tabs
      me={me}
      mode={scene.mode ?? "rehearsal"}
      api={api}
      desk={there && <Console desk={desk} view={view} now={NOW} takes={me.role === "counsellor"} />}
      pages={{}}
      notice={() => null}
      dutyLooked={() => undefined}
      bar={(open) => (
        <StaffBar
          me={me}
          desk={there}
          calling={calling}
          toggleCalling={() => setCalling(calling === "off" ? "on" : "off")}
          signOut={() => acts.push(["sign-out"])}
          single={single}
          setSingle={setSingle}
          openDesk={() => open("desk")}
        />
      )}
      waiting={view.board?.waiting ?? 0}
      unread={desk.unread()}
      onDesk={(seen) => desk.setHidden(!seen)}
    />
  );
}

const NOTICES: Readonly<
  Record<string, { section: string; code: string; action: string; digits?: string }>
> = {
  "waits-for-card": {
    section: "console.waits",
    code: "",
    action: "console.certify.retry",
    digits: "8873 4246 7544 8175 2492",
  },
  elsewhere: { section: "console.elsewhere", code: "", action: "console.elsewhere.here" },
  "not-signed-out": {
    section: "console.not_signed_out",
    code: "",
    action: "console.not_signed_out.again",
  },
  old: { section: "console.old", code: "", action: "console.old.reload" },
  "no-certificate": {
    section: "console.certify",
    code: "not-now",
    action: "console.certify.retry",
  },
};

/** What is loaded or asked for is there a moment later. */
async function drawn(selector: string): Promise<HTMLElement> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const found = document.querySelector<HTMLElement>(selector);
    if (found !== null) {
      return found;
    }
  }
}

async function show(): Promise<void> {
  const name = location.hash.slice(1);
  const app = byId("app");
  document.body.dataset["ready"] = "";
  render(null, app);
  const scene = SCENES[name];
  const notice = NOTICES[name];
  const entrance = ENTRANCES[name] ?? OFFICE[name] ?? TRAIL_SCENES[name] ?? CARDS_PAGES[name];
  if (scene !== undefined) {
    render(<Scenery desk={await setUp(scene)} scene={scene} />, app);
    for (const pressed of [scene.press ?? []].flat()) {
      (await drawn(pressed)).click();
    }
  } else if (notice !== undefined) {
    render(<Notice {...notice} act={() => acts.push(["act"])} />, app);
  } else if (entrance !== undefined) {
    render(entrance.view, app);
    await play(entrance, app);
  }
  await new Promise((resolve) => setTimeout(resolve, 30));
  document.body.dataset["ready"] = name;
}

Date.now = () => EVENING;
const states = [ENTRANCES, NOTICES, SCENES, OFFICE, TRAIL_SCENES, CARDS_PAGES].flatMap((some) =>
  Object.keys(some),
);
Object.assign(window, { states, acts });
addEventListener("hashchange", () => void show());
byId("app").textContent = "";
void show();
