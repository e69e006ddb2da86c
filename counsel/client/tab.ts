/**
 * What belongs to one tab only: its part of the vault's key, and the sign that it is alive. Every
 * call works, or does nothing, where storage or locks are missing or forbidden.
 */

import { fromBase64url, toBase64url } from "./bytes.ts";

export interface TabPart {
  readonly space: string;
  /** 32 bytes. */
  readonly part: Uint8Array;
}

interface Storages {
  readonly session: Storage | null;
  readonly local: Storage | null;
}

function storages(): Storages {
  try {
    const { sessionStorage, localStorage } = globalThis;
    return { session: sessionStorage ?? null, local: localStorage ?? null };
  } catch {
    return { session: null, local: null };
  }
}

/** Where browsers forbid storage or it is full, nothing is kept and nothing breaks. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

export function tabPart(vault: string): {
  /** Whether this browser lets a tab remember anything. */
  readonly possible: boolean;
  read(): TabPart | null;
  write(part: TabPart): void;
  forget(): void;
} {
  const mark = `${vault}.part`;
  return {
    possible: storages().session !== null,
    read() {
      const [space, text] = attempt(() => storages().session?.getItem(mark))?.split(" ") ?? [];
      const part = text === undefined ? null : fromBase64url(text);
      return space === undefined || part?.length !== 32 ? null : { space, part };
    },
    write({ space, part }) {
      attempt(() => storages().session?.setItem(mark, `${space} ${toBase64url(part)}`));
    },
    forget() {
      attempt(() => storages().session?.removeItem(mark));
    },
  };
}

function locks(): LockManager | null {
  return attempt(() => globalThis.navigator?.locks) ?? null; // floor: a courtesy, see above
}

function lockOf(vault: string, space: string): string {
  return `${vault} space ${space}`;
}

/** From now until the page goes, other tabs can see that this space is in use. */
export function holdSpace(vault: string, space: string): void {
  const forever = new Promise<never>(() => undefined);
  locks()
    ?.request(lockOf(vault, space), { mode: "shared" }, () => forever)
    .catch(() => undefined);
}

/** The spaces some tab holds; null where browsers cannot tell. */
export async function livingSpaces(vault: string): Promise<ReadonlySet<string> | null> {
  const state = await locks()
    ?.query()
    .catch(() => undefined);
  if (state === undefined) return null;
  const prefix = lockOf(vault, "");
  const names = (state.held ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
  return new Set(
    names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
  );
}

/**
 * The newest page of a talk has it; `lost` is called on the page that had it before. A courtesy:
 * where there are no locks, that page finds out with its next write.
 */
export function claimTalk(talk: string, lost: () => void): void {
  const forever = new Promise<never>(() => undefined);
  locks()
    ?.request(`talk ${talk}`, { steal: true }, () => forever)
    .catch(lost);
}

/**
 * Marks, caches and workers of this origin. A console's own marks begin with `staff`; a day to come back on
 * outlives the talk and goes when its owner says so (`traces.ts`).
 */
export async function deleteTraces(): Promise<void> {
  const { session, local } = storages();
  attempt(() => session?.clear());
  attempt(() => {
    const names = Object.keys(local ?? {}).filter(
      (name) => !name.startsWith("staff") && name !== "later",
    );
    for (const name of names) local?.removeItem(name);
  });
  try {
    const { caches, navigator } = globalThis;
    for (const name of (await caches?.keys()) ?? []) await caches.delete(name);
    const workers = (await navigator?.serviceWorker?.getRegistrations()) ?? [];
    for (const worker of workers) await worker.unregister();
  } catch {
    // No caches here, so nothing in them.
  }
}
