/**
 * What an open page holds of a talk: one thing at a time, stored before it counts, shown whenever it
 * changes. It knows no network; `room.ts` adds that.
 */

import { PLACE_KEPT_FOR_MS } from "../../counsel/client/contract.ts";
import type { Keeper } from "./keeper.ts";
import type { Held } from "./log.ts";
import { readersOf } from "./outbox.ts";
import { concernPlaces, SOON } from "./places.ts";
import type { KeptLine, NoticeCode, Saved } from "./saved.ts";
import type { Due } from "./sealing.ts";
import { type Moment, type TalkView, viewOf } from "./view.ts";

/** A place that could not be forgotten is tried again, ms. */
const AGAIN_AFTER = 1_000;

const NOTHING_YET: Moment = {
  link: "connecting",
  members: [],
  presence: "",
  standing: new Uint8Array(0),
  supervised: true,
  typing: false,
  end: "",
  asides: [],
};

export class Page {
  readonly keeper: Keeper;
  readonly now: () => number;
  /** Whether fresh keys are wanted before anything else is sealed. */
  due: Due = "";
  protected moment: Moment = NOTHING_YET;
  private shown: TalkView;
  private stopped = false;
  private turn: Promise<unknown> = Promise.resolve();
  private readonly listeners = new Set<(view: TalkView) => void>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(keeper: Keeper, now: () => number) {
    this.keeper = keeper;
    this.now = now;
    this.shown = viewOf(this.saved, keeper.lines, this.moment);
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
    if (concernPlaces(lines)) void this.forgetPlaces();
    return kept === "kept";
  }

  /** A change of the record alone. Only in a turn. */
  change(change: Partial<Saved>, lines: readonly KeptLine[] = []): Promise<boolean> {
    return this.keep({ ...this.held, saved: { ...this.saved, ...change } }, lines);
  }

  /** Places older than `before` (ms) go from this device; those that stay have their hour. */
  async forgetPlaces(before = this.now() - PLACE_KEPT_FOR_MS): Promise<void> {
    const left = await this.inTurn(() => this.keeper.forgetPlaces(before)).catch(() => SOON);
    this.publish();
    if (left < Infinity) {
      const due = left === SOON ? AGAIN_AFTER : left + PLACE_KEPT_FOR_MS - this.now();
      this.after("places", Math.max(due, AGAIN_AFTER), () => void this.forgetPlaces());
    }
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

  /** It is so no longer. */
  unsay(code: NoticeCode): void {
    const asides = this.moment.asides.filter((line) => line.code !== code);
    if (asides.length < this.moment.asides.length) this.become({ asides });
  }

  /** This page does nothing more for the talk; with a code it says why. */
  stop(code?: NoticeCode): void {
    this.stopped = true;
    for (const name of [...this.timers.keys()]) this.cancel(name);
    this.become({ link: "offline", typing: false });
    if (code !== undefined) this.aside(code);
  }

  /** Once per name: a later call replaces the timer of an earlier one. */
  after(name: string, ms: number, work: () => void): void {
    this.cancel(name);
    const due = (): void => {
      this.timers.delete(name);
      work();
    };
    if (!this.stopped) this.timers.set(name, setTimeout(due, ms));
  }

  awaits(name: string): boolean {
    return this.timers.has(name);
  }

  cancel(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }
}
