/**
 * A province's directory as it lies in the phone: columns, and entries put together from them when
 * somebody looks. Pure. The layout is in `triage/directory/packing.py`.
 */

import {
  DIRECTORY_HIDDEN_AFTER_MS,
  DIRECTORY_STALE_AFTER_MS,
} from "../../../counsel/client/contract.ts";
import type { Schedule } from "./hours.ts";

/** One service at one place. Null where nobody has said. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  /** Who runs it. */
  readonly org: string;
  /** `directory.kinds.<code>`. */
  readonly kind: string;
  readonly says: string | null;
  readonly address: string | null;
  readonly city: string | null;
  /** How to get there. */
  readonly way: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly phones: readonly (readonly [number: string, note: string])[];
  readonly hours: readonly Schedule[];
  readonly languages: readonly string[];
  /** For whom. */
  readonly who: string | null;
  readonly how: string | null;
  readonly papers: string | null;
  readonly fees: string | null;
  readonly ambulance: string | null;
  readonly wait: string | null;
  readonly alert: string | null;
  /** "temporarily closed", or null while it goes on. */
  readonly status: string | null;
  readonly real_name: boolean | null;
  /** Whether one may come the first time without a name. */
  readonly anonymous: boolean | null;
  readonly in_plant: boolean | null;
  readonly sample: boolean | null;
  /** The day somebody vouched for it, `2026-11-26`. */
  readonly assured: string | null;
  readonly source: string | null;
}

/** `stale`: grey. `hidden`: not shown. */
export type Assurance = "fresh" | "stale" | "hidden";

/** How far what is said here may be relied on at this instant, ms. */
export function assuranceOf(assured: string | null, now: number): Assurance {
  const age = now - Date.parse(`${assured ?? ""}T00:00:00Z`);
  if (!(age <= DIRECTORY_HIDDEN_AFTER_MS)) return "hidden"; // also where there is no day at all
  return age > DIRECTORY_STALE_AFTER_MS ? "stale" : "fresh";
}

/** Values of all entries in one column. */
type Column = (place: number) => unknown;

export class DirectoryError extends Error {
  readonly code: string;

  /** `detail` is for a developer's eyes; people read `directory.refused.<code>`. */
  constructor(code: string, detail = "") {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

function columnOf(json: unknown, size: number): Column {
  const { all, of, at } = json as { all?: unknown[]; of?: unknown[]; at?: number[] };
  if (Array.isArray(all) && all.length === size) return (place) => all[place];
  if (Array.isArray(of) && Array.isArray(at) && at.length === size) {
    return (place) => of[at[place] as number];
  }
  throw new DirectoryError("unreadable", "a column of another length");
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function answer(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

function list<T>(value: unknown, read: (item: unknown) => T | null): readonly T[] {
  return Array.isArray(value) ? value.map(read).filter((item): item is T => item !== null) : [];
}

function phone(item: unknown): readonly [string, string] | null {
  const [dial, note] = Array.isArray(item) ? item : [];
  // Only what can be dialled becomes a link.
  return typeof dial === "string" && /^\+?[\d -]{2,24}$/.test(dial)
    ? [dial, text(note) ?? ""]
    : null;
}

function schedule(item: unknown): Schedule | null {
  return typeof item === "object" && item !== null ? (item as Schedule) : null;
}

export class Directory {
  readonly region: string;
  readonly version: number;
  /** Whose clock its hours are of, `Asia/Shanghai`. */
  readonly zone: string;
  readonly size: number;
  private readonly columns: Readonly<Record<string, Column>>;

  /** Reads a body whose hash was right. Throws `DirectoryError`. */
  constructor(body: Uint8Array) {
    const json = parsed(body);
    const { v, region, version, zone, columns } = json;
    if (v !== 1) throw new DirectoryError("newer", String(v));
    const ids = columns?.["id"] as { all?: unknown[]; at?: unknown[] } | undefined;
    this.region = text(region) ?? "";
    this.version = number(version) ?? 0;
    this.zone = text(zone) ?? "";
    this.size = (ids?.all ?? ids?.at ?? []).length;
    const named = Object.entries(columns ?? {});
    this.columns = Object.fromEntries(
      named.map(([name, column]) => [name, columnOf(column, this.size)]),
    );
  }

  /** What stands in one column of an entry. */
  value(column: keyof Entry, place: number): unknown {
    return this.columns[column]?.(place);
  }

  entry(place: number): Entry {
    const words = (name: keyof Entry): string | null => text(this.value(name, place));
    const flag = (name: keyof Entry): boolean | null => answer(this.value(name, place));
    return {
      id: words("id") ?? "",
      name: words("name") ?? "",
      org: words("org") ?? "",
      kind: words("kind") ?? "other",
      says: words("says"),
      address: words("address"),
      city: words("city"),
      way: words("way"),
      latitude: number(this.value("latitude", place)),
      longitude: number(this.value("longitude", place)),
      phones: list(this.value("phones", place), phone),
      hours: list(this.value("hours", place), schedule),
      languages: list(this.value("languages", place), text),
      who: words("who"),
      how: words("how"),
      papers: words("papers"),
      fees: words("fees"),
      ambulance: words("ambulance"),
      wait: words("wait"),
      alert: words("alert"),
      status: words("status"),
      real_name: flag("real_name"),
      anonymous: flag("anonymous"),
      in_plant: flag("in_plant"),
      sample: flag("sample"),
      assured: words("assured"),
      source: words("source"),
    };
  }
}

interface Body {
  readonly v?: unknown;
  readonly region?: unknown;
  readonly version?: unknown;
  readonly zone?: unknown;
  readonly columns?: Readonly<Record<string, unknown>>;
}

function parsed(body: Uint8Array): Body {
  try {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return typeof json === "object" && json !== null ? (json as Body) : {};
  } catch {
    throw new DirectoryError("unreadable", "not JSON");
  }
}
