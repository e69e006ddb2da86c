import assert from "node:assert/strict";
import { test } from "node:test";
import { earlierWords } from "../../../chat/client/earlier.ts";
import type { Line } from "../../../chat/client/talk.ts";
import { RiskNotes } from "../../../triage/client/danger/riskNotes.ts";
import { Desk } from "../../../triage/client/desk.ts";
import { Drafts } from "../../../triage/client/drafts.ts";
import {
  board,
  LIN,
  MapDrawer,
  mine,
  NO_BOARD,
  NOBODY,
  RecordedTalk,
  settle,
  WEI,
} from "./people.ts";

/** A talk whose browser can refuse, as the real one does. */
class Refusing extends RecordedTalk {
  async letGo(): Promise<void> {
    this.done.push("let-go");
    this.become({ phase: "lost-seat", refusal: null });
  }

  async stepOut(): Promise<void> {
    this.done.push("step-out");
  }
}

interface Scene {
  readonly desk: Desk;
  readonly asked: string[];
  readonly sat: Refusing[];
  refusing: string;
}

function scene(): Scene {
  const drawer = new MapDrawer();
  const asked: string[] = [];
  const sat: Refusing[] = [];
  const made = { asked, sat, refusing: "" };
  const desk = new Desk({
    ...NOBODY,
    drafts: new Drafts(drawer),
    risks: new RiskNotes(drawer),
    take: () => Promise.reject({ code: "nobody-waits" }),
    board: {
      ...NO_BOARD,
      takeOver: async (caseCode) => {
        if (made.refusing !== "") throw Object.assign(new Error(), { code: made.refusing });
        asked.push(`take over ${caseCode}`);
        return LIN;
      },
      letGo: async (ref) => {
        if (made.refusing !== "") throw Object.assign(new Error(), { code: made.refusing });
        asked.push(`let go ${ref[0]}`);
      },
      visit: async ({ kind }) => void asked.push(kind),
    },
    attend: async () => {
      const talk = new Refusing();
      sat.push(talk);
      return talk;
    },
  });
  return Object.assign(made, { desk });
}

test("whom a supervisor goes on with lies in front, and nobody else is taken by that", async () => {
  const { desk, asked, sat } = scene();
  desk.setBoard(board());
  await desk.goingOn.takeOver("K7RM");
  await settle();
  assert.deepEqual(asked, ["take over K7RM"]);
  assert.deepEqual(desk.view.panes, [LIN]);
  assert.equal(sat.length, 1);
});

test("somebody was first: it is said, and nothing lies in front", async () => {
  const made = scene();
  made.desk.setBoard(board());
  made.refusing = "too-late";
  await made.desk.goingOn.takeOver("K7RM");
  assert.equal(made.desk.view.refusal?.code, "too-late");
  assert.deepEqual(made.desk.view.panes, []);
});

test("what this browser refused goes back first at the server, then here", async () => {
  const made = scene();
  const { desk, asked, sat } = made;
  desk.setBoard(board(mine(LIN)));
  await settle();
  sat[0]?.become({ phase: "refused", refusal: "log-split" as never });
  made.refusing = "offline";
  await desk.goingOn.letGo(LIN);
  assert.deepEqual([desk.view.panes, sat[0]?.done.includes("let-go")], [[LIN], false]);
  made.refusing = "";
  await desk.goingOn.letGo(LIN);
  assert.deepEqual(asked, ["let go 17"]);
  assert.ok(sat[0]?.done.includes("let-go"));
  assert.deepEqual(desk.view.panes, []);
});

test("what the clock took from a browser that refused is opened anew when it is given once more", async () => {
  const { desk, sat } = scene();
  desk.setBoard(board(mine(LIN), mine(WEI)));
  await settle();
  sat[0]?.become({ phase: "refused", refusal: "log-split" as never });
  desk.setBoard(board(mine(WEI)));
  await settle();
  assert.ok(sat[0]?.done.includes("let-go"), "the refusal does not stay on this device");
  assert.ok(!sat[1]?.done.includes("let-go"), "another talk is none of it");
  desk.setBoard(board(mine(LIN), mine(WEI)));
  await settle();
  assert.equal(sat.length, 3, "sat down once more");
});

test("a guest whose browser refused only leaves", async () => {
  const { desk, asked, sat } = scene();
  desk.setBoard(board(mine(LIN, { since: 7 })));
  await settle();
  sat[0]?.become({ phase: "refused", refusal: "log-split" as never });
  await desk.goingOn.letGo(LIN);
  assert.deepEqual(asked, ["StepOut"]);
  assert.ok(sat[0]?.done.includes("step-out"));
});

const said = (mine: boolean, text: string, state = "stored"): Line =>
  ({ kind: "words", id: text, mine, who: "", role: "seeker", text, at: 0, state }) as Line;
const fresh: Line = { kind: "notice", id: "f", code: "fresh-start", params: {}, at: 0 };

test("what one may tell whoever comes next is one's own, sent, from before, and told once", () => {
  const before = [said(true, "mine"), said(false, "theirs"), said(true, "held", "waiting-tap")];
  assert.equal(earlierWords(before, "Before:"), "", "nobody new is there");
  assert.equal(earlierWords([...before, fresh, said(true, "new")], "Before:"), "Before:\nmine");
  const told = said(true, "Before:\nmine");
  assert.equal(earlierWords([...before, fresh, told], "Before:"), "");
  assert.equal(earlierWords([...before, fresh, told, fresh], "Before:"), "Before:\nmine");
  assert.equal(earlierWords([said(false, "theirs"), fresh], "Before:"), "");
});
