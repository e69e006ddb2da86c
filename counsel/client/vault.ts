/**
 * What this device keeps of a talk, so that whoever takes the device reads nothing of it.
 *
 * Every record is sealed with AES-256-GCM; name and version are bound to it, so that records cannot
 * be swapped or set back one by one. The key never leaves the browser's key store as bytes:
 *
 * - *kept*: the seeker asked to keep the talk; a non-extractable key lies in IndexedDB.
 * - *tab*: the usual. The key is derived from two parts: one non-extractable in IndexedDB, one in
 *   this tab's sessionStorage. Closing the tab loses that one for good; what remains is unreadable
 *   and goes when the next page is opened.
 * - *memory*: no database here (private windows, old web views). The page says so; a reload forgets.
 *
 * What this does not stop: whoever reads the memory or the whole profile of a page that is open.
 */

import { concat, source, toBase64url, utf8 } from "./bytes.ts";
import { openShelf } from "./lazyShelf.ts";
import type { Row, RowChange, Shelf, Space } from "./memoryShelf.ts";

import { deleteTraces, holdSpace, livingSpaces, tabPart } from "./tab.ts";

export interface Found {
  readonly name: string;
  readonly version: number;
  readonly bytes: Uint8Array;
}

/** `bytes`: what to write, null to delete, undefined to only demand the version. */
export interface Change {
  readonly name: string;
  /** The version it must have now; 0: it must not exist. */
  readonly version: number;
  readonly bytes: Uint8Array | null | undefined;
}

const KEPT = "kept";
const HOUR = 3_600_000;
/** Without locks nobody knows whether another tab is alive; after this long it is not. */
const FORGOTTEN_AFTER = 12 * HOUR;

async function drawKey(): Promise<CryptoKey> {
  const algorithm = { name: "AES-GCM", length: 256 };
  return crypto.subtle.generateKey(algorithm, false, ["encrypt", "decrypt"]) as Promise<CryptoKey>;
}

/** The half that stays in the database: alone it opens nothing. */
async function drawHalf(): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256", length: 256 };
  return crypto.subtle.generateKey(algorithm, false, ["sign"]) as Promise<CryptoKey>;
}

async function joinHalves(half: CryptoKey, part: Uint8Array): Promise<CryptoKey> {
  const bytes = await crypto.subtle.sign("HMAC", half, source(concat(utf8("tab key 1\0"), part)));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function boundTo(name: string, version: number): Uint8Array<ArrayBuffer> {
  return utf8(`counsel record 1\0${name}\0${version}`);
}

interface Home {
  readonly space: Space;
  readonly key: CryptoKey;
  readonly kept: boolean;
}

async function drawHome(kept: boolean): Promise<{ home: Home; part: Uint8Array | null }> {
  const at = Math.floor(Date.now() / HOUR) * HOUR;
  if (kept) {
    const key = await drawKey();
    return { home: { space: { id: KEPT, key, at }, key, kept }, part: null };
  }
  const part = crypto.getRandomValues(new Uint8Array(32));
  const half = await drawHalf();
  const id = toBase64url(crypto.getRandomValues(new Uint8Array(9)));
  return { home: { space: { id, key: half, at }, key: await joinHalves(half, part), kept }, part };
}

export class Vault {
  private readonly name: string;
  private readonly shelf: Shelf;
  private home: Home;
  /** The tab's part of the key, until the space is really made. */
  private unborn: Uint8Array | null | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(name: string, shelf: Shelf, home: Home, unborn?: Uint8Array | null) {
    this.name = name;
    this.shelf = shelf;
    this.home = home;
    this.unborn = unborn;
  }

  /** Opens what this tab may read, and removes what no tab can read any more. Never throws. */
  static async open(name: string, options: { keep?: boolean; shelf?: Shelf } = {}): Promise<Vault> {
    const shelf = options.shelf ?? (await openShelf(name));
    const spaces = await shelf.spaces().catch(() => []);
    const mine = tabPart(name).read();
    await sweep(name, shelf, spaces, mine?.space);
    const own = mine && spaces.find((space) => space.id === mine.space);
    if (own) {
      holdSpace(name, own.id);
      return new Vault(name, shelf, {
        space: own,
        key: await joinHalves(own.key, mine.part),
        kept: false,
      });
    }
    const kept = spaces.find((space) => space.id === KEPT);
    if (kept) return new Vault(name, shelf, { space: kept, key: kept.key, kept: true });
    const { home, part } = await drawHome(options.keep ?? false);
    return new Vault(name, shelf, home, part);
  }

  /** `memory`: a reload forgets everything, and the page should say so. */
  get holds(): "kept" | "tab" | "memory" {
    if (this.home.kept && this.shelf.durable) return "kept";
    return this.shelf.durable && tabPart(this.name).possible ? "tab" : "memory";
  }

  async read(name: string): Promise<Found | null> {
    const row = await this.shelf.row(this.home.space.id, name);
    return row === null ? null : this.unseal(row);
  }

  /** Every record whose name begins so, by name. */
  async list(prefix: string): Promise<readonly Found[]> {
    const rows = await this.shelf.rows(this.home.space.id, prefix);
    const found = await Promise.all(rows.map((row) => this.unseal(row)));
    return found.filter((one): one is Found => one !== null);
  }

  /**
   * All changes or none, in one transaction that checks every version. False: somebody else was
   * first, and what was computed must be thrown away unsent.
   */
  write(changes: readonly Change[]): Promise<boolean> {
    return this.inTurn(async () => {
      await this.settle();
      const rows = await Promise.all(changes.map((change) => this.sealChange(change)));
      return this.shelf.write(this.home.space.id, rows);
    });
  }

  /** Writes a record whatever its version is; null deletes it. */
  async put(name: string, bytes: Uint8Array | null): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      const version = (await this.read(name))?.version ?? 0;
      if (await this.write([{ name, version, bytes }])) return;
    }
  }

  /** Deletes these records and every one whose name begins so, all in one write. */
  async forget(names: readonly string[], prefix: string): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      const space = this.home.space.id;
      const rows = await this.shelf.rows(space, prefix);
      const single = await Promise.all(names.map((name) => this.shelf.row(space, name)));
      const found = [...rows, ...single.filter((row): row is Row => row !== null)];
      const changes = found.map(({ name, version }) => ({ name, version, bytes: null }));
      if (found.length === 0 || (await this.write(changes))) return;
    }
  }

  /** A key the browser keeps and nobody can export; it goes where the records go. */
  async handle(name: string): Promise<CryptoKey | null> {
    return this.shelf.handle(this.home.space.id, name);
  }

  async putHandle(name: string, key: CryptoKey | null): Promise<void> {
    await this.inTurn(async () => {
      await this.settle();
      await this.shelf.putHandle(this.home.space.id, name, key);
    });
  }

  /** The seeker's choice: keep the talk on this device, or only as long as this tab is open. */
  keep(choice: boolean): Promise<void> {
    return this.inTurn(async () => {
      if (choice === this.home.kept) return;
      const { home, part } = await drawHome(choice);
      if (this.unborn === undefined) await this.moveTo(home);
      else await this.shelf.addSpace(home.space);
      this.home = home;
      this.unborn = undefined;
      this.markTab(home, part);
    });
  }

  /** Leaving the page for good: nothing stays unless it was to be kept. Unreadable at once. */
  async leave(): Promise<void> {
    if (this.home.kept) return;
    tabPart(this.name).forget();
    await this.inTurn(() => this.shelf.dropSpace(this.home.space.id));
    if ((await this.shelf.spaces()).length === 0) await this.shelf.destroy();
  }

  /** Everything goes, in every tab: databases, storage, caches. */
  async wipe(): Promise<void> {
    tabPart(this.name).forget();
    await this.inTurn(() => this.shelf.destroy());
    await deleteTraces();
  }

  /** Everything on this shelf goes, in every tab; what lies elsewhere stays. */
  async destroy(): Promise<void> {
    await this.inTurn(() => this.shelf.destroy());
  }

  close(): void {
    this.shelf.close();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** A space is made by the first thing written to it: who writes nothing leaves nothing. */
  private async settle(): Promise<void> {
    if (this.unborn === undefined) return;
    await this.shelf.addSpace(this.home.space);
    this.markTab(this.home, this.unborn);
    this.unborn = undefined;
  }

  private markTab(home: Home, part: Uint8Array | null): void {
    if (part === null) {
      tabPart(this.name).forget();
    } else {
      tabPart(this.name).write({ space: home.space.id, part });
      holdSpace(this.name, home.space.id);
    }
  }

  /** Everything sealed anew. Another tab may write meanwhile; then once more. */
  private async moveTo(home: Home): Promise<void> {
    for (;;) {
      const found = await this.list("");
      const rows = await Promise.all(
        found.map((one) => sealRow(home.key, one.name, one.version, one.bytes)),
      );
      if (await this.shelf.replaceSpace(this.home.space.id, home.space, rows)) return;
      if ((await this.list("")).length === 0) return;
    }
  }

  private async sealChange({ name, version, bytes }: Change): Promise<RowChange> {
    if (bytes === null || bytes === undefined) return { name, version, row: bytes };
    return { name, version, row: await sealRow(this.home.key, name, version + 1, bytes) };
  }

  /** Null for a row that is not what it says it is: as if it were not there. */
  private async unseal({ name, version, iv, sealed }: Row): Promise<Found | null> {
    const additionalData = boundTo(name, version);
    const algorithm = { name: "AES-GCM", iv: source(iv), additionalData };
    try {
      const bytes = await crypto.subtle.decrypt(algorithm, this.home.key, source(sealed));
      return { name, version, bytes: new Uint8Array(bytes) };
    } catch {
      return null;
    }
  }
}

async function sealRow(
  key: CryptoKey,
  name: string,
  version: number,
  bytes: Uint8Array,
): Promise<Row> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const algorithm = { name: "AES-GCM", iv, additionalData: boundTo(name, version) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, source(bytes)));
  return { name, version, iv, sealed };
}

/** Spaces of tabs that are no more: unreadable already, now gone too. */
async function sweep(
  name: string,
  shelf: Shelf,
  spaces: readonly Space[],
  mine: string | undefined,
): Promise<void> {
  const living = await livingSpaces(name);
  for (const space of spaces) {
    if (space.id === KEPT || space.id === mine) continue;
    const dead = living === null ? space.at < Date.now() - FORGOTTEN_AFTER : !living.has(space.id);
    if (dead) await shelf.dropSpace(space.id).catch(() => undefined);
  }
  const left = await shelf.spaces().catch(() => spaces);
  if (spaces.length > 0 && left.length === 0) await shelf.destroy();
}
