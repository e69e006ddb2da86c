/** Raised hands on the desks of real people, with a board that keeps what the server would keep. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Pairing } from "../../../chat/client/pairing.ts";
import { equal } from "../../../counsel/client/bytes.ts";
import type { BoardFrame, Hand, Side } from "../../../counsel/client/contract.ts";
import { Drafts } from "../../../triage/client/drafts.ts";
import {
  type HandCommand,
  handsUp,
  type RaisedHand,
  RaisedHands,
} from "../../../triage/client/sideroom/raisedHands.ts";
import { type Device, EVENING, Organisation } from "../mls/cast.ts";
import { MapDrawer } from "./people.ts";

const NONE = new Uint8Array(0);
const refused = (code: string): Error => Object.assign(new Error(code), { code });

/** One hand of Lin's, as the server has it. */
class Board {
  row: Hand | null = null;
  rows: Side[] = [];
  answeredBy = "";
  readonly desks: Desk[] = [];
  readonly told: string[] = [];

  tell(who: string, said: HandCommand): BoardFrame {
    this.told.push(`${who} ${said.kind}`);
    const row = this.row;
    if (said.kind === "RaiseHand") {
      const { caseCode, keyPackage, statement } = said;
      const more = { state: "raised", room: "waits", round: 1, lastSeq: 0, called: "", by: "" };
      const flags = { mine: 0, inside: 0, left: 60 };
      this.row = { hand: 7, caseCode, keyPackage, statement, ...more, ...flags };
      return { kind: "Done" };
    }
    if (row === null) throw refused("no-seat");
    if (said.kind === "LowerHand") {
      this.rows = [];
      this.row = { ...row, state: row.state === "answered" ? "closed" : "withdrawn" };
      return { kind: "Done" };
    }
    if (said.round !== row.round) throw refused("stale-epoch");
    if (said.kind === "AnswerHand") return this.answer(who, said, row);
    if (said.kind === "MeetAgain") {
      const room = said.keyPackage.length > 0 ? "waits" : "empty";
      const { keyPackage, statement } = said;
      this.rows = [];
      this.row = { ...row, room, round: row.round + 1, lastSeq: 0, keyPackage, statement };
      return { kind: "Done" };
    }
    if (said.kind === "SaySide") {
      const { clientId, sealed } = said;
      if (!this.rows.some((one) => equal(one.clientId, clientId))) {
        const seq = this.rows.length + 1;
        this.rows.push({ seq, what: "words", mine: 0, clientId, sealed, statement: NONE });
        this.row = { ...row, lastSeq: seq };
      }
      return { kind: "SidePlaced", seq: this.rows.length };
    }
    const rows = this.rows.filter((one) => one.seq > said.after).slice(0, 2);
    return { kind: "SideRows", rows };
  }

  private answer(
    who: string,
    said: Extract<HandCommand, { kind: "AnswerHand" }>,
    row: Hand,
  ): BoardFrame {
    if (this.answeredBy !== "" && this.answeredBy !== who) throw refused("too-late");
    if (row.room !== "waits") throw refused("stale-epoch");
    const { welcome: sealed, statement, groupId: clientId } = said;
    this.rows = [{ seq: 1, what: "welcome", mine: 0, clientId, sealed, statement }];
    this.answeredBy = who;
    const room = { room: "open", keyPackage: NONE, lastSeq: 1 };
    this.row = { ...row, ...room, state: "answered", by: who };
    return { kind: "Done" };
  }

  /** What each board shows, until nothing has moved for a while. */
  async shows(): Promise<void> {
    for (let [quiet, before] = [0, ""]; quiet < 12; ) {
      for (const desk of this.desks) desk.hears(this.row);
      await new Promise((resolve) => setTimeout(resolve, 15));
      const now = JSON.stringify([this.told.length, this.rows.length, this.desks.map(moved)]);
      [quiet, before] = now === before ? [quiet + 1, now] : [0, now];
    }
  }
}

class Desk {
  readonly hands: RaisedHands;
  readonly refusals: string[] = [];
  shown: readonly RaisedHand[] = [];
  private readonly board: Board;
  private readonly who: string;

  constructor(board: Board, who: string, pairing: Pairing, drawer = new MapDrawer()) {
    this.board = board;
    this.who = who;
    this.hands = new RaisedHands({
      drafts: new Drafts(drawer),
      pairing,
      tell: async (command) => board.tell(who, command),
      ask: async (question) => {
        await question().catch((error) => this.refusals.push(error.code));
      },
      changed: (shown) => {
        this.shown = shown;
      },
    });
    board.desks.push(this);
  }

  hears(row: Hand | null): void {
    if (row === null) return;
    const [mine, answers] = [this.who === "林", this.board.answeredBy === this.who];
    const up = row.state === "raised" || row.state === "unanswered";
    if (!mine && !answers && !up && row.state !== "answered") {
      this.hands.heard([], EVENING);
      return;
    }
    const sees = (up && !mine) || answers;
    const keyPackage = sees ? row.keyPackage : NONE;
    const flags = { mine: mine ? 1 : 0, inside: mine || answers ? 1 : 0 };
    this.hands.heard([{ ...row, keyPackage, ...flags }], EVENING);
  }

  get one(): RaisedHand {
    return this.shown[0] ?? assert.fail(`${this.who} is shown no hand`);
  }

  get heard(): readonly string[] {
    return (this.one.view?.lines ?? []).filter((line) => !line.mine).map((line) => line.text);
  }
}

/** What can be seen to have moved on a desk. */
const moved = ({ shown, refusals }: Desk): unknown => [
  refusals.length,
  shown.map(({ state, who, door, refused, view }) => [
    state,
    who,
    door,
    refused,
    view?.lines.length,
  ]),
];

interface Scene {
  board: Board;
  lin: Desk;
  zhou: Desk;
  again(name: "lin" | "zhou", drawer?: MapDrawer): Promise<Desk>;
  pairings: Record<"lin" | "zhou" | "sam", Pairing>;
}

async function scene(): Promise<Scene> {
  const home = await Organisation.found();
  const of = async (name: string, role: string): Promise<Pairing> => {
    const device: Device = await home.certify(name, role);
    return new Pairing(
      () => device.keys,
      await home.trust(),
      () => EVENING,
    );
  };
  const pairings = {
    lin: await of("林", "counsellor"),
    zhou: await of("周", "supervisor"),
    sam: await of("吴", "supervisor"),
  };
  const board = new Board();
  const [lin, zhou] = [new Desk(board, "林", pairings.lin), new Desk(board, "周", pairings.zhou)];
  const again = async (name: "lin" | "zhou", drawer?: MapDrawer): Promise<Desk> =>
    new Desk(board, name === "lin" ? "林" : "周", pairings[name], drawer);
  return { board, lin, zhou, again, pairings };
}

async function inTheRoom(): Promise<Scene> {
  const made = await scene();
  await made.lin.hands.raise("AB12");
  await made.board.shows();
  await made.zhou.hands.answer(7);
  await made.board.shows();
  return made;
}

test("raised, answered, and words both ways, with the names of certificates", async () => {
  const { board, lin, zhou } = await scene();
  await lin.hands.raise("AB12");
  await board.shows();
  assert.deepEqual([zhou.one.who, zhou.one.door, handsUp(zhou.shown)], ["林", "", 1]);
  assert.equal(handsUp(lin.shown), 0, "one's own hand calls nobody here");
  await zhou.hands.answer(7);
  await board.shows();
  assert.deepEqual([lin.one.door, zhou.one.door], ["open", "open"]);
  assert.deepEqual([lin.one.view?.peer.name, zhou.one.view?.peer.name], ["周", "林"]);
  lin.hands.say(7, "怎么接？");
  await board.shows();
  zhou.hands.say(7, "先问在哪儿。");
  await board.shows();
  assert.deepEqual([zhou.heard, lin.heard], [["怎么接？"], ["先问在哪儿。"]]);
  assert.deepEqual([lin.refusals, zhou.refusals], [[], []]);
});

test("whose certificate proves nothing has no name here and is not answered", async () => {
  const { board, zhou } = await scene();
  const stranger = await (await scene()).pairings.lin.leave();
  const { keyPackage, statement } = stranger;
  board.tell("林", { kind: "RaiseHand", caseCode: "AB12", keyPackage, statement });
  await board.shows();
  assert.equal(zhou.one.who, null);
  await zhou.hands.answer(7);
  assert.ok(!board.told.includes("周 AnswerHand"));
});

test("of two who come, the second is shown who was first, and no failure", async () => {
  const { board, lin, zhou, pairings } = await scene();
  const sam = new Desk(board, "吴", pairings.sam);
  await lin.hands.raise("AB12");
  await board.shows();
  await Promise.all([zhou.hands.answer(7), sam.hands.answer(7)]);
  await board.shows();
  const doors = [zhou.one.door, sam.one.door].sort();
  assert.deepEqual(doors, ["", "open"]);
  assert.deepEqual([...zhou.refusals, ...sam.refusals], []);
});

test("whoever reloads meets the other again; what was said is on no device", async () => {
  const { board, lin, zhou, again } = await inTheRoom();
  lin.hands.say(7, "第一间");
  await board.shows();
  board.desks.splice(board.desks.indexOf(lin), 1);
  const fresh = await again("lin");
  await board.shows();
  assert.equal(fresh.one.door, "open");
  assert.deepEqual(fresh.one.view?.lines, []);
  fresh.hands.say(7, "第二间");
  await board.shows();
  assert.deepEqual(zhou.heard, ["第二间"], "the room of before is no room any more");
  board.desks.splice(board.desks.indexOf(zhou), 1);
  const other = await again("zhou");
  await board.shows();
  other.hands.say(7, "第三间");
  await board.shows();
  assert.deepEqual(fresh.heard, ["第三间"]);
});

test("the page of another computer takes the room, and the first one says so and does not fight", async () => {
  const { board, lin, again } = await inTheRoom();
  const second = await again("lin");
  await board.shows();
  assert.deepEqual([lin.one.door, second.one.door], ["elsewhere", "open"]);
  const told = board.told.filter((one) => one.endsWith("MeetAgain")).length;
  await board.shows();
  assert.equal(board.told.filter((one) => one.endsWith("MeetAgain")).length, told);
  await lin.hands.again(7);
  await board.shows();
  assert.deepEqual([lin.one.door, second.one.door], ["open", "elsewhere"]);
});

test("what is begun is kept, in its own room; what did not leave comes back when it is closed", async () => {
  const { board, lin, zhou } = await inTheRoom();
  lin.hands.type(7, "写了一半");
  assert.equal(lin.one.draft, "写了一半");
  const say = board.tell.bind(board);
  board.tell = (who, said) => {
    if (said.kind === "SaySide") throw refused("offline");
    return say(who, said);
  };
  zhou.hands.say(7, "没发出去的");
  await board.shows();
  await lin.hands.lower(7);
  await board.shows();
  assert.deepEqual([lin.one.state, zhou.one.state], ["closed", "closed"]);
  assert.deepEqual([lin.one.draft, zhou.one.draft], ["写了一半", "没发出去的"]);
  assert.equal(zhou.one.view, null);
  zhou.hands.putAway(7);
  await board.shows();
  assert.deepEqual(zhou.shown, []);
});

test("a hand that was taken back calls nobody any more", async () => {
  const { board, lin, zhou } = await scene();
  await lin.hands.raise("AB12");
  await board.shows();
  await lin.hands.lower(7);
  await board.shows();
  assert.equal(handsUp(zhou.shown), 0);
  assert.deepEqual(zhou.shown, []);
  assert.equal(lin.one.state, "withdrawn");
});
