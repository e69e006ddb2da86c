/** What the organisation page asks the server: who runs this service, and the numbers it answers for. */

import {
  type Colleague,
  colleagueOf,
  flagOf,
  jsonOf,
  listOf,
  type Outcome,
  type StaffApi,
  textOf,
} from "../staffApi.ts";
import { instantOf } from "./peopleQuestions.ts";

export interface Identity {
  readonly name: string;
  /** Which level of the union, as seekers read it. */
  readonly level: string;
  /** IANA name of the zone its hours are read in. */
  readonly zone: string;
  readonly languages: readonly string[];
}

export interface Hotline {
  readonly number: string;
  /** Empty for a national one: its name and hours stand in the texts. */
  readonly name: string;
  readonly hours: string;
  readonly national: boolean;
  /** When somebody last got through, milliseconds; null: never. */
  readonly called: number | null;
  readonly calledBy: Colleague | null;
}

export interface Organisation extends Identity {
  readonly hotlines: readonly Hotline[];
}

export function askOrganisation(api: StaffApi): Promise<Outcome<Organisation>> {
  return api.ask("organisation", {}, (json) => ({
    name: textOf(json["name"]),
    level: textOf(json["level"]),
    zone: textOf(json["zone"]),
    languages: listOf(json["languages"], textOf),
    hotlines: listOf(json["hotlines"], hotlineOf),
  }));
}

export function changeIdentity(api: StaffApi, identity: Identity): Promise<Outcome<null>> {
  const { name, level, zone, languages } = identity;
  return api.ask("organisation/change", { name, level, zone, languages }, () => null);
}

export interface OwnNumber {
  readonly number: string;
  readonly name: string;
  readonly hours: string;
}

export function addNumber(api: StaffApi, own: OwnNumber): Promise<Outcome<null>> {
  const { number, name, hours } = own;
  return api.ask("hotlines/add", { number, name, hours }, () => null);
}

export function removeNumber(api: StaffApi, number: string): Promise<Outcome<null>> {
  return api.ask("hotlines/remove", { number }, () => null);
}

/** "I rang it just now and somebody answered." */
export function reportCall(api: StaffApi, number: string): Promise<Outcome<null>> {
  return api.ask("hotlines/called", { number }, () => null);
}

function hotlineOf(value: unknown): Hotline {
  const json = jsonOf(value);
  return {
    number: textOf(json["number"]),
    name: textOf(json["name"]),
    hours: textOf(json["hours"]),
    national: flagOf(json["national"]),
    called: json["called"] === null ? null : instantOf(json["called"]),
    calledBy: json["called_by"] === null ? null : colleagueOf(json["called_by"]),
  };
}
