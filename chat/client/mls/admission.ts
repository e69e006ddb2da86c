/** Reading a key package somebody left for us to admit them by. */

import type { KeyPackage } from "ts-mls/keyPackage.js";
import { decodeMlsMessage } from "ts-mls/message.js";
import type { StaffMember, Trust } from "../../../counsel/client/certificates.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { identify } from "./policy.ts";
import { SUITE } from "./provider.ts";

/** Throws `bad-key-package`, or why the staff member behind it is not believed. */
export async function readKeyPackage(
  bytes: Uint8Array,
  trust: Trust,
): Promise<{ keyPackage: KeyPackage; staff: StaffMember | null }> {
  const keyPackage = decode(bytes.slice());
  const { leafNode } = keyPackage;
  const plain =
    keyPackage.cipherSuite === SUITE &&
    keyPackage.extensions.length === 0 &&
    leafNode.extensions.length === 0 &&
    leafNode.capabilities.credentials.includes("basic");
  if (!plain) throw new RefusalError("bad-key-package", "not one of ours");
  const staff = await identify(leafNode.credential, leafNode.signaturePublicKey, trust);
  return { keyPackage, staff };
}

function decode(bytes: Uint8Array): KeyPackage {
  try {
    const [message, length] = decodeMlsMessage(bytes, 0) ?? [];
    if (message?.wireformat === "mls_key_package" && length === bytes.length) {
      return message.keyPackage;
    }
  } catch {
    // damage, said below
  }
  throw new RefusalError("bad-key-package", "not readable");
}

/** `key-expired` by our time; `wrong-clock` where only this device's own clock says so. */
export function requireLifetime({ leafNode }: KeyPackage, trust: Trust): void {
  const within = (ms: number): boolean => {
    const seconds = BigInt(Math.floor(ms / 1000));
    return leafNode.lifetime.notBefore <= seconds && seconds <= leafNode.lifetime.notAfter;
  };
  if (!within(trust.now())) throw new RefusalError("key-expired");
  // ts-mls asks the clock again when it makes the commit, and would only say "not within Lifetime".
  if (!within(Date.now())) throw new RefusalError("wrong-clock");
}
