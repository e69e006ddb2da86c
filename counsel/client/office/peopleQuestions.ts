/** What the people page asks the server: who works here, who was invited, and what is done about it. */

import {
  type Colleague,
  colleagueOf,
  flagOf,
  type Json,
  jsonOf,
  listOf,
  numberOf,
  type Outcome,
  oneOf,
  ROLES,
  type StaffApi,
  type StaffRole,
  textOf,
} from "../staffApi.ts";

/** Where somebody may not meet anybody; coarse codes, or empty. */
export interface Places {
  readonly region: string;
  readonly industry: string;
  readonly inPlant: boolean;
}

export interface Member extends Colleague, Places {
  /** False: suspended. Nobody is ever deleted. */
  readonly active: boolean;
  readonly cleared: boolean;
  readonly passkeys: number;
}

/** A link nobody has used yet, or a reset that a second person has still to agree to. */
export interface Pending {
  readonly id: number;
  readonly kind: "join" | "reset";
  readonly working_name: string;
  readonly role: StaffRole;
  /** Milliseconds. */
  readonly expires: number;
  /** Whom a reset is about; empty for somebody who has still to come. */
  readonly person: string;
  /** Null: from the shell. */
  readonly askedBy: Colleague | null;
  /** Asked by whoever looks at it. */
  readonly mine: boolean;
  /** Of a reset: a second person agreed, and the link is out. */
  readonly agreed: boolean;
}

export interface Roster {
  readonly people: readonly Member[];
  readonly pending: readonly Pending[];
}

/** A one-time link; nobody can see it a second time. */
export interface Link {
  readonly token: string;
  /** The square code of the link into the page of this language, or no rows. */
  readonly picture: readonly string[];
}

/** A list this long is not from a server of ours. */
const PAGES_AT_MOST = 40;

/** All of them, page by page; links come with the first page. */
export async function askRoster(api: StaffApi): Promise<Outcome<Roster>> {
  const people: Member[] = [];
  const pending: Pending[] = [];
  let after = "";
  for (let page = 0; page < PAGES_AT_MOST; page++) {
    const answer = await api.ask("people", { after }, (json) => ({
      people: listOf(json["people"], memberOf),
      pending: listOf(json["invitations"], pendingOf),
      after: textOf(json["after"]),
    }));
    if (!answer.ok) {
      return answer;
    }
    people.push(...answer.value.people);
    pending.push(...answer.value.pending);
    after = answer.value.after;
    if (after === "") {
      return { ok: true, value: { people, pending } };
    }
  }
  return { ok: false, code: "internal", retryAfter: 0 };
}

export function invite(
  api: StaffApi,
  { name, role, desk }: { readonly name: string; readonly role: StaffRole; readonly desk: string },
  language: string,
): Promise<Outcome<Link>> {
  const said = { working_name: name, role };
  return api.ask("people/invite", desk === "" ? said : { ...said, desk }, linkIn(language));
}

export function agreeToReset(api: StaffApi, id: number, language: string): Promise<Outcome<Link>> {
  return api.ask("people/reset/agree", { id }, linkIn(language));
}

export function withdraw(api: StaffApi, id: number): Promise<Outcome<null>> {
  return api.ask("people/withdraw", { id }, () => null);
}

export type PersonVerb = "suspend" | "restore" | "clear" | "unclear" | "reset";

const PATHS: Readonly<Record<PersonVerb, string>> = {
  suspend: "people/suspend",
  restore: "people/restore",
  clear: "people/clear",
  unclear: "people/unclear",
  reset: "people/reset/ask",
};

export function tell(api: StaffApi, verb: PersonVerb, person: string): Promise<Outcome<null>> {
  return api.ask(PATHS[verb], { person }, () => null);
}

export function changeRole(api: StaffApi, person: string, role: StaffRole): Promise<Outcome<null>> {
  return api.ask("people/role", { person, role }, () => null);
}

export function mark(api: StaffApi, person: string, places: Places): Promise<Outcome<null>> {
  const { region, industry, inPlant } = places;
  return api.ask("people/mark", { person, region, industry, in_plant: inPlant }, () => null);
}

function memberOf(value: unknown): Member {
  const json = jsonOf(value);
  return {
    ...colleagueOf(json),
    active: flagOf(json["active"]),
    cleared: flagOf(json["cleared"]),
    region: textOf(json["region"]),
    industry: textOf(json["industry"]),
    inPlant: flagOf(json["in_plant"]),
    passkeys: numberOf(json["passkeys"]),
  };
}

function pendingOf(value: unknown): Pending {
  const json = jsonOf(value);
  return {
    id: numberOf(json["id"]),
    kind: oneOf(json["kind"], ["join", "reset"]),
    working_name: textOf(json["working_name"]),
    role: oneOf(json["role"], ROLES),
    expires: instantOf(json["expires"]),
    person: textOf(json["person"]),
    askedBy: json["asked_by"] === null ? null : colleagueOf(json["asked_by"]),
    mine: flagOf(json["mine"]),
    agreed: flagOf(json["agreed"]),
  };
}

/** ISO 8601 with a zone, in milliseconds. */
export function instantOf(value: unknown): number {
  const instant = Date.parse(textOf(value));
  if (Number.isNaN(instant)) {
    throw new TypeError("an instant expected");
  }
  return instant;
}

function linkIn(language: string): (json: Json) => Link {
  return (json) => ({
    token: textOf(json["token"]),
    picture: listOf(jsonOf(json["pictures"])[language] ?? [], textOf),
  });
}
