/**
 * The talks a counsellor holds, and what is begun in each.
 *
 * Words belong to a talk from the first key on: whatever is typed, sent, failed or kept is named by
 * the talk's reference, never by "the one in front".
 */

import { type Card, encodeCard } from "../../chat/client/card.ts";
import type { Phase, Talk, TalkView } from "../../chat/client/talk.ts";
import type { Mine } from "./boardView.ts";
import { NO_RISK, type Risk } from "./danger/risk.ts";
import type { RiskNotes } from "./danger/riskNotes.ts";
import { canWrite, type DeskTalk, FRESH, joined, refusalOf, unsentOf } from "./deskTalk.ts";
import type { Drafts } from "./drafts.ts";

/** A talk in one of these is one to sit down in, whether anybody can be written to yet or not. */
const GOES_ON: readonly Phase[] = ["starting", "waiting", "active"];

interface Entry {
  shown: DeskTalk;
  /** Another computer of the same person has it: not taken back by itself, or the two never end. */
  elsewhere: boolean;
  talk: Talk | null;
  stop: () => void;
}

export class Hands {
  private readonly drafts: Drafts;
  private readonly risks: RiskNotes;
  private readonly attend: (ref: string, since: number) => Promise<Talk>;
  private readonly changed: (ref: string) => void;
  private readonly entries = new Map<string, Entry>();
  private closed = false;

  constructor(parts: {
    drafts: Drafts;
    risks: RiskNotes;
    /** Sits down in a talk. Rejects with a `code`. */
    attend(ref: string, since: number): Promise<Talk>;
    changed(ref: string): void;
  }) {
    this.drafts = parts.drafts;
    this.risks = parts.risks;
    this.attend = (ref, since) => parts.attend(ref, since);
    this.changed = (ref) => parts.changed(ref);
  }

  list(): readonly DeskTalk[] {
    return [...this.entries.values()].map((entry) => entry.shown);
  }

  get(ref: string): DeskTalk | null {
    return this.entries.get(ref)?.shown ?? null;
  }

  /** What the board says of one of my talks. */
  note(mine: Mine): void {
    const { caseCode, topics, language, returned, state, since } = mine;
    this.add(mine.ref);
    this.change(mine.ref, { caseCode, topics, language, returned, state, since });
  }

  /** What the board lists no more is with nobody here: given to me once more, I sit down again. */
  noteListed(refs: readonly string[]): void {
    for (const [ref, entry] of this.entries) {
      entry.elsewhere &&= refs.includes(ref);
      if (!refs.includes(ref) && entry.shown.view?.phase === "refused") {
        void this.giveBack(ref); // given to me once more, it must not begin with this refusal
      }
    }
    void this.risks.keepOnly(refs);
  }

  /** Sits down, unless that is done, under way, over, or taken over; `again`: a person wants it. */
  async sitDown(ref: string, again = false): Promise<void> {
    const entry = this.add(ref);
    const { opening, state, view } = entry.shown;
    const lost = view?.phase === "lost-seat"; // and given to me once more
    if (lost && entry.elsewhere && !again) {
      return;
    }
    if (opening === "opening" || (opening === "open" && !lost) || state !== "active") {
      return;
    }
    this.letGo(entry);
    this.change(ref, { opening: "opening", failure: "", view: lost ? null : view });
    try {
      const talk = await this.attend(ref, entry.shown.since);
      if (this.closed || this.entries.get(ref) !== entry) {
        talk.close();
        return;
      }
      entry.talk = talk;
      entry.stop = talk.subscribe((view) => this.hear(ref, view));
      this.change(ref, { opening: "open" });
      this.hear(ref, talk.view);
    } catch (error) {
      this.change(ref, { opening: "failed", failure: refusalOf(error).code });
    }
  }

  type(ref: string, text: string): void {
    this.write(ref, text);
    if (text !== "") {
      this.entries.get(ref)?.talk?.typing();
    }
  }

  /** What was asked about a risk; it belongs to this talk and goes with it. */
  noteRisk(ref: string, risk: Risk): void {
    this.change(ref, { risk });
    void this.risks.set(ref, risk);
  }

  /** Sends these words in this talk. What could not be taken over comes back into its field. */
  async say(ref: string, text: string): Promise<void> {
    const entry = this.entries.get(ref);
    try {
      if (!entry?.talk || !canWrite(entry.shown)) {
        throw new Error("nobody is there to read it");
      }
      await entry.talk.say(text);
    } catch {
      this.write(ref, joined(text, this.get(ref)?.draft ?? ""));
    }
  }

  /** Tries a line again; if that fails, it still stands there as unsent. */
  retry(ref: string, id: string): void {
    this.entries
      .get(ref)
      ?.talk?.retry(id)
      .catch(() => undefined);
  }

  /** Takes an unsent line back into the field of its own talk. */
  takeBack(ref: string, id: string): void {
    const entry = this.entries.get(ref);
    if (entry?.talk) {
      this.write(ref, joined(entry.talk.withdraw(id), entry.shown.draft.trimEnd()));
    }
  }

  /** Sends what waited because the readers had changed. What fails stands there as unsent. */
  release(ref: string): void {
    this.entries
      .get(ref)
      ?.talk?.releaseWaiting()
      .catch(() => undefined);
  }

  /** Sits down again everywhere: this browser's card is a new one. */
  async sitAnew(): Promise<void> {
    const open = [...this.entries.values()].filter(
      ({ talk, shown }) => talk !== null && GOES_ON.includes(shown.view?.phase ?? "starting"),
    );
    await Promise.all(
      open.map((entry) => {
        this.letGo(entry);
        entry.shown = { ...entry.shown, opening: "no" };
        return this.sitDown(entry.shown.ref);
      }),
    );
  }

  async sendNumbers(ref: string): Promise<void> {
    const entry = this.entries.get(ref);
    if (!entry?.talk || entry.shown.numbers === "sending" || !canWrite(entry.shown)) {
      return;
    }
    this.change(ref, { numbers: "sending" });
    try {
      await entry.talk.sendNumbers();
      this.change(ref, { numbers: "sent" });
    } catch {
      this.change(ref, { numbers: "failed" });
    }
  }

  /** A place that helps; what cannot be taken over stands there as unsent. */
  sendCard(ref: string, card: Card): void {
    const entry = this.entries.get(ref);
    if (entry?.talk && canWrite(entry.shown)) {
      entry.talk.sendCard(encodeCard(card)).catch(() => undefined);
    }
  }

  /** A desk is proposed to the seeker. False: it was not kept, and is tried by hand. */
  async propose(ref: string, text: string): Promise<boolean> {
    const entry = this.entries.get(ref);
    if (!entry?.talk?.propose || !canWrite(entry.shown)) {
      return false;
    }
    return entry.talk.propose(text).then(
      () => true,
      () => false,
    );
  }

  /** The talk itself, for what only staff do beside it. */
  talk(ref: string): Talk | null {
    return this.entries.get(ref)?.talk ?? null;
  }

  /** What this browser refused to go on with is not mine any more: nothing of it stays here. */
  async giveBack(ref: string): Promise<void> {
    await this.entries.get(ref)?.talk?.letGo?.();
  }

  async end(ref: string): Promise<void> {
    await this.entries.get(ref)?.talk?.end();
  }

  setHidden(hidden: boolean): void {
    for (const entry of this.entries.values()) {
      entry.talk?.setPresence(hidden ? "hidden" : "here");
    }
  }

  /** What lies open and is looked at counts as read. */
  markShown(refs: readonly string[]): void {
    for (const ref of refs) {
      const entry = this.entries.get(ref);
      if ((entry?.shown.view?.unread ?? 0) > 0) {
        entry?.talk?.markShown();
      }
    }
  }

  forget(ref: string): void {
    const entry = this.entries.get(ref);
    this.entries.delete(ref);
    if (entry) {
      this.letGo(entry);
    }
  }

  /** Writes what is begun, now. */
  flush(): Promise<void> {
    return this.drafts.flush();
  }

  /** Leaves every talk without ending any; drafts are written first. */
  async close(): Promise<void> {
    this.closed = true;
    await this.drafts.flush();
    for (const ref of [...this.entries.keys()]) {
      this.forget(ref);
    }
  }

  private add(ref: string): Entry {
    const known = this.entries.get(ref);
    if (known) {
      return known;
    }
    const shown = { ...FRESH, ref, draft: this.drafts.get(ref) };
    const entry: Entry = { shown, elsewhere: false, talk: null, stop: () => undefined };
    this.entries.set(ref, entry);
    this.drafts.load(ref).then(
      (draft) => this.change(ref, { draft }),
      () => undefined, // unreadable: the field stays empty, nothing else depends on it
    );
    void this.risks.load(ref).then((risk) => this.change(ref, { risk }));
    return entry;
  }

  private letGo(entry: Entry): void {
    entry.stop();
    entry.talk?.close();
    entry.talk = null;
  }

  private write(ref: string, draft: string): void {
    this.drafts.set(ref, draft);
    this.change(ref, { draft });
  }

  private hear(ref: string, view: TalkView): void {
    const before = this.get(ref)?.view;
    if (view.phase === "lost-seat" && before && before.phase !== "lost-seat") {
      this.add(ref).elsewhere = before.phase !== "refused";
      // The talk's own store is emptied now; what had not left comes back into the field.
      const unsent = unsentOf(before);
      if (unsent !== "") {
        this.write(ref, joined(unsent, this.get(ref)?.draft ?? ""));
      }
    }
    this.change(ref, view.caseCode === "" ? { view } : { view, caseCode: view.caseCode });
    if (view.phase === "erased") {
      // The person erased the talk: what was begun to write to them goes too.
      this.change(ref, { draft: "", risk: NO_RISK });
      void this.drafts.drop(ref);
      void this.risks.drop(ref);
    }
  }

  private change(ref: string, change: Partial<DeskTalk>): void {
    const entry = this.entries.get(ref);
    if (entry) {
      entry.shown = { ...entry.shown, ...change };
      this.changed(ref);
    }
  }
}
