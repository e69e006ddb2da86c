/** What goes out: one thing at a time, stored before it leaves, and tried until it has its place. */

import { equal } from "../../counsel/client/bytes.ts";
import { OutOfReachError } from "../../counsel/client/knownLog.ts";
import { type RefusalCode, RefusalError } from "../../counsel/client/refusal.ts";
import type { Inbox } from "./inbox.ts";
import type { Outcome } from "./link.ts";
import { change, type Outbox } from "./outbox.ts";
import type { Room } from "./room.ts";
import { type Job, prepare } from "./sealing.ts";
import { isLive } from "./view.ts";

const RETRY_AFTER = 2_000;
const LONGEST_WAIT = 20_000;
const DUTY_AGAIN = 30_000;
/** Refusals that will not change: the words stay for a retry or to be copied. */
const HOPELESS: readonly string[] = ["bad-envelope", "bad-size", "bad-frame", "id-reused"];
/** No waiting helps: somebody here is not, or no longer, who the organisation says. */
const ENDING: readonly RefusalCode[] = [
  "certificate-revoked",
  "certificate-unlogged",
  "log-behind",
  "log-split",
];

export class Sender {
  /** How often in a row the server found our epoch to be over. */
  staleTries = 0;
  private readonly room: Room;
  private readonly inbox: Inbox;
  private readonly withdrawn = new Set<string>();
  private sending = false;
  /** What the server has stored and the log has not brought us to yet: not to be sent again. */
  private placing: Uint8Array | null = null;

  constructor(room: Room, inbox: Inbox) {
    this.room = room;
    this.inbox = inbox;
  }

  /** A new connection: what was answered on the old one is asked again, which changes nothing. */
  begin(): void {
    this.placing = null;
    this.room.cancel("retry");
    this.room.cancel("duty");
  }

  /** Takes back what has not left; "" for what is on its way. */
  withdraw(id: string): string {
    const entry = this.room.saved.outbox.find((one) => one.id === id);
    if (entry === undefined || entry.sealed !== null) return "";
    this.withdrawn.add(id);
    void this.room.inTurn(() => this.room.change({ outbox: this.left() }));
    return entry.text;
  }

  private left(): Outbox {
    return this.room.saved.outbox.filter(
      (one) => one.sealed !== null || !this.withdrawn.has(one.id),
    );
  }

  private get maySend(): boolean {
    const { saved, link, isStopped } = this.room;
    const ready = !isStopped && link.state === "online" && saved.refusal === null;
    return ready && saved.state === "active" && (saved.opening !== null || isLive(saved));
  }

  /** Sends what can be sent. Cheap to call. */
  async pump(): Promise<void> {
    if (this.sending || this.room.awaits("retry") || this.room.awaits("duty")) return;
    this.sending = true;
    try {
      while (this.maySend && (await this.sendNext()));
    } finally {
      this.sending = false;
    }
  }

  private async sendNext(): Promise<boolean> {
    const job = await this.room.inTurn(() => this.nextJob());
    if (job === null || !this.maySend) return false;
    const outcome = await this.room.link.ask(job.frame);
    return this.room.inTurn(() => this.sent(job, outcome));
  }

  private async nextJob(): Promise<Job | null> {
    const { room } = this;
    if (!this.maySend) return null;
    const held = { ...room.held, saved: { ...room.saved, outbox: this.left() } };
    try {
      const job = await prepare(held, room.due, room.now(), room.commit);
      room.unsay("unchecked");
      if (job?.fresh && !(await room.keep(job.held))) return null;
      const placed = job !== null && !job.fresh && job.frame.clientId === this.placing;
      return placed ? null : job;
    } catch (error) {
      return this.cannotSeal(error);
    }
  }

  /** What passes is tried again; what does not ends the talk here with its sentence. */
  private async cannotSeal(error: unknown): Promise<null> {
    const { room } = this;
    if (error instanceof OutOfReachError) {
      room.aside("unchecked");
      room.after("retry", RETRY_AFTER, () => room.work());
    } else if (error instanceof RefusalError && ENDING.includes(error.code)) {
      await room.change({ refusal: error.code });
      room.stop();
    } else if (error instanceof RefusalError) {
      // Somebody's shift is over: reading goes on, words wait for a fresh group.
      room.aside("duty-over");
      room.after("duty", DUTY_AGAIN, () => room.work());
    } else throw error;
    return null;
  }

  /** True: go on with the next. Only in a turn. */
  private async sent(job: Job, outcome: Outcome): Promise<boolean> {
    if (outcome.ok) {
      this.staleTries = 0;
      if (outcome.frame.kind !== "Stored") return false;
      await this.place(job.frame, outcome.frame.seq);
      return true;
    }
    if (outcome.code === "no-seat") await this.room.finish("lost-seat");
    else if (outcome.code === "stale-epoch") this.behind();
    else if (HOPELESS.includes(outcome.code)) await this.bury(job.frame.clientId);
    else if (outcome.code !== "offline") this.later(outcome.retryAfter * 1000);
    return false;
  }

  /** Our row has its place; the server does not bring it back, so what we sent is what lies there. */
  private async place(frame: Job["frame"], seq: number): Promise<void> {
    const { room, inbox } = this;
    const { clientId } = frame;
    const outbox = room.saved.outbox.map((one) =>
      equal(one.clientId, clientId) ? { ...one, seq } : one,
    );
    room.keeper.note({ outbox });
    this.placing = clientId;
    const sealed = frame.kind === "OpenGroup" ? frame.welcome : frame.sealed;
    const group = room.saved.groupNumber;
    const rest = { what: "", clientId, sealed, statement: new Uint8Array(0) };
    inbox.put({ kind: "Envelope", seq, group, ...rest });
    await inbox.advance();
    room.publish();
  }

  /** Sealed for an epoch that is over: read what was missed; it is sealed again by itself. */
  private behind(): void {
    this.staleTries += 1;
    this.later(0);
    const again = (): void => {
      this.room.cancel("retry");
      this.room.work();
    };
    // Usually that was all: go on at once. If not, the timer asks again with patience.
    if (this.staleTries === 1) void this.inbox.catchUp().then(again);
    else void this.inbox.catchUp();
  }

  private later(atLeast: number): void {
    const wait = Math.max(atLeast, Math.min(RETRY_AFTER * this.staleTries, LONGEST_WAIT), 250);
    this.room.after("retry", wait, () => this.room.work());
  }

  /**
   * Nobody will take these bytes. The words are kept; the next ones get fresh keys, because readers
   * skip nothing and would stumble over the hole.
   */
  private async bury(clientId: Uint8Array): Promise<void> {
    const { room } = this;
    const { renewal, outbox } = room.saved;
    room.due = "before-next";
    const entry = outbox.find((one) => equal(one.clientId, clientId));
    const fresh = crypto.getRandomValues(new Uint8Array(16));
    const dead = { sealed: null, seq: 0, dead: true, clientId: fresh };
    if (entry !== undefined) await room.change({ outbox: change(outbox, entry.id, dead) });
    else if (renewal !== null && equal(renewal.clientId, clientId)) {
      await room.change({ renewal: null });
    }
    this.later(0);
  }
}
