import assert from "node:assert/strict";
import { test } from "node:test";

import { daysAgo, daysLeft, standingOf, tallyOf } from "../../../counsel/client/office/hotlines.ts";
import { AT, OrganisationBook } from "../../../counsel/client/office/organisationBook.ts";
import type { Hotline } from "../../../counsel/client/office/organisationQuestions.ts";
import { DAY, NOON, Server, WANG, ZHOU } from "./office.ts";

const line = (days: number | null, number = "12356"): Hotline => ({
  number,
  name: "",
  hours: "",
  national: true,
  called: days === null ? null : NOON - days * DAY,
  calledBy: days === null ? null : ZHOU,
});

const HOME = {
  name: "",
  level: "市总工会",
  zone: "Asia/Shanghai",
  languages: ["zh", "en"],
  hotlines: [
    {
      ...{ number: "120", name: "", hours: "", national: true },
      ...{ called: "2026-11-23T04:00Z", called_by: ZHOU },
    },
    {
      ...{ number: "110", name: "", hours: "", national: true },
      ...{ called: null, called_by: null },
    },
  ],
};

const open = (server: Server): OrganisationBook => new OrganisationBook(server.api, WANG);

test("a test call is fresh for 25 days, due until 30, then missing; never rung is missing", () => {
  const standings = [0, 24.99, 25, 29.99, 30, 400].map((days) => standingOf(line(days), NOON));
  assert.deepEqual(standings, ["fresh", "fresh", "due", "due", "missing", "missing"]);
  assert.equal(standingOf(line(null), NOON), "missing");
  const all = [line(0), line(26), line(27), line(31), line(null)];
  assert.deepEqual(tallyOf(all, NOON), { due: 2, missing: 2 });
});

test("days left and days ago are whole ones", () => {
  assert.equal(daysLeft(line(26.5), NOON), 3);
  assert.equal(daysLeft(line(29.5), NOON), 0);
  assert.equal(daysLeft(line(null), NOON), 0);
  const evening = new Date(2026, 10, 23, 23, 50).getTime();
  assert.equal(daysAgo(evening, evening + 5 * 60_000), 0);
  assert.equal(daysAgo(evening, evening + 20 * 60_000), 1, "past midnight it was yesterday");
  assert.equal(daysAgo(evening, evening - DAY), 0, "a clock that is behind says today");
});

test("what the server tells is read whole", async () => {
  const book = open(new Server({ organisation: HOME }));
  await book.load();
  assert.equal(book.view.organisation?.level, "市总工会");
  const [first, second] = book.view.organisation?.hotlines ?? [];
  assert.deepEqual(
    [first?.called, first?.calledBy?.working_name],
    [Date.UTC(2026, 10, 23, 4), "周"],
  );
  assert.deepEqual([second?.called, second?.calledBy], [null, null]);
});

test("what was typed is sent without the blanks around it, and the form is clean after", async () => {
  const server = new Server({ organisation: HOME });
  const book = open(server);
  await book.load();
  book.write({ name: " 暖心热线 ", level: "市总工会", zone: " Asia/Urumqi", languages: ["zh"] });
  assert.equal(await book.save(), true);
  assert.deepEqual(server.changes, [
    [
      "organisation/change",
      { name: "暖心热线", level: "市总工会", zone: "Asia/Urumqi", languages: ["zh"] },
    ],
  ]);
  assert.equal(book.view.draft, null);
  assert.deepEqual([book.view.said?.at, book.view.said?.done], [AT.identity, "identity"]);
});

test("refused or never sent: what was typed stays", async () => {
  const server = new Server({ organisation: HOME, "organisation/change": "bad-value" });
  const book = open(server);
  const draft = { name: "暖", level: "", zone: "Mars/Base", languages: ["zh"] };
  book.write(draft);
  assert.equal(await book.save(), false);
  assert.deepEqual(book.view.draft, draft);
  assert.equal(book.view.said?.code, "identity-bad-value");
  book.write({ ...draft, languages: [] });
  await book.save();
  assert.equal(book.view.said?.code, "no-language");
  book.write({ ...draft, zone: " " });
  await book.save();
  assert.equal(book.view.said?.code, "no-zone");
  assert.equal(server.changes.length, 1);
});

test("nothing typed: nothing is sent", async () => {
  const server = new Server({});
  assert.equal(await open(server).save(), false);
  assert.equal(await open(server).add(), false);
  assert.deepEqual(server.asked, []);
});

test("a number of our own: digits any phone dials, all three parts, kept when refused", async () => {
  const server = new Server({ organisation: HOME, "hotlines/add": ["name-taken", {}] });
  const book = open(server);
  book.writeNumber({ number: "０７６９ 221", name: "", hours: "整夜" });
  await book.add();
  assert.equal(book.view.said?.code, "missing");
  assert.deepEqual(server.changes, []);
  book.writeNumber({ number: "０７６９ 221", name: " 市热线", hours: "整夜" });
  assert.equal(await book.add(), false);
  assert.equal(book.view.number?.name, " 市热线");
  assert.equal(await book.add(), true);
  assert.deepEqual(server.changes[1], [
    "hotlines/add",
    { number: "0769221", name: "市热线", hours: "整夜" },
  ]);
  assert.equal(book.view.number, null);
});

test("a call is reported once it was asked, and a number goes", async () => {
  const server = new Server({ organisation: HOME });
  const book = open(server);
  book.askFirst("rang-120");
  assert.deepEqual(server.asked, []);
  await book.reportCall("120");
  await book.remove("0769221");
  assert.deepEqual(server.changes, [
    ["hotlines/called", { number: "120" }],
    ["hotlines/remove", { number: "0769221" }],
  ]);
  assert.equal(book.view.said?.at, AT.numbers);
});
