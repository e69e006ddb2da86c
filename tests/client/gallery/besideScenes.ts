/** A supervisor beside a counsellor, and a desk that is proposed: what each of the two has before them. */

import type { Line, TalkView } from "../../../chat/client/talk.ts";
import type { Visit } from "../../../counsel/client/contract.ts";
import { fromHex } from "../../../triage/client/boardView.ts";
import type { Desk } from "../../../triage/client/desk.ts";
import type { Scene } from "./consoleScenes.ts";
import {
  DANGER_HELD,
  DANGERS,
  FIRST,
  LIN,
  MINE,
  NOW,
  ON_DUTY,
  VIEWS,
  ZHOU,
} from "./consoleStates.ts";

const zh = document.documentElement.lang.startsWith("zh");

const visit = (change: Partial<Visit>): Visit => ({
  ...{ visit: 1, ref: fromHex(FIRST), caseCode: "K7RM", state: "asked", epoch: 3 },
  ...{ keyPackage: new Uint8Array(1), statement: new Uint8Array(1), proof: new Uint8Array(1) },
  ...change,
});

const first = VIEWS["first"] as TalkView;
const readers = VIEWS["readers"] as TalkView;
const [lin, seeker, zhou] = readers.members;
const swapped: TalkView["members"] =
  lin && seeker && zhou ? [{ ...zhou, me: true }, { ...lin, me: false }, seeker] : [];

const aside = (kind: "referral" | "news", mine: boolean): Line => ({
  ...{ kind, id: kind, mine, who: LIN, at: NOW },
  state: "seen",
  text: zh ? "困难帮扶说接不了。" : "Hardship aid: they cannot.",
});

/** The views of these scenes, by name. */
export const BESIDE_VIEWS: Readonly<Record<string, TalkView>> = {
  beside: { ...readers, readers: [] },
  "beside-zhou": { ...readers, members: swapped, readers: [], lines: readers.lines.slice(6) },
  proposed: { ...first, lines: [...first.lines, aside("referral", true), aside("news", false)] },
};

/** Said twice, as a board does: the talk it is about may open in between. */
async function wish(desk: Desk, change: Partial<Visit>): Promise<void> {
  for (const _ of [1, 2]) {
    desk.setVisits([visit(change)]);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const held: Scene = {
  waiting: [],
  mine: [MINE.first],
  dangers: DANGER_HELD,
  views: { [FIRST]: "first" },
};
const supervises: Scene = {
  ...{ waiting: [], mine: [], who: "zhou", staff: ON_DUTY, dangers: DANGERS.slice(1, 2) },
  standing: { duty: "on" },
};
const mine = { keyPackage: new Uint8Array(0), caseCode: "J8NV" };

export const BESIDE_SCENES: Readonly<Record<string, Scene>> = {
  "beside-wanted": { ...held, after: (desk) => wish(desk, {}) },
  "beside-unproved": { ...held, proves: false, after: (desk) => wish(desk, {}) },
  "beside-inside": { ...held, views: { [FIRST]: "beside" } },
  "beside-ask": supervises,
  "beside-asked": { ...supervises, after: (desk) => wish(desk, mine) },
  "beside-refused": { ...supervises, after: (desk) => wish(desk, { ...mine, state: "refused" }) },
  "beside-silent": { ...supervises, after: (desk) => wish(desk, { ...mine, state: "silent" }) },
  "beside-there": {
    ...{ ...supervises, mine: [{ ...MINE.first, since: 7 }], dangers: [] },
    views: { [FIRST]: "beside-zhou" },
  },
  "referral-propose": { ...held, dangers: [], press: ["#propose-desk", "#propose-lines"] },
  "follow-ask": { ...held, press: ["#ask-revisit", "#send-revisit", "#revisit-kept"] },
  "follow-ask-day": { ...held, dangers: [], press: ["#ask-revisit", "#send-revisit"] },
  "referral-proposed": { ...held, dangers: [], views: { [FIRST]: "proposed" } },
};

/** Whoever asks, by their own proof. */
export const WHO_ASKS = ZHOU;
