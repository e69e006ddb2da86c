/**
 * A signature key that stays in this browser, with what belongs to it: where the browser knows the
 * curve as a key nobody can export, else as a seed sealed in the vault.
 */

import { fromBase64url, toBase64url } from "../bytes.ts";
import { ed25519, isBytes, type SigningKey } from "../ed25519.ts";

/** What this file needs of a vault that is kept across reloads. */
export interface DeviceStore {
  read(name: string): Promise<{ readonly bytes: Uint8Array } | null>;
  put(name: string, bytes: Uint8Array | null): Promise<void>;
  handle(name: string): Promise<CryptoKey | null>;
  putHandle(name: string, key: CryptoKey | null): Promise<void>;
}

interface Kept {
  readonly person: string;
  readonly publicKey: string;
  /** Only where the browser cannot keep a key without bytes. */
  readonly seed: string | null;
}

export interface KeptKey {
  readonly signer: SigningKey;
  /** What was kept beside it, as it was. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** The key of this person under this name, if it is there and can still sign. */
export async function readKey(
  store: DeviceStore,
  name: string,
  person: string,
): Promise<KeptKey | null> {
  try {
    const found = await store.read(name);
    const kept = found && (JSON.parse(new TextDecoder().decode(found.bytes)) as Kept);
    if (!kept || kept.person !== person) {
      return null;
    }
    const secret = kept.seed === null ? await store.handle(name) : fromBase64url(kept.seed);
    const publicKey = fromBase64url(kept.publicKey);
    if (secret === null || publicKey === null || !(await signs({ publicKey, secret }))) {
      return null;
    }
    return { signer: { publicKey, secret }, more: { ...kept } };
  } catch {
    return null; // unreadable is as good as not there: a new key is drawn
  }
}

/** A fresh key; whatever another person left under this name is gone with the same stroke. */
export async function drawKey(store: DeviceStore, name: string): Promise<SigningKey> {
  await dropKey(store, name);
  return (await ed25519()).generate();
}

export async function dropKey(store: DeviceStore, name: string): Promise<void> {
  await store.put(name, null);
  await store.putHandle(name, null);
}

export async function keepKey(
  store: DeviceStore,
  name: string,
  { signer, person, more }: { signer: SigningKey; person: string; more: Record<string, unknown> },
): Promise<void> {
  const { publicKey, secret } = signer;
  const kept: Kept = {
    person,
    publicKey: toBase64url(publicKey),
    seed: isBytes(secret) ? toBase64url(secret) : null,
  };
  await store.putHandle(name, isBytes(secret) ? null : secret);
  await store.put(name, new TextEncoder().encode(JSON.stringify({ ...more, ...kept })));
}

/** A browser may lose, between two versions, what it needs to use a key it kept. */
async function signs(key: SigningKey): Promise<boolean> {
  const curve = await ed25519();
  const trial = crypto.getRandomValues(new Uint8Array(32));
  return curve.verify(key.publicKey, trial, await curve.sign(key.secret, trial));
}
