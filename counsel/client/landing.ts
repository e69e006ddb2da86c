/**
 * The first page's script: whether the door is open, and the way in. It carries no words and no
 * cryptography; the page below it works without it.
 */

import { byId, followKeyboard, showState } from "./dom.ts";
import { guardLinks } from "./exit.ts";
import { hasLater, hasTalk } from "./traces.ts";

interface Now {
  readonly mode: string;
  readonly open: boolean;
  readonly listeners: number;
  /** What the clock on the organisation's wall shows then, `2026-11-24T20:00`; may be empty. */
  readonly opens: string;
  /** The day of it, from 1 for Monday. */
  readonly weekday: number;
  /** Who runs this, as they call themselves; empty: they have not said. */
  readonly by?: string;
}

/** How often the door is looked at again (milliseconds). */
const LOOK_EVERY = 60_000;

let opening = false;
/** The card of somebody who agreed to come back today, once it is there. */
let back: import("../../triage/client/followup/landed.tsx").Landed | null = null;

async function lookAtDoor(door: HTMLElement, start: HTMLElement): Promise<void> {
  const answer = await fetch("/now.json", { cache: "no-store", credentials: "omit" });
  const now = (await answer.json()) as Now;
  if (now.mode !== "live") {
    byId("banner").hidden = false;
  }
  if (now.by) {
    byId("by").textContent = now.by;
  }
  back?.door(now.open && !opening && !hasTalk());
  if (!opening) {
    start.hidden = !now.open;
    sayWhen(now);
    showState(door, !now.open ? "closed" : now.listeners > 0 ? "open" : "nobody");
  }
}

/**
 * Says when the door opens next, by weekday and hour: "tonight" is wrong for whoever reads it after
 * midnight. The words stand in the page.
 */
function sayWhen({ opens, weekday }: Now): void {
  const line = byId("opens");
  const { days = "", hours = "", sharp = "", past = "" } = line.dataset;
  const [, hour, minute = ""] = /T(\d\d):(\d\d)/.exec(opens) ?? [];
  line.hidden = hour === undefined;
  line.textContent = (minute === "00" ? sharp : past)
    .replace("{day}", days.split("|")[weekday - 1] ?? "")
    .replace("{hour}", hours.split("|")[Number(hour)] ?? "")
    .replace("{minute}", minute);
}

/** Loads everything that a talk needs and hands the page over to it. */
async function enter(
  resuming: boolean,
  whom: { readonly name: string; readonly person: string } | null = null,
): Promise<void> {
  const { openTalk } = await import("./seeker.tsx");
  if (await openTalk(byId("app"), resuming, whom)) {
    byId("main").hidden = true;
    byId("foot").hidden = true;
    byId("app").hidden = false;
  }
}

/** Built with a demo's root, which is believed on the reader's own machine only. */
function isPractice(reason: unknown): boolean {
  return (reason as { code?: unknown } | null)?.code === "demo-root";
}

function offerStart(
  door: HTMLElement,
  start: HTMLElement,
): (whom: Parameters<typeof enter>[1]) => void {
  const word = start.textContent ?? "";
  const begin = (whom: Parameters<typeof enter>[1]): void => {
    if (opening) {
      return;
    }
    opening = true;
    start.textContent = start.dataset["busy"] ?? word;
    showState(door, "");
    enter(false, whom).catch((reason: unknown) => {
      opening = false;
      start.textContent = word;
      showState(door, isPractice(reason) ? "practice" : "failed");
    });
  };
  start.addEventListener("click", () => begin(null));
  return begin;
}

/** Somebody agreed to come back: asked once the day has come, and only on this phone. */
async function comeBack(begin: (whom: Parameters<typeof enter>[1]) => void): Promise<void> {
  const { showBack } = await import("../../triage/client/followup/landed.tsx");
  back = await showBack(byId("later"), begin);
}

async function resume(): Promise<void> {
  byId("landing").hidden = true;
  byId("resuming").hidden = false;
  try {
    await enter(true);
  } finally {
    byId("landing").hidden = false;
    byId("resuming").hidden = true;
  }
}

/** Where there are pages to read, stories come behind them; without any, nothing is missing. */
async function addStories(place: HTMLElement): Promise<void> {
  const { showStories } = await import("../../triage/client/stories/shown.ts");
  await showStories(place, place.dataset["stories"] ?? "");
}

function run(): void {
  guardLinks();
  followKeyboard();
  const stories = document.getElementById("stories");
  if (stories !== null) {
    addStories(stories).catch(() => undefined);
  }
  const door = document.getElementById("door");
  if (door === null) {
    return;
  }
  const start = byId("start");
  start.hidden = false;
  showState(door, "");
  const begin = offerStart(door, start);
  const look = (): void => {
    lookAtDoor(door, start).catch(() => undefined);
  };
  look();
  setInterval(look, LOOK_EVERY);
  if (hasLater()) {
    void comeBack(begin).then(look, () => undefined);
  }
  if (hasTalk()) {
    resume().catch((reason: unknown) =>
      showState(door, isPractice(reason) ? "practice" : "failed"),
    );
  }
}

run();
