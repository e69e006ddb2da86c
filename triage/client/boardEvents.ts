/** What a board tells a desk, and how it refuses. */

import type {
  Hand,
  Handover,
  Help,
  Ongoing,
  Visit,
  WaitPoint,
} from "../../counsel/client/contract.ts";
import type { BoardView, LinkState, Offer } from "./boardView.ts";
import type { DangerRow } from "./danger/steps.ts";

export interface BoardEvents {
  link(state: LinkState): void;
  board(view: BoardView): void;
  /** Null: nobody is offered any more. */
  offer(offer: Offer | null): void;
  /** Today's waits, for supervisors. */
  waits(points: readonly WaitPoint[]): void;
  /** Who may be in danger, the longest first. */
  dangers(rows: readonly DangerRow[]): void;
  /** Supervisors who ask to come in, and what became of my own wish. */
  visits(rows: readonly Visit[]): void;
  /** Talks that go on, for supervisors. */
  talks(rows: readonly Ongoing[]): void;
  /** Raised hands that concern me; `at`: milliseconds of this page's clock. */
  hands(rows: readonly Hand[], at: number): void;
  /** Help under way, as told at `at` (ms). */
  helps(rows: readonly Help[], at: number): void;
  /** Talks that are to go on with somebody else, from either side. */
  handovers(rows: readonly Handover[]): void;
  /** The sign-in of this browser is over: nothing is tried again. */
  signedOut(): void;
  /** This page is older or newer than the server: nothing is tried again. */
  outdated(): void;
}

/** Not done, and why: a code of the server, or `offline`. Nothing was changed, or the board says so. */
export class BoardRefusalError extends Error {
  readonly code: string;
  readonly retryAfter: number;
  constructor(code: string, retryAfter = 0) {
    super(code);
    this.name = "BoardRefusalError";
    this.code = code;
    this.retryAfter = retryAfter;
  }
}
