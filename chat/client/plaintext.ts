/**
 * What is inside a sealed message. Binary, so that a short sentence of either language stays in the
 * smallest frame:
 *
 *     u8 kind · u32 number · u32 seen · u32 length · 16 bytes chain · u32 minute · UTF-8 text
 *
 * `number` is the sender's own running number in this group, from 1. `length` and `chain` say what
 * the sender's client had read when it sealed: how many lines, and a hash over all of them (see
 * `transcript.ts`). `seen` is how many of those had been on a screen in front of a person.
 * Who wrote it is nowhere in here: that is the leaf MLS authenticated, and nothing else.
 */

import { ByteReader, concat, uint, utf8 } from "../../counsel/client/bytes.ts";

export const KINDS = {
  words: 1,
  numbers: 2,
  seen: 3,
  erase: 4,
  answers: 5,
  head: 6,
  card: 9,
  cue: 10,
  referral: 11,
  news: 12,
  leave: 14,
  help: 17,
  place: 18,
  release: 20,
  consent: 21,
  passed: 22,
} as const;

/** `other` is what a newer client than this one may send: counted, and shown as such. */
export type PlaintextKind = keyof typeof KINDS | "other";

export const CHAIN_BYTES = 16;

/** Bytes of text one message may carry: with everything around it, it fits `MAX_SEALED`. */
export const MAX_TEXT = 24_000;

const MINUTE = 60_000;
const MAX_U32 = 0xffff_ffff;

export interface Plaintext {
  readonly kind: PlaintextKind;
  readonly number: number;
  readonly seen: number;
  readonly length: number;
  readonly chain: Uint8Array;
  /** ms, a whole minute, by the sender's clock. */
  readonly at: number;
  readonly text: string;
}

/** The bytes of a message. Lone surrogates become U+FFFD, as in every UTF-8 encoder. */
export function encodePlaintext(plaintext: Plaintext & { kind: keyof typeof KINDS }): Uint8Array {
  const { kind, number, seen, length, chain, at, text } = plaintext;
  const minute = Math.min(Math.max(Math.floor(at / MINUTE), 0), MAX_U32);
  return concat(
    uint(KINDS[kind], 1),
    uint(number, 4),
    uint(seen, 4),
    uint(length, 4),
    chain,
    uint(minute, 4),
    utf8(text),
  );
}

/** Null for bytes that no client of ours writes: too short, or text that is no UTF-8. */
export function decodePlaintext(bytes: Uint8Array): Plaintext | null {
  const reader = new ByteReader(bytes);
  const code = reader.number(1);
  const [number, seen, length] = [reader.number(4), reader.number(4), reader.number(4)];
  const chain = reader.take(CHAIN_BYTES);
  const at = reader.number(4) * MINUTE;
  if (!reader.whole) return null;
  const names = Object.keys(KINDS) as (keyof typeof KINDS)[];
  const kind = names.find((name) => KINDS[name] === code) ?? "other";
  try {
    // ignoreBOM: a byte order mark somebody typed is a character like any other.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(reader.rest());
    return { kind, number, seen, length, chain, at, text };
  } catch {
    return null;
  }
}

/** Text cut into pieces that fit, never inside a character. One piece nearly always. */
export function pieces(text: string): string[] {
  if (utf8(text).length <= MAX_TEXT) return [text];
  const found: string[] = [];
  let piece = "";
  let size = 0;
  for (const character of text) {
    const more = utf8(character).length;
    if (size + more > MAX_TEXT) {
      found.push(piece);
      piece = "";
      size = 0;
    }
    piece += character;
    size += more;
  }
  return piece === "" ? found : [...found, piece];
}
