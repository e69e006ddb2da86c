/**
 * What is carried by hand from this browser to the offline machine: one line with a checksum.
 *
 *     code = base64url(payload ‖ first 4 bytes of SHA-256("counsel code 1" ‖ 0 ‖ payload))
 *
 * The payload is JSON {what, key, person, role, name}, of a desk also {desk}. That the key is the right one, two people hear
 * from its digits (`digits.ts`). The server's twin is `counsel/keys/codes.py`; both read
 * `tests/vectors/codes.json`.
 */

import { concat, source, toBase64url, utf8 } from "../bytes.ts";

export interface Request {
  /** A browser asks to be certified, or to be made an issuer. */
  readonly what: "device" | "issuer";
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly person: string;
  readonly role: string;
  readonly name: string;
  /** Which back office, for the role of that name. */
  readonly desk?: string;
}

export async function requestCode(request: Request): Promise<string> {
  const { what, key, person, role, name, desk = "" } = request;
  const said = { what, key: toBase64url(key), person, role, name };
  const payload = utf8(JSON.stringify(desk === "" ? said : { ...said, desk }));
  const checked = source(concat(utf8("counsel code 1\0"), payload));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", checked));
  return toBase64url(concat(payload, digest.subarray(0, 4)));
}
