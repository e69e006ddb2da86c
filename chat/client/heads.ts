/**
 * Whether everybody in a talk was shown the same log of everything issued. The first message of each
 * member names the newest head its client has verified; who knows another history is not talked to
 * (encryption.md, who is who, 3). A server that shows two histories has to keep them apart in every
 * talk from then on.
 */

import type { Trust } from "../../counsel/client/certificates.ts";
import { decodeHead } from "../../counsel/client/knownLog.ts";
import { RefusalError } from "../../counsel/client/refusal.ts";
import type { Plaintext } from "./plaintext.ts";
import type { Transcript } from "./transcript.ts";

/** Taking leave and receipts say nothing a stranger could use; they may come before the head. */
const NEED_NONE: readonly string[] = ["seen", "erase", "leave"];

/**
 * Throws `log-split`, `log-behind`, or `log-unsaid` for somebody who speaks without having said
 * which log they know; `OutOfReachError` while the log cannot be fetched.
 */
export async function compareHeads(
  trust: Trust,
  transcript: Transcript,
  leaf: number,
  { kind, text }: Plaintext,
): Promise<void> {
  if (kind === "head") {
    const head = decodeHead(text);
    if (head === null) throw new RefusalError("log-unsaid", "not readable");
    await trust.log.compare(head);
  } else if (!NEED_NONE.includes(kind) && transcript.peers[leaf]?.agreed !== true) {
    throw new RefusalError("log-unsaid");
  }
}
