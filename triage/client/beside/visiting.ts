/**
 * A supervisor beside a counsellor, as a desk deals with it: who asks, proved before a name is shown;
 * letting in and out; asking and going. The group itself is the talk's to change.
 */

import type { AskIn, Talking, Visit } from "../../../counsel/client/contract.ts";
import { BoardRefusalError } from "../boardEvents.ts";
import type { BoardLink } from "../boardLink.ts";
import { fromHex, toHex } from "../boardView.ts";
import type { Hands } from "../hands.ts";

export interface Wish {
  readonly visit: number;
  readonly ref: string;
  readonly caseCode: string;
  /** `asked`, `left`; of my own wish also `refused` and `silent`. */
  readonly state: string;
  /** My own. */
  readonly mine: boolean;
  /** Who asks, once their key has proved it; null where it did not. "" while it is looked at. */
  readonly name: string | null;
  /** A person has pressed: they are being let in. */
  readonly admitted: boolean;
}

interface VisitingParts {
  readonly board: Pick<BoardLink, "beside" | "visit">;
  readonly hands: Pick<Hands, "talk">;
  wish(talking: Talking): Promise<AskIn>;
  ask(question: () => Promise<void>): Promise<void>;
  changed(visits: readonly Wish[]): void;
}

export class Visiting {
  private readonly parts: VisitingParts;
  private rows: readonly Visit[] = [];
  private readonly names = new Map<number, string | null>();
  private readonly admitted = new Set<number>();

  constructor(parts: VisitingParts) {
    this.parts = parts;
  }

  /** What the board says. */
  heard(rows: readonly Visit[]): void {
    this.rows = rows;
    this.publish();
    for (const row of rows) {
      if (row.keyPackage.length > 0 && !this.names.has(row.visit)) {
        void this.look(row);
      } else if (row.state === "left") {
        this.parts.hands.talk(toHex(row.ref))?.takeOut?.();
      }
    }
  }

  /** Asks to come into a talk that somebody else has. */
  async askIn(caseCode: string): Promise<void> {
    await this.parts.ask(async () => {
      const talking = await this.parts.board.beside(caseCode);
      await this.parts.board.visit(await this.parts.wish(talking));
    });
  }

  /** A person lets them in. */
  admit(visit: number): void {
    const row = this.rows.find((one) => one.visit === visit);
    const talk = row && this.parts.hands.talk(toHex(row.ref));
    if (row && talk?.admit && this.names.get(visit)) {
      talk.admit(row);
      this.admitted.add(visit);
      this.publish();
    }
  }

  async turnDown(visit: number): Promise<void> {
    await this.parts.ask(() => this.parts.board.visit({ kind: "TurnDown", visit }));
  }

  /** The supervisor in this talk goes, by the wish of whoever has it. */
  takeOut(ref: string): void {
    this.parts.hands.talk(ref)?.takeOut?.();
  }

  /** I go: said in the group first, then my seat ends. */
  async stepOut(ref: string): Promise<void> {
    await this.parts.hands.talk(ref)?.stepOut?.();
    await this.parts.ask(async () => {
      try {
        await this.parts.board.visit({ kind: "StepOut", ref: fromHex(ref) });
      } catch (error) {
        // Taken out before the seat was given back: that is what was wanted.
        if (!(error instanceof BoardRefusalError && error.code === "no-seat")) throw error;
      }
    });
  }

  private async look(row: Visit): Promise<void> {
    const talk = this.parts.hands.talk(toHex(row.ref));
    if (!talk?.whoAsks) {
      return; // the talk is not open here yet: the next news looks again
    }
    this.names.set(row.visit, "");
    const name = await talk.whoAsks(row).catch(() => null);
    this.names.set(row.visit, name);
    this.publish();
  }

  private publish(): void {
    this.parts.changed(
      this.rows.map(({ visit, ref, caseCode, state, keyPackage }) => ({
        visit,
        ref: toHex(ref),
        caseCode,
        state,
        mine: keyPackage.length === 0 && state !== "left",
        name: this.names.get(visit) ?? (this.names.has(visit) ? null : ""),
        admitted: this.admitted.has(visit),
      })),
    );
  }
}
