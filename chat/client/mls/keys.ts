/**
 * What one leaf brings along: who it says it is, its signature key, and the key packages by which
 * others admit it while it sleeps (RFC 9420 §10). Plain values; the vault keeps them.
 */

import "./floor.ts";
import {
  decodeKeyPackage,
  encodeKeyPackage,
  generateKeyPackageWithKey,
  type KeyPackage,
  makeKeyPackageRef,
} from "ts-mls/keyPackage.js";
import { encodeMlsMessage } from "ts-mls/message.js";
import { ByteReader, concat, equal, prefixed, uint, utf8 } from "../../../counsel/client/bytes.ts";
import { ed25519, type SigningKey } from "../../../counsel/client/ed25519.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { cipherSuite, handleOf, SUITE } from "./provider.ts";

const DAY = 86_400_000;
const VERSION = 1;

/** The whole identity of a seeker: that it is one. */
export const SEEKER = utf8("seeker");

/** The private side of one key package. */
export interface StoredPackage {
  /** The bare KeyPackage, as its reference is computed. */
  readonly package: Uint8Array;
  readonly init: Uint8Array;
  readonly leaf: Uint8Array;
  /** Admits more than once, until replaced; the others admit once. */
  readonly lastResort: boolean;
  /** A last resort that has admitted somebody: gone as soon as a new one is drawn. */
  readonly used: boolean;
}

export interface LeafKeys {
  /** `SEEKER`, or issuer statement ‖ device statement. */
  readonly identity: Uint8Array;
  readonly signer: SigningKey;
  /** The duty statement of a staff member; empty for a seeker. */
  readonly duty: Uint8Array;
  readonly packages: readonly StoredPackage[];
}

export type SeekerKeys = LeafKeys;
export type StaffKeys = LeafKeys;

/** One constant for every build, so that a key package says nothing about who made it. No GREASE. */
const CAPABILITIES = {
  versions: ["mls10" as const],
  ciphersuites: [SUITE as typeof SUITE],
  extensions: [],
  proposals: [],
  credentials: ["basic" as const],
};

/** A fresh key for one session, used in no other. */
export async function drawSeekerKeys(): Promise<SeekerKeys> {
  const signer = await (await ed25519()).generate();
  return { identity: SEEKER, signer, duty: new Uint8Array(0), packages: [] };
}

export function staffKeys(identity: Uint8Array, duty: Uint8Array, signer: SigningKey): StaffKeys {
  return { identity, signer, duty, packages: [] };
}

/** Whole days around today, s: a finer time would tell phones apart. */
function lifetime(today: number): { notBefore: bigint; notAfter: bigint } {
  const midnight = Math.floor(today / DAY) * DAY;
  const seconds = (days: number): bigint => BigInt((midnight + days * DAY) / 1000);
  return { notBefore: seconds(-7), notAfter: seconds(21) };
}

export async function drawPackage(
  keys: Pick<LeafKeys, "identity" | "signer">,
  today: number,
  lastResort: boolean,
): Promise<{ publicPackage: KeyPackage; stored: StoredPackage }> {
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
    { credentialType: "basic", identity: keys.identity },
    CAPABILITIES,
    lifetime(today),
    [],
    { publicKey: keys.signer.publicKey, signKey: handleOf(keys.signer.secret) },
    await cipherSuite(),
  );
  const stored = {
    package: encodeKeyPackage(publicPackage),
    init: privatePackage.initPrivateKey,
    leaf: privatePackage.hpkePrivateKey,
    lastResort,
    used: false,
  };
  return { publicPackage, stored };
}

/**
 * Draws `count` one-use packages and a new last resort. A used last resort goes now: by then the
 * log has been read and nothing waits behind it. `today` in ms, see `Trust.today()`.
 */
export async function topUp<K extends LeafKeys>(
  keys: K,
  count: number,
  today: number,
): Promise<{ keys: K; keyPackages: Uint8Array[]; lastResort: Uint8Array }> {
  const drawn: StoredPackage[] = [];
  const wire: Uint8Array[] = [];
  for (let i = 0; i <= count; i++) {
    const { publicPackage, stored } = await drawPackage(keys, today, i === count);
    drawn.push(stored);
    wire.push(wrapPackage(publicPackage));
  }
  const kept = keys.packages.filter((one) => !one.used);
  const lastResort = wire.pop() as Uint8Array;
  return { keys: { ...keys, packages: [...kept, ...drawn] }, keyPackages: wire, lastResort };
}

function wrapPackage(keyPackage: KeyPackage): Uint8Array {
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_key_package", keyPackage });
}

export interface FoundPackage {
  readonly stored: StoredPackage;
  readonly publicPackage: KeyPackage;
  /** Its KeyPackageRef (RFC 9420 §5.2). */
  readonly reference: Uint8Array;
}

/** The package one of these references means, or null. */
export async function findPackage(
  keys: LeafKeys,
  references: readonly Uint8Array[],
): Promise<FoundPackage | null> {
  const { hash } = await cipherSuite();
  for (const stored of keys.packages) {
    const publicPackage = decodeKeyPackage(stored.package, 0)?.[0];
    if (publicPackage === undefined) continue;
    const reference = await makeKeyPackageRef(publicPackage, hash);
    if (references.some((one) => equal(one, reference))) {
      return { stored, publicPackage, reference };
    }
  }
  return null;
}

/** The keys after a package has admitted its owner: a one-use package has no private part left. */
export function spend<K extends LeafKeys>(keys: K, spent: StoredPackage): K {
  const packages = keys.packages.flatMap((one) => {
    if (one !== spent) return [one];
    return one.lastResort ? [{ ...one, used: true }] : [];
  });
  return { ...keys, packages };
}

/** For the vault. Secret. The signature key is not in it: it may have no bytes. */
export function encodePackages(packages: readonly StoredPackage[]): Uint8Array {
  const flags = (one: StoredPackage): Uint8Array =>
    uint((one.lastResort ? 1 : 0) + (one.used ? 2 : 0), 1);
  const each = packages.map((one) =>
    concat(prefixed(one.package), prefixed(one.init), prefixed(one.leaf), flags(one)),
  );
  return concat(uint(VERSION, 1), ...each);
}

export function decodePackages(bytes: Uint8Array): StoredPackage[] {
  const reader = new ByteReader(bytes);
  if (reader.number(1) !== VERSION) throw new RefusalError("old-state", "key packages");
  const found: StoredPackage[] = [];
  while (!reader.empty) {
    const [keyPackage, init, leaf] = [reader.prefixed(), reader.prefixed(), reader.prefixed()];
    const flags = reader.number(1);
    found.push({
      package: keyPackage,
      init,
      leaf,
      lastResort: (flags & 1) !== 0,
      used: (flags & 2) !== 0,
    });
  }
  if (!reader.whole) throw new RefusalError("old-state", "key packages end early");
  return found;
}
