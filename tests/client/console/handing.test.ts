/** A talk that goes to the next person, as a desk deals with it: what happens by itself, and what never. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Handover as Named } from "../../../chat/client/saved.ts";
import type { Papers } from "../../../chat/client/succeeding.ts";
import type { BoardFrame, Handover } from "../../../counsel/client/contract.ts";
import { fromHex } from "../../../triage/client/boardView.ts";
import {
  Handing,
  type HandingCommand,
  type Passage,
} from "../../../triage/client/handover/handing.ts";
import { LIN, talkView } from "./people.ts";

const open: Handing[] = [];

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const CHEN = { name: "陈", certificate: "C".repeat(43) };
const NAMED: Named = { by: "林", ...CHEN, summary: "几句", answer: "", here: false };
const KEY = { kind: "NextKey", group: 1, keyPackage: new Uint8Array(1) } as const;

function row(change: Partial<Handover> = {}): Handover {
  const none = new Uint8Array(0);
  return {
    handover: 7,
    ref: fromHex(LIN),
    caseCode: "K7RM",
    state: "accepted",
    mine: 1,
    name: "陈",
    groupId: new Uint8Array(16),
    tier: 2,
    language: "zh",
    topics: [],
    identity: new Uint8Array(1),
    statement: none,
    proof: new Uint8Array(64),
    ...change,
  };
}

interface Scene {
  handing: Handing;
  said: string[];
  named: (string | null)[];
  /** What the group says of who comes next. */
  become(named: Named | undefined): void;
  passages(): readonly Passage[];
  answers: (command: HandingCommand) => Promise<BoardFrame>;
  proves: boolean;
}

function scene(): Scene {
  let next: Named | undefined;
  let shown: readonly Passage[] = [];
  const found: Omit<Scene, "handing"> = {
    said: [],
    named: [],
    become: (named) => {
      next = named;
    },
    passages: () => shown,
    answers: async ({ kind }) => (kind === "KeyAfter" ? KEY : { kind: "Done" }),
    proves: true,
  };
  const talk = {
    whoComes: async () => (found.proves ? CHEN : Promise.reject(new Error("forged"))),
    nameNext: async (coming: { name: string } | null) =>
      void found.named.push(coming?.name ?? null),
  };
  const handing = new Handing({
    handing: (command) => {
      found.said.push(command.kind);
      return found.answers(command);
    },
    hands: {
      talk: () => talk as never,
      get: () => ({ view: talkView(next === undefined ? {} : { handover: next }) }) as never,
    },
    proofs: {
      papers: async (): Promise<Papers> => row(),
      openAfter: async () => {
        const none = new Uint8Array(16);
        return { clientId: none, groupId: none, welcome: none, statement: none };
      },
    },
    ask: (question) => question(),
    show: (ref) => void found.said.push(`show ${ref}`),
    changed: (passages) => {
      shown = passages;
    },
  });
  open.push(handing);
  return Object.assign(found, { handing });
}

const soon = (): Promise<void> => new Promise((done) => setTimeout(done, 10));

test("the talk is let go of once she has answered about the very person who comes", async () => {
  const there = scene();
  there.handing.heard([row()]);
  await soon();
  assert.deepEqual(there.said, [], "nobody was named to her yet");
  await there.handing.tell(7, "几句");
  assert.deepEqual(there.named, ["陈"]);
  there.become(NAMED);
  there.handing.tend();
  assert.deepEqual(there.said, [], "she has not answered");
  there.become({ ...NAMED, answer: "self" });
  there.handing.tend();
  there.handing.tend();
  await soon();
  assert.deepEqual(there.said, ["LetGo"], "once");
});

test("her yes to somebody else lets nobody in", async () => {
  const there = scene();
  there.become({ ...NAMED, certificate: "D".repeat(43), answer: "yes" });
  there.handing.heard([row()]);
  await soon();
  there.handing.tend();
  assert.deepEqual(there.said, []);
});

test("who does not prove who they are is named to nobody", async () => {
  const there = scene();
  there.proves = false;
  there.become({ ...NAMED, answer: "yes" });
  there.handing.heard([row()]);
  await soon();
  await there.handing.tell(7, "几句");
  there.handing.tend();
  assert.deepEqual([there.said, there.named], [[], []]);
  assert.deepEqual(there.passages()[0]?.unproved, true);
});

test("whoever said yes comes by themselves when they may, once, and tries again what got lost", async () => {
  const there = scene();
  there.handing.heard([row({ mine: 0, state: "accepted" })]);
  await soon();
  assert.deepEqual(there.said, [], "not before");
  let lost = true;
  there.answers = async ({ kind }) => {
    if (kind === "OpenAfter" && lost) {
      lost = false;
      throw new Error("offline");
    }
    return kind === "KeyAfter" ? KEY : { kind: "Done" };
  };
  there.handing.heard([row({ mine: 0, state: "ready" })]);
  there.handing.heard([row({ mine: 0, state: "ready" })]);
  await soon();
  assert.deepEqual(there.said, ["KeyAfter", "OpenAfter"]);
  await new Promise((done) => setTimeout(done, 3_200));
  assert.deepEqual(there.said.slice(2), ["KeyAfter", "OpenAfter", `show ${LIN}`]);
});

test("what she was told is taken back when the board names nobody any more", async () => {
  const there = scene();
  there.become(NAMED);
  there.handing.heard([row({ state: "declined" })]);
  there.handing.check([LIN]);
  await soon();
  assert.deepEqual(there.named, [], "the board may only be late");
  await new Promise((done) => setTimeout(done, 2_200));
  assert.deepEqual(there.named, [null]);
});

test("as long as somebody may come nothing is taken back", async () => {
  const there = scene();
  there.become(NAMED);
  there.handing.heard([row()]);
  there.handing.check([LIN]);
  await new Promise((done) => setTimeout(done, 2_200));
  assert.deepEqual(there.named, []);
});
