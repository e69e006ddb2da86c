/**
 * A counsellor's desk: the board, and which talks lie in front.
 *
 * No page and no socket in here: it is given what the board's link hears and a way to sit down in
 * a talk, and says what is true now.
 */

import type { Handover, Help, Ongoing, Visit, WaitPoint } from "../../counsel/client/contract.ts";
import { Visiting } from "./beside/visiting.ts";
import type { BoardAsks } from "./boardAsks.ts";
import type { BoardView, LinkState, Offer } from "./boardView.ts";
import { GoingOn } from "./danger/goingOn.ts";
import type { DangerCommand, DangerRow } from "./danger/steps.ts";
import type { DeskParts } from "./deskParts.ts";
import { refusalOf } from "./deskTalk.ts";
import { type DeskView, EMPTY_DESK, inFront, nextTo, type Room, without } from "./deskView.ts";
import { Sending } from "./dispatch/sending.ts";
import { Handing } from "./handover/handing.ts";
import { Hands } from "./hands.ts";
import { RaisedHands } from "./sideroom/raisedHands.ts";

export class Desk {
  /** What is said in one talk, by its reference. */
  readonly hands: Hands;
  /** A supervisor beside a counsellor, from either side. */
  readonly visits: Visiting;
  /** Hands that are raised, and the rooms behind them. */
  readonly raised: RaisedHands;
  readonly followUp: DeskParts["followUp"];
  /** Help that is sent to somebody. */
  readonly sending: Sending;
  /** A talk that goes to the next person, from either side. */
  readonly handing: Handing;
  /** After somebody who left, or could not go on. */
  readonly goingOn: GoingOn;
  private readonly takeNext: () => Promise<string>;
  private readonly board: BoardAsks;
  private readonly listeners = new Set<(view: DeskView) => void>();
  private current: DeskView = EMPTY_DESK;
  private typedWhileTaking = false;
  private hidden = false;
  private room: Room = 2;

  constructor(parts: DeskParts) {
    this.followUp = (...said) => parts.followUp(...said);
    this.takeNext = () => parts.take();
    this.board = parts.board;
    this.hands = new Hands({ ...parts, changed: (ref) => this.heard(ref) });
    this.visits = new Visiting({
      board: parts.board,
      hands: this.hands,
      wish: (talking) => parts.wish(talking),
      ask: (question) => this.ask(question),
      changed: (visits) => this.publish({ visits }),
    });
    this.raised = new RaisedHands({
      ...parts,
      tell: (command) => parts.board.side(command),
      ask: (question) => this.ask(question),
      changed: (raised) => this.publish({ raised }),
    });
    this.sending = new Sending({
      ...parts,
      hands: this.hands,
      ask: (question) => this.ask(question),
      changed: (helps) => this.publish({ helps }),
    });
    this.handing = new Handing({
      handing: (command) => parts.board.handing(command),
      hands: this.hands,
      proofs: parts,
      ask: (question) => this.ask(question),
      show: (ref) => this.show(ref, false),
      changed: (passages) => this.publish({ passages }),
    });
    this.goingOn = new GoingOn({
      board: parts.board,
      hands: this.hands,
      taking: (take) => this.taking(take),
      ask: (question) => this.ask(question),
      putAway: (ref) => this.putAway(ref),
      stepOut: (ref) => this.stepOut(ref),
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
    this.handing.check(active);
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

  setOngoing(ongoing: readonly Ongoing[]): void {
    this.publish({ ongoing });
  }

  setHandovers(rows: readonly Handover[]): void {
    this.handing.heard(rows);
    this.handing.check(this.current.talks.map((talk) => talk.ref));
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
    this.publish(inFront(this.current, ref, cursor, this.room));
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
    const next = nextTo(this.current, by);
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
    this.publish(without(this.current, ref));
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
    this.raised.close();
    this.handing.close();
    await this.hands.close();
  }

  private heard(ref: string): void {
    const over = this.current.ending === ref && this.hands.get(ref)?.view?.phase !== "active";
    this.publish(over ? { ending: null } : {});
    this.sending?.follow();
    this.handing.tend();
    this.handing.check([ref]);
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
