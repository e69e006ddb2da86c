import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Talk } from "../../../chat/client/talk.ts";
import { attend, begun, notices, pause, resume, said, stage, start, stateOf, until } from "./cast.ts";

const open: Talk[] = [];
afterEach(() => {
  for (const talk of open.splice(0)) talk.close();
});
const keep = (...talks: Talk[]): void => void open.push(...talks);

test("a seeker waits, somebody comes, and both read what the other writes", async () => {
  const { seeker, lin } = await begun();
  keep(seeker, lin);
  await seeker.say("你好，工资三个月没发了 😟");
  await until(() => said(lin).length === 1, "lin reads it");
  await lin.say("我在。先说说是哪家厂?");
  await until(() => said(seeker).length === 2, "the seeker reads it");
  assert.deepEqual(said(seeker), ["> 你好，工资三个月没发了 😟", "< 我在。先说说是哪家厂?"]);
  assert.deepEqual(said(lin), ["< 你好，工资三个月没发了 😟", "> 我在。先说说是哪家厂?"]);
  const joined = seeker.view.lines.find((line) => line.kind === "joined");
  assert.equal(joined?.kind === "joined" && joined.who, "林");
  assert.deepEqual(seeker.view.members.map((one) => one.role).sort(), ["counsellor", "seeker"]);
});
