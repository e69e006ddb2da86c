/** A counsellor at work: the desk, the board's link, and the calls, from signing in to leaving. */

import type { Pairing } from "../../chat/client/pairing.ts";
import type { Talk } from "../../chat/client/talk.ts";
import { Attention, type Bell } from "./attention.ts";
import { BoardLink } from "./boardLink.ts";
import { RiskNotes } from "./danger/riskNotes.ts";
import { Desk } from "./desk.ts";
import type { Room } from "./deskView.ts";
import { Wheres } from "./dispatch/wheres.ts";
import { Drafts, type Drawer } from "./drafts.ts";
import type { Proofs } from "./proofs.ts";
import { handsUp } from "./sideroom/raisedHands.ts";

export interface ShiftParts extends Proofs {
  readonly drawer: Drawer;
  readonly bell: Bell;
  /** The neutral title of the page. */
  readonly title: string;
  /** Where the board's socket is. */
  readonly url: string;
  /** Sits down in a talk. Rejects with a `code`. */
  attend(ref: string, since: number): Promise<Talk>;
  /** A room of two with a colleague. */
  readonly pairing: Pairing;
  /** Notes that somebody was asked whether to be looked in on. */
  followUp(caseCode: string, wanted: boolean, days: number): Promise<boolean>;
  signedOut(): void;
  outdated(): void;
  /** Time has passed or something is new: show it. */
  changed(): void;
}

/** Milliseconds between two looks at the clock: waits are told in minutes. */
const BEAT = 20_000;
/** From this width on two talks fit beside each other. */
const WIDE = "(min-width: 1180px)";

export class Shift {
  readonly desk: Desk;
  private readonly parts: ShiftParts;
  private readonly link: BoardLink;
  private readonly attention: Attention;
  private readonly wide = matchMedia(WIDE);
  private timer: ReturnType<typeof setInterval> | undefined;
  private covered = false;
  private handsUp = 0;

  constructor(parts: ShiftParts) {
    this.parts = parts;
    // Under another tab the desk is as little seen as behind another window.
    const bell = { ...parts.bell, hidden: () => this.covered || parts.bell.hidden() };
    this.attention = new Attention(bell, parts.title);
    this.link = new BoardLink(parts.url, {
      link: (state) => this.desk.setLink(state),
      board: (view) => this.desk.setBoard(view),
      offer: (offer) => this.desk.setOffer(offer),
      waits: (points) => this.desk.setWaits(points),
      dangers: (rows) => this.desk.setDangers(rows),
      visits: (rows) => this.desk.setVisits(rows),
      talks: (rows) => this.desk.setOngoing(rows),
      hands: (rows, at) => this.desk.raised.heard(rows, at),
      helps: (rows, at) => this.desk.setHelps(rows, at),
      handovers: (rows) => this.desk.setHandovers(rows),
      signedOut: () => parts.signedOut(),
      outdated: () => parts.outdated(),
    });
    this.desk = new Desk({
      drafts: new Drafts(parts.drawer),
      risks: new RiskNotes(parts.drawer),
      wheres: new Wheres(parts.drawer),
      take: () => this.link.take(),
      board: this.link,
      attend: (ref, since) => parts.attend(ref, since),
      wish: (talking) => parts.wish(talking),
      pairing: parts.pairing,
      followUp: (...said) => parts.followUp(...said),
      papers: (groupId) => parts.papers(groupId),
      openAfter: (ref, key) => parts.openAfter(ref, key),
    });
  }

  start(): void {
    this.desk.subscribe(this.look);
    this.timer = setInterval(this.beat, BEAT);
    this.wide.addEventListener?.("change", this.fit);
    document.addEventListener("visibilitychange", this.seen);
    window.addEventListener("online", this.hurry);
    window.addEventListener("offline", this.cut);
    window.addEventListener("pagehide", this.leave);
    this.fit();
    this.link.open();
  }

  /** Nothing is ended by this; drafts are written, and the talks come back with the next shift. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.wide.removeEventListener?.("change", this.fit);
    document.removeEventListener("visibilitychange", this.seen);
    window.removeEventListener("online", this.hurry);
    window.removeEventListener("offline", this.cut);
    window.removeEventListener("pagehide", this.leave);
    this.link.close();
    await this.desk.close();
    this.parts.bell.title(this.parts.title);
  }

  private readonly look = (): void => {
    const { board, talks } = this.desk.view;
    const hands = handsUp(this.desk.view.raised);
    // Somebody who talks wants a colleague now: that is heard whatever the page shows.
    if (hands > this.handsUp) this.parts.bell.sound();
    this.handsUp = hands;
    const held = talks.filter((talk) => talk.state === "active").length;
    // Whoever has both hands full is not called for those who wait.
    const free = held < (board?.hands.cap ?? 1);
    // Somebody offered calls again: it was switched on to be called.
    const offered = this.desk.view.offer === null ? 0 : 1;
    const waiting = (free ? (board?.waiting ?? 0) : 0) + offered + hands;
    this.attention.update({ waiting, unread: this.desk.unread() }, Date.now());
    this.parts.changed();
  };

  private readonly beat = (): void => {
    void this.desk.sending.sweep();
    this.look();
  };

  private readonly fit = (): void => {
    const room: Room = this.wide.matches ? 2 : 1;
    this.desk.setRoom(room);
  };

  /** Another tab of the console lies in front of the desk, or no more. */
  cover(covered: boolean): void {
    if (covered !== this.covered) {
      this.covered = covered;
      this.seen();
    }
  }

  private readonly seen = (): void => {
    this.desk.setHidden(this.covered || document.hidden);
    this.look();
    this.hurry();
  };

  private readonly cut = (): void => this.link.cut();

  private readonly hurry = (): void => this.link.hurry();

  /** The page may not come back: what was begun is written now, not after the pause. */
  private readonly leave = (): void => void this.desk.hands.flush();
}
