/** What the queue tells whoever waits, as the waiting room reads it. Twin of `triage/queue/wire.py`. */

import { readStanding as readRecord, UNKNOWN } from "../request.ts";

export interface Standing {
  readonly ahead: number;
  /** Minutes it takes in most cases; null where nobody can tell. */
  readonly range: { readonly low: number; readonly high: number } | null;
  readonly nobody: boolean;
  readonly closed: boolean;
  readonly surge: boolean;
  /** Of a red: 0 none, 1 staff are called, 2 the supervisor too, 3 nobody is there. */
  readonly stage: number;
  readonly offered: boolean;
}

/** Null before the queue has said anything, and for what a newer server may say. */
export function readStanding(bytes: Uint8Array): Standing | null {
  try {
    const record = readRecord(bytes);
    if (record === null) return null;
    const { low, high, ...said } = record;
    const known = low !== UNKNOWN && high !== UNKNOWN;
    return {
      ahead: said.ahead,
      range: known ? { low, high } : null,
      nobody: said.nobody !== 0,
      closed: said.closed !== 0,
      surge: said.surge !== 0,
      stage: said.stage,
      offered: said.offered !== 0,
    };
  } catch {
    return null;
  }
}
