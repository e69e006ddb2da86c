/**
 * What comes of what is heard, over a whole talk: one card at most and one step up at most, never
 * down, and nothing stops. Nobody waits for it: words are sent or kept as if it were not there.
 */

import { hear, type Level, ready } from "./rules.ts";

/** Two sentences that are too little alone are enough together. */
const ENOUGH = 2;

export interface Memory {
  /** The card was shown, or the person who is there was told. */
  readonly shown: boolean;
  /** One step up was asked for. */
  readonly raised: boolean;
  /** How many sentences were too little alone. */
  readonly counted: number;
}

export const NOTHING_HEARD: Memory = { shown: false, raised: false, counted: 0 };

export interface Result {
  readonly memory: Memory;
  /** Show the card, or tell whoever is there. */
  readonly card: boolean;
  /** Ask the queue for one step up. */
  readonly raise: boolean;
}

/**
 * What to do about words that were just sent, or are about to be kept or sealed; no words at all
 * make the rules ready. `calm`: all answers so far were well, so nothing has asked yet.
 */
export function attend(memory: Memory, text: string, calm: boolean): Result {
  if (text === "") {
    ready();
    return { memory, card: false, raise: false };
  }
  const { level } = hear(text);
  const counted = memory.counted + (level === "count" ? 1 : 0);
  const asks = level === "ask" || (level === "count" && counted >= ENOUGH);
  const raise = level === "raise" && !memory.raised;
  const card = !memory.shown && (level === "raise" || (asks && calm));
  return {
    memory: { shown: memory.shown || card, raised: memory.raised || raise, counted },
    card,
    raise,
  };
}

/** The gravest of what somebody else's words say; for whoever reads them with the person. */
export function gravest(texts: readonly string[]): Level {
  let memory = NOTHING_HEARD;
  let found: Level = "none";
  for (const text of texts) {
    const result = attend(memory, text, true);
    if (result.raise) found = "raise";
    else if (result.card && found === "none") found = "ask";
    memory = result.memory;
  }
  return found;
}

export function writeMemory(memory: Memory): string {
  return JSON.stringify(memory);
}

/** Whatever was kept by another build, or nothing: then nothing was heard yet. */
export function readMemory(kept: string): Memory {
  try {
    const { shown, raised, counted } = JSON.parse(kept) as Partial<Memory>;
    return { shown: shown === true, raised: raised === true, counted: Number(counted) || 0 };
  } catch {
    return NOTHING_HEARD;
  }
}
