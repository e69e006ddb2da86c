/** What the page of the trail asks the server: entries, an export of them, and whether all fits. */

import { EXPORT_ROWS } from "../contract.ts";
import {
  type Colleague,
  colleagueOf,
  type Json,
  jsonOf,
  listOf,
  numberOf,
  type Outcome,
  type StaffApi,
  textOf,
} from "../staffApi.ts";
import { AUDIT_KINDS } from "../staffContract.ts";

export { AUDIT_KINDS as KINDS };

export interface Entry {
  readonly id: number;
  /** Milliseconds; of a talk the trail knows the day only. */
  readonly at: number;
  readonly dayOnly: boolean;
  /** Null: whoever worked on the machine itself, or somebody nobody knows. */
  readonly by: Colleague | null;
  /** In which role it was done; another build may know more of them. */
  readonly role: string;
  /** One of `AUDIT_KINDS`, or what another build wrote. */
  readonly what: string;
  readonly about: Colleague | null;
  /** What `thing` is: `case`, `number`, `shift` …; empty: there is none. */
  readonly noun: string;
  /** Of a talk its case code, and empty once it is erased. */
  readonly thing: string;
}

export interface Filter {
  readonly person: string;
  readonly what: string;
  readonly caseCode: string;
  /** `YYYY-MM-DD`, or empty. */
  readonly day: string;
}

export const EVERYTHING: Filter = { person: "", what: "", caseCode: "", day: "" };

export interface TrailPage {
  readonly entries: readonly Entry[];
  /** Ask for what is older than this; 0: there is nothing older. */
  readonly before: number;
}

export interface FirstPage extends TrailPage {
  readonly total: number;
  readonly people: readonly Colleague[];
}

export interface Verdict {
  readonly rows: number;
  /** How many of them nobody vouches for yet. */
  readonly open: number;
  readonly vouched: { readonly seq: number; readonly at: number } | null;
  /** What is wrong, `unknown` where nothing can be told, or empty. */
  readonly wrong: string;
  readonly first: number;
  readonly last: number;
}

/** An export of so many pages is not from a server of ours. */
const PAGES_AT_MOST = 2000;

/** Entries for a file, the newest first; not `whole` where there are more than one file takes. */
export interface Export {
  readonly entries: readonly Entry[];
  readonly whole: boolean;
}

export function askTrail(api: StaffApi, filter: Filter): Promise<Outcome<FirstPage>> {
  return api.ask("audit", bodyOf(filter, 0), (json) => ({
    ...pageOf(json),
    total: numberOf(json["total"]),
    people: listOf(json["people"], colleagueOf),
  }));
}

export function askOlder(
  api: StaffApi,
  filter: Filter,
  before: number,
): Promise<Outcome<TrailPage>> {
  return api.ask("audit", bodyOf(filter, before), pageOf);
}

/** Page by page, as many as one file takes; the first one is written into the trail as an export. */
export async function exportTrail(api: StaffApi, filter: Filter): Promise<Outcome<Export>> {
  const entries: Entry[] = [];
  let before = 0;
  for (let page = 0; page < PAGES_AT_MOST; page++) {
    const answer = await api.ask("audit/export", bodyOf(filter, before), pageOf);
    if (!answer.ok) {
      return answer;
    }
    entries.push(...answer.value.entries);
    before = answer.value.before;
    if (before === 0 || entries.length >= EXPORT_ROWS) {
      const whole = before === 0 && entries.length <= EXPORT_ROWS;
      return { ok: true, value: { entries: entries.slice(0, EXPORT_ROWS), whole } };
    }
  }
  return { ok: false, code: "internal", retryAfter: 0 };
}

export function askVerdict(api: StaffApi): Promise<Outcome<Verdict>> {
  return api.ask("audit/verdict", {}, (json) => ({
    rows: numberOf(json["rows"]),
    open: numberOf(json["open"]),
    vouched: json["vouched"] === null ? null : vouchedOf(jsonOf(json["vouched"])),
    wrong: textOf(json["wrong"]),
    first: numberOf(json["first"]),
    last: numberOf(json["last"]),
  }));
}

function bodyOf({ person, what, caseCode, day }: Filter, before: number): Json {
  return { before, person, what, case: caseCode, day };
}

function pageOf(json: Json): TrailPage {
  return { entries: listOf(json["entries"], entryOf), before: numberOf(json["before"]) };
}

function entryOf(value: unknown): Entry {
  const json = jsonOf(value);
  const at = textOf(json["at"]);
  return {
    id: numberOf(json["id"]),
    at: instantOf(at),
    dayOnly: at.length === 10,
    by: json["by"] === null ? null : colleagueOf(json["by"]),
    role: textOf(json["role"]),
    what: textOf(json["what"]),
    about: json["about"] === null ? null : colleagueOf(json["about"]),
    noun: textOf(json["noun"]),
    thing: textOf(json["thing"]),
  };
}

function vouchedOf(json: Json): { seq: number; at: number } {
  return { seq: numberOf(json["seq"]), at: instantOf(textOf(json["at"])) };
}

function instantOf(value: string): number {
  const instant = Date.parse(value);
  if (Number.isNaN(instant)) {
    throw new TypeError("an instant expected");
  }
  return instant;
}
