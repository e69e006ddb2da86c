import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, mock, test } from "node:test";

import { type BoardFrame, SIZES } from "../../../counsel/client/contract.ts";
import { pack, unpack } from "../../../counsel/client/framing.ts";
import { BOARD } from "../../../counsel/client/staffContract.ts";
import { BoardLink, retryAfter } from "../../../triage/client/boardLink.ts";
import { fromHex, toHex } from "../../../triage/client/boardView.ts";
import { LIN } from "./people.ts";

class Socket {
  static readonly OPEN = 1;
  readonly sent: Uint8Array[] = [];
  readyState = 0;
  binaryType = "";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }

  close(): void {
    this.readyState = 3;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  closes(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  /** The last thing asked, and its correlation. */
  asked(): { frame: BoardFrame; correlation: number } {
    const said = unpack(this.sent.at(-1) ?? new Uint8Array(), BOARD)[0];
    assert(said);
    return said;
  }

  says(frame: BoardFrame, correlation: number): void {
    this.onmessage?.({ data: pack([{ frame, correlation }], BOARD).buffer });
  }
}

const heard: string[] = [];
const sockets: Socket[] = [];
let link: BoardLink;

before(() => {
  globalThis.WebSocket = Socket as unknown as typeof WebSocket;
  mock.timers.enable({ apis: ["setTimeout"] });
});
after(() => mock.timers.reset());
afterEach(() => link.close());
beforeEach(() => {
  heard.length = 0;
  sockets.length = 0;
  link = new BoardLink(
    "ws://localhost/board",
    {
      link: (state) => heard.push(state),
      board: (view) => heard.push(`board ${view.waiting} ${view.mine.map((m) => m.ref).join()}`),
      offer: (offer) => heard.push(`offer ${offer?.caseCode ?? "none"}`),
      waits: (points) => heard.push(`waits ${points.length}`),
      dangers: (rows) => heard.push(`dangers ${rows.map((row) => row.caseCode).join(" ")}`),
      helps: () => 0,
      handovers: (rows) => heard.push(`handovers ${rows.length}`),
      visits: (rows) => heard.push(`visits ${rows.length}`),
      talks: (rows) => heard.push(`talks ${rows.length}`),
      hands: (rows) => heard.push(`hands ${rows.length}`),
      signedOut: () => heard.push("signed out"),
      outdated: () => heard.push("outdated"),
    },
    () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  );
});

async function online(): Promise<Socket> {
  link.open();
  const socket = sockets.at(-1);
  assert(socket);
  socket.opens();
  socket.says({ kind: "Done" }, socket.asked().correlation);
  await Promise.resolve();
  await Promise.resolve();
  return socket;
}

test("it is online only after the server has answered", async () => {
  link.open();
  sockets[0]?.opens();
  assert.deepEqual(heard, ["connecting"]);
  const socket = sockets[0];
  assert(socket);
  assert.equal(socket.asked().frame.kind, "Watch");
  assert.ok(SIZES.some((size) => size === socket.sent[0]?.length));
  socket.says({ kind: "Done" }, socket.asked().correlation);
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(heard, ["connecting", "online"]);
});

test("a board is passed on with references as text", async () => {
  const socket = await online();
  const own = { ref: fromHex(LIN), caseCode: "K7RM", state: "active", topics: [], lastSeq: 1 };
  socket.says(
    {
      kind: "Board",
      waiting: 3,
      rows: [],
      mine: [{ ...own, language: "zh", returned: 0, tier: 2, humanCheck: 0, since: 0 }],
      hands: { state: "free", cap: 1, offers: 0, rest: 0 },
      staff: [],
    },
    0,
  );
  assert.equal(heard.at(-1), `board 3 ${LIN}`);
});

test("taking gives the reference, or the code it was refused with", async () => {
  const socket = await online();
  const taken = link.take();
  socket.says({ kind: "Taken", ref: fromHex(LIN) }, socket.asked().correlation);
  assert.equal(await taken, LIN);
  const refused = link.take();
  socket.says({ kind: "Refused", code: "full-hands", retryAfter: 7 }, socket.asked().correlation);
  await assert.rejects(refused, { code: "full-hands", retryAfter: 7 });
});

test("without a connection taking says so at once", async () => {
  await assert.rejects(link.take(), { code: "offline" });
});

test("a cut connection ends the question, is said, and is tried again", async () => {
  const socket = await online();
  const taken = link.take();
  socket.closes(1006);
  await assert.rejects(taken, { code: "offline" });
  assert.equal(heard.at(-1), "connecting");
  mock.timers.tick(1_000);
  assert.equal(sockets.length, 2);
  sockets[1]?.closes(1006);
  assert.equal(heard.at(-1), "offline");
});

test("a network that is gone is said at once, and left alone until it is tried again", async () => {
  const socket = await online();
  link.cut();
  assert.equal(socket.readyState, 3);
  assert.equal(heard.at(-1), "connecting");
  link.hurry();
  assert.equal(sockets.length, 2);
  sockets[1]?.opens();
  sockets[1]?.says({ kind: "Done" }, sockets[1].asked().correlation);
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(heard.at(-1), "online");
  mock.timers.tick(1_000);
  assert.equal(sockets.length, 2, "the retry that was due is off");
});

test("a server that does not answer any more is no connection", async () => {
  await online();
  mock.timers.tick(15_000);
  assert.equal(sockets[0]?.sent.length, 2, "it asks again, as a sign of being here");
  mock.timers.tick(10_000);
  assert.equal(sockets[0]?.readyState, 3);
  assert.equal(heard.at(-1), "connecting");
});

test("signed out elsewhere: said once, and nothing is tried again", async () => {
  const socket = await online();
  socket.closes(4401);
  assert.deepEqual(heard.slice(-2), ["offline", "signed out"]);
  mock.timers.tick(60_000);
  assert.equal(sockets.length, 1);
});

test("signed out before the board opened: said, and nothing is tried again", async () => {
  link.open();
  const socket = sockets[0];
  assert(socket);
  socket.opens();
  const { correlation } = socket.asked();
  socket.says({ kind: "Refused", code: "signed-out", retryAfter: 0 }, correlation);
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(heard.at(-1), "signed out");
  mock.timers.tick(60_000);
  assert.equal(sockets.length, 1);
});

test("an older page is told to load anew", async () => {
  const socket = await online();
  socket.closes(4400);
  assert.equal(heard.at(-1), "outdated");
});

test("retries double, stay below a quarter of a minute, and are never in step", () => {
  assert.equal(retryAfter(0, 0), 250);
  assert.equal(retryAfter(0, 1), 500);
  assert.equal(retryAfter(3, 1), 4_000);
  assert.equal(retryAfter(40, 1), 15_000);
});

test("references survive as text", () => {
  assert.equal(toHex(fromHex(LIN)), LIN);
});

test("who may be in danger is passed on, and a step about them is said", async () => {
  const socket = await online();
  socket.says({ kind: "Dangers", rows: [] }, 0);
  assert.equal(heard.at(-1), "dangers ");
  const done = link.danger({ kind: "Acknowledge", caseCode: "K7RM" });
  assert.deepEqual(socket.asked().frame, { kind: "Acknowledge", caseCode: "K7RM" });
  socket.says({ kind: "Refused", code: "not-now", retryAfter: 0 }, socket.asked().correlation);
  await assert.rejects(done, { code: "not-now" });
});
