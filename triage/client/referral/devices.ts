/**
 * Which browsers answer for a desk. A phone seals to one only after every check it makes of a
 * counsellor: certified under the root built in, in the log, not taken back, its days not over; for
 * the role and for this very desk; and the key to seal to signed by that browser.
 */

import { fromBase64url } from "../../../counsel/client/bytes.ts";
import type { StaffMember, Trust } from "../../../counsel/client/certificates.ts";
import { DESK_DEVICES } from "../../../counsel/client/contract.ts";
import { ed25519 } from "../../../counsel/client/ed25519.ts";
import type { DeskCode } from "../../../counsel/client/referralContract.ts";
import {
  days,
  keyOf,
  open,
  parse,
  splitStatements,
  unreadable,
} from "../../../counsel/client/statements.ts";
import { isDesk } from "./words.ts";

export interface DeskDevice {
  readonly member: StaffMember;
  /** X25519, 32 bytes. */
  readonly key: Uint8Array;
}

type Checks = Pick<Trust, "staff" | "requireLogged" | "requireCurrent" | "now">;
export type Listed = Readonly<Record<string, unknown>>;

/** As any page gets it: all desks in one file, so that asking says nothing of which. */
export async function fetchDesks(): Promise<Listed> {
  const answer = await fetch("/desks.json", { cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Listed;
}

/** Those of one desk that pass; what does not is left out, as if it were not listed. */
export async function devicesOf(
  listed: Listed,
  desk: DeskCode,
  trust: Checks,
): Promise<DeskDevice[]> {
  const rows = Array.isArray(listed[desk]) ? (listed[desk] as unknown[]) : [];
  const found: DeskDevice[] = [];
  for (const row of rows.slice(0, DESK_DEVICES)) {
    const { identity, sealing } = row as { identity?: unknown; sealing?: unknown };
    const checked = await check(bytes(identity), bytes(sealing), desk, trust).catch(() => null);
    if (checked !== null) found.push(checked);
  }
  return found;
}

async function check(
  identity: Uint8Array,
  sealing: Uint8Array,
  desk: DeskCode,
  trust: Checks,
): Promise<DeskDevice> {
  const member = await memberOf(identity, trust);
  if (member.desk !== desk) throw unreadable("of another desk");
  await trust.requireLogged([member], []);
  trust.requireCurrent(member);
  const [statement] = splitStatements(sealing);
  const fields = await open(await ed25519(), "sealing", statement, member.key);
  const span = days(fields);
  const now = trust.now();
  const other = fields.certificate !== member.certificate;
  if (other || now < span.from || now >= span.until) throw unreadable("no key for now");
  return { member, key: keyOf(fields, "key") };
}

/** The desk's person behind an identity. Throws for a bad one, and for any other role. */
export async function memberOf(
  identity: Uint8Array,
  trust: Pick<Trust, "staff">,
): Promise<StaffMember> {
  const [, device] = splitStatements(identity);
  if (device === undefined) throw unreadable("no device");
  const member = await trust.staff(identity, keyOf(parse("device", device.payload), "key"));
  if (member.role !== "desk" || !isDesk(member.desk)) throw unreadable("no desk");
  return member;
}

function bytes(value: unknown): Uint8Array {
  return (typeof value === "string" && fromBase64url(value)) || new Uint8Array(0);
}
