import assert from "node:assert/strict";
import { test } from "node:test";

import {
  inOrder,
  linkOf,
  listed,
  mayAgree,
  offered,
  standingOf,
} from "../../../counsel/client/office/roster.ts";
import { CHEN, colleague, LIN, member, reset, SUN, WANG, ZHOU } from "./office.ts";

const ALL = { words: "", kind: "all" } as const;
const names = (people: readonly { working_name: string }[]): string[] =>
  people.map((one) => one.working_name);

test("150 people: found by a part of the name, in the order of the language, suspended ones last", () => {
  const people = Array.from({ length: 150 }, (_, at) =>
    member(colleague(`人${String(at).padStart(3, "0")}`, "counsellor"), { active: at % 50 !== 7 }),
  ).reverse();
  const all = listed(people, ALL, "", "zh-CN");
  assert.equal(all.length, 150);
  assert.equal(names(all)[0], "人000");
  assert.deepEqual(names(all).slice(-3), ["人007", "人057", "人107"]);
  const found = listed(people, { words: " 14 ", kind: "all" }, "", "zh-CN");
  assert.equal(found.length, 12);
  assert.deepEqual(names(listed(people, { words: "", kind: "suspended" }, "", "zh-CN")), [
    "人007",
    "人057",
    "人107",
  ]);
  assert.deepEqual(listed(people, { words: "nobody", kind: "all" }, "", "zh-CN"), []);
});

test("whoever is opened stays in the list, so that nobody vanishes under the hand", () => {
  const people = [member(LIN, { cleared: false }), member(CHEN)];
  const filter = { words: "", kind: "uncleared" } as const;
  assert.deepEqual(names(listed(people, filter, "", "zh-CN")), ["林"]);
  assert.deepEqual(names(listed(people, filter, CHEN.person, "zh-CN")), ["陈", "林"]);
});

test("each kind shows those it names", () => {
  const people = [
    member(LIN, { cleared: false }),
    member(CHEN, { inPlant: true }),
    member(ZHOU, { passkeys: 0 }),
    member(WANG, { cleared: false }),
    member(SUN, { passkeys: 0 }),
  ];
  const kind = (of: Parameters<typeof listed>[1]["kind"]): string[] =>
    names(listed(people, { words: "", kind: of }, "", "zh-CN"));
  assert.deepEqual(kind("uncleared"), ["林"], "administrators take nobody");
  assert.deepEqual(kind("no-passkey"), ["周"], "of whoever has power over others");
  assert.deepEqual(kind("in-plant"), ["陈"]);
  assert.deepEqual(kind("auditor"), ["孙"]);
});

test("what is offered about somebody is what the role allows, never more", () => {
  const lin = member(LIN);
  assert.deepEqual(offered(WANG, lin, []), ["role", "mark", "reset", "suspend"]);
  assert.deepEqual(offered(ZHOU, lin, []), ["unclear", "reset"]);
  assert.deepEqual(offered(ZHOU, member(LIN, { cleared: false }), []), ["clear", "reset"]);
  assert.deepEqual(offered(ZHOU, member(WANG), []), ["reset"], "nobody clears an administrator");
  assert.deepEqual(offered(SUN, lin, []), []);
  assert.deepEqual(offered(LIN, member(CHEN), []), []);
});

test("nobody is offered to suspend, clear or reset themselves", () => {
  assert.deepEqual(offered(WANG, member(WANG), []), ["mark"]);
  assert.deepEqual(offered(ZHOU, member(ZHOU, { cleared: false }), []), []);
});

test("of somebody suspended only the way back is offered", () => {
  const gone = member(LIN, { active: false });
  assert.deepEqual(offered(WANG, gone, []), ["restore"]);
  assert.deepEqual(offered(ZHOU, gone, []), []);
});

test("a reset that waits is not asked for twice; one whose link got lost can begin anew", () => {
  assert.ok(!offered(ZHOU, member(LIN), [reset(LIN)]).includes("reset"));
  assert.ok(offered(ZHOU, member(LIN), [reset(LIN, { agreed: true })]).includes("reset"));
  assert.ok(offered(ZHOU, member(LIN), [reset(CHEN)]).includes("reset"));
});

test("a reset is agreed to by a second person, neither the one who asked nor the one it is about", () => {
  assert.equal(mayAgree(ZHOU, reset(LIN)), true);
  assert.equal(mayAgree(WANG, reset(LIN, { mine: true })), false);
  assert.equal(mayAgree(ZHOU, reset(ZHOU)), false);
  assert.equal(mayAgree(SUN, reset(LIN)), false);
  assert.equal(mayAgree(ZHOU, reset(LIN, { agreed: true })), false);
  assert.equal(mayAgree(ZHOU, { ...reset(LIN), kind: "join", person: "" }), false);
});

test("a reset about oneself is said to oneself, and what waits for somebody comes first", () => {
  assert.equal(standingOf(ZHOU, reset(ZHOU)), "reset-about-me");
  const join = { ...reset(CHEN, { id: 1 }), kind: "join", person: "" } as const;
  const rows = [join, reset(LIN, { id: 3 }), reset(SUN, { id: 2, agreed: true })];
  assert.deepEqual(
    inOrder(ZHOU, rows).map((row) => row.id),
    [3, 1, 2],
  );
});

test("the token of a link stands behind the #, where no server is told of it", () => {
  const url = new URL(linkOf("https://listen.example", "/zh/staff/", "abc-_"));
  assert.equal(url.pathname + url.search, "/zh/staff/");
  assert.equal(url.hash, "#join=abc-_");
});
