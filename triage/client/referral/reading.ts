/**
 * A referral as a desk's browser can read it: opened letter by letter, each bound to the one before. What
 * the server says of it beyond their order is not believed.
 */

import { fromBase64url } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import type { Sealed } from "./deskQuestions.ts";
import { memberOf } from "./devices.ts";
import { hashOf, open } from "./letter.ts";
import { type Act, type Lines, readLines, readWord } from "./words.ts";

export interface Read {
  readonly number: number;
  /** `seeker`, or the desk's person by name; "" where this browser cannot read it. */
  readonly by: "seeker" | "desk" | "";
  readonly who: string;
  readonly kind: Act | "lines" | "unread";
  readonly text: string;
}

export interface Reading {
  readonly letters: readonly Read[];
  /** The first letter, if this browser can read it: without it nobody here can answer. */
  readonly lines: Lines | null;
  /** Hash of the last letter. */
  readonly before: Uint8Array;
}

export async function readAll(
  ref: Uint8Array,
  sealed: readonly Sealed[],
  privateKey: Uint8Array,
  trust: Pick<Trust, "staff">,
): Promise<Reading> {
  let before: Uint8Array = new Uint8Array(32);
  let lines: Lines | null = null;
  const letters: Read[] = [];
  for (const { number, letter } of sealed) {
    const standing = { ref, number, before };
    const opened = await open(letter, standing, privateKey).catch(() => null);
    let read: Read = { number, by: "", who: "", kind: "unread", text: "" };
    if (opened !== null && opened.identity.length > 0) {
      const member = await memberOf(opened.identity, trust).catch(() => null);
      const word = readWord(opened.body);
      if (member !== null && word !== null && (await opened.signedBy(member.key))) {
        read = { number, by: "desk", who: member.name, kind: word.kind, text: word.text };
      }
    } else if (opened !== null) {
      const first: Lines | null = number === 1 ? readLines(opened.body) : null;
      const key = fromBase64url((first ?? lines)?.signer ?? "");
      const word = first === null ? readWord(opened.body) : null;
      if (key?.length === 32 && (await opened.signedBy(key))) {
        lines = first ?? lines;
        if (first !== null) {
          read = { number, by: "seeker", who: "", kind: "lines", text: first.lines.join("\n") };
        } else if (word?.kind === "say") {
          read = { number, by: "seeker", who: "", kind: "say", text: word.text };
        }
      }
    }
    letters.push(read);
    before = await hashOf(letter);
  }
  return { letters, lines, before };
}
