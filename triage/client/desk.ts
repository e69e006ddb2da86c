/**
 * A counsellor's desk: the board, and which talks lie in front.
 *
 * No page and no socket in here: it is given what the board's link hears and a way to sit down in
 * a talk, and says what is true now.
 */

import type { Talk } from "../../chat/client/talk.ts";
import type { AskIn, Help, Talking, Visit, WaitPoint } from "../../counsel/client/contract.ts";
import { Visiting } from "./beside/visiting.ts";
import type { BoardLink } from "./boardLink.ts";
import type { BoardView, LinkState, Offer } from "./boardView.ts";
import type { RiskNotes } from "./danger/riskNotes.ts";
import type { DangerCommand, DangerRow } from "./danger/steps.ts";
import { refusalOf } from "./deskTalk.ts";
import { type DeskView, EMPTY_DESK, paneOrder, type Room } from "./deskView.ts";
import { Sending } from "./dispatch/sending.ts";
import type { Wheres } from "./dispatch/wheres.ts";
import type { Drafts } from "./drafts.ts";
import { Hands } from "./hands.ts";

export type BoardAsks = Omit<BoardLink, "open" | "close" | "hurry" | "cut" | "take">;

export interface DeskParts {
  readonly drafts: Drafts;
  readonly risks: RiskNotes;
  readonly wheres: Wheres;
  /** Asks the board for the next person: the reference of the talk. Rejects with a `code`. */
  take(): Promise<string>;
  /** What else can be asked of the board; each rejects with a `code`. */
  readonly board: BoardAsks;
  /** Sits down in a talk. Rejects with a `code`. */
  attend(ref: string, since: number): Promise<Talk>;
  /** Proves a wish to come into a talk somebody else has. */
  wish(talking: Talking): Promise<AskIn>;
}

export class Desk {
  /** What is said in one talk, by its reference. */
  readonly hands: Hands;
  /** A supervisor beside a counsellor, from either side. */
  readonly visits: Visiting;
  /** Help that is sent to somebody. */
  readonly sending: Sending;
  private readonly takeNext: () => Promise<string>;
  private readonly board: BoardAsks;
  private readonly listeners = new Set<(view: DeskView) => void>();
  private current: DeskView = EMPTY_DESK;
  private typedWhileTaking = false;
  private hidden = false;
  private room: Room = 2;

  constructor(parts: DeskParts) {
    this.takeNext = () => parts.take();
    this.board = parts.board;
    this.hands = new Hands({
      ...parts,
      changed: (ref) => this.heard(ref),
    });
    this.visits = new Visiting({
      board: parts.board,
      hands: this.hands,
      wish: (talking) => parts.wish(talking),
      ask: (question) => this.ask(question),
      changed: (visits) => this.publish({ visits }),
    });
    this.sending = new Sending({
      ...parts,
      hands: this.hands,
      ask: (question) => this.ask(question),
      changed: (helps) => this.publish({ helps }),
    });
  }

  get view(): DeskView {
    return this.current;
  }

  subscribe(listener: (view: DeskView) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  setLink(link: LinkState): void {
    this.publish({ link });
  }

  setBoard(board: BoardView): void {
    const first = this.current.board === null;
    // The board names the latest first; here a talk keeps its place, and new ones come below.
    const mine = [...board.mine].reverse();
    const active = mine.filter((one) => one.state === "active").map((one) => one.ref);
    // The first look after a reload: what was in hand lies open again.
    const panes =
      first && this.current.panes.length === 0 ? active.slice(0, this.room) : this.current.panes;
    const known = this.current.board?.mine.map((one) => one.ref) ?? [];
    this.publish({ board, panes, focused: this.current.focused ?? panes[0] ?? null });
    for (const one of mine) {
      this.hands.note(one);
    }
    this.hands.noteListed(active);
    for (const ref of active) {
      void this.hands.sitDown(ref);
    }
    // Whoever asked to come in was let in.
    for (const { ref } of mine.filter((one) => one.since > 0 && !known.includes(one.ref))) {
      this.show(ref, false);
    }
    this.sweep();
  }

  /** Takes the next person. The cursor goes there only if nothing was typed meanwhile. */
  async take(): Promise<void> {
    await this.taking(() => this.takeNext());
  }

  /** Takes whom I am offered. */
  async accept(): Promise<void> {
    const { offer } = this.current;
    if (offer !== null) {
      await this.taking(() => this.board.accept(offer.offer));
      this.setOffer(null);
    }
  }

  /** Not this time: it is nobody's fault. */
  async pass(): Promise<void> {
    const { offer } = this.current;
    if (offer !== null) {
      this.setOffer(null);
      await this.ask(() => this.board.pass(offer.offer));
    }
  }

  async offerMe(wanted: boolean): Promise<void> {
    await this.ask(() => this.board.offerMe(wanted));
  }

  async lower(caseCode: string, tier: number, reason: string): Promise<void> {
    await this.ask(() => this.board.lower(caseCode, tier, reason));
  }

  async setCap(staff: number, talks: number): Promise<void> {
    await this.ask(() => this.board.setCap(staff, talks));
  }

  async danger(command: DangerCommand): Promise<void> {
    await this.ask(() => this.board.danger(command));
  }

  setDangers(dangers: readonly DangerRow[]): void {
    this.publish({ dangers });
  }

  setHelps(rows: readonly Help[], at: number): void {
    this.sending.heard(rows, at);
  }

  setVisits(rows: readonly Visit[]): void {
    this.visits.heard(rows);
  }

  setOffer(offer: Offer | null): void {
    this.publish({ offer });
  }

  setWaits(waits: readonly WaitPoint[]): void {
    this.publish({ waits });
  }

  private async ask(question: () => Promise<void>): Promise<void> {
    try {
      await question();
      this.publish({ refusal: null });
    } catch (error) {
      this.publish({ refusal: refusalOf(error) });
    }
  }

  private async taking(take: () => Promise<string>): Promise<void> {
    if (this.current.taking) {
      return;
    }
    this.typedWhileTaking = false;
    this.publish({ taking: true, refusal: null });
    try {
      const ref = await take();
      this.publish({ taking: false });
      this.show(ref, !this.typedWhileTaking);
    } catch (error) {
      this.publish({ taking: false, refusal: refusalOf(error) });
    }
  }

  dismissRefusal(): void {
    this.publish({ refusal: null });
  }

  /** Puts a talk in front; with `cursor`, what is typed next is typed there. */
  show(ref: string, cursor = true): void {
    const { panes: before, focused: held } = this.current;
    // A talk shown without the cursor must not push away the one that is being written in.
    const given = cursor ? held : (before.find((pane) => pane !== held) ?? null);
    const full = !cursor && given === null && before.length === this.room;
    const panes = full ? before : paneOrder(before, ref, given, this.room);
    const keeps = !cursor && held !== null && panes.includes(held);
    this.publish({
      panes,
      focused: keeps ? held : ref,
      cursor: this.current.cursor + (cursor ? 1 : 0),
    });
    void this.hands.sitDown(ref);
  }

  /** Once more, here: what could not be opened, or went on at another computer. */
  again(ref: string): void {
    this.show(ref);
    void this.hands.sitDown(ref, true);
  }

  /** The cursor is already there: a click or the Tab key put it. */
  focus(ref: string): void {
    if (this.current.panes.includes(ref) && this.current.focused !== ref) {
      this.publish({ focused: ref });
    }
  }

  /** One step down (1) or up (-1) in the list of my talks. */
  step(by: 1 | -1): void {
    const refs = this.current.talks.map((talk) => talk.ref);
    const at = refs.indexOf(this.current.focused ?? "");
    const from = at === -1 && by === -1 ? 0 : at;
    const next = refs[(from + by + refs.length) % Math.max(1, refs.length)];
    if (next !== undefined) {
      this.show(next);
    }
  }

  /** The screen became wider or narrower. What does not fit any more stays in the list. */
  setRoom(room: Room): void {
    this.room = room;
    const { panes, focused } = this.current;
    const kept = panes.length <= room ? panes : panes.filter((pane) => pane === focused);
    this.publish({ panes: kept.slice(0, room) });
  }

  /** Asks for the cursor in the talk in front. */
  write(): void {
    this.publish({ cursor: this.current.cursor + 1 });
  }

  /** Puts a talk away; it stays in the list as long as the board lists it. */
  putAway(ref: string): void {
    const panes = this.current.panes.filter((pane) => pane !== ref);
    const focused = this.current.focused === ref ? (panes[0] ?? null) : this.current.focused;
    this.publish({ panes, focused });
    this.sweep();
  }

  /** A supervisor goes. What they had open of the talk goes with them. */
  async stepOut(ref: string): Promise<void> {
    await this.visits.stepOut(ref);
    this.putAway(ref);
  }

  type(ref: string, text: string): void {
    this.typedWhileTaking = true;
    this.hands.type(ref, text);
  }

  /** Asks whether to end this talk; null: not after all. */
  askEnd(ref: string | null): void {
    const open = ref !== null && this.hands.get(ref)?.view?.phase === "active";
    this.publish({ ending: open ? ref : null });
  }

  /** Ends the talk that was asked about, and no other. */
  async end(): Promise<void> {
    const ref = this.current.ending;
    if (ref === null) {
      return;
    }
    this.publish({ ending: null });
    try {
      await this.hands.end(ref);
    } catch (error) {
      this.publish({ refusal: refusalOf(error) });
    }
  }

  /** The page is looked at, or is not. What lies in front and is looked at counts as read. */
  setHidden(hidden: boolean): void {
    this.hands.setHidden(hidden);
    this.hidden = hidden;
    this.markShown();
  }

  /** Something new stands in a talk in front; it counts as read while the page is looked at. */
  markShown(): void {
    if (!this.hidden) {
      this.hands.markShown(this.current.panes);
    }
  }

  unread(): number {
    return this.current.talks.reduce((sum, talk) => sum + (talk.view?.unread ?? 0), 0);
  }

  /** Leaves every talk without ending any. Drafts are written first. */
  async close(): Promise<void> {
    this.listeners.clear();
    await this.hands.close();
  }

  private heard(ref: string): void {
    const over = this.current.ending === ref && this.hands.get(ref)?.view?.phase !== "active";
    this.publish(over ? { ending: null } : {});
    this.sending?.follow();
  }

  /** Forgets what the board lists no more and nobody looks at. */
  private sweep(): void {
    const { board, panes, talks } = this.current;
    for (const { ref, opening } of talks) {
      const listed = board?.mine.some((mine) => mine.ref === ref) ?? true;
      if (!listed && opening !== "opening" && !panes.includes(ref)) {
        this.hands.forget(ref);
      }
    }
    this.publish({});
  }

  private publish(change: Partial<DeskView>): void {
    this.current = { ...this.current, ...change, talks: this.hands.list() };
    for (const listener of this.listeners) {
      listener(this.current);
    }
  }
}
