/** The referrals of one phone: kept sealed, changed one after the other, shown after they are kept. */

import type { DeviceStore } from "../../../counsel/client/keys/keptKey.ts";
import { decodeKept, encodeKept, type Kept } from "./kept.ts";
import { spell } from "./letter.ts";

const RECORD = "referrals";

export async function readKept(store: DeviceStore, record = RECORD): Promise<readonly Kept[]> {
  const found = await store.read(record);
  return found === null ? [] : decodeKept(found.bytes);
}

export abstract class KeptBook {
  all: readonly Kept[];
  private readonly store: DeviceStore;
  private readonly listeners = new Set<(all: readonly Kept[]) => void>();
  private turn: Promise<unknown> = Promise.resolve();
  private over = false;

  private readonly record: string;

  constructor(store: DeviceStore, kept: readonly Kept[], record = RECORD) {
    this.record = record;
    this.store = store;
    this.all = kept;
  }

  subscribe(listener: (all: readonly Kept[]) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  protected find(ref: string): Kept | undefined {
    return this.all.find((one) => spell(one.ref) === ref);
  }

  protected change(ref: string, part: (one: Kept) => Partial<Kept>): Promise<void> {
    return this.inTurn(async () => {
      const one = this.find(ref);
      if (one !== undefined) await this.put(one, part(one));
    });
  }

  /** Only in a turn. */
  protected async put(one: Kept, part: Partial<Kept>): Promise<Kept> {
    const ref = spell(one.ref);
    const next = { ...(this.find(ref) ?? one), ...part };
    await this.become(this.all.map((other) => (spell(other.ref) === ref ? next : other)));
    return next;
  }

  /** From here on nothing is kept: an answer that was still under way must not bring back what was erased. */
  close(): void {
    this.over = true;
  }

  protected async become(all: readonly Kept[]): Promise<void> {
    if (this.over) return;
    this.all = all;
    await this.store.put(this.record, all.length === 0 ? null : encodeKept(all));
    for (const listener of this.listeners) listener(all);
  }

  protected inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work, work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}
