/** What a person can do in a talk. Each verb is stored before it is tried, and tried until done. */

import { add, type EntryKind, newEntry, nextEntry, putAnswers, release } from "./outbox.ts";
import { pieces } from "./plaintext.ts";
import { answered } from "./release.ts";
import type { Room } from "./room.ts";
import type { Answer } from "./saved.ts";
import type { Coming, Papers } from "./succeeding.ts";
import { BEAT_LASTS, openBeat, sealBeat, TypingBeat } from "./typing.ts";
import { isLive, isSpoken, type TalkView } from "./view.ts";
import type { Asked } from "./wishes.ts";

/** The words are not kept here: this page is over, or was overtaken by another. Keep the draft. */
export class NotKeptError extends Error {
  readonly code = "not-now";
}

export interface Talk {
  readonly view: TalkView;
  subscribe(listener: (view: TalkView) => void): () => void;
  /** Resolves once the words are kept on this device; `NotKeptError` if this page cannot. */
  say(text: string): Promise<void>;
  /** Sends what could not be sent, or one line that waits, to the readers shown now. */
  retry(id: string): Promise<void>;
  /** Takes back what has not left; gives the words. "" for what is already on its way. */
  withdraw(id: string): string;
  sendNumbers(): Promise<void>;
  /** Passes a place on that helps, as `card.ts` spells it. */
  sendCard(card: string): Promise<void>;
  /** The tap that sends everything that waits, to the readers shown now. */
  releaseWaiting(): Promise<void>;
  /** What was answered before anybody was there: replaced until it has left, sent by a tap. */
  answer?(text: string): Promise<void>;
  /** Tells whoever is there what this phone heard in the words just sent; the text is unread here. */
  cue?(text: string): Promise<void>;
  /** Staff: a desk is proposed. The text is unread here. */
  propose?(text: string): Promise<void>;
  /** The seeker: what came of a referral, in words. */
  news?(text: string): Promise<void>;
  /** A word about help that is sent, by either side. The text is unread here but for who asks where. */
  help?(text: string): Promise<void>;
  /** The seeker: where help is to come. Forgotten again after `PLACE_KEPT_FOR`, or by `forgetPlaces`. */
  givePlace?(text: string): Promise<void>;
  /** Nobody needs to know any more where: it goes from this device. */
  forgetPlaces?(): Promise<void>;
  /** Asks the queue something else, until it was heard. The bytes are unread here. */
  ask?(request: Uint8Array): Promise<void>;
  setPresence(presence: "here" | "hidden" | "calling"): void;
  typing(): void;
  /** Whether the other side may see that we type. Off for a seeker until asked. */
  shareTyping?(on: boolean): void;
  /** Everything in the view has been on a screen in front of a person. */
  markShown(): void;
  end(): Promise<void>;
  /** Who asks to come in, by their own proof; a `RefusalError` where there is none. */
  whoAsks?(asked: Asked): Promise<string>;
  /** A person lets this supervisor in. */
  admit?(asked: Asked): void;
  /** The supervisor is taken out, now; until it is done nothing is sent. */
  takeOut?(): void;
  /** The seeker's answer to who comes next. */
  answerNext?(answer: Answer): Promise<void>;
  /** Who says that they come next, by their own proof; a `RefusalError` where there is none. */
  whoComes?(papers: Papers): Promise<Coming>;
  /** Names who comes next, with what may go along; null: nobody after all. */
  nameNext?(coming: Coming | null, summary: string): Promise<void>;
  /** A supervisor goes: says so in the group, and forgets the talk here. */
  stepOut?(): Promise<void>;
  /** Staff: the seat was given back because this browser refused; nothing of the talk stays here. */
  letGo?(): Promise<void>;
  /** Words, keys and session go, here at once and at the server as soon as it is reached. */
  erase(): Promise<void>;
  /** The page goes; the talk stays as it is. */
  close(): void;
}

/** What was said just before an end or an erasure gets this long to leave first, ms. */
const LAST_WORDS = 3_000;
/** The others' clients are given this long to hear of an erasure in the group, ms. */
const PASS_ON = 600;
const LEAVE_AGAIN = 1_000;
const SEEN_AFTER = 1_000;

export class OpenTalk implements Talk {
  protected readonly room: Room;
  private readonly beat: TypingBeat;
  private sharing: boolean;
  private lastBeat = 0;
  private calling = false;
  private leaving: Promise<void> | null = null;
  private stopListening: () => void;

  constructor(room: Room) {
    this.room = room;
    this.sharing = room.saved.side === "staff";
    this.beat = new TypingBeat(() => void this.sendBeat());
    room.onTyping = (sealed) => void this.hearBeat(sealed);
    this.stopListening = room.subscribe((view) => this.follow(view));
    globalThis.document?.addEventListener("visibilitychange", this.onVisibility);
    if (room.saved.intent !== "") void this.carryOut();
  }

  get view(): TalkView {
    return this.room.view;
  }

  subscribe(listener: (view: TalkView) => void): () => void {
    return this.room.subscribe(listener);
  }

  async say(text: string): Promise<void> {
    for (const piece of pieces(text)) await this.write("words", piece);
  }

  async sendNumbers(): Promise<void> {
    await this.write("numbers", "");
  }

  async sendCard(card: string): Promise<void> {
    await this.write("card", card);
  }

  /** The readers named on the button are those of this instant, not of when the turn comes. */
  private async write(kind: EntryKind, text: string): Promise<void> {
    const { room } = this;
    const readers = room.readers;
    const { phase } = room.view;
    const over = phase !== "active" && phase !== "waiting" && phase !== "starting";
    const entry = { ...newEntry(kind, text, room.now(), readers), dead: over };
    const kept = await room.inTurn(() =>
      room.change({
        outbox: add(room.saved.outbox, entry),
        lastReaders: readers.length > 0 ? readers : room.saved.lastReaders,
      }),
    );
    if (!kept) throw new NotKeptError();
    room.work();
  }

  async answer(text: string): Promise<void> {
    const { room } = this;
    const entry = newEntry("answers", text, room.now(), []);
    await room.inTurn(() => room.change({ outbox: putAnswers(room.saved.outbox, entry) }));
  }

  async cue(text: string): Promise<void> {
    await this.write("cue", text);
  }

  async propose(text: string): Promise<void> {
    await this.write("referral", text);
  }

  async news(text: string): Promise<void> {
    await this.write("news", text);
  }

  async help(text: string): Promise<void> {
    await this.write("help", text);
  }

  async givePlace(text: string): Promise<void> {
    await this.write("place", text);
  }

  async forgetPlaces(): Promise<void> {
    await this.room.forgetPlaces(Infinity);
  }

  async ask(request: Uint8Array): Promise<void> {
    const { room } = this;
    await room.inTurn(() => room.change({ asking: [...room.saved.asking, request] }));
    room.work();
  }

  async answerNext(answer: Answer): Promise<void> {
    const { room } = this;
    await room.inTurn(() => room.change(answered(room.saved, answer, room.readers, room.now())));
    room.work();
  }

  async retry(id: string): Promise<void> {
    await this.release(id);
  }

  async releaseWaiting(): Promise<void> {
    await this.release();
  }

  private async release(id?: string): Promise<void> {
    const { room } = this;
    const readers = room.readers;
    if (readers.length === 0) return;
    await room.inTurn(() =>
      room.change({ outbox: release(room.saved.outbox, readers, id), lastReaders: readers }),
    );
    room.work();
  }

  withdraw(id: string): string {
    return this.room.withdraw(id);
  }

  // --- being here ----------------------------------------------------------------------------------

  setPresence(presence: "here" | "hidden" | "calling"): void {
    this.calling = presence === "calling";
    if (this.room.presence === presence) return;
    this.room.presence = presence;
    this.room.link.beat();
  }

  private readonly onVisibility = (): void => {
    if (this.calling) return; // until the page says that the call is over
    this.setPresence(globalThis.document?.visibilityState === "hidden" ? "hidden" : "here");
  };

  markShown(): void {
    const { room } = this;
    const { saved } = room;
    const shown = saved.transcript?.length ?? 0;
    if (shown === saved.shown && saved.lines === saved.linesShown) return;
    room.keeper.note({ shown, linesShown: saved.lines });
    room.publish();
    room.lookedAt();
    room.after("seen", SEEN_AFTER, () => void this.tellSeen());
  }

  /** A receipt of its own only if no words of ours have carried it meanwhile. */
  private async tellSeen(): Promise<void> {
    const { room } = this;
    await room.inTurn(async () => {
      const { saved } = room;
      const news = room.keeper.lines.some(
        (line) =>
          isSpoken(line) &&
          !line.mine &&
          line.group === saved.groupNumber &&
          line.place > saved.told &&
          line.place <= saved.shown,
      );
      const carried = nextEntry(saved.outbox, room.readers) !== null;
      if (!news || carried || !isLive(saved) || saved.state !== "active") return;
      await room.change({ outbox: add(saved.outbox, newEntry("seen", "", room.now(), [])) });
    });
    room.work();
  }

  typing(): void {
    if (this.sharing && this.view.phase === "active") this.beat.typing(this.room.now());
  }

  shareTyping(on: boolean): void {
    this.sharing = on;
    if (!on) this.beat.stop();
  }

  private async sendBeat(): Promise<void> {
    const { group } = this.room.held;
    if (group === null || this.view.phase !== "active") return;
    const sealed = await sealBeat(group, this.room.now()).catch(() => null);
    if (sealed !== null) this.room.link.tell({ kind: "Beat", sealed });
  }

  private async hearBeat(sealed: Uint8Array): Promise<void> {
    const { room } = this;
    const beat = room.held.group && (await openBeat(room.held.group, sealed));
    if (beat === null || beat.second <= this.lastBeat) return;
    this.lastBeat = beat.second;
    room.become({ typing: true });
    room.after("typing", BEAT_LASTS, () => room.become({ typing: false }));
  }

  // --- taking leave --------------------------------------------------------------------------------

  async end(): Promise<void> {
    await this.room.inTurn(() => this.room.change({ intent: "end" }));
    await this.carryOut();
  }

  async erase(): Promise<void> {
    const { room } = this;
    if (room.saved.side === "staff") return;
    await room.inTurn(async () => {
      const word = newEntry("erase", "", room.now(), []);
      const live = isLive(room.saved) && room.saved.state === "active";
      // Sealed words may have left: they stay until it is known, the rest goes with this write.
      const sealed = room.saved.outbox.filter((entry) => entry.sealed !== null);
      const outbox = live ? [...sealed, word] : [];
      await room.change({ intent: "erase", outbox });
      await room.keeper.dropLines();
      room.aside("erase-pending");
    });
    room.work();
    await this.carryOut();
  }

  /** Tries what was asked for; whatever is left is tried again whenever the line comes back. */
  private carryOut(): Promise<void> {
    const leave = async (): Promise<void> => {
      await Promise.resolve(); // what it shows may bring us here again: by then it is under way
      await this.takeLeave().finally(() => {
        this.leaving = null;
      });
    };
    this.leaving ??= leave();
    return this.leaving;
  }

  private async takeLeave(): Promise<void> {
    const { room } = this;
    const { intent } = room.saved;
    if (intent === "" || room.isStopped) return;
    if (intent === "erase") room.aside("erase-pending");
    await this.lastWords();
    if (intent === "erase") await pause(PASS_ON);
    const outcome = await room.link.ask({ kind: intent === "end" ? "End" : "Erase" });
    const gone = outcome.ok || outcome.code === "no-seat";
    if (intent === "erase" && gone) await room.finish("erased");
    else if (intent === "end" && (outcome.ok || outcome.code === "not-now")) {
      await room.inTurn(() => room.change({ intent: "" }));
    } else if (!outcome.ok && outcome.code !== "offline") {
      const wait = Math.max(outcome.retryAfter * 1000, LEAVE_AGAIN);
      room.after("leave", wait, () => void this.carryOut());
    }
  }

  protected async lastWords(): Promise<void> {
    const { room } = this;
    const due = Date.now() + LAST_WORDS;
    const leaving = (): boolean =>
      room.link.state === "online" && nextEntry(room.saved.outbox, room.readers) !== null;
    while (leaving() && Date.now() < due) await pause(50);
  }

  private follow(view: TalkView): void {
    if (view.link === "online" && this.room.saved.intent !== "") void this.carryOut();
  }

  close(): void {
    this.stopListening();
    this.beat.stop();
    globalThis.document?.removeEventListener("visibilitychange", this.onVisibility);
    this.room.stop();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
