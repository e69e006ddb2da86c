/** A referral as it lies on the seeker's phone, sealed in the vault: the only place that knows its talk. */

import { fromBase64url, toBase64url, utf8 } from "../../../counsel/client/bytes.ts";
import type { DeskCode, ReferralState } from "../../../counsel/client/referralContract.ts";
import { type Act, QUIET_DAYS } from "./words.ts";

const DAY = 86_400_000;

/** One letter, as it was read or written. */
export interface Said {
  readonly number: number;
  readonly mine: boolean;
  readonly kind: Act | "lines" | "unread";
  readonly text: string;
  readonly to: DeskCode | "";
  /** Who signed it at the desk; "" for oneself. */
  readonly who: string;
  /** ms, by this phone's clock. */
  readonly at: number;
}

/** What waits to leave: built once, and then sent again to the byte until it is written. */
export interface Leaving {
  readonly text: string;
  /** ms: not before; drawn by chance. */
  readonly dueAt: number;
  /** Sealed already: it may have left. */
  readonly letter: Uint8Array | null;
  /** Why the last try came to nothing, a code; unsaid or "" where none has. */
  readonly failed?: string;
}

export interface Kept {
  readonly ref: Uint8Array;
  readonly token: Uint8Array;
  /** X25519, 32 bytes each. */
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
  readonly desk: DeskCode;
  readonly lines: readonly string[];
  readonly state: ReferralState;
  readonly said: readonly Said[];
  /** How many letters there are, and the hash of the last. */
  readonly last: number;
  readonly before: Uint8Array;
  readonly leaving: Leaving | null;
  /** ms: when the desk had it; 0: not yet. */
  readonly sentAt: number;
  /** ms: when to look into the mailbox again. */
  readonly lookAt: number;
  /** Whether news goes into the talk by itself. */
  readonly tells: boolean;
  /** News of up to this letter was told in the talk, or not wanted; and when the next is. */
  readonly toldTo: number;
  readonly tellAt: number;
  /** The desk's days are over and the talk was told. */
  readonly toldSilent: boolean;
  /** A letter came that cannot be its desk's: nothing of this referral is believed any more. */
  readonly broken: boolean;
}

/** Whether a desk that said yes, or when to come, has said nothing since for longer than its days. */
export function isQuiet({ state, said }: Kept, now: number): boolean {
  if (state !== "accepted" && state !== "appointed") return false;
  const last = said.filter(({ kind }) => kind === "accept" || kind === "appoint").pop();
  return last !== undefined && now - last.at > (QUIET_DAYS + 1) * DAY;
}

export function encodeKept(all: readonly Kept[]): Uint8Array {
  return utf8(
    JSON.stringify(all, (_, value: unknown) =>
      value instanceof Uint8Array ? { base64url: toBase64url(value) } : value,
    ),
  );
}

export function decodeKept(bytes: Uint8Array): readonly Kept[] {
  return JSON.parse(new TextDecoder().decode(bytes), (_, value: unknown) => {
    const text = (value as { base64url?: unknown } | null)?.base64url;
    return typeof text === "string" ? (fromBase64url(text) ?? value) : value;
  }) as readonly Kept[];
}
