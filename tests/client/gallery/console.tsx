/** Every screen of the console, one at a time, chosen by the address: `#two-talks`, `#offline`, … */

import "../../../counsel/client/staffTexts.ts";
import { render, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { decodeCard } from "../../../chat/client/card.ts";
import type { Talk, TalkView } from "../../../chat/client/talk.ts";
import { byId } from "../../../counsel/client/dom.ts";
import { Console } from "../../../triage/client/consoleView.tsx";
import { RiskNotes } from "../../../triage/client/danger/riskNotes.ts";
import { Desk } from "../../../triage/client/desk.ts";
import type { DeskView, Room } from "../../../triage/client/deskView.ts";
import { Wheres } from "../../../triage/client/dispatch/wheres.ts";
import { Drafts, type Drawer } from "../../../triage/client/drafts.ts";
import { Notice } from "../../../triage/client/notice.tsx";
import { StaffBar } from "../../../triage/client/staffBar.tsx";
import { Tabs } from "../../../triage/client/tabs.tsx";
import { PROOFS } from "../console/people.ts";
import { BESIDE_SCENES, BESIDE_VIEWS, WHO_ASKS } from "./besideScenes.ts";
import { CARDS_PAGES } from "./cards.tsx";
import { SCENES as ALONE, type Scene } from "./consoleScenes.ts";
import { board, DRAFT, FIRST, NOW, VIEWS as PLAIN } from "./consoleStates.ts";
import { DESK_PAGES } from "./desk.tsx";
import { DIRECTORY } from "./directory.tsx";
import { ENTRANCES, play } from "./entrances.tsx";
import { FOLLOW_PAGES } from "./follow.tsx";
import { PAIRING } from "./hands.ts";
import { OFFICE } from "./office.tsx";
import { REVIEW_SCENES } from "./review.tsx";
import { EVENING, PEOPLE, standingApi } from "./standing.ts";
import { STORY_PAGES } from "./storyPages.tsx";
import { TRAIL_SCENES } from "./trail.tsx";

/** What a person did, for a test to read. */
const acts: string[][] = [];
const SCENES: Readonly<Record<string, Scene>> = { ...ALONE, ...BESIDE_SCENES };
const VIEWS: Readonly<Record<string, TalkView>> = { ...PLAIN, ...BESIDE_VIEWS };

function fake(ref: string, view: TalkView, proves: boolean): Talk {
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
    sendCard: (card) => note("card")(decodeCard(card)?.name ?? ""),
    releaseWaiting: note("release"),
    end: note("end"),
    erase: note("erase"),
    setPresence: (presence) => {
      document.body.dataset["presence"] = presence;
    },
    typing: () => undefined,
    markShown: () => undefined,
    close: () => undefined,
    propose: note("propose"),
    whoAsks: () => (proves ? Promise.resolve(WHO_ASKS) : Promise.reject(new Error("refused"))),
    admit: () => acts.push(["admit", ref]),
    takeOut: () => acts.push(["take-out", ref]),
    stepOut: note("step-out"),
  };
}

const noted =
  (name: string) =>
  async (...what: unknown[]): Promise<void> => {
    acts.push([name, ...what.map(String)]);
  };

async function setUp(scene: Scene): Promise<Desk> {
  const records = new Map(
    Object.entries(scene.drafts ?? {}).map(([ref, text]) => [
      `draft:${ref}`,
      new TextEncoder().encode(text),
    ]),
  );
  if (scene.risks !== undefined) {
    records.set("risks", new TextEncoder().encode(JSON.stringify(scene.risks)));
  }
  if (scene.wheres !== undefined) {
    records.set("wheres", new TextEncoder().encode(JSON.stringify(scene.wheres)));
  }
  const drawer: Drawer = {
    read: async (name) => records.get(name) ?? null,
    write: async (name, bytes) => void records.set(name, new Uint8Array(bytes)),
    remove: async (name) => void records.delete(name),
  };
  const desk = new Desk({
    drafts: new Drafts(drawer),
    risks: new RiskNotes(drawer),
    wheres: new Wheres(drawer, () => NOW),
    take: () => Promise.reject({ code: scene.take ?? "nobody-waits" }),
    board: {
      accept: async (offer) => {
        acts.push(["accept", String(offer)]);
        return FIRST;
      },
      pass: noted("pass"),
      takeOver: async (caseCode) => {
        acts.push(["take-over", caseCode]);
        return FIRST;
      },
      letGo: noted("let-go"),
      offerMe: noted("offer-me"),
      lower: noted("lower"),
      setCap: noted("cap"),
      danger: async (command) => {
        acts.push(["danger", JSON.stringify(command)]);
      },
      beside: () => Promise.reject({ code: "not-now" }),
      visit: noted("visit"),
      side: async (command) => {
        acts.push(["side", command.kind]);
        return { kind: "Done" };
      },
      help: noted("help"),
      helpCode: async () => "271828182845",
      handing: async (command) => {
        acts.push([command.kind, JSON.stringify(command)]);
        const rows = [
          { staff: 4, name: "陈 Chen" },
          { staff: 5, name: "吴 Wu" },
        ];
        return command.kind === "WhoCould" ? { kind: "Could", rows } : { kind: "Done" };
      },
    },
    ...PROOFS,
    pairing: PAIRING,
    followUp: async (...said) => acts.push(["follow-up", ...said.map(String)]) > 0,
    attend: async (ref) => {
      const view = VIEWS[scene.views?.[ref] ?? ""];
      if (view === undefined || scene.attend !== undefined) {
        throw Object.assign(new Error("refused"), { code: scene.attend ?? "no-seat" });
      }
      return fake(ref, view, scene.proves ?? true);
    },
  });
  desk.setRoom(room());
  desk.setLink(scene.link ?? "online");
  if (scene.waiting && scene.mine) {
    desk.setBoard(board(scene.waiting, scene.mine, scene));
    desk.setOffer(scene.offer === undefined ? null : { ...scene.offer, until: EVENING + 30_000 });
    desk.setWaits(scene.waits ?? []);
    desk.setDangers(scene.dangers ?? []);
    desk.setHelps(scene.helps ?? [], NOW);
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (scene.take !== undefined) {
    await desk.take();
  }
  await scene.after?.(desk);
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
  const entrance = {
    ...ENTRANCES,
    ...OFFICE,
    ...TRAIL_SCENES,
    ...REVIEW_SCENES,
    ...CARDS_PAGES,
    ...DIRECTORY,
    ...DESK_PAGES,
    ...FOLLOW_PAGES,
    ...STORY_PAGES,
  }[name];
  if (scene !== undefined) {
    render(<Scenery desk={await setUp(scene)} scene={scene} />, app);
    for (const pressed of [scene.press ?? []].flat()) {
      const found = await drawn(pressed);
      found.click();
      found.scrollIntoView({ block: "nearest" });
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
const states = [
  ENTRANCES,
  NOTICES,
  SCENES,
  OFFICE,
  TRAIL_SCENES,
  REVIEW_SCENES,
  CARDS_PAGES,
  DIRECTORY,
  DESK_PAGES,
  FOLLOW_PAGES,
  STORY_PAGES,
].flatMap((some) => Object.keys(some));
Object.assign(window, { states, acts });
addEventListener("hashchange", () => void show());
byId("app").textContent = "";
void show();
