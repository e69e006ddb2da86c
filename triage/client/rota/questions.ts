/** What the console asks about shifts, the door and the gate, and what comes back. */

import {
  type Colleague,
  colleagueOf,
  flagOf,
  type Json,
  jsonOf,
  listOf,
  type Mode,
  numberOf,
  type Outcome,
  oneOf,
  type StaffApi,
  textOf,
} from "../../../counsel/client/staffApi.ts";
import { addDays } from "./days.ts";

export const STANDING = ["counsellor", "supervisor"] as const;
export const SHIFT_STATES = [
  ...["open", "taken", "on", "pause", "debrief", "done", "missed", "cancelled"],
] as const;
const MODES: readonly Mode[] = ["demo", "rehearsal", "live"];

/** One place on the rota. Instants are milliseconds. */
export interface Shift {
  readonly id: number;
  readonly role: (typeof STANDING)[number];
  readonly starts: number;
  readonly ends: number;
  readonly state: string;
  readonly who: Colleague | null;
  readonly mine: boolean;
  /** Whoever has it asks for somebody else to stand in. */
  readonly cover: boolean;
  /** Was not on the rota before: somebody came and started. */
  readonly walkIn: boolean;
}

export interface Week {
  /** The organisation's time zone, as `Asia/Shanghai`. */
  readonly zone: string;
  /** The day it is there now, `2026-11-24`. */
  readonly today: string;
  readonly shifts: readonly Shift[];
}

export interface Door {
  readonly open: boolean;
  /** Codes of what is missing. */
  readonly unmet: readonly string[];
  /** When it could open next by the rota, milliseconds; null: nothing on the rota says so. */
  readonly opens: number | null;
  readonly supervised: boolean;
}

export interface Duty {
  /** The shift that is under way, if any. */
  readonly shift: Shift | null;
  readonly next: Shift | null;
  readonly door: Door;
  readonly cleared: boolean;
  /** The test page of this check-in; empty without one. */
  readonly page: "due" | "seen" | "";
  /** When a debrief may end, milliseconds; null without one. */
  readonly resumes: number | null;
  /** Talks this person holds. */
  readonly talks: number;
}

export interface GateItem {
  readonly code: string;
  readonly met: boolean;
  /** Who made it so: a name, or empty. */
  readonly who: string;
  /** Milliseconds, or null. */
  readonly when: number | null;
  /** Data of that item, words with blanks between them: numbers to call, what is left of a demo. */
  readonly detail: string;
}

export interface Gate {
  readonly mode: Mode;
  readonly open: boolean;
  readonly items: readonly GateItem[];
}

/** So many days from `from` on. A full rota does not fit one answer: then the rest is asked for. */
export async function askWeek(api: StaffApi, from: string, days: number): Promise<Outcome<Week>> {
  const first = await api.ask("rota", { from, days }, (json) => ({
    week: weekOf(json),
    told: numberOf(json["days"]),
  }));
  if (!first.ok) {
    return first;
  }
  const { week, told } = first.value;
  if (told < 1 || told >= days) {
    return { ok: true, value: week };
  }
  const rest = await askWeek(api, addDays(from, told), days - told);
  if (!rest.ok) {
    return rest;
  }
  const known = new Set(week.shifts.map((shift) => shift.id));
  const more = rest.value.shifts.filter((shift) => !known.has(shift.id));
  return { ok: true, value: { ...week, shifts: [...week.shifts, ...more] } };
}

export const askDuty = (api: StaffApi): Promise<Outcome<Duty>> => api.ask("duty", {}, dutyOf);

export const askGate = (api: StaffApi): Promise<Outcome<Gate>> =>
  api.ask("gate", {}, (json) => ({
    mode: oneOf(json["mode"], MODES),
    open: flagOf(json["open"]),
    items: listOf(json["items"], itemOf),
  }));

export type ShiftAct = "sign-up" | "give-back" | "ask-cover" | "cover" | "cancel";

/** One act on one place of the rota. */
export const actOnShift = (api: StaffApi, act: ShiftAct, shift: number): Promise<Outcome<true>> =>
  api.ask(`rota/${act}`, { shift }, () => true);

export type DutyAct = "pause" | "debrief" | "resume" | "check-out" | "page-seen";

export const actOnDuty = (api: StaffApi, act: DutyAct): Promise<Outcome<true>> =>
  api.ask(`duty/${act}`, {}, () => true);

/** `shift` 0: not on the rota, started now. */
export const checkIn = (api: StaffApi, shift: number): Promise<Outcome<true>> =>
  api.ask("duty/check-in", { shift }, () => true);

/** `starts` and `ends` are wall-clock of the organisation's zone, `2026-11-24T20:00`. */
export interface Plan {
  readonly role: (typeof STANDING)[number];
  readonly starts: string;
  readonly ends: string;
  readonly places: number;
  readonly weeks: number;
}

/** The number of shifts that were put on the rota. */
export const askPlan = (api: StaffApi, plan: Plan): Promise<Outcome<number>> =>
  api.ask("rota/plan", { ...plan }, (json) => listOf(json["shifts"], numberOf).length);

export const signGate = (
  api: StaffApi,
  what: "texts" | "timers",
  signer: string,
): Promise<Outcome<true>> => api.ask("gate/sign", { what, signer }, () => true);

// --- readers -------------------------------------------------------------------------------------

function instantOf(value: unknown): number {
  const at = Date.parse(textOf(value));
  if (Number.isNaN(at)) {
    throw new TypeError("an instant expected");
  }
  return at;
}

function orNull<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null || value === undefined || value === "" ? null : read(value);
}

function weekOf(json: Json): Week {
  return {
    zone: textOf(json["zone"]),
    today: textOf(json["today"]),
    shifts: listOf(json["shifts"], shiftOf),
  };
}

function shiftOf(value: unknown): Shift {
  const json = jsonOf(value);
  return {
    id: numberOf(json["id"]),
    role: oneOf(json["role"], STANDING),
    starts: instantOf(json["starts"]),
    ends: instantOf(json["ends"]),
    state: oneOf(json["state"], SHIFT_STATES),
    who: orNull(json["who"], colleagueOf),
    mine: flagOf(json["mine"]),
    cover: flagOf(json["cover"]),
    walkIn: flagOf(json["walk_in"]),
  };
}

function dutyOf(json: Json): Duty {
  const door = jsonOf(json["door"]);
  return {
    shift: orNull(json["shift"], shiftOf),
    next: orNull(json["next"], shiftOf),
    door: {
      open: flagOf(door["open"]),
      unmet: listOf(door["unmet"], textOf),
      opens: orNull(door["opens"], instantOf),
      supervised: flagOf(door["supervised"]),
    },
    cleared: flagOf(json["cleared"]),
    page: orNull(json["page"], (page) => oneOf(page, ["due", "seen"])) ?? "",
    resumes: orNull(json["resumes"], instantOf),
    talks: numberOf(json["talks"]),
  };
}

function itemOf(value: unknown): GateItem {
  const json = jsonOf(value);
  return {
    code: textOf(json["code"]),
    met: flagOf(json["met"]),
    who: orNull(json["who"], textOf) ?? "",
    when: orNull(json["when"], instantOf),
    detail: orNull(json["detail"], textOf) ?? "",
  };
}
