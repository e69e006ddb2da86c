/** What a supervisor asks about danger that is over, and what comes back. */

import {
  flagOf,
  type Json,
  jsonOf,
  listOf,
  numberOf,
  type Outcome,
  type StaffApi,
  textOf,
} from "../../../counsel/client/staffApi.ts";

export interface PastDanger {
  readonly id: number;
  /** `2026-11-24`. */
  readonly day: string;
  readonly kind: string;
  /** `closed`, or `erased` by whoever was in danger. */
  readonly state: string;
  readonly outcome: string;
  /** Empty once the talk was erased. */
  readonly caseCode: string;
  readonly unstaffed: boolean;
  readonly reviewed: boolean;
  /** Quarter-hours that were booked and did not begin. */
  readonly owed: number;
}

/** Something that happened, so many seconds after it was raised. */
export interface PastStep {
  readonly after: number;
  readonly event: string;
  readonly who: string;
  readonly role: string;
  readonly reason: string;
  readonly called: string;
}

export interface Told extends PastDanger {
  readonly unassessed: string;
  /** Seconds until their phone had shown a person's words; -1: never. */
  readonly shown: number;
  readonly steps: readonly PastStep[];
  readonly debriefs: readonly { readonly who: string; readonly begun: boolean }[];
  readonly learned: readonly string[];
  readonly by: string;
}

export interface Reviews {
  readonly rows: readonly PastDanger[];
  readonly learn: readonly string[];
  readonly inside: readonly { readonly who: string; readonly talks: number }[];
}

export function askReviews(api: StaffApi): Promise<Outcome<Reviews>> {
  return api.ask("reviews", {}, (said) => ({
    rows: listOf(said["rows"], pastOf),
    learn: listOf(said["learn"], textOf),
    inside: listOf(said["inside"], (value) => {
      const one = jsonOf(value);
      return { who: textOf(one["who"]), talks: numberOf(one["talks"]) };
    }),
  }));
}

export function askReview(api: StaffApi, id: number): Promise<Outcome<Told>> {
  return api.ask("reviews/one", { id }, toldOf);
}

export function learn(
  api: StaffApi,
  id: number,
  learned: readonly string[],
): Promise<Outcome<Told>> {
  return api.ask("reviews/learn", { id, learned: [...learned] }, toldOf);
}

function pastOf(value: unknown): PastDanger {
  const said = jsonOf(value);
  return {
    id: numberOf(said["id"]),
    day: textOf(said["day"]),
    kind: textOf(said["kind"]),
    state: textOf(said["state"]),
    outcome: textOf(said["outcome"]),
    caseCode: textOf(said["case"]),
    unstaffed: flagOf(said["unstaffed"]),
    reviewed: flagOf(said["reviewed"]),
    owed: numberOf(said["owed"]),
  };
}

function toldOf(said: Json): Told {
  return {
    ...pastOf(said),
    unassessed: textOf(said["unassessed"]),
    shown: said["shown"] === null ? -1 : numberOf(said["shown"]),
    steps: listOf(said["steps"], stepOf),
    debriefs: listOf(said["debriefs"], (value) => {
      const one = jsonOf(value);
      return { who: textOf(one["who"]), begun: flagOf(one["begun"]) };
    }),
    learned: listOf(said["learned"], textOf),
    by: textOf(said["by"]),
  };
}

function stepOf(value: unknown): PastStep {
  const step = jsonOf(value);
  return {
    after: numberOf(step["after"]),
    event: textOf(step["event"]),
    who: textOf(step["who"]),
    role: textOf(step["role"]),
    reason: textOf(step["reason"]),
    called: textOf(step["called"]),
  };
}
