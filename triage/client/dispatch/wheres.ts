/**
 * Where to go, on the computer of whoever asked, in one sealed record: it outlives the talk, because
 * somebody who has erased theirs may still be waiting for the help they wanted. It goes when the board
 * says that the help is over, and after `PLACE_KEPT_FOR` whatever anybody says.
 */

import { PLACE_KEPT_FOR_MS } from "../../../counsel/client/contract.ts";
import type { Drawer } from "../drafts.ts";
import { readWhere } from "./words.ts";

const NAME = "wheres";

export interface Note {
  /** As it came: `readWhere` reads it. */
  readonly place: string;
  /** What the dispatcher calls it; typed by whoever called. */
  readonly reference: string;
  /** When the place came, ms. */
  readonly at: number;
}

export class Wheres {
  private readonly drawer: Drawer;
  private readonly now: () => number;
  private readonly notes = new Map<number, Note>();
  private readonly read: Promise<void>;
  private work: Promise<void>;

  constructor(drawer: Drawer, now: () => number = () => Date.now()) {
    this.drawer = drawer;
    this.now = now;
    this.read = this.open();
    this.work = this.read;
  }

  get(help: number): Note | null {
    return this.notes.get(help) ?? null;
  }

  /** Once the record is read. */
  ready(): Promise<void> {
    return this.read;
  }

  /** Whether that was news. */
  async put(help: number, place: string, at: number): Promise<boolean> {
    await this.read;
    const before = this.notes.get(help);
    if (before?.place === place || readWhere(place) === null) return false;
    await this.write(() => this.notes.set(help, { place, at, reference: before?.reference ?? "" }));
    return true;
  }

  async refer(help: number, reference: string): Promise<void> {
    await this.write(() => {
      const note = this.notes.get(help);
      if (note !== undefined) this.notes.set(help, { ...note, reference });
    });
  }

  /** Forgets all but these, and what is too old. */
  async keepOnly(helps: readonly number[]): Promise<void> {
    await this.write(() => {
      for (const help of this.notes.keys()) if (!helps.includes(help)) this.notes.delete(help);
    });
  }

  /** What is too old goes, whether anybody told or not. Whether there was any. */
  async sweep(): Promise<boolean> {
    const before = this.now() - PLACE_KEPT_FOR_MS;
    if ([...this.notes.values()].every(({ at }) => at > before)) return false;
    await this.write(() => {
      for (const [help, { at }] of this.notes) if (at <= before) this.notes.delete(help);
    });
    return true;
  }

  private async open(): Promise<void> {
    try {
      const bytes = await this.drawer.read(NAME);
      const kept = bytes === null ? [] : JSON.parse(new TextDecoder().decode(bytes));
      for (const [help, note] of kept as [number, Note][]) this.notes.set(help, note);
    } catch {
      // Unreadable: the place is asked for again.
    }
  }

  /** One after the other, and the newest last. */
  private write(change: () => unknown): Promise<void> {
    const once = async (): Promise<void> => {
      const before = JSON.stringify([...this.notes]);
      change();
      const after = JSON.stringify([...this.notes]);
      if (after === before) return;
      await (this.notes.size === 0
        ? this.drawer.remove(NAME)
        : this.drawer.write(NAME, new TextEncoder().encode(after)));
    };
    this.work = this.work.then(once, once);
    return this.work;
  }
}
