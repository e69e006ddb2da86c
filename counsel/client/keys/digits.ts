/** Digits two people read to each other: of a key, or of the log as they know it. */

import { source } from "../bytes.ts";

/** Five groups of four digits of SHA-256 of this key. */
export async function digitsOfKey(key: Uint8Array): Promise<string> {
  return groups(new Uint8Array(await crypto.subtle.digest("SHA-256", source(key))), 5);
}

/** Four groups of four of a hash of the log. */
export function digitsOfHash(hash: Uint8Array): string {
  return groups(hash, 4);
}

/** Each group is four bytes, most significant first, without what does not fit four digits. */
function groups(bytes: Uint8Array, count: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: count }, (_, at) =>
    String(view.getUint32(4 * at) % 10_000).padStart(4, "0"),
  ).join(" ");
}
