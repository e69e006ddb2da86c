/**
 * Where somebody is, who wants help to come: a line like any other but for its end. The words go when
 * somebody has arrived, and after `PLACE_KEPT_FOR` at the latest; that something was said stays, so that
 * nobody wonders what became of it. Pure, but for the sweep.
 */

import type { Vault } from "../../counsel/client/vault.ts";
import type { Outbox } from "./outbox.ts";
import { decodeLine, encodeRecord, type KeptLine, type SpokenLine } from "./saved.ts";

/** Instead of an instant: it could not be done now. */
export const SOON = -1;

/** Whether a word about help asks where: whoever said it last is told, on that device alone. */
export function asksWhere(text: string): boolean {
  return text === "offer";
}

/** What ends it: both sides forget where, as soon as they have read this. */
const ENDS: readonly string[] = ["arrived", "missed", "withdrawn", "over", "there", "back"];

/** How many lines lie before the last word that ended it, itself included. */
function ended(lines: readonly KeptLine[]): number {
  let last = 0;
  for (const [index, line] of lines.entries()) {
    if (line.kind === "help" && ENDS.includes(line.text)) last = index + 1;
  }
  return last;
}

/** Whether these lines bring a place, or the end of one. */
export function concernPlaces(lines: readonly KeptLine[]): boolean {
  return ended(lines) > 0 || lines.some((line) => line.kind === "place");
}

/** All lines, without the words of places older than `before` (ms), and of those that are over. */
export function linesWithout(lines: readonly KeptLine[], before: number): readonly KeptLine[] {
  const over = ended(lines);
  return lines.map((line, index) => withoutPlace(line, index < over ? Infinity : before));
}

export function placeLine(
  id: string,
  at: number,
  text: string,
  who: string,
  place: number,
  group: number,
): SpokenLine {
  return { kind: "place", id, at, mine: false, who, role: "seeker", text, place, group };
}

/** The line itself, or without its words. */
export function withoutPlace(line: KeptLine, before: number): KeptLine {
  const goes = line.kind === "place" && line.text !== "" && line.at <= before;
  return goes ? { ...line, text: "" } : line;
}

/**
 * What has not left goes altogether. What is on its way keeps its bytes until its place in the log is
 * known, or nobody could read on; then nothing shows what it said.
 */
export function outboxWithout(outbox: Outbox, before: number): Outbox {
  const goes = outbox.filter(
    (one) => one.kind === "place" && one.at <= before && (one.sealed === null || one.text !== ""),
  );
  if (goes.length === 0) return outbox;
  return outbox.flatMap((one) => {
    if (!goes.includes(one)) return [one];
    return one.sealed === null ? [] : [{ ...one, text: "" }];
  });
}

/** When the oldest place whose words are still here was given; Infinity: there is none. */
export function oldestPlace(lines: readonly KeptLine[], outbox: Outbox): number {
  const kept = lines.flatMap((line) => (line.kind === "place" && line.text !== "" ? [line] : []));
  const waiting = outbox.filter((one) => one.kind === "place" && one.text !== "");
  return Math.min(Infinity, ...[...kept, ...waiting].map(({ at }) => at));
}

/** In talks that lie here and are not open: the same, whoever opens them again. */
export async function sweepPlaces(vault: Vault, before: number): Promise<void> {
  for (const record of await vault.list("line.")) {
    const line = decodeLine(record.bytes);
    const next = withoutPlace(line, before);
    if (next !== line) await vault.write([{ ...record, bytes: encodeRecord(next) }]);
  }
}
