/** What a server would say of shifts, the door and the gate, by the name of a scene. */

import type { Colleague, Json, Outcome, StaffApi } from "../../../counsel/client/staffApi.ts";

/** 20:30 of a Tuesday in Shanghai. */
export const EVENING = Date.UTC(2026, 10, 24, 12, 30);
const zh = document.documentElement.lang.startsWith("zh");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const name = (chinese: string, english: string): string => (zh ? chinese : english);
const person = (working_name: string, role: Colleague["role"], id: string): Colleague => ({
  working_name,
  role,
  person: id,
});
export const PEOPLE = {
  lin: person(name("林", "Lin"), "counsellor", "p1"),
  chen: person(name("陈", "Chen"), "counsellor", "p2"),
  zhou: person(name("周", "Zhou"), "supervisor", "p3"),
  wang: person(name("王", "Wang"), "administrator", "p4"),
};

const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

let count = 0;
/** `day`: so many days from today; hours are Shanghai's, past 24 for the day after. */
function shift(day: number, from: number, to: number, change: Json = {}): Json {
  count += 1;
  const midnight = EVENING - 20.5 * HOUR + day * DAY;
  return {
    id: count,
    role: "counsellor",
    starts: instant(midnight + from * HOUR),
    ends: instant(midnight + to * HOUR),
    state: "taken",
    who: null,
    mine: false,
    cover: false,
    walk_in: false,
    ...change,
  };
}

const MINE = { who: PEOPLE.lin, mine: true };
const SHIFTS: readonly Json[] = [
  shift(-1, 20, 23.5, { ...MINE, state: "done" }),
  shift(-1, 20, 23.5, { role: "supervisor", who: PEOPLE.zhou, state: "done" }),
  shift(-1, 22, 26, { who: PEOPLE.chen, state: "missed" }),
  shift(0, 20, 23.5, { ...MINE, state: "on" }),
  shift(0, 20, 23.5, { role: "supervisor", who: PEOPLE.zhou, state: "on" }),
  shift(0, 20.25, 24.25, { who: PEOPLE.chen, state: "pause", walk_in: true }),
  shift(1, 20, 23.5, { ...MINE, cover: true }),
  shift(1, 22, 26, { who: PEOPLE.chen, cover: true }),
  shift(1, 20, 23.5, { role: "supervisor", who: PEOPLE.zhou }),
  shift(2, 20, 23.5, { ...MINE }),
  shift(2, 20, 23.5, { state: "open" }),
  shift(2, 20, 23.5, { role: "supervisor", state: "open" }),
  shift(4, 21, 25, { state: "open" }),
];

const week = (shifts: readonly Json[]): Json => ({
  zone: "Asia/Shanghai",
  today: "2026-11-24",
  days: 7,
  shifts,
});

const OPEN = { open: true, unmet: [], opens: null, supervised: true };
const CLOSED = {
  open: false,
  unmet: ["supervisor", "two-staff"],
  opens: instant(EVENING + DAY - 0.5 * HOUR),
  supervised: false,
};
const duty = (change: Json): Json => ({
  shift: null,
  next: null,
  page: "",
  resumes: null,
  talks: 0,
  door: OPEN,
  cleared: true,
  ...change,
});

const on = (state: string): Json => shift(0, 20, 23.5, { ...MINE, state });
export const DUTIES: Readonly<Record<string, Json>> = {
  on: duty({ shift: on("on"), page: "seen" }),
  held: duty({ shift: on("on"), page: "seen", talks: 2 }),
  "page-due": duty({ shift: on("on"), page: "due", door: CLOSED }),
  pause: duty({ shift: on("pause"), page: "seen" }),
  debrief: duty({
    shift: on("debrief"),
    page: "seen",
    resumes: instant(EVENING + 0.25 * HOUR),
    door: CLOSED,
  }),
  off: duty({ next: shift(1, 22, 26, MINE), door: CLOSED }),
  late: duty({ next: shift(0, 20, 23.5, MINE), door: CLOSED }),
  nothing: duty({ door: { ...CLOSED, opens: null }, cleared: false }),
};

const item = (code: string, met: boolean, who = "", when = "", detail = ""): Json => ({
  code,
  met,
  who,
  when: when === "" ? null : when,
  detail,
});
const two = `${PEOPLE.lin.working_name}, ${PEOPLE.zhou.working_name}`;
export const GATE: Json = {
  mode: "rehearsal",
  open: true,
  items: [
    item("supervisor", true, PEOPLE.zhou.working_name),
    item("two-staff", true, two),
    item("page", false),
    item("hotlines", false, "", "", "120 12356"),
    item("texts", true, name("刘医生", "Dr Liu"), instant(EVENING - 3 * DAY)),
    item("timers", false),
    item("demo", false, "", "", "people root"),
    item("paging", false),
    item("audit", false, "", "", "checkpoints grants"),
    item("keys", false),
  ],
};

export interface Standing {
  /** Of `DUTIES`. */
  readonly duty?: string;
  /** By path, in place of what is said otherwise: an answer, or the code of a refusal. */
  readonly answers?: Readonly<Record<string, Json | string>>;
  readonly empty?: boolean;
  /** The network is gone when the duty is asked for again. */
  readonly losesDuty?: boolean;
}

/** A server that answers as the scene says, and tells `acts` what it was asked. */
export function standingApi(scene: Standing, acts: string[][]): StaffApi {
  const said: Readonly<Record<string, Json | string>> = {
    rota: week(scene.empty ? [] : SHIFTS),
    duty: DUTIES[scene.duty ?? "on"] ?? {},
    gate: GATE,
    ...scene.answers,
  };
  let duties = 0;
  const asked = async <T>(
    path: string,
    body: Json,
    read: (json: Json) => T,
  ): Promise<Outcome<T>> => {
    if (!["rota", "duty", "gate"].includes(path)) {
      acts.push([path, JSON.stringify(body)]);
    }
    duties += path === "duty" ? 1 : 0;
    const lost = path === "duty" && duties > 1 && scene.losesDuty;
    const answer = lost ? "offline" : (said[path] ?? {});
    return typeof answer === "string"
      ? { ok: false, code: answer, retryAfter: 0 }
      : { ok: true, value: read(answer) };
  };
  const nobody = (): never => {
    throw new Error("the gallery has no such question");
  };
  return {
    ask: asked,
    enter: nobody,
    signIn: nobody,
    signOut: nobody,
    me: nobody,
    certify: nobody,
    duty: nobody,
    token: nobody,
  };
}
