/**
 * A place that helps, as a counsellor passes it on: what a person needs to go there or to call, said
 * whole, so that it can be read without a look at any directory. Pure.
 */

import { utf8 } from "../../counsel/client/bytes.ts";

/** Days in HSDS's codes, `MO,TU`; hours on the clock of the place; either empty where nobody said. */
export interface CardHours {
  readonly days: string;
  readonly opens: string;
  readonly closes: string;
  readonly note: string;
}

/** Texts are empty, answers null where nobody has said. */
export interface Card {
  /** Which entry of which province's directory it was, and of which edition. */
  readonly id: string;
  readonly region: string;
  readonly version: number;
  readonly name: string;
  readonly org: string;
  readonly says: string;
  readonly address: string;
  readonly way: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly phones: readonly (readonly [number: string, note: string])[];
  readonly hours: readonly CardHours[];
  readonly who: string;
  readonly how: string;
  readonly papers: string;
  readonly fees: string;
  readonly ambulance: string;
  readonly wait: string;
  readonly alert: string;
  readonly languages: readonly string[];
  readonly realName: boolean | null;
  readonly anonymous: boolean | null;
  readonly inPlant: boolean;
  readonly sample: boolean;
  readonly closed: boolean;
  /** The day somebody vouched for it, `2026-11-26`. */
  readonly assured: string;
}

/** Bytes of one card: with everything around it, it fits the frame of 8,192. */
export const MAX_CARD = 6_500;

/** Characters of a text; who wants the rest looks it up. */
const LONGEST = 240;
const MOST = 8;

type Text =
  | ("id" | "region" | "name" | "org" | "says" | "address" | "way" | "who" | "how" | "papers")
  | ("fees" | "ambulance" | "wait" | "alert" | "assured");
const TEXTS: readonly Text[] = [
  ...(["id", "region", "name", "org", "says", "address", "way", "who", "how", "papers"] as const),
  ...(["fees", "ambulance", "wait", "alert", "assured"] as const),
];

/** Texts are cut to the first of these that makes the card fit. */
const SHORTER = [LONGEST, 120, 60, 30];

export function encodeCard(card: Card): string {
  const tries = SHORTER.map((longest) => JSON.stringify(cut(card, longest)));
  return tries.find((text) => utf8(text).length <= MAX_CARD) ?? (tries[tries.length - 1] as string);
}

function cut(card: Card, longest: number): Card {
  const short = (text: string): string => begun(text, longest);
  const texts = TEXTS.map((name) => [name, name === "id" ? card.id : short(card[name])]);
  return {
    ...card,
    ...Object.fromEntries(texts),
    phones: card.phones.slice(0, MOST).map(([number, note]) => [number, short(note)] as const),
    hours: card.hours.slice(0, MOST).map((hours) => ({ ...hours, note: short(hours.note) })),
    languages: card.languages.slice(0, MOST).map(short),
  };
}

/** Null for what is no card. Only what can be dialled becomes a number. */
export function decodeCard(text: string): Card | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof json !== "object" || json === null) return null;
  const said = json as Readonly<Record<string, unknown>>;
  if (word(said["name"]) === "") return null;
  const texts = Object.fromEntries(TEXTS.map((name) => [name, word(said[name])]));
  return {
    ...(texts as Record<Text, string>),
    version: number(said["version"]) ?? 0,
    latitude: number(said["latitude"]),
    longitude: number(said["longitude"]),
    phones: list(said["phones"], phoneOf),
    hours: list(said["hours"], hoursOf),
    languages: list(said["languages"], (one) => word(one) || null),
    realName: answer(said["realName"]),
    anonymous: answer(said["anonymous"]),
    inPlant: said["inPlant"] === true,
    sample: said["sample"] === true,
    closed: said["closed"] === true,
  };
}

function word(value: unknown): string {
  return typeof value === "string" ? begun(value, LONGEST) : "";
}

/** How it begins. Half a sign, cut or sent, becomes one no address is broken by. */
function begun(text: string, longest: number): string {
  return new TextDecoder().decode(utf8(text.slice(0, longest)));
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function answer(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

function list<T>(value: unknown, read: (item: unknown) => T | null): readonly T[] {
  const items = Array.isArray(value) ? value.slice(0, MOST) : [];
  return items.map(read).filter((item): item is T => item !== null);
}

function phoneOf(item: unknown): readonly [string, string] | null {
  const [dial, note] = Array.isArray(item) ? item : [];
  return typeof dial === "string" && /^\+?[\d -]{2,24}$/.test(dial) ? [dial, word(note)] : null;
}

function hoursOf(item: unknown): CardHours | null {
  if (typeof item !== "object" || item === null) return null;
  const { days, opens, closes, note } = item as Readonly<Record<string, unknown>>;
  return { days: word(days), opens: word(opens), closes: word(closes), note: word(note) };
}
