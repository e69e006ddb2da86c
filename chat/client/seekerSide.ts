/** The seeker's half of a talk: leaving keys, being let in, ending, erasing. */

import type { Trust } from "../../counsel/client/certificates.ts";
import {
  type ChatFrame,
  type Envelope,
  KEY_PACKAGES,
  type News,
  WIRE_VERSION,
} from "../../counsel/client/contract.ts";
import { OutOfReachError } from "../../counsel/client/knownLog.ts";
import { RefusalError } from "../../counsel/client/refusal.ts";
import type { Vault } from "../../counsel/client/vault.ts";
import { cameOrWent, type Held, type Reading } from "./log.ts";
import { Group } from "./mls/group.ts";
import { encodePackages, topUp } from "./mls/keys.ts";
import { type Entry, sayHead, unsealOlder } from "./outbox.ts";
import { afterJoining } from "./release.ts";
import type { Room, Side } from "./room.ts";
import type { KeptLine, Saved } from "./saved.ts";
import { beginTranscript, type Transcript } from "./transcript.ts";
import { isSpoken } from "./view.ts";

/** Answers to a request that will not change: somebody is there already, or nobody can read it. */
const UNHEARD: readonly string[] = ["not-now", "bad-frame", "bad-value", "too-late"];

export class SeekerSide implements Side {
  readonly staff = false;
  private readonly vault: Vault;
  private readonly trust: Trust;
  private readonly now: () => number;
  private toppedUp: News | null = null;
  private busy = false;
  /** The newest group the server has spoken of: a Welcome before it no longer decides anything. */
  private newestGroup = 0;
  /** The last group of which the server knows that its words were on this screen. */
  private shownIn = 0;

  constructor(vault: Vault, trust: Trust, now: () => number) {
    this.vault = vault;
    this.trust = trust;
    this.now = now;
  }

  /** The same words until the server has a seat for this token; then only where we are. */
  hello(saved: Saved, after: number): ChatFrame {
    const { token, request, offer, ref } = saved;
    const version = WIRE_VERSION;
    if (ref.length === 0 && offer !== null) {
      return { kind: "Start", version, token, request, ...offer };
    }
    return { kind: "Resume", version, token, after };
  }

  async welcomed(held: Held, row: Envelope): Promise<Reading> {
    try {
      const joined = await Group.join(held.keys, row.sealed, row.statement, this.trust);
      return this.enter(held, row, joined.group, joined.me);
    } catch (error) {
      if (error instanceof OutOfReachError) return { held, lines: [], later: true };
      if (!(error instanceof RefusalError)) throw error;
      // Whoever opened that group is gone again; what counts is the one after it.
      if (row.group < this.newestGroup) return { held, lines: [] };
      return { held, lines: [], refused: error.code };
    }
  }

  private async enter(
    held: Held,
    row: Envelope,
    group: Group,
    keys: Held["keys"],
  ): Promise<Reading> {
    const before = held.group?.members.find((member) => !member.me);
    const present = group.members.find((member) => !member.me);
    const lines: KeptLine[] = [];
    const at = this.now();
    const who = present?.name ?? "";
    if (before !== undefined && before.person === present?.person) {
      const id = `${row.group}.${row.seq} again`;
      lines.push({ kind: "notice", id, code: "again", params: { who }, at });
    } else {
      if (before !== undefined) lines.push(cameOrWent("left", before, row, at));
      if (present !== undefined) lines.push(cameOrWent("joined", present, row, at));
    }
    if (before !== undefined && before.person !== present?.person) {
      const id = `${row.group}.${row.seq} fresh`;
      const params = { who, before: before.name };
      lines.push({ kind: "notice", id, code: "fresh-start", params, at });
    }
    if (!this.trust.clockAgrees) {
      lines.push({
        kind: "notice",
        id: `${row.group}.${row.seq} clock`,
        code: "clock",
        params: { who },
        at,
      });
    }
    let saved = await inGroup(held.saved, group, row.group, at);
    if (present !== undefined && before?.person !== present.person) {
      const next = afterJoining(saved, group, present, `${row.group}.${row.seq} next`, at);
      saved = next.saved;
      lines.push(...next.lines);
    }
    const packages = encodePackages(keys.packages);
    return { held: { saved: { ...saved, packages }, keys, group, next: null }, lines };
  }

  async tend(room: Room, news: News | null): Promise<void> {
    this.newestGroup = Math.max(this.newestGroup, news?.group ?? 0);
    if (this.busy || room.isStopped) return;
    this.shown(room);
    this.busy = true;
    try {
      await this.leaveKeys(room, news);
      await this.askQueue(room);
    } finally {
      this.busy = false;
    }
  }

  /** Three key packages lie with the server whenever we are online: one per listener in turn. */
  private async leaveKeys(room: Room, news: News | null): Promise<void> {
    const { saved } = room;
    if (saved.ref.length === 0 || saved.intent === "erase") return;
    if (saved.offer === null && !this.wantsKeys(room, news)) return;
    if (saved.offer === null) await this.drawOffer(room, news);
    const { offer } = room.saved;
    if (offer === null) return;
    const outcome = await room.link.ask({ kind: "TopUp", ...offer });
    if (outcome.ok || outcome.code === "bad-envelope" || outcome.code === "not-now") {
      await room.inTurn(() => room.change({ offer: null }));
    }
  }

  /** What the queue is asked, one after the other and each until it was heard. */
  private async askQueue(room: Room): Promise<void> {
    for (;;) {
      const { ref, asking, intent } = room.saved;
      const request = asking[0];
      if (request === undefined || ref.length === 0 || intent !== "") return;
      const outcome = await room.link.ask({ kind: "Ask", request });
      if (!outcome.ok && !UNHEARD.includes(outcome.code)) return;
      await room.inTurn(() => {
        const rest = room.saved.asking.filter((one) => one !== request);
        return room.change({ asking: rest, ...(outcome.ok ? { request } : {}) });
      });
    }
  }

  /**
   * Once for each listener the server is told that words of theirs were on this screen: until then
   * nobody counts as being with a person in danger.
   */
  shown(room: Room): void {
    const { groupNumber, shown, after, intent } = room.saved;
    if (this.shownIn === groupNumber || intent !== "") return;
    const words = room.keeper.lines.some(
      (line) => isSpoken(line) && !line.mine && line.group === groupNumber && line.place <= shown,
    );
    if (!words) return;
    const before = this.shownIn;
    this.shownIn = groupNumber;
    void room.link.ask({ kind: "Shown", seq: after }).then((outcome) => {
      if (!outcome.ok) this.shownIn = before; // with the next news once more
    });
  }

  private wantsKeys(room: Room, news: News | null): boolean {
    if (news === null || news === this.toppedUp) return false;
    const open = news.state === "waiting" || news.state === "active";
    const read = room.saved.after >= news.lastSeq;
    const used = room.held.keys.packages.some((one) => one.used);
    return open && read && (news.keysLeft < KEY_PACKAGES || used);
  }

  private async drawOffer(room: Room, news: News | null): Promise<void> {
    this.toppedUp = news;
    const count = Math.max(0, KEY_PACKAGES - (news?.keysLeft ?? 0));
    await room.inTurn(async () => {
      const { keys, ...offer } = await topUp(room.held.keys, count, this.trust.today());
      const saved = { ...room.saved, packages: encodePackages(keys.packages), offer };
      await room.keep({ ...room.held, keys, saved });
    });
  }

  async over(_room: Room, how: "erased" | "lost-seat"): Promise<void> {
    if (how === "erased") await this.vault.wipe();
  }
}

/** What is kept once we are in a fresh group: nothing of the group before it but the lines. */
export async function inGroup(
  saved: Saved,
  group: Group,
  number: number,
  now: number,
): Promise<Saved> {
  return {
    ...saved,
    group: group.encode(),
    groupNumber: number,
    over: 0,
    opening: null,
    renewal: null,
    sinceCommit: 0,
    committedAt: now,
    transcript: await beginTranscript(group.groupId),
    outbox: sayHead(unsealOlder(saved.outbox, number, -1).filter(isNoReceipt), now),
    shown: 0,
    told: 0,
    seenBefore: { ...saved.seenBefore, [saved.groupNumber]: furthestSeen(saved.transcript) },
  };
}

/** What was said of the group before: it means nothing in this one. */
const isNoReceipt = ({ kind }: Entry): boolean => kind !== "seen" && kind !== "release";

function furthestSeen(transcript: Transcript | null): number {
  return Math.max(0, ...Object.values(transcript?.peers ?? {}).map((peer) => peer.seen));
}
