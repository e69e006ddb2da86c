/**
 * What a phone keeps of the time its owner agreed to come back: sealed on its own shelf, because it is to
 * outlive the talk, and gone by a tap. The mark beside it says only that there is something.
 */

import { utf8 } from "../../../counsel/client/bytes.ts";
import { markLater, unmarkLater } from "../../../counsel/client/traces.ts";
import { Vault } from "../../../counsel/client/vault.ts";
import type { Revisit } from "./days.ts";

const VAULT = "later";
const RECORD = "revisit";

export async function readRevisit(): Promise<Revisit | null> {
  const vault = await Vault.open(VAULT, { keep: true });
  const found = await vault.read(RECORD);
  vault.close();
  return found === null ? null : (JSON.parse(new TextDecoder().decode(found.bytes)) as Revisit);
}

/** False: this browser keeps nothing, and will not remind. */
export async function keepRevisit(revisit: Revisit): Promise<boolean> {
  const vault = await Vault.open(VAULT, { keep: true });
  await vault.put(RECORD, utf8(JSON.stringify(revisit)));
  const kept = vault.holds === "kept" && (await vault.read(RECORD)) !== null;
  vault.close();
  if (kept) markLater();
  return kept;
}

/** Nothing of it stays. */
export async function forgetRevisit(): Promise<void> {
  unmarkLater();
  const vault = await Vault.open(VAULT, { keep: true });
  await vault.destroy();
}
