/** A supervisor's wish to come into a talk: made by one browser, proved to another (flow 4). */

import { concat, equal, source, uint, utf8 } from "../../counsel/client/bytes.ts";
import type { Trust } from "../../counsel/client/certificates.ts";
import type { Visit } from "../../counsel/client/contract.ts";
import { ed25519 } from "../../counsel/client/ed25519.ts";
import { RefusalError } from "../../counsel/client/refusal.ts";
import { readKeyPackage } from "./mls/admission.ts";
import type { Group } from "./mls/group.ts";
import { type StaffKeys, topUp } from "./mls/keys.ts";

/** What a counsellor is shown; the bytes are the server's. */
export type Asked = Pick<Visit, "visit" | "epoch" | "keyPackage" | "statement" | "proof">;

/** `counsel wish 1 ‖ 0 ‖ group id ‖ u32 epoch ‖ SHA-256(key package)`, under the leaf's own key. */
async function wishOf(groupId: Uint8Array, epoch: number, key: Uint8Array): Promise<Uint8Array> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", source(key)));
  return concat(utf8("counsel wish 1\0"), groupId, uint(epoch, 4), hash);
}

/** One key package for one entry; `keys` has its private part and is needed for the Welcome. */
export async function makeWish(
  keys: StaffKeys,
  groupId: Uint8Array,
  epoch: number,
  trust: Trust,
): Promise<{ keys: StaffKeys; keyPackage: Uint8Array; proof: Uint8Array }> {
  const { keys: drawn, keyPackages } = await topUp(keys, 1, trust.today());
  const keyPackage = keyPackages[0] as Uint8Array;
  const wish = await wishOf(groupId, epoch, keyPackage);
  const proof = await (await ed25519()).sign(keys.signer.secret, wish);
  const packages = drawn.packages.filter((one) => !one.lastResort);
  return { keys: { ...drawn, packages }, keyPackage, proof };
}

/** The name of who asks. Throws `RefusalError` where it is not proved, for this very group. */
export async function checkWish(asked: Asked, group: Group, trust: Trust): Promise<string> {
  const { keyPackage, staff } = await readKeyPackage(asked.keyPackage, trust);
  if (staff?.role !== "supervisor") throw new RefusalError("not-allowed", "no supervisor");
  if (asked.epoch > group.epoch) throw new RefusalError("missing-rows");
  const wish = await wishOf(group.groupId, asked.epoch, asked.keyPackage);
  const key = keyPackage.leafNode.signaturePublicKey;
  if (!(await (await ed25519()).verify(key, wish, asked.proof))) {
    throw new RefusalError("forged-author", staff.name);
  }
  if (group.members.some((one) => one.role === "supervisor" || equal(one.key, key))) {
    throw new RefusalError("second-seat", staff.name);
  }
  return staff.name;
}
