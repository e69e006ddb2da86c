/** Named states of a talk, made by hand: what the views must be able to show. */

import { encodeCard } from "../../../chat/client/card.ts";
import type { Line, TalkView } from "../../../chat/client/talk.ts";
import { RECORDS, type Standing } from "../../../counsel/client/contract.ts";
import { packRecord } from "../../../counsel/client/framing.ts";
import { CARD } from "./places.ts";

type Member = TalkView["members"][number];

/** A fixed evening, so that pictures of it can be compared. */
export const NOW = new Date(2026, 10, 24, 20, 30).getTime();

const MINUTE = 60_000;
const zh = document.documentElement.lang.startsWith("zh");
const LIN = zh ? "林" : "Lin";
const ZHOU = zh ? "周" : "Zhou";
const CHEN = zh ? "陈" : "Chen";

const key = (seed: number): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => (seed * 31 + i * 57) & 255);

const me: Member = {
  leaf: 1,
  role: "seeker",
  name: "",
  person: "",
  key: key(1),
  me: true,
  demo: false,
  dutyUntil: null,
};
const lin: Member = {
  leaf: 0,
  role: "counsellor",
  name: LIN,
  person: "p1",
  key: key(2),
  me: false,
  demo: true,
  dutyUntil: new Date(2026, 10, 24, 23, 30),
};
const zhou: Member = { ...lin, leaf: 2, role: "supervisor", name: ZHOU, person: "p2", key: key(3) };

const SAID = zh
  ? {
      first: "发工资的日子过了三个月了，家里还等着。",
      hello: "我是林。你写的我看到了。三个月没拿到钱，家里又等着用，这段时间是怎么撑过来的？",
      answer: "借的。不敢跟家里说😔",
      ask: "不敢说，是怕他们担心，还是怕别的？",
      late: "都有。睡不着的时候想，这么下去不知道图什么。",
      draft: "其实",
    }
  : {
      first: "Payday was three months ago and my family is still waiting.",
      hello:
        "I am Lin. I have read what you wrote. Three months without pay, and a family that needs it: how have you got through?",
      answer: "Borrowed. I do not dare tell them 😔",
      ask: "Is it that they would worry, or something else?",
      late: "Both. When I cannot sleep I think, what is all this for.",
      draft: "Actually",
    };

let count = 0;
const help = (text: string, mine: boolean): Line => ({
  kind: "help",
  id: `h${count++}`,
  mine,
  who: mine ? "" : LIN,
  text,
  at: NOW,
  state: "seen",
});
const placed: Line = {
  kind: "place",
  id: "place",
  mine: true,
  who: "",
  text: zh ? "out\n北门对面，米粉店门口" : "out\nIn front of the noodle shop at the north gate",
  at: NOW,
  state: "seen",
};
const words = (mine: boolean, text: string, ago: number, state: WordState = "seen"): Line => ({
  kind: "words",
  id: `w${count++}`,
  mine,
  who: mine ? "" : LIN,
  role: mine ? "seeker" : "counsellor",
  text,
  at: NOW - ago * MINUTE,
  state,
});
type WordState = Extract<Line, { kind: "words" }>["state"];
const joined = (who: string, role: Member["role"], ago: number): Line => ({
  kind: "joined",
  id: `j${count++}`,
  who,
  role,
  at: NOW - ago * MINUTE,
});

const notice = (code: string, ago: number, params: Record<string, string> = {}): Line => ({
  kind: "notice",
  id: `n${count++}`,
  code,
  params,
  at: NOW - ago * MINUTE,
});

/** What the queue says, as it would lie on the wire. */
function standing(said: Partial<Standing>): Uint8Array {
  const nothing = { ahead: 0, low: 255, high: 255, nobody: 0, closed: 0, surge: 0, stage: 0 };
  return packRecord(RECORDS.Standing, { ...nothing, offered: 0, ...said }, 32);
}

const card = (mine: boolean, ago: number): Line => ({
  kind: "card",
  id: `c${count++}`,
  mine,
  who: mine ? "" : LIN,
  text: encodeCard(CARD),
  at: NOW - ago * MINUTE,
});

/** A desk that is proposed, or what came of one. */
const aside = (kind: "referral" | "news", mine: boolean, ago: number): Line => ({
  ...{ kind, id: `r${count++}`, mine, who: mine ? "" : LIN, at: NOW - ago * MINUTE },
  state: "seen",
  text: zh ? "工会法律援助接下了。" : "Union legal aid: they took it on.",
});

const base: TalkView = {
  phase: "active",
  link: "online",
  lines: [],
  members: [me, lin],
  readers: [],
  standing: standing({}),
  supervised: true,
  presence: "here",
  typing: false,
  caseCode: "",
  refusal: null,
  unread: 0,
};

const given = (state: WordState): Line => ({
  kind: "answers",
  id: `a${count++}`,
  mine: true,
  who: "",
  text: "intake 1\nsafe=unsure\nwish=today\nplan=unsaid",
  at: NOW - 14 * MINUTE,
  state,
});

const talk: readonly Line[] = [
  joined(LIN, "counsellor", 14),
  given("seen"),
  words(true, SAID.first, 13),
  words(false, SAID.hello, 12),
  words(true, SAID.answer, 8),
  words(false, SAID.ask, 6),
  words(true, SAID.late, 0, "stored"),
];

const waiting: TalkView = {
  ...base,
  phase: "waiting",
  members: [me],
  presence: "",
  standing: standing({ ahead: 3, low: 5, high: 15 }),
};
const held = words(true, SAID.first, 2, "waiting-tap");

export const DRAFT = SAID.draft;

const next: NonNullable<TalkView["handover"]> = {
  by: LIN,
  name: CHEN,
  certificate: "",
  summary: zh
    ? "工资三个月没发，家里还不知道。\n说好先问法律援助，明天再给家里打电话。"
    : "Three months without pay; the family does not know yet.\nAgreed: ask legal aid first, call home tomorrow.",
  answer: "",
  here: false,
};

export const VIEWS: Readonly<Record<string, TalkView>> = {
  starting: { ...waiting, phase: "starting", standing: new Uint8Array(0) },
  waiting: { ...waiting, lines: [held] },
  next: { ...waiting, standing: standing({ low: 0, high: 2 }) },
  surge: { ...waiting, standing: standing({ ahead: 14, low: 40, high: 90, surge: 1 }) },
  offered: { ...waiting, standing: standing({ offered: 1 }) },
  nobody: { ...waiting, standing: standing({ nobody: 1 }) },
  "waiting-closed": { ...waiting, standing: standing({ closed: 1, nobody: 1 }) },
  red: { ...waiting, standing: standing({ stage: 1 }) },
  "red-supervisor": { ...waiting, standing: standing({ stage: 2 }) },
  "red-nobody": { ...waiting, standing: standing({ stage: 3 }) },
  "waiting-unsupervised": { ...waiting, supervised: false },
  unsupervised: { ...base, lines: talk, supervised: false },
  returned: { ...waiting, lines: talk },
  came: {
    ...base,
    lines: [given("waiting-tap"), held, joined(LIN, "counsellor", 0)],
    readers: [LIN],
  },
  "came-answers": {
    ...base,
    lines: [given("waiting-tap"), joined(LIN, "counsellor", 0)],
    readers: [LIN],
  },
  chat: { ...base, lines: talk },
  "help-asked": { ...base, lines: [...talk, help("offer", false)] },
  "help-given": { ...base, lines: [...talk, help("offer", false), placed, help("called", false)] },
  typing: { ...base, lines: talk, typing: true },
  place: { ...base, lines: [...talk, card(false, 1)] },
  "referral-proposed": { ...base, lines: [...talk, aside("referral", false, 1)] },
  "referral-told": { ...base, lines: [...talk, aside("news", true, 0)] },
  member: {
    ...base,
    members: [me, lin, zhou],
    readers: [LIN, ZHOU],
    lines: [...talk, joined(ZHOU, "supervisor", 0)],
  },
  "next-person": { ...base, lines: talk, handover: next },
  "next-answered": { ...base, lines: talk, handover: { ...next, answer: "yes" } },
  "next-came": {
    ...base,
    lines: [
      ...talk.slice(0, 3),
      joined(CHEN, "counsellor", 1),
      { kind: "left", id: "l2", who: LIN, role: "counsellor", at: NOW },
      {
        kind: "passed",
        id: "p1",
        mine: true,
        who: "",
        text: `${LIN}\n${next.summary}`,
        state: "seen",
        at: NOW,
      },
    ],
    members: [me, { ...lin, name: CHEN, key: key(4) }],
    readers: [CHEN],
  },
  left: {
    ...base,
    lines: [
      ...talk,
      joined(ZHOU, "supervisor", 5),
      { kind: "left", id: "l1", who: ZHOU, role: "supervisor", at: NOW },
      notice("unknown", 0),
    ],
  },
  trouble: {
    ...base,
    lines: [
      ...talk.slice(0, 3),
      notice("gap", 4, { who: LIN, count: "2" }),
      notice("silent", 3, { who: LIN }),
      joined(ZHOU, "counsellor", 1),
      notice("fresh-start", 1, { who: ZHOU, before: LIN }),
      notice("storage", 0),
    ],
    members: [me, { ...zhou, role: "counsellor" }],
    readers: [ZHOU],
  },
  unsent: {
    ...base,
    lines: [
      ...talk.slice(0, 3),
      words(true, SAID.answer, 2, "unsent"),
      words(true, SAID.late, 0, "sending"),
    ],
  },
  offline: { ...base, link: "offline", lines: talk },
  connecting: { ...base, link: "connecting", lines: talk },
  gone: { ...base, presence: "gone", lines: talk },
  card: {
    ...base,
    lines: [...talk.slice(0, 5), { kind: "numbers", id: "c1", mine: false, who: LIN, at: NOW }],
  },
  closed: { ...base, phase: "closed", lines: talk },
  erasing: {
    ...base,
    phase: "erased",
    link: "offline",
    lines: [notice("erase-pending", 0)],
  },
  erased: { ...base, phase: "erased", lines: [] },
  refused: { ...base, phase: "refused", refusal: "identity-changed", lines: talk },
  lost: { ...base, phase: "lost-seat", lines: [] },
};
