/** What staff ask about follow-ups, and what comes back. */

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

export interface FollowUp {
  readonly id: number;
  /** Empty where the talk is erased and nobody had agreed. */
  readonly caseCode: string;
  readonly kind: string;
  readonly state: string;
  /** `2026-11-24`; empty once it is over. */
  readonly due: string;
  /** Days since then. */
  readonly late: number;
  readonly ended: string;
  /** Empty: nobody's yet. */
  readonly owner: string;
  readonly mine: boolean;
  readonly step: number;
  readonly of: number;
  readonly past: readonly Past[];
}

export interface Past {
  readonly event: string;
  readonly who: string;
  readonly on: string;
}

export interface Colleague {
  readonly person: string;
  readonly name: string;
}

export interface List {
  readonly rows: readonly FollowUp[];
  readonly more: number;
  readonly signed: boolean;
  /** Whom one could be given to; empty for whoever may not. */
  readonly people: readonly Colleague[];
}

export function askFollowUps(api: StaffApi): Promise<Outcome<List>> {
  return api.ask("follow-ups", {}, (said) => ({
    rows: listOf(said["rows"], followUpOf),
    more: numberOf(said["more"]),
    signed: flagOf(said["signed"]),
    people: listOf(said["people"], (value) => {
      const json = jsonOf(value);
      return { person: textOf(json["person"]), name: textOf(json["name"]) };
    }),
  }));
}

export function sayOutcome(api: StaffApi, id: number, outcome: string): Promise<Outcome<null>> {
  return api.ask("follow-ups/say", { id, outcome }, () => null);
}

export function handTo(api: StaffApi, id: number, person: string): Promise<Outcome<null>> {
  return api.ask("follow-ups/hand", { id, person }, () => null);
}

/** In a talk of one's own: they were asked. */
export function noteAsked(
  api: StaffApi,
  said: { readonly case: string; readonly wanted: boolean; readonly days: number },
): Promise<Outcome<null>> {
  return api.ask("follow-ups/asked", said, () => null);
}

function followUpOf(value: unknown): FollowUp {
  const json: Json = jsonOf(value);
  return {
    id: numberOf(json["id"]),
    caseCode: textOf(json["case"]),
    kind: textOf(json["kind"]),
    state: textOf(json["state"]),
    due: textOf(json["due"]),
    late: numberOf(json["late"]),
    ended: textOf(json["ended"]),
    owner: textOf(json["owner"]),
    mine: flagOf(json["mine"]),
    step: numberOf(json["step"]),
    of: numberOf(json["of"]),
    past: listOf(json["past"], (one) => {
      const past = jsonOf(one);
      return { event: textOf(past["event"]), who: textOf(past["who"]), on: textOf(past["on"]) };
    }),
  };
}
