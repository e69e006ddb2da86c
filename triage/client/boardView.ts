/** What the board says, as the pages of staff use it. Pure. */

import type {
  Board,
  Hands,
  Mine as MineRecord,
  Offered,
  OnDuty,
  Waiting as WaitingRecord,
} from "../../counsel/client/contract.ts";

export type LinkState = "online" | "connecting" | "offline";

export interface Waiting extends Omit<WaitingRecord, "returned"> {
  readonly returned: boolean;
}

/** A talk of mine; `ref` in hexadecimal, so that it can be a key. */
export interface Mine extends Omit<MineRecord, "ref" | "returned"> {
  readonly ref: string;
  readonly returned: boolean;
}

export interface BoardView {
  readonly waiting: number;
  readonly rows: readonly Waiting[];
  readonly mine: readonly Mine[];
  readonly hands: Hands;
  /** Who is on duty, for supervisors. */
  readonly staff: readonly OnDuty[];
  /** When this was true, milliseconds of this page's clock. */
  readonly at: number;
}

/** Somebody is offered to me until `until`, milliseconds of this page's clock. */
export interface Offer extends Omit<Offered, "kind" | "seconds"> {
  readonly until: number;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function boardView(frame: Board, at: number): BoardView {
  return {
    waiting: frame.waiting,
    rows: frame.rows.map((row) => ({ ...row, returned: row.returned !== 0 })),
    mine: frame.mine.map((mine) => ({
      ...mine,
      ref: toHex(mine.ref),
      returned: mine.returned !== 0,
    })),
    hands: frame.hands,
    staff: frame.staff,
    at,
  };
}

export function offerOf({ seconds, kind: _, ...said }: Offered, at: number): Offer | null {
  return said.offer === 0 ? null : { ...said, until: at + seconds * 1_000 };
}
