/** What a phone believes of a letter: what a certified browser of that very desk signed, at that place. */

import type { Trust } from "../../../counsel/client/certificates.ts";
import type { ReferralState } from "../../../counsel/client/referralContract.ts";
import { memberOf } from "./devices.ts";
import type { Kept, Said } from "./kept.ts";
import { open } from "./letter.ts";
import { after, readWord } from "./words.ts";

export interface Heard {
  readonly said: Pick<Said, "kind" | "text" | "to" | "who">;
  readonly state: ReferralState;
}

/** Null: none of this desk's, or not now. Throws only when what it takes to judge cannot be fetched. */
export async function believe(
  one: Kept,
  { number, letter }: { readonly number: number; readonly letter: Uint8Array },
  trust: Pick<Trust, "staff" | "requireLogged">,
): Promise<Heard | null> {
  try {
    const standing = { ref: one.ref, number, before: one.before };
    const opened = await open(letter, standing, one.privateKey);
    const member = await memberOf(opened.identity, trust);
    await trust.requireLogged([member], []);
    const word = readWord(opened.body);
    const state = word && after(one.state, word.kind);
    if (member.desk === one.desk && word && state && (await opened.signedBy(member.key))) {
      const { kind, text, to } = word;
      return { said: { kind, text, to, who: member.name }, state };
    }
  } catch (error) {
    if (codeOf(error) === "unchecked") throw error; // the log did not come: tried again
  }
  return null;
}

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "internal";
}
