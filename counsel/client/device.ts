/**
 * This browser's staff card: a signature key that stays here, certified for one person, and the
 * statement that this person is on duty now.
 *
 * The key is drawn here, cannot be exported where the browser knows the curve, and else lies sealed
 * in the vault. What the server hands back is believed only after the same checks every phone makes.
 */

import { fromBase64url, toBase64url } from "./bytes.ts";
import type { Duty, StaffMember, Trust } from "./certificates.ts";
import { ed25519, isBytes, type SigningKey } from "./ed25519.ts";
import type { Me, StaffApi } from "./staffApi.ts";

/** What this file needs of a vault that is kept across reloads. */
export interface DeviceStore {
  read(name: string): Promise<{ readonly bytes: Uint8Array } | null>;
  put(name: string, bytes: Uint8Array | null): Promise<void>;
  handle(name: string): Promise<CryptoKey | null>;
  putHandle(name: string, key: CryptoKey | null): Promise<void>;
}

export interface Device {
  readonly signer: SigningKey;
  /** Issuer statement ‖ device statement. */
  readonly identity: Uint8Array;
  readonly duty: Uint8Array;
  /** ms: from then on nobody may be admitted or written to with this. */
  readonly dutyUntil: number;
}

/** No card, and why: a code of the server, `offline`, or a refusal's code. */
export class CertifyError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = "CertifyError";
    this.code = code;
  }
}

export interface DeviceParts {
  readonly store: DeviceStore;
  readonly api: Pick<StaffApi, "certify">;
  readonly trust: Pick<
    Trust,
    "staff" | "duties" | "requireLogged" | "requireCurrent" | "requireOnDuty" | "now"
  >;
  readonly me: Me;
}

/** A new statement is asked for while the old one still holds this long (ms). */
export const RENEW_BEFORE = 30 * 60_000;

const RECORD = "device";

interface Kept {
  readonly person: string;
  readonly publicKey: string;
  /** Only where the browser cannot keep a key without bytes. */
  readonly seed: string | null;
  readonly identity: string;
  readonly duty: string;
}

/**
 * The card of this person on this browser: the kept one while it holds, else a new one.
 * Throws `CertifyError`.
 */
export async function openDevice(parts: DeviceParts): Promise<Device> {
  const kept = await readKept(parts);
  const held = kept === null ? null : await checked(parts, kept.signer, kept).catch(() => null);
  if (held !== null && held.dutyUntil - parts.trust.now() > RENEW_BEFORE) {
    return held;
  }
  try {
    return await certify(parts, kept?.signer ?? (await drawKey(parts)));
  } catch (error) {
    if (held !== null) {
      return held; // it still holds: the shift goes on, and renewing is tried again
    }
    throw error;
  }
}

/** The same key with a fresh statement. Throws `CertifyError`; the old one goes on to its end. */
export function renewDevice(parts: DeviceParts, device: Device): Promise<Device> {
  return certify(parts, device.signer);
}

async function certify(parts: DeviceParts, signer: SigningKey): Promise<Device> {
  const answer = await parts.api.certify(signer.publicKey);
  if (!answer.ok) {
    throw new CertifyError(answer.code);
  }
  const { identity, statement } = answer.value;
  const device = await checked(parts, signer, {
    identity: toBase64url(identity),
    duty: toBase64url(statement),
  });
  await keep(parts, device);
  return device;
}

/** Refuses what another client would refuse, and a card made out to somebody else. */
async function checked(
  parts: DeviceParts,
  signer: SigningKey,
  card: Pick<Kept, "identity" | "duty">,
): Promise<Device> {
  const identity = fromBase64url(card.identity) ?? new Uint8Array(0);
  const duty = fromBase64url(card.duty) ?? new Uint8Array(0);
  try {
    const { trust, me } = parts;
    const member = await trust.staff(identity, signer.publicKey);
    const duties = await trust.duties(duty, [member]);
    await trust.requireLogged([member], duties);
    trust.requireCurrent(member);
    trust.requireOnDuty(member, duties);
    if (member.person !== me.person || member.role !== me.role) {
      throw new CertifyError("other-person");
    }
    return { signer, identity, duty, dutyUntil: endOf(member, duties) };
  } catch (error) {
    throw error instanceof CertifyError ? error : new CertifyError(codeOf(error));
  }
}

function endOf(member: StaffMember, duties: readonly Duty[]): number {
  return Math.min(member.until, Math.max(...duties.map((duty) => duty.until)));
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "internal";
}

/** A fresh key; whatever another person left here is gone with the same stroke. */
async function drawKey({ store }: DeviceParts): Promise<SigningKey> {
  await store.put(RECORD, null);
  await store.putHandle(RECORD, null);
  return (await ed25519()).generate();
}

async function keep({ store, me }: DeviceParts, device: Device): Promise<void> {
  const { publicKey, secret } = device.signer;
  const kept: Kept = {
    person: me.person,
    publicKey: toBase64url(publicKey),
    seed: isBytes(secret) ? toBase64url(secret) : null,
    identity: toBase64url(device.identity),
    duty: toBase64url(device.duty),
  };
  await store.putHandle(RECORD, isBytes(secret) ? null : secret);
  await store.put(RECORD, new TextEncoder().encode(JSON.stringify(kept)));
}

/** The kept key of this person, if it can still sign. */
async function readKept(parts: DeviceParts): Promise<(Kept & { signer: SigningKey }) | null> {
  try {
    const found = await parts.store.read(RECORD);
    const kept = found && (JSON.parse(new TextDecoder().decode(found.bytes)) as Kept);
    if (!kept || kept.person !== parts.me.person) {
      return null;
    }
    const secret = kept.seed === null ? await parts.store.handle(RECORD) : fromBase64url(kept.seed);
    const publicKey = fromBase64url(kept.publicKey);
    if (secret === null || publicKey === null || !(await signs({ publicKey, secret }))) {
      return null;
    }
    return { ...kept, signer: { publicKey, secret } };
  } catch {
    return null; // unreadable is as good as not there: a new key is drawn
  }
}

/** A browser may lose, between two versions, what it needs to use a key it kept. */
async function signs(key: SigningKey): Promise<boolean> {
  const curve = await ed25519();
  const trial = crypto.getRandomValues(new Uint8Array(32));
  return curve.verify(key.publicKey, trial, await curve.sign(key.secret, trial));
}
