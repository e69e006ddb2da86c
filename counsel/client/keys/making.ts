/**
 * What an issuer's browser signs: device and duty statements, rows of the log and the head over them.
 * Reading is in `certificates.ts` and `staffLog.ts`; the ceremony's twin is `counsel/keys/issuing.py`.
 */

import { concat, source, toBase64url, uint, utf8 } from "../bytes.ts";
import { ed25519, type SigningKey } from "../ed25519.ts";
import { logDigest } from "../issuers.ts";
import type { Head } from "../staffLog.ts";
import type { Kind } from "../statements.ts";

const DAY = 86_400_000;
/** Twins of `counsel/limits.py`. */
const DEVICE_FOR = 90 * DAY;
const DUTY_AT_MOST = 4.5 * 3_600_000;
/** Statements begin a little before they are signed, because clocks differ. */
const DUTY_BEFORE = 15 * 60_000;
const DEVICE_BEFORE = DAY;

export interface Holder {
  readonly person: string;
  readonly role: string;
  readonly name: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

async function state(
  signer: SigningKey,
  kind: Kind,
  [from, until]: readonly [string, string],
  fields: Readonly<Record<string, unknown>>,
): Promise<Uint8Array> {
  const payload = utf8(JSON.stringify({ kind, v: 1, from, until, ...fields }));
  const signed = concat(utf8(`counsel statement 1\0${kind}\0`), payload);
  const signature = await (await ed25519()).sign(signer.secret, signed);
  return concat(uint(payload.length, 2), payload, signature);
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;
const issuerOf = (signer: SigningKey): string => toBase64url(signer.publicKey);

/** Whose device holds this key, for 90 days. The salt makes its row in the log say nothing. */
export function stateDevice(signer: SigningKey, holder: Holder, now: number): Promise<Uint8Array> {
  const from = now - DEVICE_BEFORE;
  const salt = toBase64url(crypto.getRandomValues(new Uint8Array(16)));
  const key = toBase64url(holder.key);
  const fields = { ...holder, key, issuer: issuerOf(signer), salt };
  return state(signer, "device", [day(from), day(from + DEVICE_FOR)], fields);
}

/** A desk's browser says which X25519 key letters to it are sealed to, as long as a card may hold. */
export function stateSealing(
  signer: SigningKey,
  { certificate, key }: { certificate: string; key: Uint8Array },
  now: number,
): Promise<Uint8Array> {
  const from = now - DEVICE_BEFORE;
  const fields = { certificate, key: toBase64url(key) };
  return state(signer, "sealing", [day(from), day(from + DEVICE_FOR)], fields);
}

/** This certificate (base64url) is on duty until then, or as long as one shift may be. */
export function stateDuty(
  signer: SigningKey,
  { certificate, until, head }: { certificate: string; until: number; head: Head },
  now: number,
): Promise<Uint8Array> {
  const from = now - DUTY_BEFORE;
  const last = Math.min(until, from + DUTY_AT_MOST);
  const known = { size: head.size, head: toBase64url(head.hash) };
  const fields = { certificate, issuer: issuerOf(signer), ...known };
  return state(signer, "duty", [minute(from), minute(last)], fields);
}

export function stateHead(signer: SigningKey, head: Head, now: number): Promise<Uint8Array> {
  const known = { size: head.size, hash: toBase64url(head.hash) };
  return state(signer, "head", [minute(now), minute(now)], {
    ...known,
    issuer: issuerOf(signer),
  });
}

/** A province's directory: its number and the hash of its body. */
export interface DirectoryEdition {
  readonly region: string;
  readonly version: number;
  /** SHA-256, 32 bytes. */
  readonly hash: Uint8Array;
}

export function stateDirectory(
  signer: SigningKey,
  { region, version, hash }: DirectoryEdition,
  now: number,
): Promise<Uint8Array> {
  const fields = { region, version, hash: toBase64url(hash), issuer: issuerOf(signer) };
  return state(signer, "directory", [minute(now), minute(now)], fields);
}

/** The row of a device statement. */
export async function issuedRow(statement: Uint8Array): Promise<Uint8Array> {
  return concat(Uint8Array.of(1), await logDigest(statement));
}

/** The row that takes back what row `place` stands for. */
export function revokedRow(place: number): Uint8Array {
  return concat(Uint8Array.of(2), uint(place, 4), new Uint8Array(28));
}

/** The head over one row more. */
export async function headAfter(head: Head, row: Uint8Array): Promise<Head> {
  const digest = await crypto.subtle.digest("SHA-256", source(concat(head.hash, row)));
  return { size: head.size + 1, hash: new Uint8Array(digest) };
}
