/**
 * Help that is sent, as a desk deals with it: asking in the talk, noting what the seeker answered, the
 * steps staff take, and telling the talk what became of it, so that both devices forget where.
 */

import type { Help } from "../../../counsel/client/contract.ts";
import type { BoardLink } from "../boardLink.ts";
import type { DeskTalk } from "../deskTalk.ts";
import type { Hands } from "../hands.ts";
import type { Note, Wheres } from "./wheres.ts";
import { type StaffWord, type Standing, standingOf } from "./words.ts";

/** Help under way as told at `at`, milliseconds of this page's clock; `note` on the caller's computer. */
export interface HelpRow extends Help {
  readonly at: number;
  readonly note: Note | null;
  /** What the seeker last said, as far as the talk lies open here. */
  readonly said: Standing["state"];
  /** A code that was just drawn; shown until something else is done. */
  readonly code: string;
}

/** What staff can say of it: words of `triage/dispatch/acting.py`. */
export type HelpEvent =
  | "consent"
  | "call"
  | "accept"
  | "decline"
  | "ring"
  | "arrive"
  | "miss"
  | "withdraw";

interface SendingParts {
  readonly board: Pick<BoardLink, "help" | "helpCode">;
  readonly hands: Pick<Hands, "talk" | "list">;
  readonly wheres: Wheres;
  ask(question: () => Promise<void>): Promise<void>;
  changed(rows: readonly HelpRow[]): void;
}

const TOLD: Partial<Record<HelpEvent, StaffWord>> = {
  call: "called",
  arrive: "arrived",
  miss: "missed",
  withdraw: "withdrawn",
};
const ON_THE_WAY: readonly string[] = ["called", "accepted"];

export class Sending {
  private readonly parts: SendingParts;
  private rows: readonly Help[] = [];
  private at = 0;
  private readonly codes = new Map<number, string>();
  private readonly trying = new Set<string>();
  /** Talks where I have just asked: the board names that in a moment. */
  private readonly asking = new Set<string>();
  /** Talks that are being told that it is over. */
  private readonly ending = new Set<string>();
  private known = false;

  constructor(parts: SendingParts) {
    this.parts = parts;
    void parts.wheres.ready().then(() => this.publish());
  }

  /** What the board says; what it names no more is over. */
  heard(rows: readonly Help[], at: number): void {
    this.rows = rows;
    this.at = at;
    this.known = true;
    for (const row of rows) this.asking.delete(row.caseCode);
    const mine = rows.filter((row) => row.mine !== 0).map((row) => row.help);
    void this.parts.wheres.keepOnly(mine).then(() => this.publish());
    this.follow();
    this.publish();
  }

  /** A talk has something new: what the seeker answered is noted by whoever asked. */
  follow(): void {
    for (const talk of this.known ? this.parts.hands.list() : []) {
      const standing = standingOf(talk.view?.lines ?? []);
      if (standing.state === "" || standing.who !== "" || talk.caseCode === "") continue;
      const row = this.rows.find((one) => one.caseCode === talk.caseCode && one.mine !== 0);
      if (row !== undefined) this.note(row, standing, talk);
      else if (!this.asking.has(talk.caseCode)) this.finish(talk, standing);
    }
  }

  /** Asks in this talk. */
  async offer(ref: string, caseCode: string): Promise<void> {
    await this.parts.ask(async () => {
      this.asking.add(caseCode);
      try {
        await this.parts.board.help({ kind: "OfferHelp", caseCode });
        await this.parts.hands.talk(ref)?.help?.("offer");
      } catch (error) {
        this.asking.delete(caseCode);
        throw error;
      }
    });
  }

  /** The question did not get there: once more, in the talk alone. */
  async askAgain(row: HelpRow): Promise<void> {
    await this.tell(row, "offer");
  }

  /** One step of staff, and the talk is told of it. */
  async say(row: Pick<Help, "help">, event: HelpEvent, whom = ""): Promise<void> {
    const found = this.rows.find((one) => one.help === row.help);
    this.codes.delete(row.help);
    await this.parts.ask(async () => {
      const word = TOLD[event];
      const ref = found && this.talkOf(found)?.ref;
      if (ref !== undefined && word !== undefined) this.ending.add(ref);
      try {
        await this.parts.board.help({ kind: "SayHelp", help: row.help, event, whom });
        if (word !== undefined && found !== undefined) await this.tell(found, word);
      } finally {
        if (ref !== undefined) this.ending.delete(ref);
      }
    });
  }

  /** Digits for whoever goes there, to be read out on the telephone. */
  async draw(row: Pick<Help, "help">): Promise<void> {
    await this.parts.ask(async () => {
      this.codes.set(row.help, await this.parts.board.helpCode(row.help));
      this.publish();
    });
  }

  async refer(help: number, reference: string): Promise<void> {
    await this.parts.wheres.refer(help, reference);
    this.publish();
  }

  /** The clock of this page has moved on. */
  async sweep(): Promise<void> {
    if (await this.parts.wheres.sweep()) this.publish();
  }

  private note(row: Help, { state, where, at }: Standing, talk: DeskTalk): void {
    if (where !== null) {
      const line = talk.view?.lines.filter((one) => one.kind === "place").pop();
      if (line?.kind === "place") {
        void this.parts.wheres.put(row.help, line.text, at).then((news) => news && this.publish());
      }
    }
    if (row.state === "offered" && state === "given") this.once(row, "consent");
    if (row.state === "offered" && state === "no") this.once(row, "withdraw");
    if (row.state === "consented" && state === "back") this.once(row, "withdraw");
    if (!ON_THE_WAY.includes(row.state)) return;
    if (state === "there") this.once(row, "arrive");
    // Whoever called, the phone is told by whoever asked.
    const name = `${row.help} told`;
    if (state !== "given" || this.ending.has(talk.ref) || this.trying.has(name)) return;
    this.trying.add(name);
    this.tell(row, "called").catch(() => this.trying.delete(name));
  }

  /** What the seeker said is passed on until the board says that it was. */
  private once(row: Help, event: HelpEvent): void {
    const name = `${row.help} ${row.step} ${event}`;
    if (this.trying.has(name)) return;
    this.trying.add(name);
    const frame = { kind: "SayHelp", help: row.help, event, whom: "" } as const;
    this.parts.board.help(frame).catch(() => this.trying.delete(name));
  }

  /** It is over, whoever said so: the phone hears it here, and both forget where. */
  private finish(talk: DeskTalk, { state }: Standing): void {
    if (!["asked", "given", "unsent", "called"].includes(state) || this.ending.has(talk.ref))
      return;
    this.ending.add(talk.ref);
    void this.tell(talk, "over").finally(() => this.ending.delete(talk.ref));
  }

  private async tell(row: Pick<Help, "caseCode">, word: StaffWord): Promise<void> {
    const talk = this.talkOf(row);
    const open = talk === undefined ? null : this.parts.hands.talk(talk.ref);
    if (!["offer", "called"].includes(word)) void open?.forgetPlaces?.();
    if (talk?.view?.phase === "active") await open?.help?.(word);
  }

  private talkOf({ caseCode }: Pick<Help, "caseCode">): DeskTalk | undefined {
    return caseCode === ""
      ? undefined
      : this.parts.hands.list().find((one) => one.caseCode === caseCode);
  }

  private publish(): void {
    this.parts.changed(
      this.rows.map((row) => ({
        ...row,
        at: this.at,
        note: row.mine === 0 ? null : this.parts.wheres.get(row.help),
        said: standingOf(this.talkOf(row)?.view?.lines ?? []).state,
        code: this.codes.get(row.help) ?? "",
      })),
    );
  }
}
