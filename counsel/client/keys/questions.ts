/** What the pages about cards ask: one's own browsers, who waits, what there is. */

import {
  bytesOf,
  type Colleague,
  colleagueOf,
  flagOf,
  type Json,
  jsonOf,
  listOf,
  numberOf,
  type Outcome,
  type StaffApi,
  textOf,
} from "../staffApi.ts";

/** A card as the server lists it; what counts is the log. */
export interface Card {
  readonly card: string;
  readonly key: string;
  readonly who: Colleague;
  /** Days, `2026-11-24`. */
  readonly issued: string;
  readonly until: string;
  readonly lost: boolean;
  readonly revoked: boolean;
}

/** As an issuer's page sees it. `identity` only of what is to be revoked. */
export interface ListedCard extends Card {
  readonly due: boolean;
  readonly identity: Uint8Array;
}

/** A browser that waits for a card. */
export interface Request {
  readonly id: number;
  readonly who: Colleague;
  readonly key: Uint8Array;
  readonly asked: string;
}

export interface Overview {
  readonly waiting: readonly Request[];
  readonly cards: readonly ListedCard[];
  /** How many more there are than fit one answer. */
  readonly more: number;
  /** Rows of the log, as the server says. */
  readonly size: number;
}

/** Somebody who is checked in and waits to be on duty. */
export interface DutyWait {
  readonly id: number;
  readonly who: Colleague;
  readonly identity: Uint8Array;
  readonly key: Uint8Array;
  /** ms */
  readonly until: number;
}

/** A colleague as statements and request codes name them. */
export function holderOf({ person, role, working_name: name, desk }: Colleague): {
  readonly person: string;
  readonly role: string;
  readonly name: string;
  readonly desk?: string;
} {
  return { person, role, name, ...(desk === undefined ? {} : { desk }) };
}

export function askOwnCards(api: StaffApi): Promise<Outcome<readonly Card[]>> {
  return api.ask("keys/own", {}, (json) => listOf(json["cards"], cardOf));
}

export function loseCard(api: StaffApi, card: string): Promise<Outcome<null>> {
  return api.ask("keys/lose", { card }, () => null);
}

export function askOverview(api: StaffApi): Promise<Outcome<Overview>> {
  return api.ask("keys", {}, (json) => ({
    waiting: listOf(json["waiting"], requestOf),
    cards: listOf(json["cards"], listedOf),
    more: numberOf(json["more"]),
    size: numberOf(json["size"]),
  }));
}

export function askDutyWaits(api: StaffApi): Promise<Outcome<readonly DutyWait[]>> {
  return api.ask("duty/waiting", {}, (json) => listOf(json["waiting"], dutyWaitOf));
}

/** The root's word about this browser's issuing key; empty while there is none. */
export function askIssuer(api: StaffApi, key: string): Promise<Outcome<Uint8Array>> {
  return api.ask("keys/issuer", { key }, (json) => bytesOf(json["statement"]));
}

/** The log that was appended to: so many rows before, and the head over one more. */
export interface Appended {
  readonly size: number;
  readonly head: string;
}

export function giveCard(
  api: StaffApi,
  said: Appended & { readonly id: number; readonly identity: string },
): Promise<Outcome<null>> {
  return api.ask("keys/give", { ...said }, () => null);
}

export function refuseCard(api: StaffApi, id: number): Promise<Outcome<null>> {
  return api.ask("keys/refuse", { id }, () => null);
}

export function revokeCard(
  api: StaffApi,
  said: Appended & { readonly card: string },
): Promise<Outcome<null>> {
  return api.ask("keys/revoke", { ...said }, () => null);
}

export function dateLog(api: StaffApi, said: Appended): Promise<Outcome<null>> {
  return api.ask("keys/date", { ...said }, () => null);
}

export function putOnDuty(api: StaffApi, id: number, statement: string): Promise<Outcome<null>> {
  return api.ask("duty/put-on", { id, statement }, () => null);
}

function cardOf(item: unknown): Card {
  const json = jsonOf(item);
  return {
    card: textOf(json["card"]),
    key: textOf(json["key"]),
    who: colleagueOf(json["who"]),
    issued: textOf(json["issued"]),
    until: textOf(json["until"]),
    lost: flagOf(json["lost"]),
    revoked: flagOf(json["revoked"]),
  };
}

function listedOf(item: unknown): ListedCard {
  const json = jsonOf(item);
  return { ...cardOf(json), due: flagOf(json["due"]), identity: bytesOf(json["identity"]) };
}

function requestOf(item: unknown): Request {
  const json = jsonOf(item);
  return {
    id: numberOf(json["id"]),
    who: colleagueOf(json["who"]),
    key: bytesOf(json["key"]),
    asked: textOf(json["asked"]),
  };
}

function dutyWaitOf(item: unknown): DutyWait {
  const json: Json = jsonOf(item);
  return {
    id: numberOf(json["id"]),
    who: colleagueOf(json["who"]),
    identity: bytesOf(json["identity"]),
    key: bytesOf(json["key"]),
    until: Date.parse(textOf(json["until"])),
  };
}
