/**
 * The board's socket: who waits, my own talks, and taking the next person.
 *
 * It says honestly whether what is shown is fresh: `online` only after the server has answered,
 * and a question the server leaves unanswered ends the connection. Asking again and again is also
 * how the server knows that this counsellor's board is open.
 */

import {
  type AskIn,
  type BoardFrame,
  HEARTBEAT_EVERY_MS,
  type OfferHelp,
  type SayHelp,
  type StepOut,
  type Talking,
  type TurnDown,
  WIRE_VERSION,
} from "../../counsel/client/contract.ts";
import { pack, unpack } from "../../counsel/client/framing.ts";
import { BOARD } from "../../counsel/client/staffContract.ts";
import { type BoardEvents, BoardRefusalError } from "./boardEvents.ts";
import { boardView, offerOf, toHex } from "./boardView.ts";
import type { DangerCommand } from "./danger/steps.ts";
import type { HandingCommand } from "./handover/handing.ts";
import type { HandCommand } from "./sideroom/raisedHands.ts";

/** Milliseconds an answer may take before the connection counts as dead. */
const ANSWER_WITHIN = 10_000;
const SLOWEST_RETRY = 15_000;
const CLOSED_SIGNED_OUT = 4401;
const CLOSED_BAD_FRAME = 4400;

/** Milliseconds before try number `tries` (from 0): doubling, capped, and never in step with others. */
export function retryAfter(tries: number, random: number): number {
  const most = Math.min(SLOWEST_RETRY, 500 * 2 ** tries);
  return Math.round(most / 2 + (most / 2) * random);
}

function taken(answer: BoardFrame): string {
  if (answer.kind !== "Taken") {
    throw new BoardRefusalError("internal");
  }
  return toHex(answer.ref);
}

interface Question {
  readonly resolve: (frame: BoardFrame) => void;
  readonly reject: (error: BoardRefusalError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class BoardLink {
  private readonly url: string;
  private readonly events: BoardEvents;
  private readonly dial: (url: string) => WebSocket;
  private readonly questions = new Map<number, Question>();
  private socket: WebSocket | null = null;
  private correlation = 0;
  private tries = 0;
  private next: ReturnType<typeof setTimeout> | undefined;
  private stopped = true;

  /** `dial` opens a socket; given so that a test can hand in its own. */
  constructor(url: string, events: BoardEvents, dial = (to: string) => new WebSocket(to)) {
    this.url = url;
    this.events = events;
    this.dial = dial;
  }

  open(): void {
    this.stopped = false;
    this.connect();
  }

  close(): void {
    this.stopped = true;
    clearTimeout(this.next);
    this.drop();
  }

  /** The network came back, or the page is looked at again: do not wait for the timer. */
  hurry(): void {
    if (!this.stopped && this.socket === null) {
      this.connect();
    }
  }

  /** The browser says the network is gone: do not wait until the socket notices. */
  cut(): void {
    if (this.socket !== null) {
      this.lost(this.socket, 0);
    }
  }

  /** The next person's reference in hexadecimal. Rejects with `BoardRefusalError`. */
  async take(): Promise<string> {
    return taken(await this.ask({ kind: "Take" }));
  }

  /** Goes on with somebody in danger whom their listener left. Rejects with `BoardRefusalError`. */
  async takeOver(caseCode: string): Promise<string> {
    return taken(await this.ask({ kind: "TakeOver", caseCode }));
  }

  /** My own browser refuses to go on with this talk. Rejects with `BoardRefusalError`. */
  async letGo(ref: Uint8Array): Promise<void> {
    await this.ask({ kind: "GiveBack", ref });
  }

  /** Takes whom this offer is about: their reference. Rejects with `BoardRefusalError`. */
  async accept(offer: number): Promise<string> {
    return taken(await this.ask({ kind: "Accept", offer }));
  }

  /** Not this time. Rejects with `BoardRefusalError`. */
  async pass(offer: number): Promise<void> {
    await this.ask({ kind: "Pass", offer });
  }

  /** Whether people are offered to me while my hands are free. Rejects with `BoardRefusalError`. */
  async offerMe(wanted: boolean): Promise<void> {
    await this.ask({ kind: "OfferMe", wanted: wanted ? 1 : 0 });
  }

  /** A supervisor finds somebody less urgent, for a reason. Rejects with `BoardRefusalError`. */
  async lower(caseCode: string, tier: number, reason: string): Promise<void> {
    await this.ask({ kind: "Lower", caseCode, tier, reason });
  }

  /** How many talks somebody may hold at once. Rejects with `BoardRefusalError`. */
  async setCap(staff: number, talks: number): Promise<void> {
    await this.ask({ kind: "SetCap", staff, talks });
  }

  /** One step about somebody in danger. Rejects with `BoardRefusalError`. */
  async danger(command: DangerCommand): Promise<void> {
    await this.ask(command);
  }

  /** The group of a talk I would come into. Rejects with `BoardRefusalError`. */
  async beside(caseCode: string): Promise<Talking> {
    const answer = await this.ask({ kind: "Beside", caseCode });
    if (answer.kind !== "Talking") {
      throw new BoardRefusalError("internal");
    }
    return answer;
  }

  /** A wish to come in, or to go, or that somebody does not come in now. */
  async visit(command: AskIn | TurnDown | StepOut): Promise<void> {
    await this.ask(command);
  }

  /** Something about a raised hand, or in the room behind it; the answer. */
  side(command: HandCommand): Promise<BoardFrame> {
    return this.ask(command);
  }

  /** One step of help that is sent. Rejects with `BoardRefusalError`. */
  async help(command: OfferHelp | SayHelp): Promise<void> {
    await this.ask(command);
  }

  /** Digits for whoever goes there. Rejects with `BoardRefusalError`. */
  async helpCode(help: number): Promise<string> {
    const answer = await this.ask({ kind: "CodeHelp", help });
    if (answer.kind !== "HelpCode") {
      throw new BoardRefusalError("internal");
    }
    return answer.code;
  }

  /** One step of a talk that goes to the next person. Rejects with `BoardRefusalError`. */
  async handing(command: HandingCommand): Promise<BoardFrame> {
    return this.ask(command);
  }

  private connect(): void {
    clearTimeout(this.next);
    this.drop();
    this.events.link(this.tries > 1 ? "offline" : "connecting");
    const socket = this.dial(this.url);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    const patience = setTimeout(() => this.lost(socket, 0), ANSWER_WITHIN);
    socket.onopen = () => {
      clearTimeout(patience);
      this.watch(socket);
    };
    socket.onmessage = (event) => this.hear(socket, event.data);
    socket.onclose = (event) => {
      clearTimeout(patience);
      this.lost(socket, event.code);
    };
  }

  /** Said first, and again as long as the board is open. */
  private watch(socket: WebSocket): void {
    clearTimeout(this.next);
    this.ask({ kind: "Watch", version: WIRE_VERSION }).then(
      () => {
        if (this.socket === socket) {
          this.tries = 0;
          this.events.link("online");
          this.next = setTimeout(() => this.watch(socket), HEARTBEAT_EVERY_MS);
        }
      },
      (error: BoardRefusalError) => this.refused(socket, error.code),
    );
  }

  private refused(socket: WebSocket, code: string): void {
    if (code === "signed-out" || code === "version") {
      this.finish(code);
    } else {
      this.lost(socket, 0);
    }
  }

  private ask(frame: BoardFrame): Promise<BoardFrame> {
    const socket = this.socket;
    if (socket === null || socket.readyState !== WebSocket.OPEN) {
      return Promise.reject(new BoardRefusalError("offline"));
    }
    this.correlation = (this.correlation % 0xffff) + 1;
    const correlation = this.correlation;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.lost(socket, 0), ANSWER_WITHIN);
      this.questions.set(correlation, { resolve, reject, timer });
      socket.send(pack([{ frame, correlation }], BOARD) as Uint8Array<ArrayBuffer>);
    });
  }

  private hear(socket: WebSocket, data: unknown): void {
    if (this.socket !== socket || !(data instanceof ArrayBuffer)) {
      return;
    }
    try {
      for (const { frame, correlation } of unpack(new Uint8Array(data), BOARD)) {
        this.answer(frame, correlation);
      }
    } catch {
      this.lost(socket, 0);
    }
  }

  private answer(frame: BoardFrame, correlation: number): void {
    this.push(frame);
    const question = this.questions.get(correlation);
    if (question === undefined) {
      return;
    }
    this.questions.delete(correlation);
    clearTimeout(question.timer);
    if (frame.kind === "Refused") {
      question.reject(new BoardRefusalError(frame.code, frame.retryAfter));
    } else {
      question.resolve(frame);
    }
  }

  /** What nobody asked for. */
  private push(frame: BoardFrame): void {
    if (frame.kind === "Board") {
      this.events.board(boardView(frame, Date.now()));
    } else if (frame.kind === "Offered") {
      this.events.offer(offerOf(frame, Date.now()));
    } else if (frame.kind === "Waits") {
      this.events.waits(frame.points);
    } else if (frame.kind === "Dangers") {
      const at = Date.now();
      this.events.dangers(frame.rows.map((row) => ({ ...row, at })));
    } else if (frame.kind === "Visits") {
      this.events.visits(frame.rows);
    } else if (frame.kind === "Talks") {
      this.events.talks(frame.rows);
    } else if (frame.kind === "HandsUp") {
      this.events.hands(frame.rows, Date.now());
    } else if (frame.kind === "Helps") {
      this.events.helps(frame.rows, Date.now());
    } else if (frame.kind === "Handovers") {
      this.events.handovers(frame.rows);
    }
  }

  private lost(socket: WebSocket, code: number): void {
    if (this.socket !== socket) {
      return;
    }
    this.drop();
    if (code === CLOSED_SIGNED_OUT || code === CLOSED_BAD_FRAME) {
      this.finish(code === CLOSED_SIGNED_OUT ? "signed-out" : "version");
    } else if (!this.stopped) {
      const gone = this.tries > 0 || globalThis.navigator?.onLine === false;
      this.events.link(gone ? "offline" : "connecting");
      this.next = setTimeout(() => this.connect(), retryAfter(this.tries, Math.random()));
      this.tries += 1;
    }
  }

  private finish(code: "signed-out" | "version"): void {
    this.close();
    this.events.link("offline");
    if (code === "version") {
      this.events.outdated();
    } else {
      this.events.signedOut();
    }
  }

  /** Ends the socket we have; whoever waits for an answer learns that there will be none. */
  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.next);
    if (socket !== null) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    for (const question of [...this.questions.values()]) {
      clearTimeout(question.timer);
      question.reject(new BoardRefusalError("offline"));
    }
    this.questions.clear();
  }
}
