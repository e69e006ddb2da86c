/** Sun reads the trail: what is looked for, what comes, and what she takes home. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { tableOf } from "../../../counsel/client/audit/table.ts";
import { AT, TrailBook } from "../../../counsel/client/audit/trailBook.ts";
import { EXPORT_ROWS } from "../../../counsel/client/contract.ts";
import type { Json } from "../../../counsel/client/staffApi.ts";
import { LIN, Server, SUN } from "./office.ts";

const said = (id: number, change: Json = {}): Json => ({
  id,
  at: "2026-11-24T04:00Z",
  by: LIN,
  role: "counsellor",
  what: "signed-in",
  about: null,
  noun: "",
  thing: "",
  ...change,
});

const first = (before: number, ...entries: readonly Json[]): Json => ({
  entries,
  before,
  total: 7,
  people: [LIN, SUN],
});

test("the newest entries come first, and older ones behind them when they are asked for", async () => {
  const server = new Server({
    audit: [first(8, said(9), said(8)), { entries: [said(3)], before: 0 }],
  });
  const book = new TrailBook(server.api, SUN);
  await book.load();
  await book.older();
  assert.deepEqual(
    book.view.entries?.map(({ id }) => id),
    [9, 8, 3],
  );
  await book.older();
  assert.equal(server.asked.length, 2, "there is nothing older");
  assert.equal(server.asked[1]?.[1]["before"], 8);
});

test("what is typed is looked for only when it is sent, a case code in capitals", async () => {
  const server = new Server({ audit: first(0, said(9)) });
  const book = new TrailBook(server.api, SUN);
  book.write({ caseCode: " k7m2 ", what: "case-opened", day: "2026-11-24" });
  assert.equal(server.asked.length, 0);
  await book.find();
  assert.deepEqual(server.asked[0]?.[1], {
    before: 0,
    person: "",
    what: "case-opened",
    case: "K7M2",
    day: "2026-11-24",
  });
  await book.findAll();
  assert.deepEqual(server.asked[1]?.[1], { before: 0, person: "", what: "", case: "", day: "" });
});

test("an answer to an older search is not shown for a newer one", async () => {
  const server = new Server({ audit: [first(0, said(1)), first(0, said(2))] });
  const book = new TrailBook(server.api, SUN);
  const slow = book.load();
  book.write({ what: "signed-in" });
  await Promise.all([slow, book.find()]);
  assert.deepEqual(
    book.view.entries?.map(({ id }) => id),
    [2],
  );
});

test("an export asks page by page until there is nothing older", async () => {
  const server = new Server({
    "audit/export": [
      { entries: [said(9), said(8)], before: 8 },
      { entries: [said(3)], before: 0 },
    ],
  });
  const book = new TrailBook(server.api, SUN);
  const got = await book.export();
  assert.deepEqual(
    got?.map(({ id }) => id),
    [9, 8, 3],
  );
  const { at, done, name } = book.view.said ?? {};
  assert.deepEqual([at, done, name], [AT.file, "file", "3"]);
});

test("an export takes as many as one file holds, the newest, and says that there are more", async () => {
  const pages = Array.from({ length: EXPORT_ROWS / 40 + 3 }, (_, page) => ({
    entries: Array.from({ length: 40 }, (_, row) => said(1e6 - 40 * page - row)),
    before: 1e6 - 40 * page - 39,
  }));
  const server = new Server({ "audit/export": pages });
  const book = new TrailBook(server.api, SUN);
  const got = await book.export();
  assert.equal(got?.length, EXPORT_ROWS);
  assert.equal(got?.at(-1)?.id, 1e6 - EXPORT_ROWS + 1);
  assert.equal(server.asked.length, EXPORT_ROWS / 40, "and asks for no more");
  assert.equal(book.view.said?.done, "part");
});

test("an export that breaks off gives nothing, and says why", async () => {
  const server = new Server({ "audit/export": [{ entries: [said(9)], before: 9 }, "offline"] });
  const book = new TrailBook(server.api, SUN);
  assert.equal(await book.export(), null);
  assert.equal(book.view.said?.code, "offline");
  assert.equal(book.view.busy, "");
});

test("whether it fits is asked, and a refusal leaves no old verdict standing", async () => {
  const fits = { rows: 3, open: 1, vouched: null, wrong: "", first: 0, last: 0 };
  const server = new Server({ "audit/verdict": [fits, "offline"] });
  const book = new TrailBook(server.api, SUN);
  await book.verify();
  assert.equal(book.view.verdict?.rows, 3);
  await book.verify();
  assert.equal(book.view.verdict, null);
  assert.equal(book.view.said?.code, "offline");
});

test("nothing in the file is a formula, and quotes stay quotes", () => {
  const file = tableOf([["2026-11-24", '=HYPERLINK("http://evil")', "陈，林"]]);
  assert.equal(file, '\ufeff"2026-11-24","\'=HYPERLINK(""http://evil"")","陈，林"\r\n');
});
