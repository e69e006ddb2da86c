/**
 * This browser's staff card: a signature key that stays here, certified for one person, and the
 * statement that this person is on duty now.
 *
 * The key is drawn here, cannot be exported where the browser knows the curve, and else lies sealed
 * in the vault. What the server hands back is believed only after the same checks every phone makes.
 * Without a duty statement one still reads; joining and sending wait for it.
 */

import { fromBase64url, toBase64url } from "./bytes.ts";
import type { Duty, StaffMember, Trust } from "./certificates.ts";
import type { SigningKey } from "./ed25519.ts";
import { type DeviceStore, drawKey, dropKey, keepKey, readKey } from "./keys/keptKey.ts";
import type { Me, StaffApi } from "./staffApi.ts";

export type { DeviceStore };

export interface Device {
  readonly signer: SigningKey;
  /** Issuer statement ‖ device statement. */
  readonly identity: Uint8Array;
  /** What a duty statement points at. */
  readonly certificate: string;
  /** ms: the certificate ends. */
  readonly until: number;
  /** Issuer statement ‖ duty statement; empty while nobody has put this person on duty. */
  readonly duty: Uint8Array;
  /** ms: from then on nobody may be admitted or written to with this; 0 without a statement. */
  readonly dutyUntil: number;
}

/** No card, and why: a code of the server, `waiting`, `revoked`, `offline`, or a refusal's code. */
export class CertifyError extends Error {
  readonly code: string;
  /** The key that waits for its card, while it does. */
  readonly key: Uint8Array | null;
  constructor(code: string, key: Uint8Array | null = null) {
    super(code);
    this.name = "CertifyError";
    this.code = code;
    this.key = key;
  }
}

export interface DeviceParts {
  readonly store: DeviceStore;
  readonly api: Pick<StaffApi, "certify" | "duty">;
  readonly trust: Pick<
    Trust,
    "demo" | "staff" | "duties" | "requireLogged" | "requireCurrent" | "requireOnDuty" | "now"
  >;
  readonly me: Me;
}

/** A new statement is asked for while the old one still holds this long (ms). */
export const RENEW_BEFORE = 30 * 60_000;
/** The next certificate, two weeks before this one ends; twin of `counsel/limits.py`. */
const NEXT_CARD = 14 * 86_400_000;

const RECORD = "device";

interface Cards {
  readonly identity: string;
  readonly duty: string;
}

/**
 * The card of this person on this browser: the kept one while it holds, else a new one.
 * Throws `CertifyError`.
 */
export async function openDevice(parts: DeviceParts): Promise<Device> {
  const kept = await readCard(parts);
  const held = kept && (await checked(parts, kept.signer, kept.cards).catch(() => null));
  if (held !== null && !isDue(parts, held)) {
    return held;
  }
  try {
    return await certify(parts, kept?.signer ?? (await drawKey(parts.store, RECORD)), held);
  } catch (error) {
    if (held !== null && !(error instanceof CertifyError && error.code === "revoked")) {
      return held; // it still holds: the shift goes on, and renewing is tried again
    }
    throw error;
  }
}

/** The same key with what is fresh. Throws `CertifyError`; the old one goes on to its end. */
export function renewDevice(parts: DeviceParts, device: Device): Promise<Device> {
  return certify(parts, device.signer, device);
}

/** The duty statement alone, asked for as often as somebody waits for it. Throws `CertifyError`. */
export async function askDuty(parts: DeviceParts, device: Device): Promise<Device> {
  const answer = await parts.api.duty(device.certificate);
  if (!answer.ok) {
    throw new CertifyError(answer.code);
  }
  const duty = toBase64url(answer.value.statement);
  if (duty === "" || duty === toBase64url(device.duty)) {
    return device;
  }
  const fresh = await checked(parts, device.signer, {
    identity: toBase64url(device.identity),
    duty,
  });
  await keep(parts, fresh.signer, fresh);
  return fresh;
}

/** How this browser stands, without asking for anything that was not asked for: for the page. */
export async function keptKeyOf(
  parts: Pick<DeviceParts, "store" | "me">,
): Promise<Uint8Array | null> {
  return (await readCard(parts))?.signer.publicKey ?? null;
}

/** This browser starts again with a fresh key: its card was taken back, or belongs to the past. */
export function forgetDevice(store: DeviceStore): Promise<void> {
  return dropKey(store, RECORD);
}

function isDue({ trust }: DeviceParts, held: Device): boolean {
  const now = trust.now();
  return held.dutyUntil - now <= RENEW_BEFORE || held.until - now <= NEXT_CARD;
}

async function certify(
  parts: DeviceParts,
  signer: SigningKey,
  held: Device | null,
): Promise<Device> {
  await keep(parts, signer, held); // whoever waits must come back with the same key
  const answer = await parts.api.certify(signer.publicKey);
  if (!answer.ok) {
    throw new CertifyError(answer.code);
  }
  const { state, identity, statement } = answer.value;
  if (state !== "certified") {
    throw new CertifyError(state, signer.publicKey);
  }
  const card = { identity: toBase64url(identity), duty: toBase64url(statement) };
  const goesOn = held !== null && card.identity === toBase64url(held.identity);
  const device = await checked(parts, signer, card.duty === "" && goesOn ? cardsOf(held) : card);
  await keep(parts, signer, device);
  return statement.length > 0 ? device : askDuty(parts, device).catch(() => device);
}

/** Refuses what another client would refuse, and a card made out to somebody else. */
async function checked(parts: DeviceParts, signer: SigningKey, cards: Cards): Promise<Device> {
  const identity = fromBase64url(cards.identity) ?? new Uint8Array(0);
  try {
    const { trust, me } = parts;
    const member = await trust.staff(identity, signer.publicKey);
    const { duty, until: dutyUntil } = await dutyOf(parts, member, cards.duty);
    trust.requireCurrent(member);
    if (member.person !== me.person || member.role !== me.role) {
      throw new CertifyError("other-person");
    }
    const { certificate, until } = member;
    return { signer, identity, certificate, until, duty, dutyUntil };
  } catch (error) {
    throw error instanceof CertifyError ? error : new CertifyError(codeOf(error));
  }
}

/** A statement that is over is none any more; one of somebody else is refused. */
async function dutyOf(
  { trust }: DeviceParts,
  member: StaffMember,
  statement: string,
): Promise<{ duty: Uint8Array; until: number }> {
  const duty = fromBase64url(statement) ?? new Uint8Array(0);
  const duties = await trust.duties(duty, [member]);
  await trust.requireLogged([member], duties);
  try {
    trust.requireOnDuty(member, duties);
  } catch (error) {
    if (codeOf(error) === "duty-over") {
      return { duty: new Uint8Array(0), until: 0 };
    }
    throw error;
  }
  return { duty, until: endOf(member, duties) };
}

function endOf(member: StaffMember, duties: readonly Duty[]): number {
  return Math.min(member.until, Math.max(...duties.map((duty) => duty.until)));
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "internal";
}

function cardsOf({ identity, duty }: Pick<Device, "identity" | "duty">): Cards {
  return { identity: toBase64url(identity), duty: toBase64url(duty) };
}

function keep(
  { store, me }: DeviceParts,
  signer: SigningKey,
  device: Pick<Device, "identity" | "duty"> | null,
): Promise<void> {
  const cards = device === null ? { identity: "", duty: "" } : cardsOf(device);
  return keepKey(store, RECORD, { signer, person: me.person, more: { ...cards } });
}

/** The kept key of this person and the cards beside it. */
async function readCard({
  store,
  me,
}: Pick<DeviceParts, "store" | "me">): Promise<{ signer: SigningKey; cards: Cards } | null> {
  const kept = await readKey(store, RECORD, me.person);
  if (kept === null) {
    return null;
  }
  const text = (name: string): string => {
    const value = kept.more[name];
    return typeof value === "string" ? value : "";
  };
  return { signer: kept.signer, cards: { identity: text("identity"), duty: text("duty") } };
}
