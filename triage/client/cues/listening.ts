/**
 * The ear of one talk on the seeker's phone: what it remembers, sealed, and the card it shows. The
 * rules come after the page, so that nobody waits for them; without them words pass unheard.
 */

import type { Intake } from "../intake/intake.ts";
import type { Memory, Result } from "./ear.ts";

/** "" for none; `raised`: one step up was asked for with it. */
export type Card = "" | "asks" | "raised";

type Ear = typeof import("./ear.ts");

export interface ListeningParts {
  /** Keeps the memory on this phone, sealed. */
  readonly keep: (text: string) => void;
  readonly load?: () => Promise<Ear>;
}

const UNHEARD = { card: false, raise: false };

export class Listening {
  private readonly parts: ListeningParts;
  private readonly kept: string;
  private ear: Promise<Ear> | null = null;
  private memory: Memory | null = null;
  private shown: Card = "";
  private readonly listeners = new Set<(card: Card) => void>();

  constructor(parts: ListeningParts, kept = "") {
    this.parts = parts;
    this.kept = kept;
  }

  get card(): Card {
    return this.shown;
  }

  subscribe(listener: (card: Card) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Fetches the rules and makes their tables while nobody types yet. */
  async warm(): Promise<void> {
    await this.hear("", { alone: true, calm: true });
  }

  /** Words that are kept or were sent. With nobody there the card comes up, if one is due. */
  async hear(
    text: string,
    how: { alone: boolean; calm: boolean },
  ): Promise<Omit<Result, "memory">> {
    const ear = await this.fetch();
    if (ear === null) return UNHEARD;
    const before = this.memory ?? ear.readMemory(this.kept);
    const { memory, ...result } = ear.attend(before, text, how.calm || !how.alone);
    if (memory !== before) this.parts.keep(ear.writeMemory(memory));
    this.memory = memory;
    if (how.alone && result.card) this.show(result.raise ? "raised" : "asks");
    return result;
  }

  /** Answered, put off, or overtaken by somebody who came. It does not come again. */
  putAway(): void {
    this.show("");
  }

  /** Null while there is no line to fetch them over; asked again with the next words. */
  private async fetch(): Promise<Ear | null> {
    const { load = () => import("./ear.ts") } = this.parts;
    this.ear ??= load();
    try {
      return await this.ear;
    } catch {
      this.ear = null;
      return null;
    }
  }

  private show(card: Card): void {
    this.shown = card;
    for (const listener of this.listeners) listener(card);
  }
}

const WELL: readonly (string | undefined)[] = [undefined, "safe", "none"];

/** No answer so far said anything but well; what was skipped has asked nobody. */
export function isCalm({ answers, danger }: Intake): boolean {
  return danger === "" && WELL.includes(answers["safe"]) && WELL.includes(answers["wish"]);
}
