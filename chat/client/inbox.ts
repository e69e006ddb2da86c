/** What comes in: rows, read in their order and none twice, and news of what is beside the log. */

import type { Envelope, News } from "../../counsel/client/contract.ts";
import { type Held, type Reader, type Reading, readRow } from "./log.ts";
import { buryAll } from "./outbox.ts";
import type { Room } from "./room.ts";
import type { KeptLine, NoticeLine, Saved } from "./saved.ts";

/** Rows read in one write. */
const BATCH = 16;
/** A row that was announced and has not come is asked for after this long, ms. */
const PATIENCE = 1_500;
/** A row the server did not give so many times although it was asked for is not there. */
const HOLE_AFTER = 3;
/** How soon a row that could not be judged is read again, ms. */
const COME_BACK = 2_000;

function epochOf({ saved, group }: Held): string {
  return `${saved.groupNumber} ${group?.epoch}`;
}

export class Inbox {
  news: News | null = null;
  private readonly room: Room;
  private readonly reader: Reader;
  private readonly rows = new Map<number, Envelope>();
  private holes = 0;

  constructor(room: Room, reader: Reader) {
    this.room = room;
    this.reader = reader;
  }

  /** The last row there is no gap before. */
  get lastHeard(): number {
    let last = this.room.saved.after;
    while (this.rows.has(last + 1)) last += 1;
    return last;
  }

  /** A row, whether its turn has come or not. The first one at a place counts. */
  put(row: Envelope): void {
    if (row.seq > this.room.saved.after && !this.rows.has(row.seq)) this.rows.set(row.seq, row);
  }

  /** Reads every row whose turn it is, some at a time. Only in a turn. */
  async advance(): Promise<void> {
    const { room } = this;
    while (!room.isStopped && this.rows.has(room.saved.after + 1)) {
      const before = room.held.group?.epoch;
      if (!(await this.readSome())) return;
      // A new epoch has new keys for everybody, whoever began it.
      if (room.held.group?.epoch !== before) room.due = "";
    }
    for (const seq of this.rows.keys()) if (seq <= room.saved.after) this.rows.delete(seq);
    if (this.rows.size > 0) this.missing(PATIENCE / 3);
    await this.closeBook();
    room.work();
  }

  private async readSome(): Promise<boolean> {
    const { room } = this;
    let held = room.held;
    let last: Reading | null = null;
    const lines: KeptLine[] = [];
    for (let count = 0; count < BATCH; count++) {
      const row = this.rows.get(held.saved.after + 1);
      if (row === undefined) break;
      last = await readRow(this.reader, held, row);
      if (last.later) break;
      held = last.held;
      lines.push(...last.lines);
      if (last.broken) room.due = "now";
      if (last.erased || last.refused || last.lostSeat) break;
    }
    if (last?.later) this.comeBack();
    else room.unsay("unchecked");
    const refusal = last?.refused ?? held.saved.refusal;
    held = { ...held, saved: { ...held.saved, refusal, touchedAt: room.now() } };
    // Another group or epoch may be what waiting words waited for: somebody is on duty again.
    if (epochOf(held) !== epochOf(room.held)) room.cancel("duty");
    if (!(await room.keep(held, lines))) return false;
    // A refusal stops and keeps what it has; the view says the sentence and offers a new start.
    if (last?.refused) room.stop();
    if (last?.erased || last?.lostSeat) await room.finish(last.erased ? "erased" : "lost-seat");
    return !room.isStopped && !last?.later;
  }

  /** A row waits for what cannot be fetched now. It is told, and its turn comes again. */
  private comeBack(): void {
    this.room.aside("unchecked");
    this.room.after("unchecked", COME_BACK, () => void this.room.inTurn(() => this.advance()));
  }

  /** The talk is over and its log is read: what never left stays here as unsent, to be copied. */
  private async closeBook(): Promise<void> {
    const { state, outbox, after } = this.room.saved;
    if (state !== "closed" || after < (this.news?.lastSeq ?? Infinity)) return;
    if (outbox.some((entry) => !entry.dead)) await this.room.change({ outbox: buryAll(outbox) });
  }

  /** Asks for what is missing. A hole the server leaves is a line, not the end. */
  async catchUp(): Promise<void> {
    const { room } = this;
    const asked = this.lastHeard;
    const outcome = await room.link.ask({ kind: "Read", after: asked });
    if (!outcome.ok) return;
    await room.inTurn(async () => {
      await this.advance();
      const next = Math.min(...this.rows.keys());
      const filled = this.rows.size === 0 || this.lastHeard > asked || next <= asked + 1;
      this.holes = filled ? 0 : this.holes + 1;
      if (filled) return;
      if (this.holes < HOLE_AFTER) this.missing(PATIENCE);
      else await this.skipTo(next);
    });
  }

  private async skipTo(next: number): Promise<void> {
    const { room } = this;
    this.holes = 0;
    const [id, at] = [`${next} hole`, room.now()];
    const hole: NoticeLine = { kind: "notice", id, code: "missing-rows", params: {}, at };
    room.due = "now";
    if (await room.change({ after: next - 1 }, [hole])) await this.advance();
  }

  /** Ask for it soon. News after news does not put that off. */
  private missing(ms: number): void {
    if (!this.room.awaits("missing")) this.room.after("missing", ms, () => void this.catchUp());
  }

  /** Only in a turn. */
  async takeNews(news: News): Promise<void> {
    const { room } = this;
    if (room.isStopped) return;
    this.news = news;
    const { presence, ahead, listeners } = news;
    room.become({ presence, ahead, listeners, supervised: news.supervised !== 0 });
    if (news.state === "erased") {
      await room.finish(room.saved.intent === "erase" ? "erased" : "lost-seat");
      return;
    }
    if (news.state !== room.saved.state) await this.changeState(news);
    await this.closeBook();
    if (news.lastSeq > this.lastHeard) this.missing(PATIENCE);
    room.work();
  }

  private async changeState(news: News): Promise<void> {
    const { room } = this;
    const { state, group } = room.saved;
    const lines: KeptLine[] = [];
    let change: Partial<Saved> = { state: news.state };
    if (news.state === "waiting" && state === "active" && group !== null) {
      // The server says so and we cannot know better: it is worded as what was heard.
      const other = room.held.group?.members.find((one) => !one.me && one.name !== "");
      const [id, at] = [`${news.lastSeq} silent ${room.now()}`, room.now()];
      lines.push({ kind: "notice", id, code: "silent", params: { who: other?.name ?? "" }, at });
      change = { ...change, over: Math.max(news.lastSeq, 1) };
    }
    if (news.state === "closed") change = { ...change, closedAt: room.now(), intent: "" };
    await room.change(change, lines);
  }
}
