/** Where somebody is: for whoever asked alone, and gone from both devices when it is over, or too old. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { attendTalk } from "../../../chat/client/attending.ts";
import type { Room } from "../../../chat/client/room.ts";
import { resumeTalk, sweepTalks, type Talk } from "../../../chat/client/talk.ts";
import { PLACE_KEPT_FOR_MS } from "../../../counsel/client/contract.ts";
import {
  begun,
  beside,
  closeAll,
  type LastingShelf,
  resume,
  type Stage,
  said,
  trustWith,
  until,
  vaultOn,
} from "./cast.ts";

const WHERE = "鸟：北门对面的米粉店门口";
const GIVEN = `out\n${WHERE}`;
const late: Talk[] = [];

afterEach(() => {
  for (const talk of late.splice(0)) talk.close();
  closeAll();
});

function wheres(talk: Talk): string[] {
  return talk.view.lines.flatMap((line) => (line.kind === "place" ? [line.text] : []));
}

/** Every record of a device, opened: whoever has it reads no more than this. */
async function everything(shelf: LastingShelf): Promise<string> {
  const vault = await vaultOn(shelf);
  const found = await vault.list("");
  return found.map(({ name, bytes }) => name + new TextDecoder().decode(bytes)).join("\n");
}

function raw(text: string): string {
  return Buffer.from(text).toString("base64url").slice(4, 24);
}

async function given(): Promise<{ stage: Stage; seeker: Talk; lin: Talk }> {
  const found = await begun();
  const { seeker, lin } = found;
  await lin.help?.("offer");
  await until(() => seeker.view.lines.some((line) => line.kind === "help"), "she is asked");
  await seeker.givePlace?.(GIVEN);
  await until(() => wheres(lin).length === 1 && wheres(seeker).length === 1, "both know");
  await until(
    () => (Reflect.get(seeker, "room") as Room).saved.outbox.length === 0,
    "it is stored",
  );
  return found;
}

test("it is read where it was asked for, and stays there over a reload", async () => {
  const { stage, seeker, lin } = await given();
  assert.deepEqual([wheres(lin), wheres(seeker)], [[GIVEN], [GIVEN]]);
  assert.ok((await everything(stage.desk)).includes(WHERE), "the search finds what is there");
  seeker.close();
  assert.deepEqual(wheres((await resume(stage)) as Talk), [GIVEN]);
});

for (const [word, by] of [
  ["arrived", "lin"],
  ["over", "lin"],
  ["missed", "lin"],
  ["withdrawn", "lin"],
  ["there", "seeker"],
  ["back", "seeker"],
] as const) {
  test(`after "${word}" it is on neither device, and the talk goes on`, async () => {
    const { stage, seeker, lin } = await given();
    await (by === "lin" ? lin : seeker).help?.(word);
    await until(() => wheres(seeker)[0] === "" && wheres(lin)[0] === "", "both forget");
    for (const shelf of [stage.phone, stage.desk]) {
      const kept = await everything(shelf);
      assert.ok(!kept.includes(WHERE) && !kept.includes(raw(WHERE)), kept.slice(0, 400));
    }
    await lin.say("在");
    await until(() => said(seeker).includes("< 在"), "she reads on");
    await seeker.say("好");
    await until(() => said(lin).includes("< 好"), "and answers");
  });
}

test("a supervisor beside them does not keep what was not for their computer", async () => {
  const { stage, seeker, lin } = await begun();
  const { zhou, desk } = await beside(stage, lin);
  await until(() => zhou.view.phase === "active" && seeker.view.members.length === 3, "three");
  await lin.help?.("offer");
  await until(() => zhou.view.lines.some((line) => line.kind === "help"), "Zhou sees it");
  await until(() => seeker.view.lines.some((line) => line.kind === "help"), "she is asked");
  await seeker.givePlace?.(GIVEN);
  await until(() => wheres(zhou).length === 1 && wheres(lin).length === 1, "something was said");
  assert.deepEqual([wheres(zhou), wheres(lin)], [[""], [GIVEN]]);
  assert.ok(!(await everything(desk)).includes(WHERE));
});

test("who is asked by somebody else answers that person, whoever asked before", async () => {
  const { stage, seeker, lin } = await begun();
  const { zhou } = await beside(stage, lin);
  await until(() => zhou.view.phase === "active" && seeker.view.members.length === 3, "three");
  await lin.help?.("offer");
  await until(() => zhou.view.lines.some((line) => line.kind === "help"), "Zhou sees it");
  await zhou.help?.("offer");
  const asked = (): number => seeker.view.lines.filter((line) => line.kind === "help").length;
  await until(() => asked() === 2, "she is asked twice");
  await until(() => lin.view.lines.filter((line) => line.kind === "help").length === 2, "Lin too");
  await seeker.givePlace?.(GIVEN);
  await until(() => wheres(zhou).length === 1 && wheres(lin).length === 1, "something was said");
  assert.deepEqual([wheres(zhou), wheres(lin)], [[GIVEN], [""]]);
});

test("a place that comes from staff is none", async () => {
  const { seeker, lin } = await begun();
  await lin.givePlace?.(GIVEN);
  await lin.say("在");
  await until(() => said(seeker).includes("< 在"), "she reads on");
  assert.deepEqual(wheres(seeker), []);
});

test("after two hours it is gone before anything is shown, whoever was away", async () => {
  const { stage, seeker, lin } = await given();
  seeker.close();
  lin.close();
  const now = (): number => Date.now() + PLACE_KEPT_FOR_MS;
  const outside = { origin: "http://localhost", now };
  const phone = await resumeTalk({
    ...outside,
    vault: await vaultOn(stage.phone),
    trust: await trustWith(stage),
    wires: [stage.server.door("seeker")],
  });
  const desk = await attendTalk({
    ...outside,
    vault: await vaultOn(stage.desk),
    ref: stage.server.ref,
    staff: stage.lin.keys,
    trust: await trustWith(stage, "林"),
    wires: [stage.server.door("林")],
  });
  late.push(phone as Talk, desk);
  assert.deepEqual([wheres(phone as Talk), wheres(desk)], [[""], [""]]);
  for (const shelf of [stage.phone, stage.desk]) {
    assert.ok(!(await everything(shelf)).includes(WHERE));
  }
});

test("in a talk that lies there and is not open, a sweep finds it", async () => {
  const { stage, lin } = await given();
  lin.close();
  const vault = await vaultOn(stage.desk);
  await sweepTalks(vault, Date.now() + PLACE_KEPT_FOR_MS - 60_000);
  assert.ok((await everything(stage.desk)).includes(WHERE), "not before its time");
  await sweepTalks(vault, Date.now() + PLACE_KEPT_FOR_MS);
  assert.ok(!(await everything(stage.desk)).includes(WHERE));
});

test("what had not left when it was over never leaves", async () => {
  const { stage, seeker, lin } = await begun();
  await lin.help?.("offer");
  await until(() => seeker.view.lines.some((line) => line.kind === "help"), "she is asked");
  stage.server.up = false;
  stage.server.crash();
  await until(() => seeker.view.link !== "online", "offline");
  await seeker.givePlace?.(GIVEN);
  assert.ok((await everything(stage.phone)).includes(WHERE));
  await seeker.forgetPlaces?.();
  assert.deepEqual(wheres(seeker), []);
  assert.ok(!(await everything(stage.phone)).includes(WHERE));
});
