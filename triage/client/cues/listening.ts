/** The ear of one talk on the seeker's phone: what it remembers, sealed, and the card it shows. */

import type { Intake } from "../intake/intake.ts";
import { attend, type Memory, type Result, readMemory, writeMemory } from "./ear.ts";
import { hear } from "./rules.ts";

/** "" for none; `raised`: one step up was asked for with it. */
export type Card = "" | "asks" | "raised";

export class Listening {
  private readonly keep: (text: string) => void;
  private memory: Memory;
  private shown: Card = "";
  private readonly listeners = new Set<(card: Card) => void>();

  constructor(keep: (text: string) => void, kept = "") {
    this.keep = keep;
    this.memory = readMemory(kept);
  }

  get card(): Card {
    return this.shown;
  }

  subscribe(listener: (card: Card) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Words that are kept or were sent. With nobody there the card comes up, if one is due. */
  hear(text: string, { alone, calm }: { alone: boolean; calm: boolean }): Result {
    const result = attend(this.memory, text, calm || !alone);
    this.memory = result.memory;
    this.keep(writeMemory(result.memory));
    if (alone && result.card) this.show(result.raise ? "raised" : "asks");
    return result;
  }

  /** Answered, put off, or overtaken by somebody who came. It does not come again. */
  putAway(): void {
    this.show("");
  }

  private show(card: Card): void {
    this.shown = card;
    for (const listener of this.listeners) listener(card);
  }
}

/** Milliseconds after a talk has opened: nobody types then, and the tables are made in between. */
const WARM_AFTER = 1_500;

/** Makes the tables before the first words need them. Gives what calls it off. */
export function warm(): () => void {
  const timer = setTimeout(() => hear("好 ok"), WARM_AFTER);
  return () => clearTimeout(timer);
}

const WELL: readonly (string | undefined)[] = [undefined, "safe", "none"];

/** No answer so far said anything but well; what was skipped has asked nobody. */
export function isCalm({ answers, danger }: Intake): boolean {
  return danger === "" && WELL.includes(answers["safe"]) && WELL.includes(answers["wish"]);
}
