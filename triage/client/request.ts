/**
 * What leaves this phone to find it somebody, always in 64 bytes, and what the queue says back: the
 * twin of triage/queue/wire.py. Pure.
 */

import {
  INDUSTRIES,
  RECORDS,
  REQUEST,
  type Request,
  type Standing,
  TOPICS,
} from "../../counsel/client/contract.ts";
import { packRecord, unpackRecord } from "../../counsel/client/framing.ts";

/** As `Asked` in triage/queue/tiers.py. */
export const ASKED = { begin: 0, worse: 1, danger: 2, mistake: 3, changed: 4 } as const;
/** As `Tier`: the smaller, the more urgent. */
export const TIER = { red: 0, orange: 1, yellow: 2, green: 3 } as const;
/** As `Now`: which red. */
export const NOW = { none: 0, now: 1, recent: 2 } as const;
/** Minutes nobody can tell. */
export const UNKNOWN = 255;

const VERSION = 1;

/** What is said; the codes of topics and places, each of which may be left out. */
export interface Said {
  readonly event: keyof typeof ASKED;
  readonly tier: keyof typeof TIER;
  readonly now?: keyof typeof NOW;
  readonly topics: readonly string[];
  readonly language: string;
  readonly region: string;
  readonly industry: string;
  /** Nobody who works in a plant, wherever it is. */
  readonly noPlants?: boolean;
  /** Beside "worse": what the queue was told before it. */
  readonly told?: keyof typeof TIER;
  /** The person last talked with, 16 bytes. */
  readonly listener?: Uint8Array;
}

export function packRequest(said: Said): Uint8Array<ArrayBuffer> {
  const bits = TOPICS.map((topic, place) => (said.topics.includes(topic) ? 2 ** place : 0));
  const request: Request = {
    version: VERSION,
    event: ASKED[said.event],
    tier: TIER[said.tier],
    now: NOW[said.now ?? "none"],
    topics: bits.reduce((sum, bit) => sum + bit, 0),
    language: said.language,
    region: said.region,
    industry: (INDUSTRIES as readonly string[]).indexOf(said.industry) + 1,
    exclusions: said.noPlants === true ? 1 : 0,
    listener: said.listener ?? new Uint8Array(16),
    told: said.told === undefined ? 0 : 1 + TIER[said.told],
  };
  return packRecord(RECORDS.Request, request, REQUEST);
}

/** What such bytes say: for the panel that shows what left. */
export function unpackRequest(bytes: Uint8Array): Request {
  return unpackRecord<Request>(RECORDS.Request, bytes);
}

/** What the queue says of whoever waits; null while it has said nothing. */
export function readStanding(bytes: Uint8Array): Standing | null {
  return bytes.length === 0 ? null : unpackRecord<Standing>(RECORDS.Standing, bytes);
}
