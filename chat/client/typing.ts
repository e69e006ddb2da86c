/**
 * Signs of typing: sealed with a key only the members of this epoch have, on a fixed beat of five
 * seconds that says nothing about single keys, passed on at once and kept nowhere.
 *
 *     beat = 12 random bytes ‖ AES-256-GCM(u32 leaf ‖ u32 second), associated data: group id, epoch
 *
 * The key is shared, so a beat says that a member types, not beyond doubt which: it moves three
 * dots on a screen and nothing else. An old second is a replay and moves nothing.
 */

import { ByteReader, concat, source, uint } from "../../counsel/client/bytes.ts";
import type { Group } from "./mls/group.ts";

export const BEAT_EVERY = 5_000;
/** How long a beat counts: one beat and the time a bad network takes. */
export const BEAT_LASTS = 8_000;

const LABEL = "counsel typing 1";
const NONCE_BYTES = 12;

async function keyOf(group: Group): Promise<CryptoKey> {
  const bytes = await group.exporterKey(LABEL);
  return crypto.subtle.importKey("raw", source(bytes), "AES-GCM", false, ["encrypt", "decrypt"]);
}

function algorithm(group: Group, iv: Uint8Array): AesGcmParams {
  const additionalData = concat(group.groupId, uint(group.epoch, 4));
  return { name: "AES-GCM", iv: source(iv), additionalData };
}

export async function sealBeat(group: Group, now: number): Promise<Uint8Array> {
  const leaf = group.members.find((member) => member.me)?.leaf ?? 0;
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const said = concat(uint(leaf, 4), uint(Math.floor(now / 1_000), 4));
  const sealed = await crypto.subtle.encrypt(algorithm(group, iv), await keyOf(group), said);
  return concat(iv, new Uint8Array(sealed));
}

/** The leaf and second of somebody else's beat; null for anything else, our own reflection too. */
export async function openBeat(
  group: Group,
  sealed: Uint8Array,
): Promise<{ leaf: number; second: number } | null> {
  const iv = sealed.slice(0, NONCE_BYTES);
  try {
    const rest = source(sealed.slice(NONCE_BYTES));
    const said = await crypto.subtle.decrypt(algorithm(group, iv), await keyOf(group), rest);
    const reader = new ByteReader(new Uint8Array(said));
    const [leaf, second] = [reader.number(4), reader.number(4)];
    const other = group.members.some((member) => !member.me && member.leaf === leaf);
    return reader.whole && other ? { leaf, second } : null;
  } catch {
    return null;
  }
}

/** Turns keystrokes into beats: at most one every five seconds, none when nobody types. */
export class TypingBeat {
  private readonly send: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private typed = false;

  constructor(send: () => void) {
    this.send = send;
  }

  typing(now: number): void {
    this.typed = true;
    // On the wall clock's own grid: when the first key fell is nobody's business.
    this.timer ??= setTimeout(() => this.tick(), BEAT_EVERY - (now % BEAT_EVERY));
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.typed = false;
  }

  private tick(): void {
    this.timer = undefined;
    if (!this.typed) return;
    this.typed = false;
    this.send();
    this.timer = setTimeout(() => this.tick(), BEAT_EVERY);
  }
}
