/**
 * Where sealed rows lie: IndexedDB, or plain memory where a browser has none, forbids it or lets it
 * hang. A shelf knows nothing of keys and words; `vault.ts` seals what comes here.
 *
 * Rows are grouped in *spaces*, one per way of keeping them; a space that is gone takes no writes,
 * so a page that was overtaken by another cannot put anything back.
 */

import {
  MemoryShelf,
  type Row,
  type RowChange,
  type Shelf,
  type Space,
  sameVersions,
} from "./memoryShelf.ts";

type Stores = "spaces" | "rows" | "handles";
const STORES: readonly Stores[] = ["spaces", "rows", "handles"];

/** Safari 14 may never answer the first `open` after a start; nobody should wait for that. */
const OPEN_WITHIN = 3_000;

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    const timer = setTimeout(() => reject(new Error("the database does not answer")), OPEN_WITHIN);
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store);
    };
    request.onerror = () => reject(request.error ?? new Error("no database"));
    request.onsuccess = () => {
      clearTimeout(timer);
      resolve(request.result);
    };
  });
}

function within(space: string, prefix = ""): IDBKeyRange {
  return IDBKeyRange.bound([space, prefix], [space, `${prefix}\uffff`]);
}

class DatabaseShelf implements Shelf {
  readonly durable = true;
  private readonly name: string;
  private database: IDBDatabase;
  private gone = false;

  constructor(name: string, database: IDBDatabase) {
    this.name = name;
    this.database = database;
    this.adopt(database);
  }

  private adopt(database: IDBDatabase): void {
    this.database = database;
    // Another tab destroys everything: let go at once, or its wish would wait for ours.
    database.onversionchange = () => {
      this.gone = true;
      database.close();
    };
  }

  /** One transaction. `work` sets the result; aborting gives null. */
  private async run<T>(
    mode: IDBTransactionMode,
    work: (
      stores: Record<Stores, IDBObjectStore>,
      give: (value: T) => void,
      tx: IDBTransaction,
    ) => void,
  ): Promise<T | null> {
    if (this.gone) return null;
    const tx = await this.begin(mode);
    return new Promise((resolve, reject) => {
      let found: T | null = null;
      tx.oncomplete = () => resolve(found);
      tx.onabort = () => (tx.error === null ? resolve(null) : reject(tx.error));
      const stores = Object.fromEntries(STORES.map((store) => [store, tx.objectStore(store)]));
      work(stores as Record<Stores, IDBObjectStore>, (value) => (found = value), tx);
    });
  }

  private async begin(mode: IDBTransactionMode): Promise<IDBTransaction> {
    try {
      return this.transaction(mode);
    } catch {
      // A phone may close the connection behind a sleeping page's back.
      this.adopt(await openDatabase(this.name));
      return this.transaction(mode);
    }
  }

  private transaction(mode: IDBTransactionMode): IDBTransaction {
    // "strict": on disk before it counts, because keys must never go back. Unknown options are
    // ignored by older browsers.
    const options = { durability: "strict" } as const;
    return this.database.transaction([...STORES], mode, options);
  }

  async spaces(): Promise<readonly Space[]> {
    return (
      (await this.run<Space[]>("readonly", ({ spaces }, give) => {
        const request = spaces.getAll() as IDBRequest<Space[]>;
        request.onsuccess = () => give(request.result);
      })) ?? []
    );
  }

  async addSpace(space: Space): Promise<void> {
    await this.run("readwrite", ({ spaces }) => spaces.put(space, space.id));
  }

  async dropSpace(id: string): Promise<void> {
    await this.run("readwrite", (stores) => clear(stores, id));
  }

  async replaceSpace(from: string, to: Space, rows: readonly Row[]): Promise<boolean> {
    const done = await this.run<boolean>("readwrite", (stores, give, tx) => {
      const names = stores.handles.getAllKeys(within(from));
      const handles = stores.handles.getAll(within(from)) as IDBRequest<CryptoKey[]>;
      const request = stores.rows.getAll(within(from)) as IDBRequest<Row[]>;
      // Requests of one transaction are answered in order: the names and handles are there.
      request.onsuccess = () => {
        if (!sameVersions(request.result, rows)) return tx.abort();
        clear(stores, from);
        clear(stores, to.id);
        stores.spaces.put(to, to.id);
        for (const row of rows) stores.rows.put(row, [to.id, row.name]);
        handles.result.forEach((handle, index) => {
          const name = (names.result[index] as [string, string])[1];
          stores.handles.put(handle, [to.id, name]);
        });
        give(true);
      };
    });
    return done ?? false;
  }

  row(space: string, name: string): Promise<Row | null> {
    return this.run<Row | null>("readonly", (stores, give) => {
      const request = stores.rows.get([space, name]) as IDBRequest<Row | undefined>;
      request.onsuccess = () => give(request.result ?? null);
    });
  }

  async rows(space: string, prefix: string): Promise<readonly Row[]> {
    const found = await this.run<Row[]>("readonly", (stores, give) => {
      const request = stores.rows.getAll(within(space, prefix)) as IDBRequest<Row[]>;
      request.onsuccess = () => give(request.result);
    });
    return found ?? [];
  }

  async write(space: string, changes: readonly RowChange[]): Promise<boolean> {
    const done = await this.run<boolean>("readwrite", (stores, give, tx) => {
      const apply = (): void => {
        for (const { name, row } of changes) {
          if (row === null) stores.rows.delete([space, name]);
          else if (row !== undefined) stores.rows.put(row, [space, name]);
        }
        give(true);
      };
      let open = changes.length + 1;
      const check = (fits: boolean): void => {
        open -= 1;
        if (!fits) open = -1;
        if (open === 0) apply();
        else if (!fits) tx.abort();
      };
      const home = stores.spaces.count(space);
      home.onsuccess = () => open > 0 && check(home.result === 1);
      for (const { name, version } of changes) {
        const request = stores.rows.get([space, name]) as IDBRequest<Row | undefined>;
        request.onsuccess = () => open > 0 && check((request.result?.version ?? 0) === version);
      }
    });
    return done ?? false;
  }

  handle(space: string, name: string): Promise<CryptoKey | null> {
    return this.run<CryptoKey | null>("readonly", (stores, give) => {
      const request = stores.handles.get([space, name]) as IDBRequest<CryptoKey | undefined>;
      request.onsuccess = () => give(request.result ?? null);
    });
  }

  async putHandle(space: string, name: string, key: CryptoKey | null): Promise<void> {
    await this.run("readwrite", ({ handles }) =>
      key === null ? handles.delete([space, name]) : handles.put(key, [space, name]),
    );
  }

  async destroy(): Promise<void> {
    // Emptied first: deleting waits for other tabs, emptying does not.
    await this.run("readwrite", (stores) => {
      for (const store of STORES) stores[store].clear();
    });
    this.close();
    await new Promise<void>((resolve) => {
      const request = indexedDB.deleteDatabase(this.name);
      request.onsuccess = request.onerror = request.onblocked = () => resolve();
    });
  }

  close(): void {
    this.gone = true;
    this.database.close();
  }
}

function clear(stores: Record<Stores, IDBObjectStore>, space: string): void {
  stores.spaces.delete(space);
  stores.rows.delete(within(space));
  stores.handles.delete(within(space));
}

/** The browser's database, if it has one that answers and takes keys; else memory. */
export async function putUp(name: string): Promise<Shelf> {
  try {
    const shelf = new DatabaseShelf(name, await openDatabase(name));
    await tryKey(shelf);
    return shelf;
  } catch {
    return new MemoryShelf();
  }
}

/** Some private windows have a database that cannot hold a key: better found out now. */
async function tryKey(shelf: Shelf): Promise<void> {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, [
    "encrypt",
  ]);
  const trial = `trial ${Math.random()}`;
  await shelf.addSpace({ id: trial, key, at: 0 });
  await shelf.dropSpace(trial);
}
