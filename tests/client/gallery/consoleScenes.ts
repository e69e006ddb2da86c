/** The scenes of the desk: what a counsellor or a supervisor has before them. */

import type { Hands, Help, OnDuty, WaitPoint } from "../../../counsel/client/contract.ts";
import type { Mode } from "../../../counsel/client/staffApi.ts";
import type { LinkState, Mine, Offer, Waiting } from "../../../triage/client/boardView.ts";
import type { Risk } from "../../../triage/client/danger/risk.ts";
import type { DangerRow } from "../../../triage/client/danger/steps.ts";
import type { Desk } from "../../../triage/client/desk.ts";
import type { Note } from "../../../triage/client/dispatch/wheres.ts";
import {
  ASKED,
  ASKING,
  DANGER_HELD,
  DANGERS,
  DRAFT,
  FIRST,
  HARMED,
  IN_DANGER,
  MINE,
  OFFER,
  ON_DUTY,
  SECOND,
  WAITING,
  WAITS,
} from "./consoleStates.ts";
import { ASKED_TO_COME, HAND_ASKED } from "./handoverStates.ts";
import { came, handsUp, inTheRoom, nobodyCame } from "./hands.ts";
import { HELP_MINE, HELPS, WHERES } from "./helpStates.ts";
import { LEFT } from "./leftStates.ts";
import { STAFFING_SCENES } from "./staffingScenes.ts";
import type { PEOPLE, Standing } from "./standing.ts";

/** What stands on the board, who looks at it, and what is pressed. */
export interface Scene {
  readonly waiting?: readonly Waiting[];
  readonly beyond?: number;
  readonly hands?: Partial<Hands>;
  readonly staff?: readonly OnDuty[];
  readonly waits?: readonly WaitPoint[];
  readonly offer?: Offer;
  readonly dangers?: readonly DangerRow[];
  readonly helps?: readonly Help[];
  /** Where to, by the number of the help. */
  readonly wheres?: readonly (readonly [number, Note])[];
  readonly risks?: Readonly<Record<string, Risk>>;
  readonly mine?: readonly Mine[];
  /** The names of the views, by reference. */
  readonly views?: Readonly<Record<string, string>>;
  readonly link?: LinkState;
  readonly drafts?: Readonly<Record<string, string>>;
  readonly take?: string;
  readonly attend?: string;
  readonly calling?: "on" | "off" | "blocked";
  readonly after?: (desk: Desk) => void | Promise<void>;
  /** Pressed one after the other once it is drawn. */
  readonly press?: string | readonly string[];
  readonly who?: keyof typeof PEOPLE;
  readonly standing?: Standing;
  readonly mode?: Mode;
  /** Whether whoever asks to come in can prove who they are. */
  readonly proves?: boolean;
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

export const SCENES: Readonly<Record<string, Scene>> = {
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
  "hand-on": { ...ONE, press: "#hand-on" },
  "asked-to-come": { ...NONE, after: (desk) => desk.setHandovers([ASKED_TO_COME]) },
  "hand-told": { ...ONE, after: (desk) => desk.setHandovers([HAND_ASKED]) },
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
  "danger-left": {
    waiting: IN_DANGER.map((one) => ({ ...one, returned: true })),
    mine: [],
    who: "zhou",
    staff: ON_DUTY,
    dangers: LEFT,
    hands: { state: "free" },
    standing: { duty: "on" },
  },
  "danger-left-off": {
    waiting: IN_DANGER.slice(0, 1).map((one) => ({ ...one, returned: true })),
    mine: [],
    who: "zhou",
    staff: ON_DUTY,
    dangers: LEFT.slice(0, 1),
    hands: { state: "pause" },
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
  "hand-nobody": { ...ONE, after: nobodyCame },
  "hand-room": { ...ONE, drafts: { [FIRST]: DRAFT }, after: inTheRoom },
  "hand-up": {
    ...NONE,
    who: "zhou",
    staff: ON_DUTY,
    standing: { duty: "on" },
    after: handsUp,
  },
  "hand-came": {
    waiting: WAITING,
    mine: [],
    who: "zhou",
    staff: ON_DUTY,
    standing: { duty: "on" },
    after: came,
  },
  "risk-asking": {
    ...ONE,
    dangers: DANGER_HELD,
    risks: { [FIRST]: ASKING },
    hands: { state: "red", cap: 1 },
    press: ".danger-row .firm",
  },
  "risk-asked": { ...ONE, risks: { [FIRST]: ASKED } },
  "risk-harmed": { ...ONE, risks: { [FIRST]: HARMED } },
  "danger-talk": { ...ONE, dangers: DANGER_HELD, hands: { state: "red", cap: 1 } },
  "help-calling": { ...ONE, helps: HELP_MINE, wheres: WHERES, dangers: DANGER_HELD },
  "help-board": {
    waiting: IN_DANGER.slice(0, 1),
    mine: [],
    who: "zhou",
    staff: ON_DUTY,
    helps: HELPS,
    dangers: DANGERS.slice(0, 1),
    standing: { duty: "on" },
  },
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
  ...STAFFING_SCENES,
  gate: { ...NONE, who: "zhou", press: "#tab-gate" },
  "gate-auditor": { who: "wang", press: "#tab-gate" },
  "gate-refused": {
    ...NONE,
    who: "zhou",
    standing: { answers: { gate: "internal" } },
    press: "#tab-gate",
  },
};
