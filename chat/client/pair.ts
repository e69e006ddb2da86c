/**
 * A room of two of the staff, as one page holds it: sealed like a talk, with nobody else in it and no
 * seeker ever. It lives in memory: whoever reloads has no keys any more, and the two meet again in a
 * fresh group. Nothing of it is kept on a device.
 *
 * One thing at a time: rows are read in their order, one thing is on its way, and it goes out again to
 * the byte until it has its place. Whatever cannot be believed ends the room.
 */

import { equal } from "../../counsel/client/bytes.ts";
import type { Trust } from "../../counsel/client/certificates.ts";
import type { Side } from "../../counsel/client/contract.ts";
import { OutOfReachError } from "../../counsel/client/knownLog.ts";
import { RefusalError } from "../../counsel/client/refusal.ts";
import { compareHeads } from "./heads.ts";
import type { Group, Member } from "./mls/group.ts";
import { decodePlaintext, encodePlaintext, type Plaintext } from "./plaintext.ts";
import { RENEW_AFTER, RENEW_AFTER_MESSAGES } from "./sealing.ts";
import { chainOf, hear, placeOwn, type Transcript } from "./transcript.ts";

/** How a room reaches its server; both reject with a `code`. */
export interface PairWire {
  say(clientId: Uint8Array, sealed: Uint8Array): Promise<void>;
  /** The next rows behind this place; none where there are no more. */
  hear(after: number): Promise<readonly Side[]>;
}

export interface PairLine {
  readonly id: string;
  readonly mine: boolean;
  /** As MLS authenticated it; "" for my own. */
  readonly who: string;
  readonly text: string;
  /** ms, a whole minute. */
  readonly at: number;
  readonly stored: boolean;
}

export interface PairView {
  readonly peer: Member;
  readonly lines: readonly PairLine[];
  /** Why this room is over for this page: a refusal's code, or "". */
  readonly refusal: string;
  /** Why nothing leaves just now: a code, or `unchecked`; it is tried again by itself. */
  readonly waits: string;
}

export interface PairParts {
  readonly group: Group;
  readonly transcript: Transcript;
  readonly trust: Trust;
  readonly wire: PairWire;
  readonly now: () => number;
  /** My duty statement as it is now: a shift that goes on is told with the next commit. */
  readonly duty: () => Uint8Array;
  changed(): void;
}

interface Entry {
  readonly id: string;
  readonly kind: "head" | "words";
  readonly text: string;
  readonly at: number;
}

/** What is on its way: words, or a commit and the group it leads to. */
interface Sealed {
  readonly clientId: Uint8Array;
  readonly bytes: Uint8Array;
  readonly raw: Uint8Array;
  readonly entry: Entry | null;
  readonly next: Group | null;
}

/** These pass: the words wait, and the room goes on. */
const PASSING: readonly string[] = ["duty-over", "certificate-dates"];
const AGAIN_AFTER = 2_000;

export class PairRoom {
  private readonly parts: PairParts;
  private group: Group;
  private transcript: Transcript;
  private after = 0;
  private wanted = 0;
  private outbox: readonly Entry[];
  private sealed: Sealed | null = null;
  private lines: readonly PairLine[] = [];
  private refusal = "";
  private waits = "";
  private spoken = 0;
  private begun = 0;
  private committedAt: number;
  private work: Promise<void> = Promise.resolve();
  private again: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(parts: PairParts) {
    this.parts = parts;
    this.group = parts.group;
    this.transcript = parts.transcript;
    this.committedAt = parts.now();
    // First of all, which log of everything issued this client knows (protocol-groups.md §6).
    this.outbox = [{ id: "head", kind: "head", text: "", at: parts.now() }];
  }

  get view(): PairView {
    const mine = this.outbox.filter((one) => one.kind === "words");
    const leaving = mine.map(({ id, text, at }) => ({
      ...{ id, text, at, who: "", mine: true, stored: false },
    }));
    const { refusal, waits } = this;
    return { peer: this.peer, lines: [...this.lines, ...leaving], refusal, waits };
  }

  /** Words for the other one; they leave as soon as they can. */
  say(text: string): void {
    this.begun += 1;
    const id = `mine ${this.begun}`;
    this.outbox = [...this.outbox, { id, kind: "words", text, at: this.parts.now() }];
    this.parts.changed();
    this.go();
  }

  /** The room's log is this long. */
  reachTo(seq: number): void {
    this.wanted = Math.max(this.wanted, seq);
    this.go();
  }

  /** What had not left comes back; keys and words are forgotten. */
  close(): string {
    this.closed = true;
    clearTimeout(this.again);
    const unsent = this.outbox.filter((one) => one.kind === "words").map((one) => one.text);
    [this.outbox, this.lines] = [[], []];
    this.group.release();
    return unsent.join("\n");
  }

  /** Resolves when all that is under way is done; for tests and for whoever waits. */
  settled(): Promise<void> {
    return this.work;
  }

  private get peer(): Member {
    return this.group.members.find((one) => !one.me) as Member;
  }

  private go(): void {
    clearTimeout(this.again);
    this.work = this.work.then(() => this.round());
  }

  private async round(): Promise<void> {
    if (this.closed || this.refusal !== "") return;
    try {
      await this.readOn();
      while (await this.sendOne());
      this.waits = "";
    } catch (error) {
      this.stumble(error);
    }
    if (!this.closed) this.parts.changed();
  }

  private stumble(error: unknown): void {
    const passes = error instanceof RefusalError && PASSING.includes(error.code);
    if (error instanceof RefusalError && !passes) {
      this.refusal = error.code;
      return;
    }
    const code = (error as { code?: unknown } | null)?.code;
    this.waits = error instanceof OutOfReachError ? "unchecked" : String(code ?? "unknown");
    this.again = setTimeout(() => this.go(), AGAIN_AFTER);
  }

  private async readOn(): Promise<void> {
    while (this.after < this.wanted) {
      const rows = await this.parts.wire.hear(this.after);
      if (rows.length === 0) return;
      for (const row of rows) {
        if (row.seq > this.after) await this.read(row);
      }
    }
  }

  private async read(row: Side): Promise<void> {
    const mine = this.sealed;
    if (mine !== null && equal(mine.clientId, row.clientId) && equal(mine.bytes, row.sealed)) {
      await this.place(mine);
    } else if (row.what !== "welcome") {
      await this.open(row);
    } else if (this.after > 0) {
      throw new RefusalError("bad-welcome", "another group in the middle of this one");
    }
    this.after = row.seq;
  }

  private async open(row: Side): Promise<void> {
    const { group, opened } = await this.group.open(row.sealed);
    if (opened.kind === "change") {
      const moved = opened.joined.length + opened.left.length;
      if (moved > 0) throw new RefusalError("not-allowed", "nobody comes into this room or goes");
      this.keep(group);
      [this.spoken, this.committedAt] = [0, this.parts.now()];
      this.sealed = null; // ours was made for an epoch that is over: it is sealed again
      return;
    }
    const { author, plaintext } = opened;
    const said = decodePlaintext(plaintext);
    if (said === null) throw new RefusalError("unreadable", "no line");
    await compareHeads(this.parts.trust, this.transcript, author.leaf, said);
    const heard = await hear(this.transcript, author.leaf, said, plaintext);
    if (heard.findings.length > 0)
      throw new RefusalError("missing-rows", "not what they have read");
    this.transcript = heard.transcript;
    this.keep(group);
    this.spoken += 1;
    if (said.kind === "words") this.show(String(row.seq), author, said);
  }

  private show(id: string, author: Member, { text, at }: Plaintext): void {
    this.lines = [...this.lines, { id, text, at, who: author.name, mine: author.me, stored: true }];
  }

  /** Ours has its place. */
  private async place({ raw, entry, next }: Sealed): Promise<void> {
    this.sealed = null;
    if (next !== null) {
      this.keep(next);
      [this.spoken, this.committedAt] = [0, this.parts.now()];
      return;
    }
    const me = this.group.members.find((one) => one.me) as Member;
    this.transcript = await placeOwn(this.transcript, me.leaf, raw);
    this.spoken += 1;
    this.outbox = this.outbox.filter((one) => one.id !== entry?.id);
    if (entry?.kind !== "words") return;
    const { id, text, at } = entry;
    this.lines = [...this.lines, { id, text, at, who: "", mine: true, stored: true }];
  }

  /** True: there may be more to send. */
  private async sendOne(): Promise<boolean> {
    this.sealed ??= await this.seal();
    const { sealed } = this;
    if (sealed === null || this.closed) return false;
    try {
      await this.parts.wire.say(sealed.clientId, sealed.bytes);
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code !== "stale-epoch") throw error;
      await this.overtaken();
      return true;
    }
    await this.readUpTo(sealed);
    return true;
  }

  /** Stored: what lies before it is read first, then it. */
  private async readUpTo(sealed: Sealed): Promise<void> {
    while (this.sealed === sealed) {
      this.wanted = Math.max(this.wanted, this.after + 1);
      const before = this.after;
      await this.readOn();
      if (this.after === before) throw new RefusalError("missing-rows", "ours is not in the log");
    }
  }

  /** Somebody was first with fresh keys: what they made is read, and ours is sealed again. */
  private async overtaken(): Promise<void> {
    const before = this.after;
    this.wanted = before + 1;
    await this.readOn();
    if (this.after === before) throw new RefusalError("ended-epoch");
  }

  private async seal(): Promise<Sealed | null> {
    const entry = this.outbox[0];
    if (entry === undefined) return null;
    const clientId = crypto.getRandomValues(new Uint8Array(16));
    const { group, transcript } = this;
    const duty = this.parts.duty();
    const told = holds(group.statements, duty);
    if (entry.kind === "words" && (!told || this.isDue())) {
      const renewed = await group.renew(told ? new Uint8Array(0) : duty);
      const bytes = renewed.sealed;
      return { clientId, bytes, raw: new Uint8Array(0), entry: null, next: renewed.group };
    }
    const raw = encodePlaintext({
      ...{ kind: entry.kind, number: transcript.mine + 1, seen: transcript.length },
      ...{ length: transcript.length, chain: chainOf(transcript), at: entry.at },
      text: entry.kind === "head" ? await group.head() : entry.text,
    });
    const made = await group.seal(raw);
    this.keep(made.group);
    return { clientId, bytes: made.sealed, raw, entry, next: null };
  }

  private isDue(): boolean {
    const old = this.parts.now() - this.committedAt >= RENEW_AFTER;
    return this.spoken >= RENEW_AFTER_MESSAGES || old;
  }

  private keep(next: Group): void {
    this.group = next;
    next.release(); // there is nothing to go back to: this page is all there is
  }
}

function holds(all: Uint8Array, part: Uint8Array): boolean {
  const last = all.length - part.length;
  for (let at = 0; at <= last; at++) {
    if (equal(all.subarray(at, at + part.length), part)) return true;
  }
  return false;
}
