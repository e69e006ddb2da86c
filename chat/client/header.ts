/**
 * What a sealed message says in the clear (RFC 9420 §6): its group, its epoch, whether it is words
 * or a change. Read before opening, to know what a failure means. Nothing is believed from it.
 */

import { ByteReader } from "../../counsel/client/bytes.ts";

export interface Header {
  readonly groupId: Uint8Array;
  readonly epoch: number;
  readonly what: "words" | "commit" | "proposal";
}

const MLS10 = 1;
const PRIVATE_MESSAGE = 2;
const WHAT = { 1: "words", 2: "proposal", 3: "commit" } as const;

/** A variable-length number as RFC 9420 §2.1.2 writes it. */
function varint(reader: ByteReader): number {
  const first = reader.number(1);
  const width = 1 << (first >> 6);
  let value = first & 0x3f;
  for (let i = 1; i < width; i++) value = value * 256 + reader.number(1);
  return value;
}

/** Null for anything that is no private message. */
export function readHeader(sealed: Uint8Array): Header | null {
  const reader = new ByteReader(sealed);
  const version = reader.number(2);
  const format = reader.number(2);
  const groupId = reader.take(varint(reader));
  const epoch = reader.number(4) * 2 ** 32 + reader.number(4);
  const what = WHAT[reader.number(1) as keyof typeof WHAT];
  const fits = reader.whole && version === MLS10 && format === PRIVATE_MESSAGE;
  return fits && what !== undefined ? { groupId, epoch, what } : null;
}
