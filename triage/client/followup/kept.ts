/**
 * What a phone keeps of the days its owner agreed to come back on: sealed on its own shelf, because it is to
 * outlive the talk, and gone by a tap. The mark beside it says only that there is something.
 */

import { utf8 } from "../../../counsel/client/bytes.ts";
import { markLater, unmarkLater } from "../../../counsel/client/traces.ts";
import { Vault } from "../../../counsel/client/vault.ts";
import { type Revisit, slotOf } from "./days.ts";

const VAULT = "later";

/** After a talk, and after an appointment: one of each at the most. */
export const SLOTS = ["talk", "visit"] as const;
export type Slot = (typeof SLOTS)[number];

async function withVault<T>(work: (vault: Vault) => Promise<T>): Promise<T> {
  const vault = await Vault.open(VAULT, { keep: true });
  try {
    return await work(vault);
  } finally {
    vault.close();
  }
}

async function readFrom(vault: Vault, slot: Slot): Promise<Revisit | null> {
  const found = await vault.read(slot);
  return found === null ? null : (JSON.parse(new TextDecoder().decode(found.bytes)) as Revisit);
}

export function readRevisit(slot: Slot): Promise<Revisit | null> {
  return withVault((vault) => readFrom(vault, slot));
}

/** In the place of what lay there. False: this browser keeps nothing, and will not remind. */
export function keepRevisit(revisit: Revisit): Promise<boolean> {
  return withVault(async (vault) => {
    const slot = slotOf(revisit);
    await vault.put(slot, utf8(JSON.stringify(revisit)));
    const kept = vault.holds === "kept" && (await readFrom(vault, slot)) !== null;
    if (kept) markLater();
    return kept;
  });
}

/** Nothing of it stays; with the last of them goes the shelf itself. */
export function forgetRevisit(slot: Slot): Promise<void> {
  return withVault(async (vault) => {
    await vault.put(slot, null);
    const left = await Promise.all(SLOTS.map((one) => readFrom(vault, one)));
    if (left.some((one) => one !== null)) return;
    unmarkLater();
    await vault.destroy();
  });
}

/** All of it, at once. */
export function forgetAll(): Promise<void> {
  unmarkLater();
  return withVault((vault) => vault.destroy());
}
