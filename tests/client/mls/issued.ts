/** The log of everything an organisation of these tests issued, as its issuers keep it. */

import { concat, equal, source, toBase64url, uint, utf8 } from "../../../counsel/client/bytes.ts";
import type { SigningKey } from "../../../counsel/client/ed25519.ts";
import type { Head } from "../../../counsel/client/staffLog.ts";

async function sha256(...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", source(concat(...parts))));
}

export interface Signer {
  readonly signer: SigningKey;
  readonly statement: Uint8Array;
}

export type State = (
  signer: SigningKey,
  kind: string,
  fields: Record<string, unknown>,
) => Promise<Uint8Array>;

export class Issued {
  rows: Uint8Array[] = [];
  private readonly rootKey: Uint8Array;
  private readonly state: State;

  constructor(rootKey: Uint8Array, state: State) {
    this.rootKey = rootKey;
    this.state = state;
  }

  private static row(statement: Uint8Array): Promise<Uint8Array> {
    return sha256(utf8("counsel log 1\0"), statement);
  }

  async add(statement: Uint8Array): Promise<void> {
    this.rows.push(concat(Uint8Array.of(1), await Issued.row(statement)));
  }

  async revoke(statement: Uint8Array): Promise<void> {
    const row = await Issued.row(statement);
    const index = this.rows.findIndex((one) => one[0] === 1 && equal(one.subarray(1), row));
    this.rows.push(concat(Uint8Array.of(2), uint(index, 4), new Uint8Array(28)));
  }

  /** Another history that begins as this one does. */
  fork(rows = this.rows.length): Issued {
    const other = new Issued(this.rootKey, this.state);
    other.rows = this.rows.slice(0, rows);
    return other;
  }

  async head(): Promise<Head> {
    let hash = await sha256(utf8("counsel log 1\0"), this.rootKey);
    for (const row of this.rows) hash = await sha256(hash, row);
    return { size: this.rows.length, hash };
  }

  /** What a server ships: signed `at` by this issuer. */
  async file({ signer, statement }: Signer, at: string): Promise<Uint8Array> {
    const { size, hash } = await this.head();
    const issuer = toBase64url(signer.publicKey);
    const fields = { size, hash: toBase64url(hash), issuer, from: at, until: at };
    return concat(statement, await this.state(signer, "head", fields), ...this.rows);
  }
}
