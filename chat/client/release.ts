/**
 * Who comes next, said by whoever has the talk and signed inside its group: the certificate of the one
 * person who may open the next group unasked-for, and a few lines the seeker may let go along.
 *
 * Nothing here sends anything by itself. The lines travel from the seeker's own phone, after a tap,
 * into a group whose opener has exactly that certificate, and into no other.
 */

import { concat, fromBase64url, toBase64url, utf8 } from "../../counsel/client/bytes.ts";
import { ed25519, type SigningKey } from "../../counsel/client/ed25519.ts";
import type { Group, Member } from "./mls/group.ts";
import { add, newEntry, type Outbox, readersOf } from "./outbox.ts";
import type { Plaintext } from "./plaintext.ts";
import type { Answer, Handover, KeptLine, NoticeCode, Saved } from "./saved.ts";

/** Characters of the lines that may go along: with everything around them in the frame of 8,192. */
export const MAX_SUMMARY = 2_000;

/** Whoever opened a group has its first leaf, and nobody is ever put there after them. */
const OPENER = 0;
const HASH = /^[\w-]{43}$/;

/** `counsel release 1 ‖ 0 ‖ group id ‖ what follows`, under the key of the leaf that says it. */
function signed(groupId: Uint8Array, said: string): Uint8Array {
  return concat(utf8("counsel release 1\0"), groupId, utf8(said));
}

/** The text of a release: signature, certificate, name, and the lines, one behind the other. */
export async function makeRelease(
  signer: SigningKey,
  groupId: Uint8Array,
  { certificate, name, summary }: Pick<Handover, "certificate" | "name" | "summary">,
): Promise<string> {
  const said = `${certificate}\n${name}\n${summary.slice(0, MAX_SUMMARY)}`;
  const signature = await (await ed25519()).sign(signer.secret, signed(groupId, said));
  return `${toBase64url(signature)}\n${said}`;
}

/** Null for one that this leaf has not signed for this very group. */
async function readRelease(text: string, by: Member, group: Group): Promise<Handover | null> {
  const cut = text.indexOf("\n");
  const signature = fromBase64url(text.slice(0, cut)) ?? new Uint8Array(0);
  const said = text.slice(cut + 1);
  const [certificate = "", name = "", ...summary] = said.split("\n");
  const whole = cut > 0 && HASH.test(certificate) && name !== "" && signature.length === 64;
  if (!whole || said.length > MAX_SUMMARY + 200) return null;
  const message = signed(group.groupId, said);
  if (!(await (await ed25519()).verify(by.key, message, signature))) return null;
  const told = { certificate, name, summary: summary.join("\n") };
  return { by: by.name, ...told, answer: "", here: false };
}

export interface Changed {
  readonly handover: Handover | null;
  readonly said: NoticeCode | null;
  readonly params: Readonly<Record<string, string>>;
}

/** What a message of this author changes about who comes next; null: nothing. */
export async function afterMessage(
  before: Handover | null,
  author: Member,
  { kind, text }: Pick<Plaintext, "kind" | "text">,
  group: Group,
): Promise<Changed | null> {
  const nothing = { said: null, params: {} };
  if (kind === "consent" && author.role === "seeker" && before !== null) {
    const answer = text === "yes" || text === "self" ? text : before.answer;
    return { handover: { ...before, answer }, ...nothing };
  }
  if (kind !== "release") return null;
  const known = author.leaf === OPENER && author.role !== "seeker";
  if (known && text === "") {
    const params = { name: before?.name ?? "", by: author.name };
    return { handover: null, said: before === null ? null : "not-handed", params };
  }
  const handover = known ? await readRelease(text, author, group) : null;
  if (handover === null) return { handover: before, said: "bad-release", params: {} };
  return { handover, ...nothing };
}

/** The seeker has answered: who waits to come is waited for, who is here gets the lines, or not. */
export function answered(
  { handover, outbox }: Saved,
  answer: Answer,
  readers: readonly string[],
  now: number,
): Partial<Saved> {
  if (handover === null) return {};
  if (!handover.here) {
    const word = newEntry("consent", answer, now, []);
    return { handover: { ...handover, answer }, outbox: add(outbox, word) };
  }
  const passing = answer === "yes" ? passOn(outbox, handover, readers, now) : outbox;
  return { handover: null, outbox: passing };
}

function passOn(
  outbox: Outbox,
  { by, summary }: Handover,
  readers: readonly string[],
  now: number,
): Outbox {
  return summary === ""
    ? outbox
    : add(outbox, newEntry("passed", `${by}\n${summary}`, now, readers));
}

/** The lines as they were passed on: who wrote them, and what. */
export function readPassed(text: string): { by: string; summary: string } {
  const cut = text.indexOf("\n");
  return { by: text.slice(0, cut), summary: text.slice(cut + 1) };
}

/**
 * Somebody else has opened a fresh group, and this phone is in it. Only where it is the one whose
 * certificate was named does what was agreed hold; anybody else comes unannounced, and that is said.
 */
export function afterJoining(
  saved: Saved,
  group: Group,
  opener: Member,
  id: string,
  at: number,
): { saved: Saved; lines: readonly KeptLine[] } {
  const { handover } = saved;
  // What was answered in the group before was for nobody in this one.
  const outbox = saved.outbox.filter((entry) => entry.kind !== "consent");
  // Whoever was named came, and went again before there was an answer: that was for them alone.
  if (handover === null || handover.here) {
    return { saved: { ...saved, outbox, handover: null }, lines: [] };
  }
  if (group.certificateOf(opener.leaf) !== handover.certificate) {
    const { by, name } = handover;
    const params = { who: opener.name, by, name };
    const line: KeptLine = { kind: "notice", id, code: "unannounced", params, at };
    return { saved: { ...saved, outbox, handover: null }, lines: [line] };
  }
  const asks = handover.answer === "" && handover.summary !== "";
  const passing = handover.answer === "yes";
  return {
    saved: {
      ...saved,
      outbox: passing ? passOn(outbox, handover, readersOf(group.members), at) : outbox,
      handover: asks ? { ...handover, here: true } : null,
    },
    lines: [],
  };
}
