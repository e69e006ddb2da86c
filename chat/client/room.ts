/**
 * A talk while a page is open: rows come in and are read in order, words go out one at a time, and
 * nothing is shown, sent or acknowledged before it is stored. Both sides; what differs is a `Side`.
 */

import type { Trust } from "../../counsel/client/certificates.ts";
import type { ChatFrame, Envelope, ErrorCode, News } from "../../counsel/client/contract.ts";
import { Inbox } from "./inbox.ts";
import type { Keeper } from "./keeper.ts";
import { Link, type LinkOptions } from "./link.ts";
import type { Held, Reader, Reading } from "./log.ts";
import { Page } from "./page.ts";
import type { NoticeCode, Saved } from "./saved.ts";
import type { Commit } from "./sealing.ts";
import { Sender } from "./sender.ts";

/** What the two sides of a talk do differently. */
export interface Side {
  readonly staff: boolean;
  hello(saved: Saved, after: number): ChatFrame;
  welcomed(held: Held, row: Envelope): Promise<Reading>;
  /** After every piece of news: keys to leave, a group to open. */
  tend(room: Room, news: News | null): Promise<void>;
  /** Staff: what else there is to a message; see `Reader.hears`. */
  readonly hears?: Reader["hears"];
  /** Staff: the next commit, where it is to let somebody in or out. */
  readonly commit?: Commit;
  /** A screen has shown lines of this talk. */
  shown?(room: Room): void;
  /** The seat is gone, or everything was erased in the group. */
  over(room: Room, how: "erased" | "lost-seat"): Promise<void>;
}

export interface RoomParts {
  readonly keeper: Keeper;
  readonly trust: Trust;
  readonly side: Side;
  readonly origin: string;
  readonly now: () => number;
  readonly wires?: LinkOptions["wires"];
  readonly token?: LinkOptions["token"];
  /** Restored from the vault: fresh keys before the next words. */
  readonly restored: boolean;
}

export class Room extends Page {
  readonly link: Link;
  /** What is said of us with every heartbeat. */
  presence = "here";
  /** Replaced by whoever shows typing. */
  onTyping: (sealed: Uint8Array) => void = () => undefined;
  readonly commit: Commit | undefined;
  private readonly side: Side;
  private readonly inbox: Inbox;
  private readonly sender: Sender;

  constructor(parts: RoomParts) {
    super(parts.keeper, parts.now);
    const { side, trust } = parts;
    this.side = side;
    // A counsellor's fresh keys also tell the phone that she is really back.
    this.due = parts.restored ? (side.staff ? "now" : "before-next") : "";
    const welcomed = side.welcomed.bind(side);
    const hears = side.hears?.bind(side);
    this.inbox = new Inbox(this, { trust, now: parts.now, welcomed, ...(hears && { hears }) });
    this.commit = side.commit?.bind(side);
    this.sender = new Sender(this, this.inbox);
    this.link = new Link({
      origin: parts.origin,
      staff: side.staff,
      hello: () => side.hello(this.saved, this.inbox.lastHeard),
      heard: (frame) => this.hear(frame),
      refused: (code, final) => this.turnedAway(code, final),
      changed: (link) => {
        this.become({ link });
        this.sender.begin();
        this.work();
      },
      presence: () => this.presence,
      ...(parts.wires === undefined ? {} : { wires: parts.wires }),
      ...(parts.token === undefined ? {} : { token: parts.token }),
    });
    this.publish();
  }

  get staleTries(): number {
    return this.sender.staleTries;
  }

  /** Takes back what has not left; "" for what is on its way. */
  withdraw(id: string): string {
    return this.sender.withdraw(id);
  }

  /** Does whatever can be done now. Cheap to call. */
  work(): void {
    if (this.isStopped || this.link?.state !== "online") return;
    void this.side.tend(this, this.inbox.news).catch(() => undefined);
    void this.sender.pump();
  }

  /** A screen has shown what there is. */
  lookedAt(): void {
    if (!this.isStopped) this.side.shown?.(this);
  }

  override stop(code?: NoticeCode): void {
    super.stop(code);
    this.link?.close();
  }

  /** The talk is over here. Stopped first, so that nothing is written after it was removed. */
  async finish(how: "erased" | "lost-seat"): Promise<void> {
    if (this.moment.end !== "") return;
    this.become({ end: how, asides: [] });
    this.stop();
    await this.side.over(this, how).catch(() => undefined);
    this.publish(); // what is no longer kept is no longer shown
  }

  private hear(frame: ChatFrame): void {
    if (frame.kind === "Envelope") {
      this.inbox.put(frame);
      void this.inTurn(() => this.inbox.advance());
    } else if (frame.kind === "News") {
      void this.inTurn(() => this.inbox.takeNews(frame));
    } else if (frame.kind === "Seated") {
      const { ref, caseCode } = frame;
      void this.inTurn(async () => {
        if (this.saved.ref.length === 0) await this.change({ ref, caseCode, offer: null });
      });
    } else if (frame.kind === "Typing") {
      this.onTyping(frame.sealed);
    }
  }

  private turnedAway(code: ErrorCode, final: boolean): void {
    const how = this.saved.intent === "erase" ? "erased" : "lost-seat";
    // In its turn: a farewell that came before it is read before it.
    if (code === "no-seat") void this.inTurn(() => this.finish(how));
    else if (code === "version" || code === "door-closed" || code === "signed-out")
      this.aside(code);
    else if (final) this.become({ link: "offline" });
  }
}
