/** Named states of the console, made by hand: what its views must be able to show. */

import type { Line, TalkView } from "../../../chat/client/talk.ts";
import type { Hands, OnDuty, WaitPoint } from "../../../counsel/client/contract.ts";
import type { BoardView, Mine, Offer, Waiting } from "../../../triage/client/boardView.ts";
import { NO_RISK, type Risk } from "../../../triage/client/danger/risk.ts";
import type { DangerRow } from "../../../triage/client/danger/steps.ts";

type Member = TalkView["members"][number];
type WordState = Extract<Line, { kind: "words" }>["state"];

/** A fixed evening, so that pictures of it can be compared. */
export const NOW = new Date(2026, 10, 24, 20, 30).getTime();
const MINUTE = 60_000;
const zh = document.documentElement.lang.startsWith("zh");
export const LIN = zh ? "林" : "Lin";

export const FIRST = "11".repeat(16);
export const SECOND = "22".repeat(16);
export const THIRD = "33".repeat(16);

const SAID = zh
  ? {
      debt: "发工资的日子过了三个月了，家里还等着。",
      hello: "我是林。你写的我看到了。三个月没拿到钱，家里又等着用，这段时间是怎么撑过来的？",
      borrowed: "借的。不敢跟家里说😔",
      ask: "不敢说，是怕他们担心，还是怕别的？",
      both: "都有。睡不着的时候想，这么下去不知道图什么。",
      back: "刚才断了，你还在吗",
      sorry: "在。让你等了，对不起。刚才说到哪儿，你想接着说就接着说。",
      tired: "我活够了，每天就是流水线和床。",
      draft: "听着很难。你刚才说睡不着的时候想",
    }
  : {
      debt: "Payday was three months ago and my family is still waiting.",
      hello:
        "I am Lin. I have read what you wrote. Three months without pay, and a family that needs it: how have you got through?",
      borrowed: "Borrowed. I do not dare tell them 😔",
      ask: "Is it that they would worry, or something else?",
      both: "Both. When I cannot sleep I think, what is all this for.",
      back: "It broke off just now, are you there",
      sorry: "I am. I am sorry you had to wait. Go on from wherever you like.",
      tired: "I don't want to live any more, it is the line and the bed and nothing else.",
      draft: "That sounds hard. You said that when you cannot sleep",
    };
export const DRAFT = SAID.draft;

let count = 0;
const words = (mine: boolean, text: string, ago: number, state: WordState = "seen"): Line => ({
  kind: "words",
  id: `w${count++}`,
  mine,
  who: mine ? LIN : "",
  role: mine ? "counsellor" : "seeker",
  text,
  at: NOW - ago * MINUTE,
  state,
});

const key = (seed: number): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => (seed * 31 + i * 57) & 255);

const me: Member = {
  leaf: 0,
  role: "counsellor",
  name: LIN,
  person: "p1",
  key: key(2),
  me: true,
  demo: true,
  dutyUntil: new Date(2026, 10, 24, 23, 30),
};
const seeker: Member = {
  leaf: 1,
  role: "seeker",
  name: "",
  person: "",
  key: key(1),
  me: false,
  demo: false,
  dutyUntil: null,
};

export const ZHOU = zh ? "周" : "Zhou";
const zhou: Member = {
  ...me,
  leaf: 2,
  role: "supervisor",
  name: ZHOU,
  person: "p3",
  key: key(3),
  me: false,
};

const base: TalkView = {
  phase: "active",
  link: "online",
  lines: [],
  members: [me, seeker],
  readers: [],
  standing: new Uint8Array(0),
  supervised: true,
  presence: "here",
  typing: false,
  caseCode: "",
  refusal: null,
  unread: 0,
};

const first: readonly Line[] = [
  words(false, SAID.debt, 9),
  words(true, SAID.hello, 8),
  words(false, SAID.borrowed, 6),
  { kind: "numbers", id: "n1", mine: true, who: LIN, at: NOW - 5 * MINUTE },
  words(true, SAID.ask, 4, "stored"),
  words(false, SAID.both, 1),
];
const second: readonly Line[] = [words(false, SAID.back, 2), words(true, SAID.sorry, 0, "sending")];

export const VIEWS: Readonly<Record<string, TalkView>> = {
  first: { ...base, caseCode: "K7RM", lines: first },
  fresh: { ...base, caseCode: "K7RM" },
  cue: { ...base, caseCode: "K7RM", lines: [...first, words(false, SAID.tired, 0)] },
  second: { ...base, caseCode: "C4XT", lines: second, presence: "hidden" },
  unread: { ...base, caseCode: "C4XT", lines: second, presence: "calling", unread: 2 },
  unsent: {
    ...base,
    caseCode: "K7RM",
    link: "offline",
    lines: [...first, words(true, SAID.sorry, 0, "unsent")],
  },
  starting: { ...base, caseCode: "K7RM", phase: "starting", members: [] },
  readers: {
    ...base,
    caseCode: "K7RM",
    members: [me, seeker, zhou],
    readers: [ZHOU],
    lines: [
      ...first,
      { kind: "joined", id: "j1", who: ZHOU, role: "supervisor", at: NOW - MINUTE },
      words(true, SAID.sorry, 1, "waiting-tap"),
    ],
  },
  closed: { ...base, caseCode: "K7RM", phase: "closed", lines: first, presence: "" },
  erased: { ...base, caseCode: "K7RM", phase: "erased", presence: "" },
  lost: { ...base, caseCode: "K7RM", phase: "lost-seat", lines: first, presence: "" },
  refused: {
    ...base,
    caseCode: "K7RM",
    phase: "refused",
    lines: first,
    refusal: "missing-rows" as never,
  },
};

const person = (caseCode: string, minutes: number, change: Partial<Waiting> = {}): Waiting => ({
  caseCode,
  language: zh ? "zh" : "en",
  topics: ["wages", "family"],
  minutes,
  presence: "here",
  returned: false,
  tier: 2,
  now: 0,
  breached: 0,
  humanCheck: 0,
  offered: 0,
  ...change,
});

const talk = (ref: string, caseCode: string, change: Partial<Mine> = {}): Mine => ({
  ref,
  caseCode,
  state: "active",
  topics: ["wages", "debt"],
  lastSeq: 9,
  language: zh ? "zh" : "en",
  returned: false,
  tier: 2,
  humanCheck: 0,
  since: 0,
  ...change,
});

export const MINE = {
  first: talk(FIRST, "K7RM"),
  second: talk(SECOND, "C4XT", { topics: ["family"], returned: true }),
  ended: talk(THIRD, "H6PD", { state: "closed", topics: [] }),
};

export const WAITING: readonly Waiting[] = [
  person("W9TC", 6, { returned: true, topics: ["bullying"], tier: 1 }),
  person("R3GX", 34, {
    presence: "hidden",
    topics: ["mood", "overtime", "family", "debt"],
    breached: 1,
  }),
  person("M4KV", 12, { presence: "calling", tier: 1, humanCheck: 1 }),
  person("F7QD", 3, { topics: [], tier: 3, offered: 1 }),
  person("X6HN", 0, { presence: "gone", topics: ["injury"], tier: 3 }),
];

/** Two in danger before them: now, and lately. */
export const IN_DANGER: readonly Waiting[] = [
  person("T2BK", 1, { tier: 0, now: 1, topics: ["wages"], presence: "calling", breached: 1 }),
  person("J8NV", 4, { tier: 0, now: 2, topics: ["mood"] }),
];

export const danger = (caseCode: string, change: Partial<DangerRow>): DangerRow => ({
  caseCode,
  kind: "now",
  state: "raised",
  step: 1,
  minutes: 0,
  left: 25,
  called: "",
  acting: "",
  proposed: "",
  proposedTier: 0,
  assessed: 0,
  unstaffed: 0,
  held: 0,
  second: 0,
  done: ["raise"],
  gone: "",
  before: "",
  unheard: 0,
  at: NOW,
  ...change,
});

/** As a supervisor sees them: nobody there yet, somebody beside them, found less urgent, gone. */
export const DANGERS: readonly DangerRow[] = [
  danger("T2BK", { called: "duty", left: 35 }),
  danger("J8NV", {
    kind: "recent",
    state: "attended",
    minutes: 4,
    left: 170,
    called: "supervisor",
    done: ["raise", "acknowledge", "show"],
  }),
  danger("R3HX", {
    state: "proposed",
    minutes: 21,
    left: 280,
    proposed: LIN,
    proposedTier: 1,
    assessed: 1,
    second: 1,
    done: ["raise", "show", "act", "assess", "propose"],
  }),
  danger("W6QC", {
    kind: "orange",
    state: "lost",
    minutes: 48,
    left: 3000,
    unstaffed: 1,
    called: "lead",
    done: ["raise", "show"],
  }),
];

/** As whoever talks with them sees it. */
export const DANGER_HELD: readonly DangerRow[] = [
  danger("K7RM", {
    state: "answered",
    minutes: 3,
    left: 110,
    called: "supervisor",
    acting: ZHOU,
    held: 1,
    done: ["raise", "show", "acknowledge"],
  }),
];

/** Three of five asked, and why one was not. */
export const ASKING: Risk = {
  ...NO_RISK,
  path: "self",
  taps: { plan: "thought", means: "reach" },
  unasked: { place: "refused" },
};

export const ASKED: Risk = {
  ...NO_RISK,
  path: "self",
  taps: { plan: "none", means: "none", time: "none", alone: "near", place: "safe" },
  done: true,
};

/** All five, graver than anything the queue was told. */
export const HARMED: Risk = {
  ...NO_RISK,
  path: "harmed",
  taps: { typing: "unsure", near: "here", hurt: "some", exit: "hard", again: "said" },
};

export const ON_DUTY: readonly OnDuty[] = [
  { staff: 1, name: LIN, role: "counsellor", state: "full", holds: 1, cap: 1 },
  { staff: 2, name: zh ? "陈" : "Chen", role: "counsellor", state: "free", holds: 0, cap: 1 },
  { staff: 3, name: zh ? "赵" : "Zhao", role: "counsellor", state: "rest", holds: 0, cap: 2 },
  { staff: 4, name: ZHOU, role: "supervisor", state: "free", holds: 0, cap: 1 },
];

/** From eight in the evening on, a point for each tier and quarter. */
export const WAITS: readonly WaitPoint[] = [0, 1, 2, 3].flatMap((tier) =>
  [80, 81, 82, 84, 85].map((quarter, place) => ({
    tier,
    quarter,
    count: 1 + ((tier + place) % 4),
    median: tier * 4 + place,
    p90: tier * 8 + place * 3 + 2,
  })),
);

export const OFFER: Offer = {
  offer: 7,
  until: NOW + 30_000,
  caseCode: "P5LD",
  language: zh ? "zh" : "en",
  topics: ["wages", "family"],
  minutes: 6,
  tier: 1,
  returned: 0,
};

const HANDS: Hands = { state: "free", cap: 2, offers: 0, rest: 0 };

export function board(
  rows: readonly Waiting[],
  mine: readonly Mine[],
  rest: { beyond?: number; hands?: Partial<Hands>; staff?: readonly OnDuty[] } = {},
): BoardView {
  return {
    waiting: rows.length + (rest.beyond ?? 0),
    rows,
    mine: [...mine].reverse(),
    hands: { ...HANDS, ...rest.hands },
    staff: rest.staff ?? [],
    at: NOW,
  };
}
