/** What a desk has this browser's own keys do: prove who it is, and open the next group. */

import type { Papers } from "../../chat/client/succeeding.ts";
import type { AskIn, NextKey, OpenAfter, Talking } from "../../counsel/client/contract.ts";

export interface Proofs {
  /** Proves a wish to come into a talk somebody else has. */
  wish(talking: Talking): Promise<AskIn>;
  /** Shows who I am to whoever has a talk with this group. */
  papers(groupId: Uint8Array): Promise<Papers>;
  /** Opens the next group of a talk that is to be mine. */
  openAfter(ref: string, key: NextKey): Promise<Omit<OpenAfter, "kind" | "handover">>;
}
