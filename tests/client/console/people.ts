/** The cast of these tests: a board, two talks and a drawer, all in memory. */

import { decodeCard } from "../../../chat/client/card.ts";
import type { Talk, TalkView } from "../../../chat/client/talk.ts";
import type { BoardAsks } from "../../../triage/client/boardAsks.ts";
import type { BoardView, Mine } from "../../../triage/client/boardView.ts";
import { Wheres } from "../../../triage/client/dispatch/wheres.ts";
import type { Drawer } from "../../../triage/client/drafts.ts";
import type { Proofs } from "../../../triage/client/proofs.ts";

export const LIN = "11".repeat(16);
export const WEI = "22".repeat(16);
export const HAN = "33".repeat(16);

export function mine(ref: string, change: Partial<Mine> = {}): Mine {
  return {
    ref,
    caseCode: ref === LIN ? "K7RM" : "C4XT",
    state: "active",
    topics: ["wages"],
    lastSeq: 3,
    language: "zh",
    returned: false,
    tier: 2,
    humanCheck: 0,
    since: 0,
    ...change,
  };
}

/** As the server says it: the latest first. Given here in the order they were taken. */
export function board(...talks: readonly Mine[]): BoardView {
  const hands = { state: "free", cap: 2, offers: 0, rest: 0 };
  return { waiting: 0, rows: [], mine: [...talks].reverse(), hands, staff: [], at: 0 };
}

export function talkView(change: Partial<TalkView> = {}): TalkView {
  return {
    phase: "active",
    link: "online",
    lines: [],
    members: [],
    readers: [],
    standing: new Uint8Array(0),
    supervised: true,
    presence: "here",
    typing: false,
    caseCode: "",
    refusal: null,
    unread: 0,
    ...change,
  };
}

/** A talk that remembers what was asked of it. */
export class RecordedTalk implements Talk {
  view: TalkView = talkView();
  readonly said: string[] = [];
  readonly done: string[] = [];
  failing = false;
  private hear: (view: TalkView) => void = () => undefined;

  subscribe(hear: (view: TalkView) => void): () => void {
    this.hear = hear;
    return () => {
      this.hear = () => undefined;
    };
  }

  become(change: Partial<TalkView>): void {
    this.view = { ...this.view, ...change };
    this.hear(this.view);
  }

  async say(text: string): Promise<void> {
    if (this.failing) {
      throw new Error("no room");
    }
    this.said.push(text);
  }

  async retry(id: string): Promise<void> {
    this.done.push(`retry ${id}`);
  }

  withdraw(id: string): string {
    this.done.push(`withdraw ${id}`);
    return "taken back";
  }

  async sendNumbers(): Promise<void> {
    if (this.failing) {
      throw new Error("no room");
    }
    this.done.push("numbers");
  }

  async sendCard(card: string): Promise<void> {
    if (this.failing) {
      throw new Error("no room");
    }
    this.done.push(`card ${decodeCard(card)?.name}`);
  }

  async end(): Promise<void> {
    this.done.push("end");
  }

  setPresence(presence: string): void {
    this.done.push(presence);
  }

  markShown(): void {
    this.done.push("shown");
  }

  close(): void {
    this.done.push("close");
  }

  async releaseWaiting(): Promise<void> {}
  async erase(): Promise<void> {}
  typing(): void {}
}

export class MapDrawer implements Drawer {
  readonly records = new Map<string, Uint8Array>();

  async read(name: string): Promise<Uint8Array | null> {
    return this.records.get(name) ?? null;
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.records.set(name, bytes);
  }

  async remove(name: string): Promise<void> {
    this.records.delete(name);
  }

  text(name: string): string | null {
    const bytes = this.records.get(name);
    return bytes === undefined ? null : new TextDecoder().decode(bytes);
  }
}

/** Lets everything that is due happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) {
    await Promise.resolve();
  }
}

/** A board nobody asks anything of but the next person. */
export const NO_BOARD: BoardAsks = {
  accept: () => Promise.reject({ code: "too-late" }),
  pass: async () => undefined,
  takeOver: () => Promise.reject({ code: "too-late" }),
  letGo: async () => undefined,
  offerMe: async () => undefined,
  lower: async () => undefined,
  setCap: async () => undefined,
  danger: async () => undefined,
  beside: () => Promise.reject({ code: "not-now" }),
  visit: async () => undefined,
  side: () => Promise.reject({ code: "not-now" }),
  help: async () => undefined,
  helpCode: () => Promise.reject({ code: "not-now" }),
  handing: async () => ({ kind: "Done" }) as const,
};

/** Nothing is proved here. */
export const PROOFS: Proofs = {
  wish: () => Promise.reject({ code: "not-now" }),
  papers: () => Promise.reject({ code: "not-now" }),
  openAfter: () => Promise.reject({ code: "not-now" }),
};

/** And nobody asks to come in, or to go on. */
export const NOBODY = {
  board: NO_BOARD,
  ...PROOFS,
  wheres: new Wheres(new MapDrawer()),
  pairing: null,
  followUp: (): Promise<boolean> => Promise.resolve(false),
};
