/**
 * A talk that goes to the next person, as a desk deals with it from either side. What the board says
 * and what the group says are brought together here; each step that needs nobody is done by itself,
 * also after a reload, because both are looked at anew whenever one of them changes.
 */

import type { Coming } from "../../../chat/client/succeeding.ts";
import type { BoardFrame, Colleague, Handover } from "../../../counsel/client/contract.ts";
import { BoardRefusalError } from "../boardEvents.ts";
import { fromHex, toHex } from "../boardView.ts";
import type { Hands } from "../hands.ts";
import type { Proofs } from "../proofs.ts";

export type HandingCommand = Extract<
  BoardFrame,
  {
    readonly kind:
      | ("WhoCould" | "HandOver" | "ComeAfter" | "NotMe" | "KeepTalk")
      | ("LetGo" | "KeyAfter" | "OpenAfter");
  }
>;

/** One handover as it is shown. */
export interface Passage {
  readonly handover: number;
  readonly ref: string;
  readonly caseCode: string;
  readonly tier: number;
  readonly topics: readonly string[];
  /** As the server says: `asked`, `accepted`, `ready`; to whoever has it also what became of it. */
  readonly state: string;
  /** I have the talk, or had it; else I am asked. */
  readonly mine: boolean;
  /** The other one, as the server says. */
  readonly name: string;
  /** Who comes, once their key has proved it; null where it did not, and before. */
  readonly coming: Coming | null;
  readonly unproved: boolean;
}

export interface HandingParts {
  handing(command: HandingCommand): Promise<BoardFrame>;
  readonly hands: Pick<Hands, "talk" | "get">;
  readonly proofs: Pick<Proofs, "papers" | "openAfter">;
  ask(question: () => Promise<void>): Promise<void>;
  /** The talk is mine. */
  show(ref: string): void;
  changed(passages: readonly Passage[]): void;
}

const OPEN: readonly string[] = ["asked", "accepted", "ready"];
/** Milliseconds the board is given to name a handover the group speaks of. */
const NAMED_WITHIN = 2_000;
/** Milliseconds after which what could not be opened is tried again. */
const AGAIN = 3_000;

export class Handing {
  private readonly parts: HandingParts;
  private rows: readonly Handover[] = [];
  private readonly proved = new Map<number, Coming | null>();
  private readonly looking = new Set<number>();
  private readonly letting = new Set<number>();
  private readonly opening = new Set<number>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private closed = false;

  constructor(parts: HandingParts) {
    this.parts = parts;
  }

  /** What the board says. */
  heard(rows: readonly Handover[]): void {
    this.rows = rows;
    this.publish();
    this.tend();
  }

  /** Who could go on with this talk. Rejects with a `code`. */
  async whoCould(ref: string): Promise<readonly Colleague[]> {
    const answer = await this.parts.handing({ kind: "WhoCould", ref: fromHex(ref) });
    return answer.kind === "Could" ? answer.rows : [];
  }

  /** 0: whoever is next. */
  async handOver(ref: string, staff: number): Promise<void> {
    await this.say({ kind: "HandOver", ref: fromHex(ref), staff });
  }

  /** I come. */
  async come(handover: number): Promise<void> {
    const row = this.row(handover);
    if (row === undefined) return;
    await this.parts.ask(async () => {
      const papers = await this.parts.proofs.papers(row.groupId);
      await this.parts.handing({ kind: "ComeAfter", handover, ...papers });
    });
  }

  async notMe(handover: number): Promise<void> {
    await this.say({ kind: "NotMe", handover });
  }

  /** It stays with me. What the seeker was told is taken back when the board says so. */
  async keep(handover: number): Promise<void> {
    await this.say({ kind: "KeepTalk", handover });
  }

  /** The seeker is told who comes, with these lines to say yes to. */
  async tell(handover: number, summary: string): Promise<void> {
    const row = this.row(handover);
    const coming = this.proved.get(handover);
    if (row === undefined || !coming) return;
    await this.parts.hands.talk(toHex(row.ref))?.nameNext?.(coming, summary.trim());
  }

  /** They do not look, and I cannot wait: whoever comes comes without the lines. */
  async goAnyway(handover: number): Promise<void> {
    await this.say({ kind: "LetGo", handover });
  }

  /** Whatever is next and needs nobody. Cheap to call. */
  tend(): void {
    if (this.closed) return;
    for (const row of this.rows) {
      if (row.mine === 1 && row.state === "accepted") {
        void this.look(row);
        this.letGo(row);
      } else if (row.mine === 0 && row.state === "ready") {
        void this.sitDown(row);
      }
    }
  }

  /** A talk of mine in whose group somebody is named whom the board does not name: taken back. */
  check(refs: readonly string[]): void {
    for (const ref of refs) {
      if (!this.isNamedInVain(ref) || this.timers.has(ref)) continue;
      const again = (): void => {
        this.timers.delete(ref);
        if (!this.closed && this.isNamedInVain(ref)) {
          void this.parts.hands.talk(ref)?.nameNext?.(null, "");
        }
      };
      this.timers.set(ref, setTimeout(again, NAMED_WITHIN));
    }
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private isNamedInVain(ref: string): boolean {
    const named = this.parts.hands.get(ref)?.view?.handover !== undefined;
    const open = this.rows.some((row) => toHex(row.ref) === ref && OPEN.includes(row.state));
    return named && !open;
  }

  private row(handover: number): Handover | undefined {
    return this.rows.find((one) => one.handover === handover);
  }

  private async say(command: HandingCommand): Promise<void> {
    await this.parts.ask(async () => {
      await this.parts.handing(command);
    });
  }

  private async look(row: Handover): Promise<void> {
    const talk = this.parts.hands.talk(toHex(row.ref));
    const known = this.proved.has(row.handover) || this.looking.has(row.handover);
    if (!talk?.whoComes || known || row.identity.length === 0) return;
    this.looking.add(row.handover);
    const coming = await talk.whoComes(row).catch(() => null);
    this.looking.delete(row.handover);
    this.proved.set(row.handover, coming);
    this.publish();
  }

  /** The seeker has answered about this very person: they may come now. */
  private letGo({ handover, ref }: Handover): void {
    const named = this.parts.hands.get(toHex(ref))?.view?.handover;
    const coming = this.proved.get(handover);
    const agreed = named?.certificate === coming?.certificate && (named?.answer ?? "") !== "";
    if (!coming || !agreed || this.letting.has(handover)) return;
    this.letting.add(handover);
    void this.parts
      .handing({ kind: "LetGo", handover })
      .catch(() => this.later(`let ${handover}`, () => this.letting.delete(handover)));
  }

  private async sitDown({ handover, ref }: Handover): Promise<void> {
    if (this.opening.has(handover)) return;
    this.opening.add(handover);
    try {
      const key = await this.parts.handing({ kind: "KeyAfter", handover });
      if (key.kind !== "NextKey") throw new BoardRefusalError("internal");
      const opening = await this.parts.proofs.openAfter(toHex(ref), key);
      await this.parts.handing({ kind: "OpenAfter", handover, ...opening });
      this.parts.show(toHex(ref));
    } catch {
      // Lost on the way, or over: where it is not over, the board still says that I may come.
      this.later(`open ${handover}`, () => this.opening.delete(handover));
    }
  }

  private later(name: string, forget: () => void): void {
    const again = (): void => {
      this.timers.delete(name);
      forget();
      this.tend();
    };
    if (!this.closed) this.timers.set(name, setTimeout(again, AGAIN));
  }

  private publish(): void {
    this.parts.changed(
      this.rows.map((row) => {
        const coming = this.proved.get(row.handover);
        const { handover, caseCode, tier, topics, state, name } = row;
        const shown = { handover, ref: toHex(row.ref), caseCode, tier, topics, state, name };
        const mine = row.mine === 1;
        return { ...shown, mine, coming: coming ?? null, unproved: coming === null };
      }),
    );
  }
}
