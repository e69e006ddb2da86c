/**
 * A talk while a page is open: rows come in and are read in order, words go out one at a time, and
 * nothing is shown, sent or acknowledged before it is stored. Both sides; what differs is a `Side`.
 */

import { equal } from "../../counsel/client/bytes.ts";
import type { Trust } from "../../counsel/client/certificates.ts";
import type { ChatFrame, Envelope, ErrorCode, News } from "../../counsel/client/contract.ts";
import { type RefusalCode, RefusalError } from "../../counsel/client/refusal.ts";
import type { Keeper } from "./keeper.ts";
import { Link, type LinkOptions, type Outcome } from "./link.ts";
import { type Held, type Reading, readRow } from "./log.ts";
import { buryAll, change, type Entry, readersOf } from "./outbox.ts";
import type { KeptLine, NoticeCode, Saved } from "./saved.ts";
import { type Due, type Job, prepare } from "./sealing.ts";
import { isLive, type Moment, type TalkView, viewOf } from "./view.ts";

/** What the two sides of a talk do differently. */
export interface Side {
  readonly staff: boolean;
  hello(saved: Saved, after: number): ChatFrame;
  welcomed(held: Held, row: Envelope): Promise<Reading>;
  /** After every piece of news: keys to leave, a group to open. */
  tend(room: Room, news: News | null): Promise<void>;
  /** The seat is gone, or everything was erased in the group. */
  over(room: Room, how: "erased" | "lost-seat"): Promise<void>;
}

export interface RoomParts {
  readonly keeper: Keeper;
  readonly trust: Trust;
  readonly side: Side;
  readonly origin: string;
  readonly now?: () => number;
  readonly wires?: LinkOptions["wires"];
  /** Restored from the vault: fresh keys before the next words. */
  readonly restored: boolean;
}

/** Rows read in one write. */
const BATCH = 16;
/** A row that was announced and has not come is asked for after this long, ms. */
const PATIENCE = 1_500;
/** A row the server did not give so many times although it was asked for is not there. */
const HOLE_AFTER = 3;
const RETRY_AFTER = 2_000;
/** Refusals that will not change: the words stay for a retry or to be copied. */
const HOPELESS: readonly string[] = ["bad-envelope", "bad-size", "bad-frame", "id-reused"];

export class Room {
  readonly keeper: Keeper;
  readonly trust: Trust;
  readonly link: Link;
  readonly now: () => number;
  private readonly side: Side;
  private readonly listeners = new Set<(view: TalkView) => void>();
  private readonly rows = new Map<number, Envelope>();
  private readonly withdrawn = new Set<string>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private turn: Promise<unknown> = Promise.resolve();
  private news: News | null = null;
  private moment: Moment;
  private due: Due;
  private sending = false;
  private tries = 0;
  private holes = 0;
  /** What the server has stored and the log has not brought us to yet: not to be sent again. */
  private placing: Uint8Array | null = null;
  private stopped = false;
  private shown: TalkView;
  presence = "here";

  constructor(parts: RoomParts) {
    this.keeper = parts.keeper;
    this.trust = parts.trust;
    this.side = parts.side;
    this.now = parts.now ?? (() => Date.now());
    this.due = parts.restored ? (parts.side.staff ? "now" : "before-next") : "";
    this.moment = {
      link: "connecting",
      members: [],
      presence: "",
      ahead: 0,
      listeners: 0,
      typing: false,
      end: "",
      asides: [],
    };
    this.shown = viewOf(this.saved, this.keeper.lines, this.moment);
    this.link = new Link({
      origin: parts.origin,
      staff: parts.side.staff,
      hello: () => this.side.hello(this.saved, this.lastHeard()),
      heard: (frame) => this.hear(frame),
      refused: (code, final) => this.turnedAway(code, final),
      changed: (link) => {
        this.become({ link });
        this.placing = null;
        if (link === "online") this.retry();
      },
      presence: () => this.presence,
      ...(parts.wires === undefined ? {} : { wires: parts.wires }),
    });
    this.publish();
  }

  get saved(): Saved {
    return this.keeper.held.saved;
  }

  get held(): Held {
    return this.keeper.held;
  }

  get view(): TalkView {
    return this.shown;
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  /** The readers a send button would name now; none while nobody is there. */
  get readers(): readonly string[] {
    return readersOf(this.shown.members);
  }

  subscribe(listener: (view: TalkView) => void): () => void {
    this.listeners.add(listener);
    listener(this.shown);
    return () => this.listeners.delete(listener);
  }

  /** One thing at a time: whatever changes what is held waits for its turn. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** Stores; false means that this page may go no further. Only in a turn. */
  async keep(next: Held, lines: readonly KeptLine[] = []): Promise<boolean> {
    if (this.stopped) return false;
    const kept = await this.keeper.keep(next, lines);
    if (kept !== "kept") this.stop(kept === "elsewhere" ? "elsewhere" : "storage");
    this.publish();
    return kept === "kept";
  }

  /** A change of the record alone. */
  change(change: Partial<Saved>, lines: readonly KeptLine[] = []): Promise<boolean> {
    return this.keep({ ...this.held, saved: { ...this.saved, ...change } }, lines);
  }

  become(change: Partial<Moment>): void {
    this.moment = { ...this.moment, ...change };
    this.publish();
  }

  publish(): void {
    const members = this.held.group?.members ?? [];
    this.moment = { ...this.moment, members };
    this.shown = viewOf(this.saved, this.keeper.lines, this.moment);
    for (const listener of this.listeners) listener(this.shown);
  }

  /** A line of this page alone. */
  aside(code: NoticeCode, params: Readonly<Record<string, string>> = {}): void {
    const id = `aside ${code}`;
    const others = this.moment.asides.filter((line) => line.id !== id);
    this.become({ asides: [...others, { kind: "notice", id, code, params, at: this.now() }] });
  }

  /** This page does nothing more for the talk, and says why. */
  stop(code?: NoticeCode): void {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.link?.close();
    this.become({ link: "offline", typing: false });
    if (code !== undefined) this.aside(code);
  }

  /** The talk is over here. Stopped first, so that nothing is written after it was removed. */
  async finish(how: "erased" | "lost-seat"): Promise<void> {
    if (this.moment.end !== "") return;
    this.become({ end: how, asides: [] });
    this.stop();
    await this.side.over(this, how).catch(() => undefined);
  }

  /** Once per name: a later call replaces the timer of an earlier one. */
  after(name: string, ms: number, work: () => void): void {
    clearTimeout(this.timers.get(name));
    const due = (): void => {
      this.timers.delete(name);
      work();
    };
    if (!this.stopped) this.timers.set(name, setTimeout(due, ms));
  }

  /** A row is missing: ask for it soon. News after news does not put that off. */
  private missing(ms: number): void {
    if (!this.timers.has("missing")) this.after("missing", ms, () => void this.catchUp());
  }

  withdraw(id: string): string {
    const entry = this.saved.outbox.find((one) => one.id === id);
    if (entry === undefined || entry.sealed !== null) return ""; // on its way: not ours to take back
    this.withdrawn.add(id);
    void this.inTurn(() => this.change({ outbox: this.outboxLeft() }));
    return entry.text;
  }

  private outboxLeft(): readonly Entry[] {
    return this.saved.outbox.filter((one) => one.sealed !== null || !this.withdrawn.has(one.id));
  }

  // --- hearing -------------------------------------------------------------------------------------

  private lastHeard(): number {
    let last = this.saved.after;
    while (this.rows.has(last + 1)) last += 1;
    return last;
  }

  private hear(frame: ChatFrame): void {
    switch (frame.kind) {
      case "Envelope":
        if (frame.seq > this.saved.after) this.rows.set(frame.seq, frame);
        void this.inTurn(() => this.advance());
        break;
      case "News":
        void this.inTurn(() => this.takeNews(frame));
        break;
      case "Seated":
        void this.inTurn(async () => {
          const { ref, caseCode } = frame;
          if (this.saved.ref.length === 0) await this.change({ ref, caseCode, offer: null });
        });
        break;
      case "Typing":
        this.onTyping(frame.sealed);
    }
  }

  /** Replaced by whoever shows typing. */
  onTyping: (sealed: Uint8Array) => void = () => undefined;

  private turnedAway(code: ErrorCode, final: boolean): void {
    const how = this.saved.intent === "erase" ? "erased" : "lost-seat";
    // In its turn: a farewell that came before it is read before it.
    if (code === "no-seat") void this.inTurn(() => this.finish(how));
    else if (code === "version") this.aside("version");
    else if (code === "door-closed") this.aside("door-closed");
    else if (final) this.become({ link: "offline" });
  }

  private async takeNews(news: News): Promise<void> {
    if (this.stopped) return;
    this.news = news;
    const { presence, ahead, listeners } = news;
    this.become({ presence, ahead, listeners });
    if (news.state === "erased") {
      await this.finish(this.saved.intent === "erase" ? "erased" : "lost-seat");
      return;
    }
    if (news.state !== this.saved.state) await this.changeState(news);
    await this.closeBook();
    if (news.lastSeq > this.lastHeard()) this.missing(PATIENCE);
    this.work();
  }

  private async changeState(news: News): Promise<void> {
    const { state, group } = this.saved;
    const change: Partial<Saved> = { state: news.state };
    const lines: KeptLine[] = [];
    if (news.state === "waiting" && state === "active" && group !== null) {
      const who = this.held.group?.members.find((one) => !one.me && one.name !== "")?.name ?? "";
      const id = `${news.lastSeq} silent ${this.now()}`;
      lines.push({ kind: "notice", id, code: "silent", params: { who }, at: this.now() });
      Object.assign(change, { over: Math.max(news.lastSeq, 1) });
    }
    if (news.state === "closed") Object.assign(change, { closedAt: this.now(), intent: "" });
    await this.change(change, lines);
  }

  /** Reads every row whose turn it is, some at a time. */
  private async advance(): Promise<void> {
    while (!this.stopped && this.rows.has(this.saved.after + 1)) {
      const before = this.held.group?.epoch;
      if (!(await this.readSome())) return;
      if (this.held.group?.epoch !== before) this.due = "";
    }
    for (const seq of this.rows.keys()) if (seq <= this.saved.after) this.rows.delete(seq);
    if (this.rows.size > 0) this.missing(PATIENCE / 3);
    await this.closeBook();
    this.work();
  }

  /** The talk is over and its log is read: what never left stays here as unsent, to be copied. */
  private async closeBook(): Promise<void> {
    const { state, outbox, after } = this.saved;
    if (state !== "closed" || after < (this.news?.lastSeq ?? Infinity)) return;
    if (outbox.some((entry) => !entry.dead)) await this.change({ outbox: buryAll(outbox) });
  }

  private async readSome(): Promise<boolean> {
    const { trust, now, side } = this;
    const reader = { trust, now, welcomed: side.welcomed.bind(side) };
    let held = this.held;
    let last: Reading | null = null;
    const lines: KeptLine[] = [];
    for (let count = 0; count < BATCH; count++) {
      const row = this.rows.get(held.saved.after + 1);
      if (row === undefined) break;
      last = await readRow(reader, held, row);
      held = last.held;
      lines.push(...last.lines);
      if (last.broken) this.due = "now";
      if (last.erased || last.refused || last.lostSeat) break;
    }
    if (last?.refused) held = { ...held, saved: { ...held.saved, refusal: last.refused } };
    held = { ...held, saved: { ...held.saved, touchedAt: this.now() } };
    if (!(await this.keep(held, lines))) return false;
    if (last?.refused) this.refuse(last.refused);
    if (last?.erased || last?.lostSeat) await this.finish(last.erased ? "erased" : "lost-seat");
    return !this.stopped;
  }

  private refuse(code: RefusalCode): void {
    // It stops and keeps what it has; the view says the sentence and offers a new start.
    this.link.close();
    this.stopped = true;
    this.become({ link: "offline", typing: false });
    void code;
  }

  /** Asks for what is missing. A hole the server leaves is a line, not the end. */
  private async catchUp(): Promise<void> {
    const asked = this.lastHeard();
    const outcome = await this.link.ask({ kind: "Read", after: asked });
    if (!outcome.ok) return;
    await this.inTurn(async () => {
      await this.advance();
      const next = Math.min(...this.rows.keys());
      if (this.rows.size === 0 || this.lastHeard() > asked || next <= asked + 1) {
        this.holes = 0;
        return;
      }
      this.holes += 1;
      if (this.holes < HOLE_AFTER) return this.missing(PATIENCE);
      this.holes = 0;
      const id = `${next} hole`;
      const hole = {
        kind: "notice",
        id,
        code: "missing-rows",
        params: {},
        at: this.now(),
      } as const;
      this.due = "now";
      if (await this.change({ after: next - 1 }, [hole])) await this.advance();
    });
  }

  // --- sending -------------------------------------------------------------------------------------

  /** Does whatever can be done now. Cheap to call. */
  work(): void {
    if (this.stopped || this.link?.state !== "online") return;
    void this.side.tend(this, this.news).catch(() => undefined);
    void this.pump();
  }

  private canSend(): boolean {
    const { state, opening, refusal } = this.saved;
    const ready = !this.stopped && this.link.state === "online" && refusal === null;
    return ready && state === "active" && (opening !== null || isLive(this.saved));
  }

  private async pump(): Promise<void> {
    if (this.sending || this.timers.has("retry")) return;
    this.sending = true;
    try {
      while (this.canSend() && (await this.sendNext()));
    } finally {
      this.sending = false;
    }
  }

  private async sendNext(): Promise<boolean> {
    const job = await this.inTurn(() => this.nextJob());
    if (job === null || !this.canSend()) return false;
    const outcome = await this.link.ask(job.frame);
    return this.inTurn(() => this.sent(job, outcome));
  }

  private async nextJob(): Promise<Job | null> {
    if (!this.canSend()) return null;
    const held = { ...this.held, saved: { ...this.saved, outbox: this.outboxLeft() } };
    try {
      const job = await prepare(held, this.due, this.now());
      if (job?.fresh && !(await this.keep(job.held))) return null;
      const placed = job !== null && !job.fresh && job.frame.clientId === this.placing;
      return placed ? null : job;
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      this.aside("duty-over");
      this.after("retry", 30_000, () => this.retry());
      return null;
    }
  }

  /** True: go on with the next. */
  private async sent(job: Job, outcome: Outcome): Promise<boolean> {
    const { frame } = job;
    if (outcome.ok) {
      this.tries = 0;
      if (outcome.frame.kind !== "Stored") return false;
      await this.placeOwn(frame, outcome.frame.seq);
      return true;
    }
    if (outcome.code === "no-seat") void this.finish("lost-seat");
    else if (outcome.code === "stale-epoch") this.behind();
    else if (HOPELESS.includes(outcome.code)) await this.bury(frame.clientId);
    else if (outcome.code !== "offline") this.later(outcome.retryAfter * 1000);
    return false;
  }

  /** Our row has its place; if the log does not bring it back, what we sent is what lies there. */
  private async placeOwn(frame: Job["frame"], seq: number): Promise<void> {
    const outbox = this.saved.outbox.map((one) =>
      equal(one.clientId, frame.clientId) ? { ...one, seq } : one,
    );
    this.keeper.note({ outbox });
    if (seq > this.saved.after && !this.rows.has(seq)) {
      const { clientId } = frame;
      const sealed = frame.kind === "Send" ? frame.sealed : frame.welcome;
      const group = this.saved.groupNumber;
      const row = { what: "", clientId, sealed, statement: new Uint8Array(0) };
      this.rows.set(seq, { kind: "Envelope", seq, group, ...row });
    }
    this.placing = frame.clientId;
    await this.advance();
    this.publish();
  }

  /** Sealed for an epoch that is over: read what was missed; it is sealed again by itself. */
  private behind(): void {
    this.tries += 1;
    this.later(0);
    // Usually that was all: go on at once. If not, the timer above asks again with patience.
    if (this.tries === 1) void this.catchUp().then(() => this.retry());
    else void this.catchUp();
  }

  get staleTries(): number {
    return this.tries;
  }

  private later(atLeast: number): void {
    const wait = Math.max(atLeast, Math.min(RETRY_AFTER * this.tries, 20_000), 250);
    this.after("retry", wait, () => this.retry());
  }

  private retry(): void {
    clearTimeout(this.timers.get("retry"));
    this.timers.delete("retry");
    this.work();
  }

  /** Nobody will take these bytes: the words are kept, and the next ones get fresh keys. */
  private async bury(clientId: Uint8Array): Promise<void> {
    const { renewal, outbox } = this.saved;
    this.due = "before-next";
    const entry = outbox.find((one) => equal(one.clientId, clientId));
    const dead = {
      sealed: null,
      seq: 0,
      dead: true,
      clientId: crypto.getRandomValues(new Uint8Array(16)),
    };
    if (entry) await this.change({ outbox: change(outbox, entry.id, dead) });
    else if (renewal !== null && equal(renewal.clientId, clientId))
      await this.change({ renewal: null });
    this.later(0);
  }
}
