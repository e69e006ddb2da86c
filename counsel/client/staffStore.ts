/**
 * What lies on a staff computer besides its card: the talks, what was begun in them, two settings.
 * They go when somebody signs out, when somebody else signs in, and when nobody came back within
 * the time a sign-in can last.
 */

import { openShelf } from "./lazyShelf.ts";
import { Vault } from "./vault.ts";

const TALKS = "staff-talks";
/** A sign-in lasts this long at the very most (security.md §3); ms. */
const SIGN_IN_LASTS = 12 * 3_600_000;

export interface Settings {
  /** Whether the page calls when it is not looked at. */
  readonly calling: boolean;
  /** Whether "?" alone opens the list of keys. */
  readonly single: boolean;
}

interface Owner {
  readonly person: string;
  /** ms */
  readonly at: number;
}

export async function readSettings(vault: Vault): Promise<Settings> {
  const kept = await readJson<Partial<Settings>>(vault, "settings");
  return { calling: kept?.calling ?? true, single: kept?.single ?? true };
}

export function keepSettings(vault: Vault, settings: Settings): Promise<void> {
  return writeJson(vault, "settings", settings);
}

/** The store of this person's talks; another person's is destroyed first. */
export async function openTalks(person: string): Promise<Vault> {
  const found = await Vault.open(TALKS, { keep: true });
  const owner = await readJson<Owner>(found, "owner");
  let vault = found;
  if (owner !== null && owner.person !== person) {
    found.close();
    await destroyTalks();
    vault = await Vault.open(TALKS, { keep: true });
  }
  const now: Owner = { person, at: Date.now() };
  await writeJson(vault, "owner", now);
  return vault;
}

/** Nobody is signed in: what nobody can come back to any more goes. */
export async function dropForgottenTalks(): Promise<void> {
  const vault = await Vault.open(TALKS, { keep: true });
  const owner = await readJson<Owner>(vault, "owner");
  vault.close();
  if (owner !== null && Date.now() - owner.at > SIGN_IN_LASTS) {
    await destroyTalks();
  }
}

/** Rows and the key they are sealed with. What a seeker keeps in the same browser stays. */
export async function destroyTalks(): Promise<void> {
  const shelf = await openShelf(TALKS);
  await shelf.destroy();
  shelf.close();
}

async function readJson<T>(vault: Vault, name: string): Promise<T | null> {
  const found = await vault.read(name);
  return found === null ? null : (JSON.parse(new TextDecoder().decode(found.bytes)) as T);
}

function writeJson(vault: Vault, name: string, value: unknown): Promise<void> {
  return vault.put(name, new TextEncoder().encode(JSON.stringify(value)));
}
