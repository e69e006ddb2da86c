/**
 * The log of everything issued, as it is shipped: whole, its head signed by an issuer who is in it.
 *
 *     file  = issuer statement ‖ head statement ‖ rows
 *     row   = u8 1 ‖ SHA-256("counsel log 1" ‖ 0 ‖ statement)   an issuer or a device
 *           | u8 2 ‖ u32 index of that row ‖ 28 zero bytes      which holds no longer
 *     chain = SHA-256("counsel log 1" ‖ 0 ‖ root key), then for each row SHA-256(chain ‖ row)
 *
 * The server's twin is `counsel/keys/log.py`; both read `tests/vectors/statements.json`.
 */

import { ByteReader, concat, equal, source, toBase64url, uint } from "./bytes.ts";
import type { Ed25519 } from "./ed25519.ts";
import { type Issuer, logDigest, readIssuer } from "./issuers.ts";
import { RefusalError } from "./refusal.ts";
import { count, keyOf, moment, open, takeStatement, unreadable } from "./statements.ts";

const ROW = 33;
const HASH = 32;
const ISSUED = 1;
const REVOKED = 2;

/** So many rows and the hash over them: what members of a talk tell each other. */
export interface Head {
  readonly size: number;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

export class StaffLog implements Head {
  readonly size: number;
  /** ms, by the clock of the issuer who signed. */
  readonly signedAt: number;
  readonly rows: Uint8Array;
  /** `size + 1` hashes, one behind the other. */
  readonly chain: Uint8Array;
  private readonly places = new Map<string, number>();
  private readonly gone = new Set<number>();

  private constructor(rows: Uint8Array, chain: Uint8Array, signedAt: number) {
    this.size = rows.length / ROW;
    this.rows = rows;
    this.chain = chain;
    this.signedAt = signedAt;
    for (let index = 0; index < this.size; index++) this.read(rows, index);
  }

  /**
   * Throws `RefusalError`. Nothing of the rows is read before the head over them is right. What was
   * hashed for the log `before` is not hashed again.
   */
  static async open(
    curve: Ed25519,
    file: Uint8Array,
    rootKey: Uint8Array,
    before: StaffLog | null = null,
  ): Promise<StaffLog> {
    const reader = new ByteReader(file);
    const issuer = await readIssuer(curve, takeStatement(reader), rootKey);
    const fields = await open(curve, "head", takeStatement(reader), issuer.key);
    if (!equal(keyOf(fields, "issuer"), issuer.key)) {
      throw new RefusalError("certificate-forged", "the head names another issuer");
    }
    const signedAt = moment(fields);
    if (signedAt < issuer.from || signedAt >= issuer.until) {
      throw new RefusalError("certificate-dates", "signed when its issuer was none");
    }
    const rows = reader.rest();
    if (rows.length % ROW !== 0) throw unreadable("no whole rows");
    const chain = await chainOver(rows, rootKey, before);
    const log = new StaffLog(rows, chain, signedAt);
    const [size, hash] = [count(fields, "size"), keyOf(fields, "hash")];
    if (size !== log.size || !equal(hash, log.hash)) {
      throw new RefusalError("log-split", "the head is of other rows");
    }
    log.require([issuer]);
    return log;
  }

  private read(rows: Uint8Array, index: number): void {
    const row = rows.subarray(index * ROW, (index + 1) * ROW);
    if (row[0] === ISSUED) {
      const commitment = toBase64url(row.subarray(1));
      if (!this.places.has(commitment)) this.places.set(commitment, index);
      return;
    }
    const what = new ByteReader(row.subarray(1, 5)).number(4);
    const plain = row.subarray(5).every((byte) => byte === 0);
    if (row[0] !== REVOKED || !plain || what >= index || rows[what * ROW] !== ISSUED) {
      throw unreadable(`row ${index} of the log`);
    }
    this.gone.add(what);
  }

  get hash(): Uint8Array {
    return this.hashAt(this.size);
  }

  private hashAt(size: number): Uint8Array {
    return this.chain.slice(size * HASH, (size + 1) * HASH);
  }

  /** Whether somebody who knows only the first rows, or just as many, knows these. */
  agrees(head: Head): boolean {
    return head.size <= this.size && equal(this.hashAt(head.size), head.hash);
  }

  knows({ commitment }: Pick<Issuer, "commitment">): boolean {
    return this.places.has(commitment);
  }

  /** Its row, from 0; null: it was never issued. */
  placeOf({ commitment }: Pick<Issuer, "commitment">): number | null {
    return this.places.get(commitment) ?? null;
  }

  /** It was issued and not revoked. */
  holds({ commitment }: Pick<Issuer, "commitment">): boolean {
    const place = this.places.get(commitment);
    return place !== undefined && !this.gone.has(place);
  }

  /** Throws `certificate-unlogged` or `certificate-revoked` unless each was issued and holds. */
  require(issued: readonly Pick<Issuer, "commitment">[]): void {
    for (const { commitment } of issued) {
      const place = this.places.get(commitment);
      if (place === undefined) throw new RefusalError("certificate-unlogged");
      if (this.gone.has(place)) throw new RefusalError("certificate-revoked", `row ${place}`);
    }
  }
}

async function chainOver(
  rows: Uint8Array,
  rootKey: Uint8Array,
  before: Pick<StaffLog, "rows" | "chain" | "size"> | null,
): Promise<Uint8Array> {
  const chain = new Uint8Array((rows.length / ROW + 1) * HASH);
  const known = before !== null && equal(before.rows, rows.subarray(0, before.rows.length));
  const from = known ? before.size : 0;
  chain.set(known ? before.chain : await logDigest(rootKey));
  let last = chain.slice(from * HASH, (from + 1) * HASH);
  for (let index = from; index < rows.length / ROW; index++) {
    const row = rows.subarray(index * ROW, (index + 1) * ROW);
    last = new Uint8Array(await crypto.subtle.digest("SHA-256", source(concat(last, row))));
    chain.set(last, (index + 1) * HASH);
  }
  return chain;
}

/** `u32 size ‖ 32 bytes`, as base64url. */
export function encodeHead({ size, hash }: Head): string {
  return toBase64url(concat(uint(size, 4), hash));
}
