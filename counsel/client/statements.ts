/**
 * Signed statements: `u16 length ‖ payload ‖ 64-byte Ed25519 signature`. The payload is UTF-8 JSON,
 * kept as it came; the signature covers `counsel statement 1 ‖ 0 ‖ kind ‖ 0 ‖ payload`. Days are UTC
 * and `until` includes its day; a duty counts in minutes and ends before `until`.
 */

import { ByteReader, concat, fromBase64url, utf8 } from "./bytes.ts";
import type { Ed25519 } from "./ed25519.ts";
import { RefusalError } from "./refusal.ts";

export const DAY = 86_400_000;
/** Twins of `counsel/limits.py`: a shift lasts 4 h 30 at most, a statement has 1,200 bytes. */
const DUTY_AT_MOST = 4.5 * 3_600_000;
const STATEMENT_AT_MOST = 1_200;

export interface Span {
  /** ms, first instant. */
  readonly from: number;
  /** ms, first instant after. */
  readonly until: number;
}

export type Kind = "root" | "issuer" | "device" | "duty" | "head" | "directory" | "sealing";
type FieldName =
  | ("kind" | "v" | "from" | "until" | "name" | "key" | "demo" | "roles" | "root")
  | ("person" | "role" | "issuer" | "certificate" | "duties" | "daily" | "offline")
  | ("size" | "head" | "hash" | "region" | "version" | "desk");
/** What a payload says, unchecked. Fields nobody knows yet are left alone. */
export type Fields = Readonly<Partial<Record<FieldName, unknown>>>;

export interface Statement {
  readonly bytes: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

export function unreadable(detail: string): RefusalError {
  return new RefusalError("certificate-unreadable", detail);
}

/** The statement that comes next in these bytes. */
export function takeStatement(reader: ByteReader): Statement {
  const payload = reader.prefixed();
  const signature = reader.take(64);
  const length = Uint8Array.of(payload.length >> 8, payload.length & 255);
  const bytes = concat(length, payload, signature);
  if (!reader.whole || bytes.length > STATEMENT_AT_MOST) throw unreadable("no whole statement");
  return { bytes, payload, signature };
}

/** The statements that lie one behind the other in these bytes. */
export function splitStatements(bytes: Uint8Array): Statement[] {
  const reader = new ByteReader(bytes);
  const found: Statement[] = [];
  while (!reader.empty) found.push(takeStatement(reader));
  return found;
}

/** The same in twos: an issuer's statement and what that issuer signed. */
export function splitPairs(bytes: Uint8Array): [Statement, Statement][] {
  const statements = splitStatements(bytes);
  if (statements.length % 2 !== 0) throw unreadable("a statement without its issuer");
  return statements.flatMap((signed, index) => {
    const issuer = statements[index - 1];
    return issuer === undefined || index % 2 === 0 ? [] : [[issuer, signed]];
  });
}

export function parse(kind: Kind, payload: Uint8Array): Fields {
  let fields: unknown;
  try {
    fields = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch {
    throw unreadable("not JSON");
  }
  if (typeof fields !== "object" || fields === null) throw unreadable("no object");
  const found = fields as Fields;
  if (found.kind !== kind || found.v !== 1) throw unreadable(`no ${kind} statement`);
  return found;
}

/** Its fields, once the signature is right. Nothing of a statement is read before. */
export async function open(
  curve: Ed25519,
  kind: Kind,
  statement: Statement | undefined,
  key: Uint8Array,
): Promise<Fields> {
  if (statement === undefined) throw unreadable("no statement");
  const signed = concat(utf8(`counsel statement 1\0${kind}\0`), statement.payload);
  if (!(await curve.verify(key, signed, statement.signature))) {
    throw new RefusalError("certificate-forged", `${kind} signature`);
  }
  return parse(kind, statement.payload);
}

export function word(fields: Fields, name: FieldName): string {
  const value = fields[name];
  if (typeof value === "string" && value !== "") return value;
  throw unreadable(`${name} is no word`);
}

export function words(fields: Fields, name: FieldName): readonly string[] {
  const value = fields[name];
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw unreadable(`${name} are no words`);
}

export function flag(fields: Fields, name: FieldName): boolean {
  const value = fields[name];
  if (typeof value === "boolean") return value;
  throw unreadable(`${name} is neither true nor false`);
}

/** A whole number of 32 bits. */
export function count(fields: Fields, name: FieldName): number {
  const value = fields[name];
  if (typeof value === "number" && value === value >>> 0) return value;
  throw unreadable(`${name} is no number`);
}

export function keyOf(fields: Fields, name: FieldName): Uint8Array {
  const key = fromBase64url(word(fields, name));
  if (key?.length === 32) return key;
  throw unreadable(`${name} is no key`);
}

function instant(fields: Fields, name: FieldName, layout: RegExp, rest: string): number {
  const value = word(fields, name);
  const at = layout.test(value) ? Date.parse(value + rest) : Number.NaN;
  // What does not come back as it went in is no date: 30 February would be read as 2 March.
  const same = !Number.isNaN(at) && new Date(at).toISOString().startsWith(value.replace("Z", ""));
  if (!same) throw unreadable(`${name} is no time`);
  return at;
}

/** The days of a statement, first and last both included. */
export function days(fields: Fields): Span {
  const layout = /^\d{4}-\d{2}-\d{2}$/;
  const from = instant(fields, "from", layout, "T00:00:00Z");
  const last = instant(fields, "until", layout, "T00:00:00Z");
  if (last < from) throw unreadable("ends before it begins");
  return { from, until: last + DAY };
}

const MINUTE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/;

/** When a head was signed, ms: it says no more than that. */
export function moment(fields: Fields): number {
  const at = instant(fields, "from", MINUTE, "");
  if (at === instant(fields, "until", MINUTE, "")) return at;
  throw unreadable("a head has one instant");
}

export function minutes(fields: Fields): Span {
  const from = instant(fields, "from", MINUTE, "");
  const until = instant(fields, "until", MINUTE, "");
  if (until <= from) throw unreadable("ends before it begins");
  if (until - from > DUTY_AT_MOST) throw new RefusalError("certificate-too-long", "a shift");
  return { from, until };
}
