/**
 * All that leaves the phone of what was answered, and the same read back from the very bytes: what a
 * panel shows of it is what left. The bytes themselves are `../request.ts`.
 */

import { INDUSTRIES, TOPICS } from "../../../counsel/client/contract.ts";
import { ASKED, NOW, packRequest, TIER, unpackRequest } from "../request.ts";
import { type Intake, urgencyOf, withoutButton } from "./intake.ts";
import type { Urgency } from "./scoring.ts";

export type Asked = keyof typeof ASKED;

export interface RequestOptions {
  readonly language: string;
  /** 16 bytes: the person last talked with, to have the same again. */
  readonly listener?: Uint8Array;
  /** Beside "worse": what the queue was told before it, so that it raises once however often it comes. */
  readonly told?: Urgency | "";
}

type TierName = keyof typeof TIER;

export function writeRequest(intake: Intake, asked: Asked, options: RequestOptions): Uint8Array {
  const { topics, region, industry, noPlants } = intake;
  // Beside the danger button goes what the answers say without it: what stays if it was a mistake.
  const urgency = asked === "danger" ? withoutButton(intake) : urgencyOf(intake);
  const [tier, now = "none"] = urgency.split("-") as [TierName, keyof typeof NOW];
  const { told = "", ...others } = options;
  const before = told === "" ? {} : { told: told.split("-")[0] as TierName };
  const said = { event: asked, tier, now, topics, region, industry, noPlants };
  return packRequest({ ...said, ...others, ...before });
}

/** A request in words a page can say. */
export interface ReadRequest {
  readonly asked: Asked;
  readonly urgency: Urgency;
  readonly topics: readonly string[];
  readonly language: string;
  readonly region: string;
  readonly industry: string;
  readonly noPlants: boolean;
  readonly sameListener: boolean;
}

/** What these bytes say. Throws `WireError` for bytes that are no request. */
export function readRequest(bytes: Uint8Array): ReadRequest {
  const record = unpackRequest(bytes);
  const tier = nameOf(TIER, record.tier);
  const asked = nameOf(ASKED, record.event);
  return {
    asked,
    urgency:
      asked === "danger"
        ? "red-now"
        : ((record.now === 0 ? tier : `${tier}-${nameOf(NOW, record.now)}`) as Urgency),
    topics: TOPICS.filter((_, place) => ((record.topics >> place) & 1) === 1),
    language: record.language,
    region: record.region,
    industry: INDUSTRIES[record.industry - 1] ?? "",
    noPlants: record.exclusions !== 0,
    sameListener: record.listener.some((byte) => byte !== 0),
  };
}

function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, number: number): Name {
  const names = Object.keys(table) as Name[];
  return names.find((name) => table[name] === number) ?? (names[0] as Name);
}
