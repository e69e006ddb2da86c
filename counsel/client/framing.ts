// How frames lie on the wire: the twin of counsel/framing.py, driven by the generated contract.
//
//     bundle = *(u16 length, frame), u16 0, zeros up to one of SIZES
//     frame  = u8 kind, u16 correlation, fields in their order
//
// Numbers are big-endian; blob, text and list begin with a u16 length or count.

import {
  type AnyFrame,
  type Codec,
  type ErrorCode,
  type Fields,
  MAX_FRAMES,
  type Shape,
  SIZES,
  type Vocabulary,
} from "./contract.ts";

/** Bytes that are no bundle of ours, or a value that does not fit its field. */
export class WireError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, detail: string) {
    super(detail);
    this.name = "WireError";
    this.code = code;
  }
}

/** A frame and the correlation it travels with; 0 marks what nobody asked for. */
export interface Said<F extends AnyFrame = AnyFrame> {
  readonly frame: F;
  readonly correlation: number;
}

type Value = number | string | Uint8Array | readonly Value[] | Values;
interface Values {
  readonly [name: string]: Value;
}

function refuse(detail: string): never {
  throw new WireError("bad-frame", detail);
}

// --- writing -------------------------------------------------------------------------------

class Writer {
  private bytes = new Uint8Array(256);
  private length = 0;

  append(chunk: Uint8Array): void {
    const end = this.length + chunk.length;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(chunk, this.length);
    this.length = end;
  }

  number(value: unknown, width: number): void {
    if (typeof value !== "number" || !Number.isInteger(value)) refuse("not a whole number");
    if (value < 0 || value >= 2 ** (8 * width)) refuse(`${value} does not fit u${8 * width}`);
    const chunk = new Uint8Array(width);
    for (let at = width - 1, rest = value; at >= 0; at -= 1, rest = Math.floor(rest / 256)) {
      chunk[at] = rest % 256;
    }
    this.append(chunk);
  }

  prefixed(chunk: Uint8Array, longest: number): void {
    if (chunk.length > longest) refuse(`${chunk.length} bytes where at most ${longest} fit`);
    this.number(chunk.length, 2);
    this.append(chunk);
  }

  field(codec: Codec, value: unknown): void {
    switch (codec.of) {
      case "number":
        this.number(value, codec.width);
        return;
      case "fixed":
        if (!(value instanceof Uint8Array)) refuse("not bytes");
        if (value.length !== codec.length) refuse(`${value.length} bytes, not ${codec.length}`);
        this.append(value);
        return;
      case "blob":
        if (!(value instanceof Uint8Array)) refuse("not bytes");
        this.prefixed(value, codec.longest);
        return;
      case "text":
        if (typeof value !== "string") refuse("not text");
        this.prefixed(new TextEncoder().encode(value), codec.longest);
        return;
      case "list":
        if (!Array.isArray(value)) refuse("not a list");
        if (value.length > codec.most) refuse(`${value.length} items, at most ${codec.most} fit`);
        this.number(value.length, 2);
        for (const item of value) this.field(codec.item, item);
        return;
      case "record":
        this.fields(codec.fields, value);
    }
  }

  fields(fields: Fields, value: unknown): void {
    if (typeof value !== "object" || value === null) refuse("not a record");
    const values: Readonly<Record<string, unknown>> = { ...value };
    for (const [name, codec] of fields) this.field(codec, values[name]);
  }

  taken(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

/**
 * One bundle, padded with zeros to the smallest size that holds it.
 *
 * Throws `WireError`: `bad-size` when it does not fit the largest size, `bad-frame` when a value
 * does not fit its field.
 */
export function pack<F extends AnyFrame>(
  said: readonly Said<F>[],
  { shapes }: Vocabulary<F>,
): Uint8Array {
  const out = new Writer();
  for (const { frame, correlation } of said) {
    const shape = shapes[frame.kind] as Shape;
    const one = new Writer();
    one.number(shape.kind, 1);
    one.number(correlation, 2);
    one.fields(shape.fields, frame);
    out.prefixed(one.taken(), 0xffff);
  }
  const bytes = out.taken();
  const size = SIZES.find((candidate) => bytes.length + 2 <= candidate);
  if (size === undefined) throw new WireError("bad-size", `${bytes.length} bytes fit no size`);
  const bundle = new Uint8Array(size);
  bundle.set(bytes);
  return bundle;
}

/** A record as exactly `length` bytes, zeros behind it. Throws `WireError` when it is longer. */
export function packRecord(fields: Fields, value: object, length: number): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  out.fields(fields, value);
  const bytes = out.taken();
  if (bytes.length > length) refuse(`${bytes.length} bytes where at most ${length} fit`);
  const packed = new Uint8Array(length);
  packed.set(bytes);
  return packed;
}

// --- reading -------------------------------------------------------------------------------

class Reader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get rest(): number {
    return this.bytes.length - this.at;
  }

  take(length: number): Uint8Array {
    if (length > this.rest) refuse("frame ends early");
    this.at += length;
    // A copy: what a field holds must not keep alive, or change with, the message it came in.
    return this.bytes.slice(this.at - length, this.at);
  }

  number(width: number): number {
    return this.take(width).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  upTo(most: number): number {
    const found = this.number(2);
    if (found > most) refuse(`${found} where at most ${most} fit`);
    return found;
  }

  field(codec: Codec): Value {
    switch (codec.of) {
      case "number":
        return this.number(codec.width);
      case "fixed":
        return this.take(codec.length);
      case "blob":
        return this.take(this.upTo(codec.longest));
      case "text":
        return decodeText(this.take(this.upTo(codec.longest)));
      case "list":
        return Array.from({ length: this.upTo(codec.most) }, () => this.field(codec.item));
      case "record":
        return this.fields(codec.fields);
    }
  }

  fields(fields: Fields): Values {
    const found: Record<string, Value> = {};
    for (const [name, codec] of fields) found[name] = this.field(codec);
    return found;
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("not UTF-8");
  }
}

function readFrame<F extends AnyFrame>(vocabulary: Vocabulary<F>, bytes: Uint8Array): Said<F> {
  const reader = new Reader(bytes);
  const kind = reader.number(1);
  const correlation = reader.number(2);
  const name = vocabulary.names.get(kind);
  if (name === undefined) refuse(`no frame has kind ${kind}`);
  const values = reader.fields((vocabulary.shapes[name] as Shape).fields);
  if (reader.rest > 0) refuse(`${reader.rest} bytes after ${name}`);
  // Safe: the types of the frames and the tables just read by come from the same Python rows.
  return { frame: { kind: name, ...values } as unknown as F, correlation };
}

/**
 * The frames of one bundle.
 *
 * Throws `WireError`: `bad-size` before anything is parsed when the length is none of ours,
 * `bad-frame` for an unknown kind, a field that does not fit, or bytes that are left over.
 */
export function unpack<F extends AnyFrame>(
  bytes: Uint8Array,
  vocabulary: Vocabulary<F>,
): readonly Said<F>[] {
  if (!SIZES.some((size) => size === bytes.length)) {
    throw new WireError("bad-size", `${bytes.length} bytes`);
  }
  const reader = new Reader(bytes);
  const found: Said<F>[] = [];
  for (let length = reader.number(2); length > 0; length = reader.number(2)) {
    if (found.length === MAX_FRAMES) refuse("too many frames");
    found.push(readFrame(vocabulary, reader.take(length)));
  }
  if (reader.take(reader.rest).some((byte) => byte !== 0)) refuse("padding is not zero");
  return found;
}

/** The record at the front of `bytes`; only zeros may lie behind it. Throws `WireError`. */
export function unpackRecord<R>(fields: Fields, bytes: Uint8Array): R {
  const reader = new Reader(bytes);
  const values = reader.fields(fields);
  if (reader.take(reader.rest).some((byte) => byte !== 0)) refuse("padding is not zero");
  // Safe: the record's type and its fields come from the same Python row.
  return values as unknown as R;
}
