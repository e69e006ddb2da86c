/**
 * Going on with somebody in danger whom their listener left, in a fresh group; and giving back a talk
 * this browser refuses to go on with.
 */

import type { BoardAsks } from "../boardAsks.ts";
import { fromHex } from "../boardView.ts";
import type { Hands } from "../hands.ts";

interface GoingOnParts {
  readonly board: Pick<BoardAsks, "takeOver" | "letGo">;
  readonly hands: Pick<Hands, "get" | "giveBack">;
  taking(take: () => Promise<string>): Promise<void>;
  ask(question: () => Promise<void>): Promise<void>;
  putAway(ref: string): void;
  stepOut(ref: string): Promise<void>;
}

export class GoingOn {
  private readonly parts: GoingOnParts;

  constructor(parts: GoingOnParts) {
    this.parts = parts;
  }

  /** A supervisor's own button; nobody is given anybody by the page itself. */
  async takeOver(caseCode: string): Promise<void> {
    await this.parts.taking(() => this.parts.board.takeOver(caseCode));
  }

  /** The talk goes back to its queue, and nothing of it stays here. A guest only leaves. */
  async letGo(ref: string): Promise<void> {
    const { board, hands, ask, putAway, stepOut } = this.parts;
    if ((hands.get(ref)?.since ?? 0) > 0) {
      await stepOut(ref);
      return;
    }
    await ask(async () => {
      await board.letGo(fromHex(ref));
      await hands.giveBack(ref);
      putAway(ref);
    });
  }
}
