/** Counts what was compared, and keeps what did not fit. Runs in node and in a page. */

import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";

export type Hex = string;

export function hex(text: Hex): Uint8Array {
  const pairs = text.match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

export function show(bytes: Uint8Array): Hex {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Checker {
  readonly suite: CiphersuiteImpl;
  readonly failures: string[] = [];
  compared = 0;

  constructor(suite: CiphersuiteImpl) {
    this.suite = suite;
  }

  same(what: string, found: Uint8Array | undefined, expected: Hex): void {
    this.holds(what, found !== undefined && show(found) === expected);
  }

  holds(what: string, fact: boolean): void {
    this.compared += 1;
    if (!fact) this.failures.push(what);
  }
}

/** The whole of what these bytes decode to; bytes left over are a failure of their own. */
export function read<T>(
  decode: (bytes: Uint8Array, offset: number) => [T, number] | undefined,
  text: Hex,
): T {
  const bytes = hex(text);
  const [value, length] = decode(bytes, 0) ?? [];
  if (value === undefined || length !== bytes.length) throw new Error("does not decode whole");
  return value;
}
