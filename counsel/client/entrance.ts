/** The questions a stranger may ask: signing in with a passkey, and joining by a link. */

import { makePasskey, type PasskeyFault, usePasskey } from "./passkeys.ts";
import {
  type Colleague,
  colleagueOf,
  type Json,
  jsonOf,
  listOf,
  type Me,
  type Outcome,
  oneOf,
  ROLES,
  type StaffApi,
  type StaffRole,
  textOf,
} from "./staffApi.ts";

/** A passkey that came to nothing has a code too: `passkey-unsupported`, `-known`, `-unmade`. */
export const faultCode = (fault: PasskeyFault): string => `passkey-${fault}`;

const refused = <T>(code: string): Outcome<T> => ({ ok: false, code, retryAfter: 0 });

export async function signInByPasskey(api: StaffApi, use = usePasskey): Promise<Outcome<Me>> {
  const options = await api.ask("passkey/ask", {}, (json) => jsonOf(json["options"]));
  if (!options.ok) {
    return options;
  }
  const made = await use(options.value);
  return made.ok
    ? api.enter("passkey/sign-in", { credential: made.credential }, meOf)
    : refused(faultCode(made.fault));
}

/** A new passkey of one's own; `code` shows that the person is there, not only their browser. */
export async function addPasskey(
  api: StaffApi,
  name: string,
  code: string,
  make = makePasskey,
): Promise<Outcome<true>> {
  const options = await api.ask("me/passkeys/ask", {}, (json) => jsonOf(json["options"]));
  if (!options.ok) {
    return options;
  }
  const made = await make(options.value);
  return made.ok
    ? api.enter("me/passkeys/add", { credential: made.credential, name, code }, () => true as const)
    : refused(faultCode(made.fault));
}

// --- joining ------------------------------------------------------------------------------------

export interface Invited {
  readonly kind: "join" | "reset";
  readonly working_name: string;
  readonly role: StaffRole;
  readonly organisation: string;
}

export interface Authenticator {
  /** Base32, for typing it in by hand. */
  readonly secret: string;
  /** The same as a link that an authenticator on this very phone opens. */
  readonly uri: string;
  /** The same as a square code, `qr.tsx`. */
  readonly picture: readonly string[];
}

export interface Joined {
  readonly me: Colleague;
  readonly recovery: readonly string[];
}

export interface Chosen {
  /** Empty for somebody who has one already. */
  readonly signInName: string;
  readonly password: string;
  readonly code: string;
}

export function lookAtInvitation(api: StaffApi, token: string): Promise<Outcome<Invited>> {
  return api.ask("join/look", { token }, (json) => ({
    kind: oneOf(json["kind"], ["join", "reset"]),
    working_name: textOf(json["working_name"]),
    role: oneOf(json["role"], ROLES),
    organisation: textOf(json["organisation"]),
  }));
}

export function askForAuthenticator(api: StaffApi, token: string): Promise<Outcome<Authenticator>> {
  return api.ask("join/code", { token }, (json) => ({
    secret: textOf(json["secret"]),
    uri: otpauthOf(json["uri"]),
    picture: pictureOf(json["picture"]),
  }));
}

export function join(api: StaffApi, token: string, chosen: Chosen): Promise<Outcome<Joined>> {
  const { signInName, password, code } = chosen;
  return api.enter("join/finish", { token, sign_in_name: signInName, password, code }, (json) => ({
    me: meOf(json),
    recovery: listOf(json["recovery"], textOf),
  }));
}

const meOf = (json: Json): Me => colleagueOf(json["me"]);

/** It becomes a link, so it may be nothing else than this. */
function otpauthOf(value: unknown): string {
  const uri = textOf(value);
  if (!uri.startsWith("otpauth://totp/")) {
    throw new TypeError("no otpauth address");
  }
  return uri;
}

function pictureOf(value: unknown): readonly string[] {
  const rows = listOf(value, textOf);
  if (rows.length === 0 || rows.some((row) => row.length !== rows.length || /[^01]/.test(row))) {
    throw new TypeError("no square of zeros and ones");
  }
  return rows;
}
