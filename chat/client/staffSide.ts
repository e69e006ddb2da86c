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
import { Group, type Member } from "./mls/group.ts";
import type { StaffKeys } from "./mls/keys.ts";
import type { Plaintext } from "./plaintext.ts";
import type { Room, Side } from "./room.ts";
import type { Saved } from "./saved.ts";
import { commitJob, type Job, renew } from "./sealing.ts";
import { inGroup } from "./seekerSide.ts";
import type { Transcript } from "./transcript.ts";
import { isLive } from "./view.ts";
import type { Asked } from "./wishes.ts";

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

/** Somebody who was to go and is not out after this long: it is said, ms. */
const STAYS_LONG = 8_000;
const NONE = new Uint8Array(0);

/** Who is to come in, or whose leaf is to go; `tried`: the epoch of the commit that was to do it. */
interface Wanted {
  readonly asked: Asked | null;
  readonly leaf: number;
  readonly tried: number;
  /** The server does not take it as what it is; it goes as any other commit. */
  readonly plain: boolean;
}

export class StaffSide implements Side {
  readonly staff = true;
  private readonly keys: StaffKeys;
  private readonly trust: Trust;
  private readonly ref: Uint8Array;
  private busy = false;
  private notBefore = 0;
  private wanted: Wanted | null = null;
  /** Supervisors who have said that they go. */
  private readonly leaving = new Set<number>();

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

  /** A person has let this supervisor in. */
  wantIn(room: Room, asked: Asked): void {
    this.wanted ??= { asked, leaf: -1, tried: -1, plain: false };
    room.work();
  }

  /** The supervisor is to go, by a person's wish or their own. */
  wantOut(room: Room): void {
    const there = supervisorIn(room.held);
    if (there === undefined) return;
    if (this.wanted === null || this.wanted.asked !== null) {
      this.wanted = { asked: null, leaf: there.leaf, tried: -1, plain: false };
      room.after("staying", STAYS_LONG, () => {
        if (this.wanted?.asked === null) room.aside("staying", { who: there.name });
      });
    }
    room.work();
  }

  hears({ transcript }: Saved, { leaf, role }: Member, said: Plaintext): Transcript | null {
    if (said.kind === "leave" && role === "supervisor") this.leaving.add(leaf);
    return transcript;
  }

  /** The commit that is wanted instead of one for fresh keys alone. */
  async commit(held: Held): Promise<Job | null> {
    const { wanted } = this;
    const { group } = held;
    if (wanted === null || group === null) return renew(held);
    this.wanted = { ...wanted, tried: group.epoch };
    if (wanted.asked === null) {
      const { group: next, sealed } = await group.remove(wanted.leaf);
      const change = { kind: "Change", visit: 0, welcome: NONE, statement: NONE } as const;
      return commitJob(held, next, wanted.plain ? { sealed } : { sealed, change });
    }
    try {
      const { visit, keyPackage, statement } = wanted.asked;
      const { group: next, sealed, welcome } = await group.add(keyPackage, statement);
      const beside = { visit, welcome, statement: next.statements };
      return commitJob(held, next, { sealed, change: { kind: "Change", ...beside } });
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      this.wanted = null; // nobody comes in, and the talk goes on as it was
      return renew(held);
    }
  }

  /** Whether what was wanted is done, and whether it has to be tried once more. */
  private pursue(room: Room): void {
    const { held, saved } = room;
    const there = supervisorIn(held);
    if (there === undefined) this.leaving.clear();
    if (this.wanted === null && there !== undefined && this.leaving.has(there.leaf)) {
      this.wantOut(room);
    }
    const { wanted } = this;
    if (wanted === null || saved.renewal !== null || held.group === null) return;
    const done = (wanted.asked === null) === (there === undefined);
    const refused = wanted.tried === held.group.epoch;
    if (done || (refused && wanted.asked !== null)) this.wanted = null;
    else if (refused) this.wanted = { ...wanted, plain: true, tried: -1 };
    if (this.wanted !== null) room.due = "now";
    else if (there === undefined) {
      room.cancel("staying");
      room.unsay("staying");
    }
  }

  async tend(room: Room, news: News | null): Promise<void> {
    this.pursue(room);
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
    room.after("open", AGAIN_AFTER, () => {
      this.notBefore = 0; // a timer may be a moment early by the other clock, and there is no second one
      room.work();
    });
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
    else {
      // A client that refuses stops, and says no more that it is here: somebody else goes on.
      await room.inTurn(() => room.change({ refusal: code }));
      room.stop();
    }
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

function supervisorIn({ group }: Held): Member | undefined {
  return group?.members.find((one) => !one.me && one.role === "supervisor");
}
