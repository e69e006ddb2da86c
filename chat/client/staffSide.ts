/** The counsellor's half of a talk: opening a group for the phone that waits, and letting go. */

import type { Trust } from "../../counsel/client/certificates.ts";
import {
  type ChatFrame,
  type Envelope,
  type News,
  WIRE_VERSION,
} from "../../counsel/client/contract.ts";
import { OutOfReachError } from "../../counsel/client/knownLog.ts";
import { type RefusalCode, RefusalError } from "../../counsel/client/refusal.ts";
import type { Held, Reading } from "./log.ts";
import { Group } from "./mls/group.ts";
import type { StaffKeys } from "./mls/keys.ts";
import type { Room, Side } from "./room.ts";
import type { Saved } from "./saved.ts";
import { inGroup } from "./seekerSide.ts";
import { isLive } from "./view.ts";

/** These pass: a shift begins, a clock is put right, another key package is claimed. */
const PASSING: readonly RefusalCode[] = [
  "duty-over",
  "certificate-dates",
  "key-expired",
  "wrong-clock",
];
const AGAIN_AFTER = 5_000;
/** The group we hold takes nothing any more although everything is read: it is not the group. */
const STALE_AT_MOST = 3;

export class StaffSide implements Side {
  readonly staff = true;
  private readonly keys: StaffKeys;
  private readonly trust: Trust;
  private readonly ref: Uint8Array;
  private busy = false;
  private notBefore = 0;

  constructor(ref: Uint8Array, keys: StaffKeys, trust: Trust) {
    this.ref = ref;
    this.keys = keys;
    this.trust = trust;
  }

  hello(_saved: Saved, after: number): ChatFrame {
    return { kind: "Attend", version: WIRE_VERSION, ref: this.ref, after };
  }

  /** A Welcome that is not ours: older than our group it means nothing, newer it replaces us. */
  async welcomed(held: Held, row: Envelope): Promise<Reading> {
    const replaced = isLive(held.saved) && row.group > held.saved.groupNumber;
    return { held, lines: [], lostSeat: replaced };
  }

  async tend(room: Room, news: News | null): Promise<void> {
    if (this.busy || news === null || !this.needsGroup(room, news)) return;
    this.busy = true;
    try {
      await this.openGroup(room, news);
    } finally {
      this.busy = false;
    }
  }

  private needsGroup(room: Room, news: News): boolean {
    const { saved, held } = room;
    if (room.isStopped || news.state !== "active" || saved.opening !== null) return false;
    if (saved.refusal !== null || saved.after < news.lastSeq || room.now() < this.notBefore)
      return false;
    const until = held.group?.members.find((member) => member.me)?.dutyUntil?.getTime() ?? Infinity;
    // Fresh keys that are on their way tell of the statement in hand: that may be all it takes.
    const renewing = room.due === "now" || saved.renewal !== null;
    const lapsed = until <= this.trust.now() && !renewing;
    return held.group === null || lapsed || room.staleTries >= STALE_AT_MOST;
  }

  private async openGroup(room: Room, news: News): Promise<void> {
    this.notBefore = room.now() + AGAIN_AFTER;
    room.after("open", AGAIN_AFTER, () => room.work());
    try {
      // Asked first: a key package that was claimed in vain is one less on the phone.
      await this.trust.log.atLeast(0);
      await this.claimAndAdmit(room, news);
    } catch (error) {
      await this.cannotOpen(room, error);
    }
    room.work();
  }

  /** Claimed, created, admitted, stored; only then does the Welcome leave. */
  private async claimAndAdmit(room: Room, news: News): Promise<void> {
    const claimed = await room.link.ask({ kind: "ClaimKey" });
    if (!claimed.ok && claimed.code === "no-key") room.aside("no-key");
    if (!claimed.ok || claimed.frame.kind !== "Key") return;
    const { keyPackage } = claimed.frame;
    await room.inTurn(() => this.admit(room, keyPackage, news.group + 1));
  }

  private async cannotOpen(room: Room, error: unknown): Promise<void> {
    const code = error instanceof RefusalError ? error.code : null;
    if (error instanceof OutOfReachError || code === "log-behind") room.aside("unchecked");
    else if (code === null) throw error;
    else if (PASSING.includes(code)) room.aside("duty-over");
    else await room.inTurn(() => room.change({ refusal: code }));
  }

  private async admit(room: Room, keyPackage: Uint8Array, number: number): Promise<void> {
    const groupId = crypto.getRandomValues(new Uint8Array(16));
    const alone = await Group.create(this.keys, groupId, this.trust);
    const { group, welcome, seekerKey } = await alone.admit(keyPackage, room.saved.pinned);
    const clientId = crypto.getRandomValues(new Uint8Array(16));
    const saved: Saved = {
      ...(await inGroup(room.saved, group, number, room.now())),
      opening: { clientId, groupId, welcome, statement: group.statements },
      pinned: seekerKey,
    };
    await room.keep({ saved, keys: this.keys, group, next: null });
    room.unsay("unchecked");
  }

  /** Nothing of a talk stays on a device that has no seat in it. */
  async over(room: Room): Promise<void> {
    await room.keeper.forget();
  }
}
