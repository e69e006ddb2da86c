/**
 * A server of these tests, in the same process, speaking the real frames: an ordered log, one epoch,
 * the same verdicts as `chat/store.py`, one connection per side. What goes wrong is asked of `Luck`.
 */

import { readHeader } from "../../../chat/client/header.ts";
import type { OpenWire, Wire } from "../../../chat/client/wires.ts";
import { equal, toBase64url } from "../../../counsel/client/bytes.ts";
import {
  CHAT,
  type Change,
  type ChatFrame,
  type Envelope,
  type OpenGroup,
} from "../../../counsel/client/contract.ts";
import { pack, type Said, unpack } from "../../../counsel/client/framing.ts";
import type { Organisation } from "../mls/cast.ts";
import { KIND, Line, type Luck } from "./line.ts";

export { KIND, Line, type Luck };

type Heard = Said<ChatFrame>;

interface Row extends Envelope {
  readonly by: string;
}

/** What this server says of whoever waits; nobody here reads it. */
export const STANDING: Uint8Array = new Uint8Array(8).fill(2);

export class Server {
  luck: Luck = KIND;
  state = "waiting";
  group = 0;
  epoch = 0;
  groupId: Uint8Array = new Uint8Array(0);
  token: Uint8Array = new Uint8Array(0);
  exists = false;
  counsellor = "";
  /** The supervisor beside them, and what let them in; a server that lies keeps them. */
  guest = "周";
  visit: { row: Row; welcome: Uint8Array; statement: Uint8Array } | null = null;
  keepsGuest = false;
  /** 0: no supervisor is there. */
  supervised = 1;
  /** What the phone named when it started. */
  request: Uint8Array = new Uint8Array(0);
  /** What was asked of the queue since, in order. */
  readonly asked: Uint8Array[] = [];
  readonly ref = crypto.getRandomValues(new Uint8Array(16));
  rows: Row[] = [];
  keys: Uint8Array[] = [];
  lastResort: Uint8Array | null = null;
  /** Every command that came, by name, for counting. */
  readonly heard: string[] = [];
  /** Bytes of every bundle in either direction, by the frame in it. */
  readonly sizes: [string, number][] = [];
  /** Rows as one side is given them; an enemy changes this. */
  give: (side: string, row: Row) => Row | null = (_, row) => row;
  /** The log as one side is given it; an enemy changes this. */
  ship: (side: string, home: Organisation) => Promise<Uint8Array> = (_, home) => home.log();
  up = true;
  private readonly lines = new Set<Line>();

  /** How `who` connects: "seeker" or a counsellor's name. */
  door(who: string): OpenWire {
    return (options, ears) => {
      const line = new Line(
        this,
        who,
        (said) => ears.heard(said),
        () => ears.down(),
      );
      const take = (said: Heard) => {
        const bytes = pack([said], CHAT);
        this.sizes.push([said.frame.kind, bytes.length]);
        setTimeout(() => {
          if (line.isOpen) for (const one of unpack(bytes, CHAT)) this.take(line, one);
        }, 1);
      };
      if (this.up) {
        this.lines.add(line);
        setTimeout(() => line.isOpen && take({ frame: options.hello(), correlation: 1 }), 1);
      } else setTimeout(() => line.cut(), 1);
      const wire: Wire = { kind: "socket", say: take, close: () => line.close() };
      return wire;
    };
  }

  gone(line: Line) {
    this.lines.delete(line);
  }

  /** Every connection breaks, as when the process is killed. */
  crash() {
    for (const line of [...this.lines]) line.cut();
  }

  lineOf(who: string): Line | undefined {
    return [...this.lines].find((line) => line.side === who);
  }

  /** A counsellor takes the session, as the board would. */
  take_(who: string) {
    this.state = "active";
    this.counsellor = who;
    this.tell();
  }

  /** The clock gives the session back to the queue. */
  giveUp() {
    const silent = this.counsellor;
    this.state = "waiting";
    this.counsellor = "";
    for (const line of this.lines) {
      if (line.side === silent) line.push({ kind: "Refused", code: "no-seat", retryAfter: 0 });
    }
    this.tell();
  }

  /** Somebody comes after whoever has it, in one step with their group, as `chat/succession.py`. */
  succeed(who: string, opening: Pick<OpenGroup, "clientId" | "groupId" | "welcome" | "statement">) {
    const gone = this.counsellor;
    this.counsellor = who;
    this.place({ kind: "OpenGroup", ...opening });
    const { clientId, welcome: sealed, statement } = opening;
    const seq = this.rows.length + 1;
    const place = { seq, group: this.group, what: "welcome", clientId, sealed, statement };
    const row: Row = { kind: "Envelope", ...place, by: who };
    this.rows.push(row);
    for (const line of this.lines) {
      if (line.side === gone) line.push({ kind: "Refused", code: "no-seat", retryAfter: 0 });
      else this.showRow(line, row);
    }
    this.tell();
  }

  tell() {
    for (const line of this.lines) this.tellOne(line);
  }

  private tellOne(line: Line) {
    line.push({
      kind: "News",
      state: this.state,
      group: this.group,
      epoch: this.epoch,
      lastSeq: this.rows.length,
      presence: this.counsellor === "" ? "" : "here",
      standing: this.state === "waiting" ? STANDING : new Uint8Array(0),
      keysLeft: this.keys.length,
      supervised: this.supervised,
    });
  }

  private rowsTo(line: Line, after: number) {
    for (const row of this.rows.slice(after)) this.showRow(line, row);
  }

  private showRow(line: Line, row: Row) {
    const invites = this.visit?.row === row && line.side === this.guest;
    const own = invites && this.visit ? { ...row, what: "welcome", ...this.invitation } : row;
    const given = this.give(line.side, own);
    if (given === null) return;
    const { by: _, ...frame } = given;
    line.push(frame);
  }

  private refuse(line: Line, correlation: number, code: string) {
    line.push({ kind: "Refused", code, retryAfter: 0 }, correlation);
  }

  private get invitation(): { sealed: Uint8Array; statement: Uint8Array } {
    const { welcome = new Uint8Array(0), statement = welcome } = this.visit ?? {};
    return { sealed: welcome, statement };
  }

  private mayBe(line: Line): boolean {
    const guest = line.side === this.guest && (this.visit !== null || this.keepsGuest);
    return this.exists && (line.side === "seeker" || line.side === this.counsellor || guest);
  }

  private take(line: Line, { frame, correlation }: Heard) {
    this.heard.push(`${line.side} ${frame.kind}`);
    const done = (answer: ChatFrame) => {
      if (this.luck.cutBeforeAnswer(line.side, frame)) line.cut();
      else line.push(answer, correlation);
    };
    if (frame.kind === "Start" && !this.exists) {
      this.exists = true;
      this.token = frame.token;
      this.keys = [...frame.keyPackages];
      this.lastResort = frame.lastResort;
      this.request = frame.request;
    }
    if (!this.mayBe(line)) return this.refuse(line, correlation, "no-seat");
    const refused = this.luck.refuse?.(line.side, frame) ?? null;
    if (refused !== null) return this.refuse(line, correlation, refused);
    switch (frame.kind) {
      case "Start":
      case "Resume":
      case "Attend": {
        if (line.side === "seeker" && !("token" in frame && equal(frame.token, this.token))) {
          return this.refuse(line, correlation, "no-seat");
        }
        done({
          kind: "Seated",
          role: line.side === "seeker" ? "seeker" : "counsellor",
          ref: this.ref,
          caseCode: "K7RM",
          keysLeft: this.keys.length,
        });
        this.tellOne(line);
        this.rowsTo(line, "after" in frame ? frame.after : 0);
        return;
      }
      case "ClaimKey": {
        const keyPackage = this.keys.shift() ?? this.lastResort;
        if (keyPackage === null) return this.refuse(line, correlation, "no-key");
        done({ kind: "Key", keyPackage });
        return this.tell();
      }
      case "Shown":
        return done({ kind: "Done" });
      case "TopUp":
        this.keys.push(...frame.keyPackages);
        this.lastResort = frame.lastResort;
        done({ kind: "Done" });
        return this.tell();
      case "OpenGroup":
      case "Send":
      case "Change":
        return this.append(line, frame, correlation, done);
      case "Read":
        this.rowsTo(line, frame.after);
        return done({ kind: "Done" });
      case "Ask":
        this.asked.push(frame.request);
        return done({ kind: "Done" });
      case "Beat":
        for (const other of this.lines) {
          if (other !== line) other.push({ kind: "Typing", sealed: frame.sealed });
        }
        return;
      case "End":
        this.state = "closed";
        done({ kind: "Done" });
        return this.tell();
      case "Erase":
        this.exists = false;
        this.rows = [];
        this.keys = [];
        done({ kind: "Done" });
        for (const other of this.lines) {
          if (other !== line) other.push({ kind: "Refused", code: "no-seat", retryAfter: 0 });
        }
        return;
      default:
        return done({ kind: "Done" });
    }
  }

  private append(
    line: Line,
    frame: Extract<ChatFrame, { kind: "OpenGroup" | "Send" | "Change" }>,
    correlation: number,
    done: (answer: ChatFrame) => void,
  ) {
    const sealed = frame.kind === "OpenGroup" ? frame.welcome : frame.sealed;
    const known = this.rows.find(
      (row) => row.by === line.side && equal(row.clientId, frame.clientId),
    );
    if (known !== undefined) {
      if (!equal(known.sealed, sealed)) return this.refuse(line, correlation, "id-reused");
      return done({ kind: "Stored", seq: known.seq });
    }
    if (this.state !== "active") return this.refuse(line, correlation, "not-now");
    const what = this.place(frame);
    if (what === null) return this.refuse(line, correlation, "stale-epoch");
    const row: Row = {
      kind: "Envelope",
      seq: this.rows.length + 1,
      group: this.group,
      what,
      clientId: frame.clientId,
      sealed,
      statement: frame.kind === "OpenGroup" ? frame.statement : new Uint8Array(0),
      by: line.side,
    };
    this.rows.push(row);
    if (frame.kind === "Change") this.change(frame, row);
    done({ kind: "Stored", seq: row.seq });
    for (const other of this.lines) if (other !== line) this.showRow(other, row);
    if (what === "welcome") this.tell();
  }

  private change({ welcome, statement }: Change, row: Row) {
    const { guest } = this;
    this.visit = welcome.length === 0 ? null : { row, welcome, statement };
    if (this.visit !== null || this.keepsGuest) return;
    for (const line of this.lines) {
      if (line.side === guest) line.push({ kind: "Refused", code: "no-seat", retryAfter: 0 });
    }
  }

  private place(
    frame: Extract<ChatFrame, { kind: "OpenGroup" | "Send" | "Change" }>,
  ): string | null {
    if (frame.kind === "OpenGroup") {
      this.group += 1;
      this.groupId = frame.groupId;
      this.epoch = 1;
      return "welcome";
    }
    const header = readHeader(frame.sealed);
    if (header === null || !equal(header.groupId, this.groupId)) return null;
    if (header.epoch !== this.epoch) return null;
    if (header.what === "commit") this.epoch += 1;
    return header.what;
  }

  /** What the log holds, to look at. */
  get whats(): string[] {
    return this.rows.map((row) => `${row.by} ${row.what}`);
  }

  idOf(index: number): string {
    return toBase64url(this.rows[index]?.clientId ?? new Uint8Array(0));
  }
}
