/** What a shelf is, and the one that lies in memory: for browsers without a database. */

export interface Row {
  readonly name: string;
  readonly version: number;
  readonly iv: Uint8Array;
  readonly sealed: Uint8Array;
}

export interface Space {
  readonly id: string;
  /** The key itself for what is kept; for a tab only one of the two parts of it. */
  readonly key: CryptoKey;
  /** ms, a whole hour: when it was made. */
  readonly at: number;
}

export interface RowChange {
  readonly name: string;
  /** The version it must have now; 0: it must not exist. */
  readonly version: number;
  /** The row to put, null to delete, undefined to leave as it is. */
  readonly row: Row | null | undefined;
}

export interface Shelf {
  readonly durable: boolean;
  spaces(): Promise<readonly Space[]>;
  addSpace(space: Space): Promise<void>;
  dropSpace(id: string): Promise<void>;
  /** `to` takes the place of `from`, rows and all, if `from` still has exactly these versions. */
  replaceSpace(from: string, to: Space, rows: readonly Row[]): Promise<boolean>;
  row(space: string, name: string): Promise<Row | null>;
  rows(space: string, prefix: string): Promise<readonly Row[]>;
  /** All of it or nothing: false if a version differs or the space is gone. */
  write(space: string, changes: readonly RowChange[]): Promise<boolean>;
  handle(space: string, name: string): Promise<CryptoKey | null>;
  putHandle(space: string, name: string, key: CryptoKey | null): Promise<void>;
  /** Everything of every space, at once and for every tab. */
  destroy(): Promise<void>;
  close(): void;
}

/** Whether these are exactly the rows that were read, none changed since. */
export function sameVersions(found: readonly Row[], known: readonly Row[]): boolean {
  const versions = new Map(known.map((row) => [row.name, row.version]));
  return (
    found.length === known.length && found.every((row) => versions.get(row.name) === row.version)
  );
}

/** A shelf in memory: nothing on it survives the page. */
export class MemoryShelf implements Shelf {
  readonly durable: boolean = false;
  private readonly homes = new Map<string, Space>();
  private readonly held = new Map<string, Map<string, Row>>();
  private readonly keys = new Map<string, CryptoKey>();

  async spaces(): Promise<readonly Space[]> {
    return [...this.homes.values()];
  }

  async addSpace(space: Space): Promise<void> {
    this.homes.set(space.id, space);
    if (!this.held.has(space.id)) this.held.set(space.id, new Map());
  }

  async dropSpace(id: string): Promise<void> {
    this.homes.delete(id);
    this.held.delete(id);
  }

  async replaceSpace(from: string, to: Space, rows: readonly Row[]): Promise<boolean> {
    if (!sameVersions([...(this.held.get(from)?.values() ?? [])], rows)) return false;
    await this.dropSpace(from);
    this.homes.set(to.id, to);
    this.held.set(to.id, new Map(rows.map((row) => [row.name, row])));
    for (const [name, key] of [...this.keys]) {
      if (!name.startsWith(`${from} `)) continue;
      this.keys.delete(name);
      this.keys.set(`${to.id} ${name.slice(from.length + 1)}`, key);
    }
    return true;
  }

  async row(space: string, name: string): Promise<Row | null> {
    return this.held.get(space)?.get(name) ?? null;
  }

  async rows(space: string, prefix: string): Promise<readonly Row[]> {
    const rows = [...(this.held.get(space)?.values() ?? [])];
    const found = rows.filter((row) => row.name.startsWith(prefix));
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async write(space: string, changes: readonly RowChange[]): Promise<boolean> {
    const rows = this.held.get(space);
    if (rows === undefined) return false;
    const fits = changes.every((one) => (rows.get(one.name)?.version ?? 0) === one.version);
    if (!fits) return false;
    for (const { name, row } of changes) {
      if (row === null) rows.delete(name);
      else if (row !== undefined) rows.set(name, row);
    }
    return true;
  }

  async handle(space: string, name: string): Promise<CryptoKey | null> {
    return this.keys.get(`${space} ${name}`) ?? null;
  }

  async putHandle(space: string, name: string, key: CryptoKey | null): Promise<void> {
    if (key === null) this.keys.delete(`${space} ${name}`);
    else this.keys.set(`${space} ${name}`, key);
  }

  async destroy(): Promise<void> {
    this.homes.clear();
    this.held.clear();
    this.keys.clear();
  }

  close(): void {}
}
