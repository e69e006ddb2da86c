/** Coming after somebody: showing who one is, and opening the fresh group before one has a seat. */

import { concat, equal, source, utf8 } from "../../counsel/client/bytes.ts";
import type { Trust } from "../../counsel/client/certificates.ts";
import type { OpenAfter, Handover as Row } from "../../counsel/client/contract.ts";
import { ed25519 } from "../../counsel/client/ed25519.ts";
import { RefusalError } from "../../counsel/client/refusal.ts";
import { keyOf, parse, splitStatements } from "../../counsel/client/statements.ts";
import type { Vault } from "../../counsel/client/vault.ts";
import { Keeper } from "./keeper.ts";
import { Group } from "./mls/group.ts";
import type { StaffKeys } from "./mls/keys.ts";
import { BLANK, type Saved } from "./saved.ts";
import { inGroup } from "./seekerSide.ts";

/** What whoever has the talk is shown; the bytes are the server's. */
export type Papers = Pick<Row, "identity" | "statement" | "proof">;

/** Somebody who has proved that they come: what a release names. */
export interface Coming {
  readonly name: string;
  /** base64url SHA-256 of their device statement. */
  readonly certificate: string;
}

/** `counsel successor 1 ‖ 0 ‖ group id ‖ SHA-256(identity)`, under the key the identity certifies. */
async function promiseOf(groupId: Uint8Array, identity: Uint8Array): Promise<Uint8Array> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", source(identity)));
  return concat(utf8("counsel successor 1\0"), groupId, hash);
}

/** Said by whoever comes, for this one group that they come after. */
export async function makePapers(keys: StaffKeys, groupId: Uint8Array): Promise<Papers> {
  const { identity, duty: statement, signer } = keys;
  const proof = await (await ed25519()).sign(signer.secret, await promiseOf(groupId, identity));
  return { identity, statement, proof };
}

/** Who comes. Throws `RefusalError` where it is not proved, for this very group, by staff on duty. */
export async function checkPapers(papers: Papers, group: Group, trust: Trust): Promise<Coming> {
  const { identity, statement, proof } = papers;
  const [, device] = splitStatements(identity);
  if (device === undefined) throw new RefusalError("certificate-unreadable");
  const key = keyOf(parse("device", device.payload), "key");
  const staff = await trust.staff(identity, key);
  if (staff.role !== "counsellor") throw new RefusalError("not-allowed", staff.name);
  const duties = await trust.duties(statement, [staff]);
  await trust.requireLogged([staff], duties);
  trust.requireCurrent(staff);
  trust.requireOnDuty(staff, duties);
  const promise = await promiseOf(group.groupId, identity);
  if (!(await (await ed25519()).verify(key, promise, proof))) {
    throw new RefusalError("forged-author", staff.name);
  }
  if (group.members.some((one) => one.person === staff.person || equal(one.key, key))) {
    throw new RefusalError("second-seat", staff.name);
  }
  return { name: staff.name, certificate: staff.certificate };
}

/**
 * The fresh group, kept here before the server has it: whether the answer comes or not, the talk is
 * sat down in with it. `before`: how many groups the talk has had.
 */
export async function openAfter(
  vault: Vault,
  ref: Uint8Array,
  staff: StaffKeys,
  trust: Trust,
  next: { readonly before: number; readonly keyPackage: Uint8Array; readonly now: number },
): Promise<Omit<OpenAfter, "kind" | "handover">> {
  const groupId = crypto.getRandomValues(new Uint8Array(16));
  const alone = await Group.create(staff, groupId, trust);
  const { group, welcome, seekerKey } = await alone.admit(next.keyPackage, null);
  const clientId = crypto.getRandomValues(new Uint8Array(16));
  const opening = { clientId, groupId, welcome, statement: group.statements };
  const name = Array.from(ref, (byte) => byte.toString(16).padStart(2, "0")).join("");
  // A try before this one, and whatever lies here of a talk that was somebody else's since.
  await Keeper.forget(vault, name);
  const blank: Saved = { ...BLANK, side: "staff", newest: trust.newest, touchedAt: next.now };
  const keeper = new Keeper(vault, name, 0, { saved: blank, keys: staff, group, next: null }, []);
  const saved: Saved = {
    ...(await inGroup(blank, group, next.before + 1, next.now)),
    opening,
    pinned: seekerKey,
  };
  const kept = await keeper.keep({ saved, keys: staff, group, next: null });
  if (kept !== "kept") throw new RefusalError("old-state", "this device does not store");
  return opening;
}
