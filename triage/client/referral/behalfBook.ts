/**
 * Staff write to a desk for somebody at their side. This computer does what a phone does, by the same
 * exchange without a login: names drawn for this one thing, lines sealed, left at a time drawn by chance.
 */

import { staffStore, staffTrust } from "../../../counsel/client/keys/staffTrust.ts";
import type { Me, StaffApi } from "../../../counsel/client/staffApi.ts";
import { Mailbox } from "./mailbox.ts";

/** One's own on a computer others use too; sealed like everything on this shelf. */
export function recordOf(me: Me): string {
  return `behalf.${me.person}`;
}

export async function openBehalf(me: Me): Promise<Mailbox> {
  const [store, trust] = [await staffStore(), await staffTrust()];
  const tell = (): Promise<void> => Promise.reject(new Error("no talk"));
  return Mailbox.open({ store, trust, tell, newsOf: () => "", record: recordOf(me) });
}

/** It is counted for this desk before anything is written; false: it was not. */
export async function countBehalf(api: StaffApi, desk: string): Promise<boolean> {
  return (await api.ask("desk/behalf", { desk }, () => null)).ok;
}
