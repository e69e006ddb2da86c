/** What the page "mine" asks: one's own password, passkeys, codes, logins and places. */

import {
  flagOf,
  type Json,
  jsonOf,
  listOf,
  numberOf,
  type Outcome,
  type StaffApi,
  textOf,
} from "./staffApi.ts";

/** Coarse codes, or empty: whom one is never matched with. */
export interface OwnPlaces {
  readonly region: string;
  readonly industry: string;
  readonly inPlant: boolean;
}

export interface Own {
  /** How many of each are there; recovery codes that are unused. */
  readonly passkeys: number;
  readonly recovery: number;
  /** A supervisor has found this person ready for real talks. */
  readonly cleared: boolean;
  /** A role that ought to have a passkey, and none yet. */
  readonly wantsPasskey: boolean;
  readonly places: OwnPlaces;
}

export interface Passkey {
  readonly id: string;
  readonly name: string;
  /** Days, `2026-11-24`; empty: never used. */
  readonly created: string;
  readonly used: string;
}

/** What is answered with nothing else was done. */
export const done = (): true => true;

export function askOwn(api: StaffApi): Promise<Outcome<Own>> {
  return api.ask("me", {}, (json) => {
    const factors = jsonOf(json["factors"]);
    return {
      passkeys: numberOf(factors["passkeys"]),
      recovery: numberOf(factors["recovery"]),
      cleared: flagOf(json["cleared"]),
      wantsPasskey: flagOf(json["wants_passkey"]),
      places: placesOf(jsonOf(json["places"])),
    };
  });
}

export function changePassword(
  api: StaffApi,
  said: { readonly old: string; readonly password: string; readonly code: string },
): Promise<Outcome<true>> {
  return api.enter("me/password", { ...said }, done);
}

export function renewRecovery(api: StaffApi, code: string): Promise<Outcome<readonly string[]>> {
  return api.enter("me/recovery", { code }, (json) => listOf(json["recovery"], textOf));
}

export function askPasskeys(api: StaffApi): Promise<Outcome<readonly Passkey[]>> {
  return api.ask("me/passkeys", {}, (json) =>
    listOf(json["passkeys"], (item) => {
      const passkey = jsonOf(item);
      return {
        id: textOf(passkey["id"]),
        name: textOf(passkey["name"]),
        created: dayOf(passkey["created"]),
        used: dayOf(passkey["used"]),
      };
    }),
  );
}

export function removePasskey(api: StaffApi, id: string, code: string): Promise<Outcome<true>> {
  return api.enter("me/passkeys/remove", { id, code }, done);
}

export function changePlaces(api: StaffApi, places: OwnPlaces): Promise<Outcome<true>> {
  const { region, industry, inPlant } = places;
  return api.ask("me/places", { region, industry, in_plant: inPlant }, done);
}

/** On how many other browsers this person is signed in. */
export function countOtherLogins(api: StaffApi): Promise<Outcome<number>> {
  return api.ask(
    "me/logins",
    {},
    (json) =>
      listOf(json["logins"], (item) => flagOf(jsonOf(item)["mine"])).filter((mine) => !mine).length,
  );
}

export function endOtherLogins(api: StaffApi): Promise<Outcome<true>> {
  return api.ask("me/logins/end", {}, done);
}

function placesOf(json: Json): OwnPlaces {
  return {
    region: textOf(json["region"]),
    industry: textOf(json["industry"]),
    inPlant: flagOf(json["in_plant"]),
  };
}

/** `2026-11-24`, whatever may stand behind it; empty for what never happened. */
function dayOf(value: unknown): string {
  return value === null || value === undefined ? "" : textOf(value).slice(0, 10);
}
