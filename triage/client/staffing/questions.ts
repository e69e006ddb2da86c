/** What a supervisor asks about a rota, and what the simulation of the queue says. */

import {
  flagOf,
  type Json,
  jsonOf,
  numberOf,
  type Outcome,
  type StaffApi,
  textOf,
} from "../../../counsel/client/staffApi.ts";

/** So many people between these hours of a clock; an end not after the start is tomorrow's. */
export interface Line {
  readonly from: string;
  readonly to: string;
  readonly people: number;
}

export interface Wanted {
  readonly lines: readonly Line[];
  readonly more: readonly Line[];
  /** Who come in ten of the busiest hours. */
  readonly tenths: number;
  readonly each: number;
  readonly supervisors: number;
}

/** A share of people, with the interval it lies in. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Seconds; null where nobody was reached. */
export interface TierFound {
  readonly within: Share;
  readonly lost: Share;
  readonly median: number | null;
  readonly p95: number | null;
}

export const TIERS = ["red", "orange", "yellow", "green"] as const;

export interface RotaFound {
  readonly people: number;
  readonly supervisors: number;
  readonly come: number;
  readonly evenings: number;
  readonly tiers: readonly TierFound[];
  readonly nobodyNewFrom: string;
  /** Null: it can stay open until nobody new is taken any more. */
  readonly doorCloses: string | null;
  readonly neverOpen: boolean;
  /** Seconds until one is free when all talk. */
  readonly nextFree: number;
  readonly redFindsNobody: number;
  readonly theory: { readonly hour: string; readonly full: number; readonly redWaits: number };
}

export interface Found {
  /** People met here; 0: who comes is assumed. */
  readonly learntFrom: number;
  readonly rota: RotaFound;
  readonly withMore: RotaFound;
}

interface Standing {
  readonly done: number;
  readonly of: number;
  readonly found: Found | null;
}

/** How often an answer under way is looked at, milliseconds. */
const LOOK_EVERY = 400;

/** Asks until it is answered; `told` hears how far it is. Ends early, with `gone`, once nobody waits. */
export async function askStaffing(
  api: StaffApi,
  wanted: Wanted,
  told: (done: number, of: number) => void,
  waits: () => boolean,
): Promise<Outcome<Found>> {
  while (waits()) {
    const answer = await api.ask("staffing", { ...wanted }, standingOf);
    if (!answer.ok) {
      return answer;
    }
    const { done, of, found } = answer.value;
    if (found !== null) {
      return { ok: true, value: found };
    }
    told(done, of);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  return { ok: false, code: "gone", retryAfter: 0 };
}

function standingOf(json: Json): Standing {
  const found = json["found"];
  return {
    done: numberOf(json["done"]),
    of: numberOf(json["of"]),
    found: found === null ? null : foundOf(jsonOf(found)),
  };
}

function foundOf(json: Json): Found {
  return {
    learntFrom: numberOf(json["learnt_from"]),
    rota: rotaOf(jsonOf(json["rota"])),
    withMore: rotaOf(jsonOf(json["with_more"])),
  };
}

function rotaOf(json: Json): RotaFound {
  const [score, theory] = [jsonOf(json["score"]), jsonOf(json["theory"])];
  const closes = json["door_closes_at"];
  return {
    people: numberOf(json["people"]),
    supervisors: numberOf(json["supervisors"]),
    come: amountOf(json["come_a_shift"]),
    evenings: numberOf(json["evenings"]),
    tiers: TIERS.map((tier) => tierOf(jsonOf(score[tier]))),
    nobodyNewFrom: textOf(json["nobody_new_from"]),
    doorCloses: closes === null ? null : textOf(closes),
    neverOpen: flagOf(json["never_open"]),
    nextFree: amountOf(json["next_free_s"]),
    redFindsNobody: amountOf(json["red_finds_nobody"]),
    theory: {
      hour: textOf(theory["hour"]),
      full: amountOf(theory["full"]),
      redWaits: amountOf(theory["red_waits"]),
    },
  };
}

function tierOf(json: Json): TierFound {
  const [median, p95] = [json["median"], json["p95"]];
  return {
    within: shareOf(jsonOf(json["within"])),
    lost: shareOf(jsonOf(json["lost"])),
    median: median === null ? null : amountOf(median),
    p95: p95 === null ? null : amountOf(p95),
  };
}

function shareOf(json: Json): Share {
  return {
    value: amountOf(json["value"]),
    low: amountOf(json["low"]),
    high: amountOf(json["high"]),
  };
}

/** Shares and seconds are no whole numbers. */
function amountOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
    throw new TypeError("an amount expected");
  }
  return value;
}
