/**
 * Looking something up, on the phone alone: no question leaves it. Pure.
 *
 * Every word typed must stand somewhere in the entry. What was vouched for lately comes before what
 * was not; a name that fits before a text that fits; what is open before what is closed.
 */

import { assuranceOf, type Directory, type Entry } from "./entry.ts";
import { look, type Opening, type Schedule } from "./hours.ts";

export interface Wish {
  readonly words: string;
  /** A kind of help, or empty. */
  readonly kind: string;
  readonly openOnly: boolean;
  /** Also what lies inside a plant, where people are seen coming. */
  readonly inPlant: boolean;
}

export const ANYTHING: Wish = { words: "", kind: "", openOnly: false, inPlant: false };

export interface Hit {
  readonly entry: Entry;
  readonly opening: Opening;
  readonly stale: boolean;
}

export interface Found {
  readonly hits: readonly Hit[];
  /** How many there are, shown or not. */
  readonly total: number;
  /** Left out because they lie inside a plant. */
  readonly inPlant: number;
}

const SEARCHED = ["name", "org", "city", "address", "says", "who", "how", "id"] as const;
const MINUTE = 60_000;

/** Minutes a zone is ahead of UTC at this instant; of China's where this browser knows no other. */
export function offsetOf(zone: string, at: number): number {
  if (zone === "Asia/Shanghai" || zone === "") return 480;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    const named = new Map(format.formatToParts(at).map((part) => [part.type, Number(part.value)]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => named.get(name) ?? 0;
    const wall = Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
    );
    return Math.round((wall - Math.floor(at / MINUTE) * MINUTE) / MINUTE);
  } catch {
    return 480;
  }
}

/** How words are compared: width and case do not matter. Twin of `triage/directory/book.py`. */
function fold(words: string): string {
  return words.normalize("NFKC").toLowerCase();
}

interface Candidate {
  readonly place: number;
  readonly rank: number;
  readonly opening: Opening;
  readonly stale: boolean;
}

export class Searching {
  private readonly directory: Directory;
  /** All that can be found of an entry, folded; written when the first word is typed. */
  private texts: readonly string[] | null = null;

  constructor(directory: Directory) {
    this.directory = directory;
  }

  /** The best `most` entries at this instant, ms. */
  find(wish: Wish, now: number, most: number): Found {
    const { directory } = this;
    const words = fold(wish.words)
      .split(/[\s,，、。]+/)
      .filter((word) => word !== "");
    const offset = offsetOf(directory.zone, now);
    const found: Candidate[] = [];
    let inPlant = 0;
    for (let place = 0; place < directory.size; place++) {
      if (wish.kind !== "" && directory.value("kind", place) !== wish.kind) continue;
      if (words.length > 0 && !this.has(place, words)) continue;
      const assured = directory.value("assured", place);
      const assurance = assuranceOf(typeof assured === "string" ? assured : null, now);
      if (assurance === "hidden") continue;
      if (directory.value("in_plant", place) === true && !wish.inPlant) {
        inPlant += 1;
        continue;
      }
      const opening = openingOf(directory, place, now, offset);
      if (wish.openOnly && opening !== "open") continue;
      const stale = assurance === "stale";
      found.push({ place, stale, opening, rank: this.rank(place, words, opening, stale) });
    }
    found.sort((one, other) => one.rank - other.rank || one.place - other.place);
    const hits = found.slice(0, most).map(({ place, opening, stale }) => ({
      entry: directory.entry(place),
      opening,
      stale,
    }));
    return { hits, total: found.length, inPlant };
  }

  private has(place: number, words: readonly string[]): boolean {
    this.texts ??= Array.from({ length: this.directory.size }, (_, one) => this.textOf(one));
    const text = this.texts[place] as string;
    return words.every((word) => text.includes(word));
  }

  private textOf(place: number): string {
    const said = SEARCHED.map((column) => this.directory.value(column, place));
    return fold(said.filter((one) => typeof one === "string").join("\n"));
  }

  private rank(place: number, words: readonly string[], opening: Opening, stale: boolean): number {
    const name = words.length === 0 ? "" : fold(String(this.directory.value("name", place) ?? ""));
    const named = words.every((word) => name.includes(word));
    const shut = opening === "closed" || this.directory.value("status", place) ? 1 : 0;
    return (stale ? 4 : 0) + (named ? 0 : 2) + shut;
  }
}

function openingOf(directory: Directory, place: number, now: number, offset: number): Opening {
  if (directory.value("status", place)) return "closed";
  const hours = directory.value("hours", place);
  return look(Array.isArray(hours) ? (hours as Schedule[]) : [], now, offset);
}
