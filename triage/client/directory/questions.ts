/** What the console asks about the directory, and what comes back. */

import { toBase64url } from "../../../counsel/client/bytes.ts";
import {
  bytesOf,
  type Colleague,
  colleagueOf,
  flagOf,
  jsonOf,
  listOf,
  numberOf,
  type Outcome,
  type StaffApi,
  textOf,
} from "../../../counsel/client/staffApi.ts";

/** A province, or the whole country (empty), and what its phones get. */
export interface RegionRow {
  readonly region: string;
  readonly services: number;
  /** 0: nothing is signed yet. */
  readonly version: number;
  readonly entries: number;
  /** ms, or null. */
  readonly made: number | null;
  readonly by: Colleague | null;
}

export interface ServiceRow {
  readonly id: string;
  readonly name: string;
  readonly organisation: string;
  readonly kind: string;
  readonly status: string;
  /** A day, or empty. */
  readonly assured: string;
  /** When a test call was answered last, or empty. */
  readonly called: string;
  readonly inPlant: boolean;
  readonly sample: boolean;
}

export interface ServiceList {
  readonly services: readonly ServiceRow[];
  readonly more: number;
}

export const TEXTS = [
  ...["name", "description", "alert", "eligibility_description", "application_process"],
  ...["fees_description", "wait_time", "id_documents", "ambulance_cost", "source"],
  ...["organisation", "address", "city", "way"],
] as const;
export const ANSWERS = ["needs_real_name", "accepts_anonymous_first_contact"] as const;
export const KINDS: readonly string[] = [
  ...["emergency", "outpatient", "line", "station", "legal-aid", "hardship", "labour-inspection"],
  ...["women", "youth", "shelter", "addiction", "debt", "other"],
];
export const STATUSES: readonly string[] = ["active", "temporarily closed", "inactive", "defunct"];

export type Words = Readonly<Record<string, string>>;

/** A service as its form shows it. */
export interface ServiceForm {
  /** Empty: a new one. */
  readonly id: string;
  readonly words: Words;
  readonly kind: string;
  readonly region: string;
  readonly status: string;
  readonly inPlant: boolean;
  readonly minutes: number;
  readonly phones: readonly Words[];
  readonly hours: readonly Words[];
  readonly assured: string;
  readonly called: string;
  readonly sample: boolean;
}

export const BLANK_PHONE: Words = { id: "", number: "", description: "" };
export const BLANK_HOURS: Words = {
  id: "",
  byday: "",
  opens_at: "",
  closes_at: "",
  description: "",
};

export function blankForm(region: string): ServiceForm {
  return {
    id: "",
    words: {},
    kind: "station",
    region,
    status: "active",
    inPlant: false,
    minutes: 0,
    phones: [BLANK_PHONE],
    hours: [],
    assured: "",
    called: "",
    sample: false,
  };
}

export const askRegions = (api: StaffApi): Promise<Outcome<readonly RegionRow[]>> =>
  api.ask("directory", {}, (json) => listOf(json["regions"], regionOf));

export const askList = (
  api: StaffApi,
  region: string,
  words: string,
  after: number,
): Promise<Outcome<ServiceList>> =>
  api.ask("directory/list", { region, words, after }, (json) => ({
    services: listOf(json["services"], serviceOf),
    more: numberOf(json["more"]),
  }));

export const askService = (api: StaffApi, id: string): Promise<Outcome<ServiceForm>> =>
  api.ask("directory/service", { id }, (json) => formOf(json["service"]));

export function saveService(api: StaffApi, form: ServiceForm): Promise<Outcome<string>> {
  const { id, words, kind, region, status, minutes, phones, hours } = form;
  const named = [...TEXTS, ...ANSWERS].map((name) => [name, words[name] ?? ""]);
  const said = {
    ...Object.fromEntries(named),
    ...{ id, kind, region, status, minutes, phones, hours, in_plant: form.inPlant },
  };
  return api.ask("directory/save", said, (json) => textOf(json["id"]));
}

export const assureService = (api: StaffApi, id: string): Promise<Outcome<null>> =>
  api.ask("directory/assure", { id }, () => null);

export const reportCall = (api: StaffApi, id: string, answered: boolean): Promise<Outcome<null>> =>
  api.ask("directory/called", { id, answered }, () => null);

export interface DraftTold {
  readonly digest: Uint8Array;
  readonly version: number;
}

export const packRegion = (api: StaffApi, region: string): Promise<Outcome<DraftTold>> =>
  api.ask("directory/draft", { region }, (json) => ({
    digest: bytesOf(json["digest"]),
    version: numberOf(json["version"]),
  }));

export const publishDraft = (
  api: StaffApi,
  digest: Uint8Array,
  statement: Uint8Array,
): Promise<Outcome<null>> =>
  api.ask(
    "directory/publish",
    { digest: toBase64url(digest), statement: toBase64url(statement) },
    () => null,
  );

// --- readers -------------------------------------------------------------------------------------

function regionOf(item: unknown): RegionRow {
  const json = jsonOf(item);
  return {
    region: textOf(json["region"]),
    services: numberOf(json["services"]),
    version: numberOf(json["version"]),
    entries: numberOf(json["entries"]),
    made: json["made"] === null ? null : Date.parse(textOf(json["made"])),
    by: json["by"] === null ? null : colleagueOf(json["by"]),
  };
}

function serviceOf(item: unknown): ServiceRow {
  const json = jsonOf(item);
  return {
    id: textOf(json["id"]),
    name: textOf(json["name"]),
    organisation: textOf(json["organisation"]),
    kind: textOf(json["kind"]),
    status: textOf(json["status"]),
    assured: textOf(json["assured"]),
    called: textOf(json["called"]),
    inPlant: flagOf(json["in_plant"]),
    sample: flagOf(json["sample"]),
  };
}

function formOf(item: unknown): ServiceForm {
  const json = jsonOf(item);
  const named = [...TEXTS, ...ANSWERS].map((name) => [name, textOf(json[name])] as const);
  return {
    id: textOf(json["id"]),
    words: Object.fromEntries(named),
    kind: textOf(json["kind"]),
    region: textOf(json["region"]),
    status: textOf(json["status"]),
    inPlant: flagOf(json["in_plant"]),
    minutes: numberOf(json["minutes"]),
    phones: listOf(json["phones"], wordsOf),
    hours: listOf(json["hours"], wordsOf),
    assured: textOf(json["assured"]),
    called: textOf(json["called"]),
    sample: flagOf(json["sample"]),
  };
}

function wordsOf(item: unknown): Words {
  const named = Object.entries(jsonOf(item)).map(([name, value]) => [name, textOf(value)] as const);
  return Object.fromEntries(named);
}
