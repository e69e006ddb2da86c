/**
 * The connection of one talk: it comes back by itself, resumes where it was, and asks questions
 * that always get an answer, if only "offline". It never throws at whoever uses it.
 */

import {
  type ChatFrame,
  ERROR_CODES,
  type ErrorCode,
  HEARTBEAT_EVERY_MS,
} from "../../counsel/client/contract.ts";
import {
  type Ears,
  HELLO,
  type Heard,
  type OpenWire,
  openPoll,
  openSocket,
  type Wire,
} from "./wires.ts";

export type LinkState = "online" | "connecting" | "offline";

export type Outcome =
  | { readonly ok: true; readonly frame: ChatFrame }
  | { readonly ok: false; readonly code: ErrorCode | "offline"; readonly retryAfter: number };

export interface LinkOptions {
  readonly origin: string;
  readonly staff: boolean;
  /** `Start`, `Resume` or `Attend`, with the newest number this client has. */
  hello(): ChatFrame;
  /** `Seated`, and everything nobody asked for. In order. */
  heard(frame: ChatFrame): void;
  /** The greeting was refused; `final`: nothing more comes unless `wake` is called. */
  refused(code: ErrorCode, final: boolean): void;
  changed(state: LinkState): void;
  /** What to say of ourselves with every heartbeat. */
  presence(): string;
  /** Staff: see `WireOptions`. */
  token?(): Promise<string>;
  /** Ways to connect, tried in turn; the first is the preferred one. */
  readonly wires?: readonly OpenWire[];
  readonly random?: () => number;
}

const OFFLINE: Outcome = { ok: false, code: "offline", retryAfter: 0 };

/** No answer for this long: the line is dead, whatever the browser says of it. */
const ANSWER_WITHIN = 12_000;
/**
 * Of staff, ms: a line that died unnoticed is found by the next beat that nobody answers, and mended, before
 * the thirty seconds are over after which somebody in danger is somebody else's.
 */
const STAFF_BEATS_EVERY = 10_000;
const FIRST_WAIT = 400;
const LONGEST_WAIT = 20_000;
/** Failures in a row after which the other way of connecting is tried. */
const PATIENCE = 2;
/** These do not get better by asking again. */
const FINAL: readonly string[] = ["no-seat", "version", "signed-out", "origin"];

type Timer = ReturnType<typeof setTimeout>;

export class Link {
  private readonly options: LinkOptions;
  private readonly wires: readonly OpenWire[];
  private readonly asked = new Map<number, { resolve(outcome: Outcome): void; late: Timer }>();
  private wire: Wire | null = null;
  private choice = 0;
  private failures = 0;
  private correlation = HELLO;
  private shown: LinkState = "connecting";
  private retry: Timer | undefined;
  private pulse: Timer | undefined;
  private watch: Timer | undefined;
  private closed = false;
  private readonly onWake = (): void => this.wake();
  private readonly onSeen = (): void => {
    if (globalThis.document?.visibilityState === "visible") this.wake();
  };
  private readonly onCut = (): void => this.drop();

  constructor(options: LinkOptions) {
    this.options = options;
    this.wires = options.wires ?? [openSocket, openPoll];
  }

  /** From now on it connects, and comes back whenever it breaks. */
  open(): void {
    globalThis.addEventListener?.("online", this.onWake);
    globalThis.addEventListener?.("offline", this.onCut);
    globalThis.document?.addEventListener("visibilitychange", this.onSeen);
    this.connect();
  }

  get state(): LinkState {
    return this.shown;
  }

  /** Resolves with the answer, with a refusal, or with "offline" when the line broke before. */
  ask(frame: ChatFrame): Promise<Outcome> {
    const { wire } = this;
    if (wire === null || this.shown !== "online") return Promise.resolve(OFFLINE);
    return new Promise((resolve) => {
      this.correlation = this.correlation >= 0xffff ? HELLO + 1 : this.correlation + 1;
      // Whatever else is heard: a question without an answer means that the line is not well.
      const late = setTimeout(() => this.drop(), ANSWER_WITHIN);
      this.asked.set(this.correlation, { resolve, late });
      this.say(wire, { frame, correlation: this.correlation });
    });
  }

  /** Says something nobody answers; lost if there is no socket right now. */
  tell(frame: ChatFrame): void {
    const { wire } = this;
    if (wire?.kind === "socket" && this.shown === "online")
      this.say(wire, { frame, correlation: 0 });
  }

  /** Tell the other side at once how we are here. */
  beat(): void {
    this.beatLater();
    // Set anew by the answer: browsers slow timers down that a hidden page chains to each other.
    void this.ask({ kind: "Here", presence: this.options.presence() }).then(
      (outcome) => outcome.ok && this.beatLater(),
    );
  }

  private beatLater(): void {
    clearTimeout(this.pulse);
    if (this.closed) return;
    const every = this.options.staff ? STAFF_BEATS_EVERY : HEARTBEAT_EVERY_MS;
    this.pulse = setTimeout(() => this.beat(), every);
  }

  /** The network is back, or somebody looks at the page: do not wait for the timer. */
  wake(): void {
    if (this.closed) return;
    if (this.wire === null) {
      this.failures = 0;
      this.choice = 0;
      this.connect();
    } else {
      this.beat();
    }
  }

  close(): void {
    this.closed = true;
    globalThis.removeEventListener?.("online", this.onWake);
    globalThis.removeEventListener?.("offline", this.onCut);
    globalThis.document?.removeEventListener("visibilitychange", this.onSeen);
    this.letGo();
    clearTimeout(this.retry);
    clearTimeout(this.pulse);
  }

  private say(wire: Wire, said: Heard): void {
    try {
      wire.say(said);
    } catch {
      // Only what fits no frame comes here: refused without having been sent.
      this.answer(said.correlation, { ok: false, code: "bad-size", retryAfter: 0 });
    }
  }

  private connect(): void {
    clearTimeout(this.retry);
    if (this.closed || this.wire !== null) return;
    this.show("connecting");
    let mine: Wire | null = null;
    const current = (): boolean => !this.closed && mine !== null && this.wire === mine;
    const ears: Ears = {
      heard: (said) => current() && this.hear(said),
      down: () => current() && this.drop(),
    };
    const open = this.wires[this.choice % this.wires.length] as OpenWire;
    try {
      mine = open(this.options, ears);
      this.wire = mine;
      this.watch = setTimeout(() => current() && this.drop(), ANSWER_WITHIN);
    } catch {
      this.drop(); // A page that may not open sockets at all.
    }
  }

  private hear({ frame, correlation }: Heard): void {
    if (frame.kind === "Seated") this.seated();
    if (frame.kind === "Refused" && (correlation === HELLO || correlation === 0)) {
      this.turnedAway(frame.code, frame.retryAfter);
    } else if (this.asked.has(correlation)) {
      this.answer(correlation, outcomeOf(frame));
    } else if (frame.kind !== "Done") {
      this.options.heard(frame);
    }
  }

  private answer(correlation: number, outcome: Outcome): void {
    const asked = this.asked.get(correlation);
    this.asked.delete(correlation);
    clearTimeout(asked?.late);
    asked?.resolve(outcome);
  }

  private seated(): void {
    clearTimeout(this.watch);
    if (this.shown === "online") return;
    this.failures = 0;
    this.show("online");
    this.beat();
  }

  private turnedAway(code: string, retryAfter: number): void {
    this.letGo();
    const final = FINAL.includes(code);
    if (code !== "slow-down") this.failures += 1;
    if (final) this.show("offline");
    else this.later(retryAfter * 1000);
    this.options.refused(codeOf(code), final);
  }

  /** The line broke: everything asked is unanswered, and we come back with patience. */
  private drop(): void {
    if (this.closed) return;
    this.letGo();
    this.failures += 1;
    if (this.failures % PATIENCE === 0) this.choice += 1;
    this.later(0);
  }

  private later(atLeast: number): void {
    this.show(this.failures > PATIENCE ? "offline" : "connecting");
    const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.failures, 10));
    // Jitter: after a restart not everybody comes back in the same instant.
    const wait = atLeast + most * (0.3 + 0.7 * (this.options.random ?? Math.random)());
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), wait);
  }

  private letGo(): void {
    clearTimeout(this.watch);
    const { wire } = this;
    this.wire = null;
    wire?.close();
    for (const correlation of [...this.asked.keys()]) this.answer(correlation, OFFLINE);
  }

  private show(state: LinkState): void {
    if (this.shown === state) return;
    this.shown = state;
    this.options.changed(state);
  }
}

function codeOf(code: string): ErrorCode {
  return ERROR_CODES.find((known) => known === code) ?? "internal";
}

function outcomeOf(frame: ChatFrame): Outcome {
  if (frame.kind !== "Refused") return { ok: true, frame };
  return { ok: false, code: codeOf(frame.code), retryAfter: frame.retryAfter };
}
