import assert from "node:assert/strict";
import { test } from "node:test";

import { shelfOf } from "../../../counsel/client/office/book.ts";
import { AT, PeopleBook } from "../../../counsel/client/office/peopleBook.ts";
import type { StaffApi } from "../../../counsel/client/staffApi.ts";
import { CHEN, LIN, member, PAGE, reset, Server, told, WANG, ZHOU } from "./office.ts";

const open = (server: Server): PeopleBook => new PeopleBook(server.api, WANG, "zh");
const LINK = { token: "once", pictures: { zh: ["10", "01"], en: [] } };

test("a long list comes page by page, and links with the first", async () => {
  const invitation = {
    ...{ id: 4, kind: "join", working_name: "李", role: "counsellor", person: "" },
    ...{ expires: "2026-11-27T04:00Z", asked_by: WANG, mine: true, agreed: true },
  };
  const server = new Server({
    people: [
      { people: [told(LIN)], invitations: [invitation], after: LIN.person },
      { people: [told(CHEN)], invitations: [], after: "" },
    ],
  });
  const book = open(server);
  await book.load();
  assert.deepEqual(
    book.view.roster?.people.map((one) => one.working_name),
    ["林", "陈"],
  );
  assert.equal(book.view.roster?.pending[0]?.expires, Date.UTC(2026, 10, 27, 4));
  assert.deepEqual(server.asked, [
    ["people", { after: "" }],
    ["people", { after: LIN.person }],
  ]);
});

test("an invitation gives a link once; the form closes, the list is asked again", async () => {
  const server = new Server({ people: PAGE, "people/invite": LINK });
  const book = open(server);
  book.write({ name: "  李 Li ", role: "auditor" });
  await book.invite();
  assert.deepEqual(server.changes, [["people/invite", { working_name: "李 Li", role: "auditor" }]]);
  assert.equal(server.asked.at(-1)?.[0], "people");
  assert.equal(book.view.draft, null);
  const [link] = book.view.links;
  assert.equal(link?.token, "once");
  assert.deepEqual(link?.picture, ["10", "01"]);
  assert.ok(link);
  book.putAway(link);
  assert.deepEqual(book.view.links, []);
});

test("a refused invitation keeps what was typed and says why", async () => {
  const server = new Server({ people: PAGE, "people/invite": "name-taken" });
  const book = open(server);
  book.write({ name: "林", role: "supervisor" });
  await book.invite();
  assert.deepEqual(book.view.draft, { name: "林", role: "supervisor" });
  assert.deepEqual(
    [book.view.said?.at, book.view.said?.code, book.view.said?.name],
    [AT.invite, "name-taken", "林"],
  );
  assert.deepEqual(book.view.links, []);
});

test("an empty name is never sent", async () => {
  const server = new Server({});
  const book = open(server);
  book.write({ name: "  ", role: "counsellor" });
  await book.invite();
  assert.equal(book.view.said?.code, "missing");
  assert.deepEqual(server.asked, []);
});

test("what is done is said at the person, and the list is as it is now", async () => {
  const after = { ...PAGE, people: [told(LIN, { active: false })] };
  const server = new Server({ people: [PAGE, after] });
  const book = open(server);
  await book.load();
  book.open(LIN.person);
  book.askFirst(`suspend-${LIN.person}`);
  assert.deepEqual(server.changes, [], "a question changes nothing");
  assert.equal(await book.tell("suspend", member(LIN)), true);
  assert.deepEqual(server.changes, [["people/suspend", { person: LIN.person }]]);
  assert.deepEqual(book.view.said, {
    ...{ at: AT.person(LIN.person), done: "suspend", name: "林", code: "", until: 0 },
  });
  assert.equal(book.view.asked, "");
  assert.equal(book.view.opened, LIN.person);
  assert.equal(book.view.roster?.people[0]?.active, false);
});

test("refused: the question stays open, and how things are is looked at anew", async () => {
  const server = new Server({ people: PAGE, "people/role": "needs-two" });
  const book = open(server);
  book.askFirst(`role-${LIN.person}`);
  assert.equal(await book.changeRole(member(LIN), "auditor"), false);
  assert.equal(book.view.said?.code, "role-needs-two", "a sentence of its own");
  assert.equal(book.view.asked, `role-${LIN.person}`);
  assert.equal(server.asked.at(-1)?.[0], "people");
});

test("offline: nothing is lost, and nothing more is asked", async () => {
  const server = new Server({ people: [PAGE, "offline"], "people/mark": "offline" });
  const book = open(server);
  await book.load();
  const places = { region: "44", industry: "food", inPlant: true };
  assert.equal(await book.mark(member(LIN), places), false);
  assert.equal(book.view.said?.code, "offline");
  assert.equal(server.asked.length, 2);
  await book.load();
  assert.equal(book.view.failure, "offline");
  assert.equal(book.view.roster?.people.length, 2, "what was shown stays, and is said to be old");
});

test("one thing at a time: a second press asks nothing", async () => {
  const server = new Server({ people: PAGE });
  const book = open(server);
  const both = await Promise.all([
    book.tell("restore", member(LIN)),
    book.tell("restore", member(LIN)),
  ]);
  assert.deepEqual(both, [true, false]);
  assert.equal(server.changes.length, 1);
});

test("agreeing to a reset shows its link and leaves a half-written invitation alone", async () => {
  const server = new Server({ people: PAGE, "people/reset/agree": LINK });
  const book = open(server);
  book.write({ name: "半", role: "counsellor" });
  await book.agree(reset(LIN));
  assert.deepEqual(server.changes, [["people/reset/agree", { id: 7 }]]);
  assert.deepEqual(
    book.view.links.map(({ kind, name }) => [kind, name]),
    [["reset", "林"]],
  );
  assert.equal(book.view.draft?.name, "半");
});

test("each verb goes to its own question", async () => {
  const server = new Server({ people: PAGE });
  const book = open(server);
  for (const verb of ["suspend", "restore", "clear", "unclear", "reset"] as const) {
    await book.tell(verb, member(LIN));
  }
  await book.withdraw(reset(LIN));
  assert.deepEqual(
    server.changes.map(([path]) => path),
    [
      ...["people/suspend", "people/restore", "people/clear", "people/unclear"],
      ...["people/reset/ask", "people/withdraw"],
    ],
  );
});

test("a book lasts as long as a sign-in: another tab finds it again, another person never", () => {
  const shelf = shelfOf((api: StaffApi, me) => new PeopleBook(api, me, "zh"));
  const { api } = new Server({});
  const mine = shelf(api, WANG);
  mine.write({ name: "半", role: "counsellor" });
  assert.equal(shelf(api, WANG).view.draft?.name, "半");
  assert.equal(shelf(api, ZHOU).view.draft, null);
  assert.equal(shelf(api, { ...WANG }).view.draft, null, "signed in anew");
});
