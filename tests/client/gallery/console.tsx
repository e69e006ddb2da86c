/** Every screen of the console, one at a time, chosen by the address: `#two-talks`, `#offline`, … */

import "../../../counsel/client/staffTexts.ts";
import { render, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Talk, TalkView } from "../../../chat/client/talk.ts";
import { byId } from "../../../counsel/client/dom.ts";
import { SignIn } from "../../../counsel/client/signin.tsx";
import type { Refusal } from "../../../counsel/client/staffApi.ts";
import type { LinkState, Mine, Waiting } from "../../../triage/client/boardLink.ts";
import { Console } from "../../../triage/client/consoleView.tsx";
import { Desk, type DeskView, type Room } from "../../../triage/client/desk.ts";
import { Drafts } from "../../../triage/client/drafts.ts";
import { Notice } from "../../../triage/client/notice.tsx";
import { board, DRAFT, FIRST, LIN, MINE, NOW, SECOND, VIEWS, WAITING } from "./consoleStates.ts";

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
    setPresence: () => undefined,
    typing: () => undefined,
    markShown: () => undefined,
    close: () => undefined,
  };
}

interface Scene {
  readonly waiting?: readonly Waiting[];
  readonly beyond?: number;
  readonly mine?: readonly Mine[];
  /** The names of the views, by reference. */
  readonly views?: Readonly<Record<string, string>>;
  readonly link?: LinkState;
  readonly drafts?: Readonly<Record<string, string>>;
  readonly take?: string;
  readonly attend?: string;
  readonly calling?: "on" | "off" | "blocked";
  readonly after?: (desk: Desk) => void;
  readonly press?: string;
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
  offline: { ...ONE, views: { [FIRST]: "unsent" }, link: "offline" },
  ending: { ...ONE, after: (desk) => desk.askEnd(FIRST) },
  ended: { ...ONE, views: { [FIRST]: "closed" }, drafts: { [FIRST]: DRAFT } },
  erased: { ...ONE, views: { [FIRST]: "erased" } },
  lost: { ...ONE, views: { [FIRST]: "lost" }, drafts: { [FIRST]: DRAFT } },
  refused: { ...ONE, views: { [FIRST]: "refused" } },
  "attend-failed": { ...ONE, attend: "no-key" },
  keys: { ...ONE, press: "#ask-keys" },
  "sign-out": { ...TWO, press: "#ask-sign-out" },
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
    desk.setBoard(board(scene.waiting, scene.mine, scene.beyond));
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
  return (
    <Console
      desk={desk}
      view={view}
      me={{ working_name: LIN, role: "counsellor", person: "p1" }}
      now={NOW}
      calling={calling}
      toggleCalling={() => setCalling(calling === "off" ? "on" : "off")}
      signOut={() => acts.push(["sign-out"])}
      single={single}
      setSingle={setSingle}
    />
  );
}

/** What the server answers to a sign-in, by the scene. */
const SIGN_INS: Readonly<Record<string, Refusal | undefined>> = {
  "sign-in": { ok: false, code: "internal", retryAfter: 0 },
  "sign-in-wrong": { ok: false, code: "sign-in", retryAfter: 0 },
  "sign-in-slowed": { ok: false, code: "slow-down", retryAfter: 57 },
  "sign-in-offline": { ok: false, code: "offline", retryAfter: 0 },
  "sign-in-done": { ok: false, code: "sign-in", retryAfter: 0 },
  "sign-in-again": { ok: false, code: "sign-in", retryAfter: 0 },
};

const NOTICES: Readonly<Record<string, { section: string; code: string; action: string }>> = {
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

function noteOf(name: string): "" | "again" | "done" {
  return name === "sign-in-again" ? "again" : name === "sign-in-done" ? "done" : "";
}

function fill(form: HTMLFormElement): void {
  const words: Readonly<Record<string, string>> = {
    username: "lin",
    password: "secret",
    code: "123456",
  };
  for (const [name, value] of Object.entries(words)) {
    (form.elements.namedItem(name) as HTMLInputElement).value = value;
  }
  form.requestSubmit();
}

async function show(): Promise<void> {
  const name = location.hash.slice(1);
  const app = byId("app");
  document.body.dataset["ready"] = "";
  render(null, app);
  const scene = SCENES[name];
  const notice = NOTICES[name];
  const refusal = SIGN_INS[name];
  if (scene !== undefined) {
    render(<Scenery desk={await setUp(scene)} scene={scene} />, app);
    if (scene.press !== undefined) {
      document.querySelector<HTMLElement>(scene.press)?.click();
    }
  } else if (notice !== undefined) {
    render(<Notice {...notice} act={() => acts.push(["act"])} />, app);
  } else if (refusal !== undefined) {
    render(<SignIn note={noteOf(name)} failure="" submit={async () => refusal} />, app);
    const form = app.querySelector("form");
    if (form !== null && ["sign-in-wrong", "sign-in-slowed", "sign-in-offline"].includes(name)) {
      fill(form);
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 30));
  document.body.dataset["ready"] = name;
}

const states = [...Object.keys(SIGN_INS), ...Object.keys(NOTICES), ...Object.keys(SCENES)];
Object.assign(window, { states, acts });
addEventListener("hashchange", () => void show());
byId("app").textContent = "";
void show();
