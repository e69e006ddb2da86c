/**
 * Whom the root lets certify devices and put people on duty. One whose key lies on a device on line
 * certifies counsellors only: more than that is refused, whoever signed it.
 */

import { equal, source, toBase64url, utf8 } from "./bytes.ts";
import type { Ed25519 } from "./ed25519.ts";
import { RefusalError } from "./refusal.ts";
import {
  count,
  days,
  flag,
  keyOf,
  open,
  type Span,
  type Statement,
  word,
  words,
} from "./statements.ts";

/** Twins of `counsel/certificates.py`. */
const ONLINE_ROLES: readonly string[] = ["counsellor"];
const ONLINE_DUTIES: readonly string[] = ["counsellor", "supervisor"];

export interface Issuer extends Span {
  /** 32 bytes, Ed25519. */
  readonly key: Uint8Array;
  /** Roles it may certify devices for. */
  readonly roles: readonly string[];
  /** Roles it may put on duty. */
  readonly duties: readonly string[];
  /** Certificates it may sign in a UTC day: for whoever signs with it, and for the auditor. */
  readonly daily: number;
  /** Who holds its key. */
  readonly name: string;
  /** Its key lies on no device on line. */
  readonly offline: boolean;
  /** Its row in the log of everything issued; see `commitmentOf`. */
  readonly commitment: string;
}

/** SHA-256 in the domain of the log. */
export async function logDigest(bytes: Uint8Array): Promise<Uint8Array> {
  const domain = utf8("counsel log 1\0");
  const whole = new Uint8Array(domain.length + bytes.length);
  whole.set(domain);
  whole.set(bytes, domain.length);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", source(whole)));
}

/** base64url of what the log's row of an issuer or device statement holds. */
export async function commitmentOf(statement: Statement): Promise<string> {
  return toBase64url(await logDigest(statement.bytes));
}

/** Throws `RefusalError`. Whether it holds now is not asked. */
export async function readIssuer(
  curve: Ed25519,
  statement: Statement | undefined,
  rootKey: Uint8Array,
): Promise<Issuer> {
  const fields = await open(curve, "issuer", statement, rootKey);
  if (!equal(keyOf(fields, "root"), rootKey)) {
    throw new RefusalError("certificate-forged", "the issuer names another root");
  }
  const issuer: Issuer = {
    ...days(fields),
    key: keyOf(fields, "key"),
    roles: words(fields, "roles"),
    duties: words(fields, "duties"),
    daily: count(fields, "daily"),
    name: word(fields, "name"),
    offline: flag(fields, "offline"),
    commitment: await commitmentOf(statement as Statement),
  };
  const within =
    issuer.roles.every((role) => ONLINE_ROLES.includes(role)) &&
    issuer.duties.every((role) => ONLINE_DUTIES.includes(role));
  if (issuer.offline || within) return issuer;
  throw new RefusalError("certificate-role", "an issuer on line that may do too much");
}
