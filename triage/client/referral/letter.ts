/**
 * A letter of a referral: sealed to several keys, and as long as every other.
 *
 *     letter  = 8 × slot (32 bytes KEM output ‖ 32 bytes sealed key), 12 bytes nonce, sealed content
 *     content = prefixed body ‖ 64 bytes signature ‖ prefixed identity ‖ zeros
 *
 * A slot is HPKE (RFC 9180, base mode, the suite of the talks) of one fresh AES-128 key; what is in no
 * use is noise. The content is AES-128-GCM under that key. Both are bound to where the letter stands:
 * reference, number, and the hash of the letter before it. The author signs the same place and the
 * body; a desk's identity lies beside, a seeker's key was in the first letter.
 */

import {
  ByteReader,
  concat,
  prefixed,
  source,
  toBase64url,
  uint,
  utf8,
} from "../../../counsel/client/bytes.ts";
import { LETTER } from "../../../counsel/client/contract.ts";
import { ed25519, type SigningKey } from "../../../counsel/client/ed25519.ts";
import type { Tools } from "./tools.ts";

let given: Tools | null = null;

/** Once, before anything is sealed or opened. */
export function sealWith(tools: Tools): void {
  given = tools;
}

function tools(): Tools {
  if (given === null) throw new Error("nothing to seal with");
  return given;
}

const SLOTS = 8;
const ENC = 32;
const WRAPPED = 32;
const SLOT = ENC + WRAPPED;
const NONCE = 12;
const TAG = 16;
const CONTENT = LETTER - SLOTS * SLOT - NONCE - TAG;
const SIGNATURE = 64;
const INFO = utf8("counsel letter 1");

/** Where a letter stands: nobody can move it, leave one out before it, or put it into another referral. */
export interface Standing {
  /** 16 bytes. */
  readonly ref: Uint8Array;
  /** From 1. */
  readonly number: number;
  /** `hashOf` the letter before, or 32 zeros. */
  readonly before: Uint8Array;
}

export interface Opened {
  readonly body: string;
  /** Issuer statement ‖ device statement of a desk; empty: the seeker. */
  readonly identity: Uint8Array;
  /** Whether whoever holds this key wrote it, here. */
  signedBy(key: Uint8Array): Promise<boolean>;
}

/** It is none of ours, not for this key, or was moved. */
export class LetterError extends Error {
  readonly code = "letter-unreadable";
}

/** Body and identity as they go into a letter. Throws `RangeError` for more than fits. */
export async function seal(
  letter: { readonly body: string; readonly identity: Uint8Array; readonly signer: SigningKey },
  standing: Standing,
  keys: readonly Uint8Array[],
): Promise<Uint8Array> {
  const { body, identity, signer } = letter;
  const place = placeOf(standing);
  const signature = await (await ed25519()).sign(signer.secret, signedPart(place, body));
  const said = concat(prefixed(utf8(body)), signature, prefixed(identity));
  if (said.length > CONTENT || keys.length > SLOTS) {
    throw new RangeError("too long for one letter");
  }
  const content = new Uint8Array(CONTENT);
  content.set(said);
  const hpke = await tools().hpke();
  const key = noise(16);
  const slots: Uint8Array[] = [];
  for (const one of keys) {
    const { enc, ct } = await hpke.seal(await hpke.importPublicKey(one), key, INFO, place);
    slots.push(concat(enc, ct));
  }
  const rest = noise((SLOTS - keys.length) * SLOT);
  const nonce = noise(NONCE);
  const front = concat(...slots, rest, nonce);
  return concat(front, await hpke.encryptAead(key, nonce, concat(place, front), content));
}

/** Opens what lies in one of the slots for this X25519 key, 32 bytes. Throws `LetterError`. */
export async function open(
  letter: Uint8Array,
  standing: Standing,
  privateKey: Uint8Array,
): Promise<Opened> {
  if (letter.length !== LETTER) throw new LetterError();
  const place = placeOf(standing);
  const hpke = await tools().hpke();
  const front = letter.slice(0, SLOTS * SLOT + NONCE);
  const mine = await hpke.importPrivateKey(privateKey);
  for (let at = 0; at < SLOTS; at++) {
    const slot = front.slice(at * SLOT, (at + 1) * SLOT);
    try {
      const key = await hpke.open(mine, slot.slice(0, ENC), slot.slice(ENC), INFO, place);
      const nonce = front.slice(SLOTS * SLOT);
      const sealed = letter.slice(front.length);
      return read(place, await hpke.decryptAead(key, nonce, concat(place, front), sealed));
    } catch (error) {
      if (error instanceof LetterError) throw error; // it was for us, and is none of ours
    }
  }
  throw new LetterError();
}

function read(place: Uint8Array, content: Uint8Array): Opened {
  const reader = new ByteReader(content);
  const bytes = reader.prefixed();
  const signature = reader.take(SIGNATURE);
  const identity = reader.prefixed();
  if (!reader.whole) throw new LetterError();
  const body = new TextDecoder().decode(bytes);
  return {
    body,
    identity,
    signedBy: async (key) => (await ed25519()).verify(key, signedPart(place, body), signature),
  };
}

/** What the next letter names this one by. */
export async function hashOf(letter: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", source(letter)));
}

/** A fresh X25519 key, 32 bytes each. */
export async function drawKey(): Promise<{ publicKey: Uint8Array; privateKey: Uint8Array }> {
  const hpke = await tools().hpke();
  const pair = await hpke.generateKeyPair();
  return {
    publicKey: await hpke.exportPublicKey(pair.publicKey),
    privateKey: await hpke.exportPrivateKey(pair.privateKey),
  };
}

export function noise(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A name for lists and elements. */
export function spell(ref: Uint8Array): string {
  return toBase64url(ref);
}

function placeOf({ ref, number, before }: Standing): Uint8Array {
  return concat(ref, uint(number, 2), before);
}

function signedPart(place: Uint8Array, body: string): Uint8Array {
  return concat(utf8("counsel letter 1\0"), place, utf8(body));
}
