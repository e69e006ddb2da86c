/**
 * What was said on the way in, kept on this phone and told to the queue: no page and no network in
 * here. The queue hears of it only when it became more urgent, or when a button asks for it.
 */

import type { Talk } from "../../../chat/client/talk.ts";
import { fromBase64url, toBase64url } from "../../../counsel/client/bytes.ts";
import { encodeAnswers } from "./answers.ts";
import {
  answered,
  BLANK_INTAKE,
  type Danger,
  endangered,
  explained,
  type Intake,
  isRed,
  steppedBack,
  told,
  urgencyOf,
  worsened,
} from "./intake.ts";
import { type Asked, type RequestOptions, writeRequest } from "./request.ts";
import type { Urgency } from "./scoring.ts";

export interface TellingParts {
  readonly language: string;
  /** Keeps the text on this phone, sealed. */
  readonly keep: (text: string) => void;
}

/** What a talk is begun with. */
export interface Begun {
  readonly request: Uint8Array;
  readonly answers: string;
}

export class Telling {
  private readonly parts: TellingParts;
  private talk: Pick<Talk, "answer" | "ask"> | null = null;
  private current: Intake = BLANK_INTAKE;
  private readonly listeners = new Set<(intake: Intake) => void>();
  /** The last bytes that left, to be looked at. */
  private left: Uint8Array | null = null;
  private listener: Uint8Array | undefined;

  constructor(parts: TellingParts, kept = "") {
    this.parts = parts;
    if (kept !== "") {
      const { left, ...intake } = JSON.parse(kept) as Intake & { left: string };
      this.current = { ...BLANK_INTAKE, ...intake };
      this.left = left === "" ? null : fromBase64url(left);
    }
  }

  subscribe(listener: (intake: Intake) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  get intake(): Intake {
    return this.current;
  }

  /** The bytes that left last; before there is a place, those that would leave now. */
  get request(): Uint8Array {
    return this.left ?? this.write("begin");
  }

  /** Topics, places and wishes; nothing of it changes how urgent it is by itself. */
  choose(choice: Partial<Pick<Intake, "topics" | "region" | "industry" | "noPlants">>): void {
    this.become({ ...this.current, ...choice });
  }

  /** Whether somebody is asked for by name. */
  get wished(): boolean {
    return this.listener !== undefined;
  }

  /** To have the same person again, by the organisation's id for them; "" for whoever comes. */
  wish(person: string): void {
    this.listener = fromBase64url(person) ?? undefined;
    if (this.listener?.length !== 16) this.listener = undefined;
  }

  /** An answer, or "" for a question that was skipped. */
  answer(question: string, option: string): void {
    this.say(answered(this.current, question, option));
  }

  back(): void {
    this.become(steppedBack(this.current));
  }

  /** The danger button. Without a place yet, `begin` carries it. */
  danger(now: number): void {
    this.tell(endangered(this.current, now), "danger");
  }

  /** One of the four taps under the dial card. */
  tap(danger: Danger): void {
    const next = explained(this.current, danger);
    if (danger === "mistake") this.tell(next, "mistake");
    else this.say(next);
  }

  /** "It got worse", after its one question: "" for no more than that. */
  worse(option: string): void {
    const said = option === "" ? this.current : answered(this.current, "safe", option);
    this.tell(worsened(said), "worse");
  }

  /** What a talk is begun with now; from here on the queue knows. */
  begin(): Begun {
    const { danger } = this.current;
    const asked = danger !== "" && danger !== "mistake" ? "danger" : "begin";
    const request = this.write(asked);
    this.left = request;
    const answers = encodeAnswers(this.current);
    this.become(told(this.current));
    return { request, answers };
  }

  /** There is a place. What was said while it was being asked for is told now. */
  placed(talk: Pick<Talk, "answer" | "ask">, begun: Begun | null): void {
    this.talk = talk;
    if (begun === null) return;
    this.keep();
    if (this.current.danger === "mistake") this.tell(this.current, "mistake");
    else if (encodeAnswers(this.current) !== begun.answers) this.say(this.current);
  }

  /** Somebody is there: what is answered from here on belongs into the talk itself. */
  private say(next: Intake): void {
    const raised = this.talk !== null && urgencyOf(next) !== this.current.told;
    if (raised) {
      this.tell(next, "changed");
    } else {
      this.become(next);
      void this.talk?.answer?.(encodeAnswers(next));
    }
  }

  private tell(next: Intake, asked: Asked): void {
    if (this.talk === null) {
      this.become(next);
      return;
    }
    const before = this.current.told;
    this.current = told(next);
    this.left = this.write(asked, asked === "worse" ? before : "");
    this.become(this.current);
    void this.talk.ask?.(this.left);
    void this.talk.answer?.(encodeAnswers(this.current));
  }

  private become(next: Intake): void {
    this.current = next;
    if (this.talk !== null) this.keep();
    for (const listener of this.listeners) listener(next);
  }

  private keep(): void {
    const left = toBase64url(this.left ?? new Uint8Array(0));
    this.parts.keep(JSON.stringify({ ...this.current, left }));
  }

  private write(asked: Asked, before: Urgency | "" = ""): Uint8Array {
    const options: RequestOptions = {
      language: this.parts.language,
      told: before,
      ...(this.listener === undefined ? {} : { listener: this.listener }),
    };
    return writeRequest(this.current, asked, options);
  }
}

/** Nothing more is asked first: somebody is called at once. */
export function callsAtOnce(intake: Intake): boolean {
  return isRed(urgencyOf(intake));
}
