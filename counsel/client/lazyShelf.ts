/** When a shelf is put up: not before something is laid on it. */

import type { Row, RowChange, Shelf, Space } from "./memoryShelf.ts";
import { putUp } from "./shelf.ts";

/**
 * A shelf that is only put up when something is laid on it: who just looks leaves no database
 * behind, not even an empty one.
 */
class LazyShelf implements Shelf {
  private readonly name: string;
  private inner: Shelf | null = null;

  constructor(name: string, inner: Shelf | null) {
    this.name = name;
    this.inner = inner;
  }

  /** Until it is put up, as far as anybody knows. */
  get durable(): boolean {
    return this.inner?.durable ?? true;
  }

  async spaces(): Promise<readonly Space[]> {
    return (await this.inner?.spaces()) ?? [];
  }

  async addSpace(space: Space): Promise<void> {
    this.inner ??= await putUp(this.name);
    await this.inner.addSpace(space);
  }

  async dropSpace(id: string): Promise<void> {
    await this.inner?.dropSpace(id);
  }

  async replaceSpace(from: string, to: Space, rows: readonly Row[]): Promise<boolean> {
    return (await this.inner?.replaceSpace(from, to, rows)) ?? false;
  }

  async row(space: string, name: string): Promise<Row | null> {
    return (await this.inner?.row(space, name)) ?? null;
  }

  async rows(space: string, prefix: string): Promise<readonly Row[]> {
    return (await this.inner?.rows(space, prefix)) ?? [];
  }

  async write(space: string, changes: readonly RowChange[]): Promise<boolean> {
    return (await this.inner?.write(space, changes)) ?? false;
  }

  async handle(space: string, name: string): Promise<CryptoKey | null> {
    return (await this.inner?.handle(space, name)) ?? null;
  }

  async putHandle(space: string, name: string, key: CryptoKey | null): Promise<void> {
    await this.inner?.putHandle(space, name, key);
  }

  async destroy(): Promise<void> {
    const { inner } = this;
    this.inner = null;
    await inner?.destroy();
  }

  close(): void {
    this.inner?.close();
  }
}

/** The shelf of this name; what lies on it already is there. */
export async function openShelf(name: string): Promise<Shelf> {
  return new LazyShelf(name, (await isThere(name)) ? await putUp(name) : null);
}

async function isThere(name: string): Promise<boolean> {
  try {
    return (await indexedDB.databases()).some((database) => database.name === name);
  } catch {
    return true; // Browsers that cannot tell: found out by opening.
  }
}
