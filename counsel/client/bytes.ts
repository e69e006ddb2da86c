/** Small things done to bytes, the same way everywhere. Pure. */

/** The same bytes, typed for WebCrypto, which refuses views on shared memory. Never copies here. */
export function source(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? (bytes as Uint8Array<ArrayBuffer>)
    : new Uint8Array(bytes);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Equal or not, in a time that does not depend on where they differ. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** base64url without padding (RFC 4648 §5). */
export function toBase64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The bytes of base64url text, or null when it is anything else, padding included. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return toBase64url(bytes) === text ? bytes : null;
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return source(new TextEncoder().encode(text));
}

/** A number of `width` bytes, big end first. */
export function uint(value: number, width: 1 | 2 | 4): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(width);
  for (let i = width - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest;
  return bytes;
}

/** `u16 length ‖ bytes`. */
export function prefixed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(uint(bytes.length, 2), bytes);
}

/** Reads what the writers above wrote. Reading past the end gives null, once and for all. */
export class ByteReader {
  private readonly data: Uint8Array;
  private at = 0;
  private broken = false;

  constructor(data: Uint8Array) {
    this.data = data;
  }

  /** A copy of the next `length` bytes; empty once the data has ended early. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (this.broken || this.at + length > this.data.length) {
      this.broken = true;
      return new Uint8Array(0);
    }
    const chunk = new Uint8Array(this.data.subarray(this.at, this.at + length));
    this.at += length;
    return chunk;
  }

  number(width: 1 | 2 | 4): number {
    return this.take(width).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  prefixed(): Uint8Array<ArrayBuffer> {
    return this.take(this.number(2));
  }

  /** Everything not read yet. */
  rest(): Uint8Array<ArrayBuffer> {
    return this.take(this.data.length - this.at);
  }

  get empty(): boolean {
    return this.broken || this.at === this.data.length;
  }

  /** False when something was read that was not there. */
  get whole(): boolean {
    return !this.broken;
  }
}
