/**
 * Raised hands, as a desk deals with them: raising one, coming to one, and the room behind it. The two
 * in that room are of the staff; what they say stays on these two pages and nowhere else.
 */

import type { PairRoom, PairView, PairWire } from "../../../chat/client/pair.ts";
import type { Left, Pairing } from "../../../chat/client/pairing.ts";
import type { BoardFrame, Hand, Side } from "../../../counsel/client/contract.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { BoardRefusalError } from "../boardEvents.ts";
import { joined, refusalOf } from "../deskTalk.ts";
import type { Drafts } from "../drafts.ts";

export type HandCommand = Extract<
  BoardFrame,
  { kind: "RaiseHand" | "LowerHand" | "AnswerHand" | "MeetAgain" | "SaySide" | "HearSide" }
>;

/** How this page stands to the room behind a hand. `elsewhere`: another page of mine has it. */
export type Door = "" | "waits" | "opening" | "open" | "elsewhere";

export interface RaisedHand
  extends Pick<Hand, "hand" | "caseCode" | "state" | "called" | "by" | "left"> {
  readonly mine: boolean;
  readonly inside: boolean;
  /** When `left` was true, milliseconds of this page's clock. */
  readonly at: number;
  /** Who raised it, by their certificate; null where that proves nobody, "" while it is looked at. */
  readonly who: string | null;
  readonly door: Door;
  /** Why there is no room: the code of a refusal, or "". */
  readonly refused: string;
  readonly view: PairView | null;
  readonly draft: string;
}

export interface RaisedHandsParts {
  readonly drafts: Drafts;
  /** Null where this page has no keys: nothing is raised or answered then. */
  readonly pairing: Pairing | null;
  tell(command: HandCommand): Promise<BoardFrame>;
  /** Shows why something was not done. */
  ask(question: () => Promise<void>): Promise<void>;
  changed(hands: readonly RaisedHand[]): void;
}

interface Entry {
  row: Hand;
  at: number;
  who: string | null;
  /** What was left in which round, and the room of which. */
  left: Left | null;
  leftIn: number;
  room: PairRoom | null;
  roomOf: number;
  door: Door;
  refused: string;
  busy: boolean;
  /** News came while something was under way. */
  missed: boolean;
}

const UP: readonly string[] = ["raised", "unanswered"];
const OPEN: readonly string[] = [...UP, "answered"];

export class RaisedHands {
  private readonly parts: RaisedHandsParts;
  private readonly entries = new Map<number, Entry>();
  /** Raised here, and the board has not named it yet. */
  private raised: Left | null = null;
  /** Over, and read. */
  private readonly read = new Set<number>();

  constructor(parts: RaisedHandsParts) {
    this.parts = parts;
  }

  /** What the board says. */
  heard(rows: readonly Hand[], at: number): void {
    for (const [hand, entry] of this.entries) {
      const gone = !rows.some((row) => row.hand === hand);
      if (gone && !this.isKept(entry)) this.forget(hand);
      else if (gone) this.end({ ...entry.row, state: "closed" }, entry);
    }
    for (const row of rows.filter((one) => !this.read.has(one.hand))) {
      const first = !this.entries.has(row.hand);
      const entry = this.add(row, at);
      if (!OPEN.includes(row.state)) this.end(row, entry);
      else void this.follow(entry, first);
    }
    this.publish();
  }

  /** A colleague is wanted, from this talk; it is left all the same. */
  async raise(caseCode: string): Promise<void> {
    await this.parts.ask(async () => {
      const left = await this.pairing.leave();
      const { keyPackage, statement } = left;
      this.raised = left;
      await this.parts.tell({ kind: "RaiseHand", caseCode, keyPackage, statement });
    });
  }

  /** Takes it back, or closes the room; what was begun to write stays until it is put away. */
  async lower(hand: number): Promise<void> {
    await this.parts.ask(async () => void (await this.parts.tell({ kind: "LowerHand", hand })));
  }

  /** I come. Somebody whose certificate proves nothing is not answered. */
  async answer(hand: number): Promise<void> {
    const entry = this.entries.get(hand);
    if (entry?.who) await this.doing(entry, () => this.open(entry));
  }

  /** This page takes the room: the two meet again in a fresh group. */
  async again(hand: number): Promise<void> {
    const entry = this.entries.get(hand);
    if (entry !== undefined) await this.doing(entry, () => this.meetAgain(entry));
  }

  type(hand: number, text: string): void {
    this.parts.drafts.set(draftOf(hand), text);
    this.publish();
  }

  say(hand: number, text: string): void {
    const entry = this.entries.get(hand);
    if (entry?.room && entry.door === "open") entry.room.say(text);
    else this.type(hand, joined(text, this.parts.drafts.get(draftOf(hand))));
  }

  /** What is over is read: it goes from this page. */
  putAway(hand: number): void {
    this.read.add(hand);
    void this.parts.drafts.drop(draftOf(hand));
    this.forget(hand);
    this.publish();
  }

  close(): void {
    for (const hand of [...this.entries.keys()]) this.forget(hand);
  }

  private get pairing(): Pairing {
    if (this.parts.pairing === null) throw new BoardRefusalError("off-duty");
    return this.parts.pairing;
  }

  private add(row: Hand, at: number): Entry {
    const known = this.entries.get(row.hand);
    if (known !== undefined) {
      if (known.row.state !== row.state || known.row.left !== row.left) known.at = at;
      known.row = row;
      return known;
    }
    const none = { who: "", left: null, leftIn: 0, room: null, roomOf: 0, refused: "" };
    const entry: Entry = { row, at, ...none, door: "", busy: false, missed: false };
    this.entries.set(row.hand, entry);
    void this.parts.drafts.load(draftOf(row.hand)).then(() => this.publish());
    return entry;
  }

  private async follow(entry: Entry, first: boolean): Promise<void> {
    const { row } = entry;
    if (entry.who === "" && row.keyPackage.length > 0) void this.look(entry);
    if (row.inside === 0 || !OPEN.includes(row.state)) return;
    await this.doing(entry, () =>
      row.mine !== 0 ? this.asRaiser(entry, first) : this.asAnswerer(entry, first),
    );
  }

  /** One thing after the other for one hand; what came meanwhile is looked at behind it. */
  private async doing(entry: Entry, act: () => Promise<void>): Promise<void> {
    if (entry.busy) {
      entry.missed = true;
      return;
    }
    entry.busy = true;
    try {
      entry.refused = "";
      await act();
    } catch (error) {
      this.stumble(entry, error);
    }
    entry.busy = false;
    this.publish();
    if (entry.missed && this.entries.get(entry.row.hand) === entry) {
      entry.missed = false;
      await this.follow(entry, false);
    }
  }

  private stumble(entry: Entry, error: unknown): void {
    const { code } = refusalOf(error);
    if (entry.door === "opening") entry.door = "";
    if (error instanceof RefusalError) entry.refused = code;
    else if (code === "stale-epoch") entry.door = "elsewhere";
    // A colleague was first: the board says who.
    else if (code !== "too-late") void this.parts.ask(() => Promise.reject(error));
  }

  private async asRaiser(entry: Entry, first: boolean): Promise<void> {
    const { row } = entry;
    if (first && this.raised !== null && row.round === 1 && UP.includes(row.state)) {
      [entry.left, entry.leftIn, this.raised] = [this.raised, 1, null];
    }
    if (this.isIn(entry)) return;
    const keyed = entry.left !== null && entry.leftIn === row.round;
    if (row.room === "empty" || (first && !keyed)) await this.meetAgain(entry);
    else if (!keyed) entry.door = "elsewhere";
    else if (row.room === "waits") entry.door = "waits";
    else await this.enter(entry);
  }

  private async asAnswerer(entry: Entry, first: boolean): Promise<void> {
    const { row } = entry;
    if (this.isIn(entry)) return;
    if (row.room === "waits") await this.open(entry);
    else if (row.room === "open" && first) await this.meetAgain(entry);
    else entry.door = row.room === "open" ? "elsewhere" : "waits";
  }

  /** In the room of this round already: it reads on. */
  private isIn({ room, roomOf, row }: Entry): boolean {
    if (room === null || roomOf !== row.round) return false;
    room.reachTo(row.lastSeq);
    return true;
  }

  private async enter(entry: Entry): Promise<void> {
    const { hand, round, lastSeq } = entry.row;
    entry.door = "opening";
    const wire = this.wire(hand, round);
    const [first] = await wire.hear(0);
    const room = await this.pairing.enter(entry.left as Left, first, wire, () => this.publish());
    this.moveIn(entry, room, round, lastSeq);
  }

  private async open(entry: Entry): Promise<void> {
    const { hand, round, keyPackage, statement: theirs, lastSeq } = entry.row;
    entry.door = "opening";
    const opened = await this.pairing.open(keyPackage, theirs);
    const { groupId, welcome, statement } = opened;
    await this.parts.tell({ kind: "AnswerHand", hand, round, groupId, welcome, statement });
    const room = opened.room(this.wire(hand, round), () => this.publish());
    this.moveIn(entry, room, round, lastSeq + 1);
  }

  private moveIn(entry: Entry, room: PairRoom, round: number, lastSeq: number): void {
    this.moveOut(entry);
    [entry.room, entry.roomOf, entry.door] = [room, round, "open"];
    room.reachTo(lastSeq);
  }

  /** What had not left goes back into the field. */
  private moveOut(entry: Entry): void {
    const unsent = entry.room?.close() ?? "";
    entry.room = null;
    const name = draftOf(entry.row.hand);
    if (unsent !== "") this.parts.drafts.set(name, joined(unsent, this.parts.drafts.get(name)));
  }

  private async meetAgain(entry: Entry): Promise<void> {
    const { hand, round, mine } = entry.row;
    const left = mine !== 0 ? await this.pairing.leave() : null;
    const none = new Uint8Array(0);
    const { keyPackage, statement } = left ?? { keyPackage: none, statement: none };
    this.moveOut(entry);
    await this.parts.tell({ kind: "MeetAgain", hand, round, keyPackage, statement });
    [entry.left, entry.leftIn, entry.door] = [left, round + 1, "waits"];
  }

  private wire(hand: number, round: number): PairWire {
    const { tell } = this.parts;
    return {
      say: async (clientId, sealed) => {
        await tell({ kind: "SaySide", hand, round, clientId, sealed });
      },
      hear: async (after): Promise<readonly Side[]> => {
        const answer = await tell({ kind: "HearSide", hand, round, after });
        return answer.kind === "SideRows" ? answer.rows : [];
      },
    };
  }

  private async look(entry: Entry): Promise<void> {
    const { keyPackage } = entry.row;
    entry.who = await this.pairing.who(keyPackage).catch(() => null);
    this.publish();
  }

  /** Over: keys and words go here too; what was not sent can still be copied. */
  private end(row: Hand, entry: Entry): void {
    this.moveOut(entry);
    [entry.row, entry.left, entry.door] = [{ ...row, lastSeq: 0 }, null, ""];
  }

  /** Those I was part of are said to be over until I have read it. */
  private isKept({ row }: Entry): boolean {
    return row.inside !== 0;
  }

  private forget(hand: number): void {
    const entry = this.entries.get(hand);
    this.entries.delete(hand);
    entry?.room?.close();
  }

  private publish(): void {
    this.parts.changed(
      [...this.entries.values()].map(({ row, at, who, door, refused, room }) => {
        const { hand, caseCode, state, called, by, left } = row;
        return {
          ...{ hand, caseCode, state, called, by, left, at, who, door, refused },
          mine: row.mine !== 0,
          inside: row.inside !== 0,
          view: room?.view ?? null,
          draft: this.parts.drafts.get(draftOf(hand)),
        };
      }),
    );
  }
}

function draftOf(hand: number): string {
  return `side:${hand}`;
}

/** Hands somebody could come to, for the sound and the title. */
export function handsUp(hands: readonly RaisedHand[]): number {
  return hands.filter((one) => UP.includes(one.state) && !one.mine).length;
}
