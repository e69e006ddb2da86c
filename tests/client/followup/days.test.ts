// A phone that reminds its owner: on the right days, in words that say nothing, and never by itself.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  answered,
  calendar,
  due,
  isOver,
  momentsOf,
  type Revisit,
  type RevisitKind,
  readQuestion,
  writeQuestion,
} from "../../../triage/client/followup/days.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Tuesday, half past eight in the evening, on this phone's wall. */
const NOW = new Date(2026, 10, 24, 20, 30).getTime();

const agreed = (kind: RevisitKind, days = 0, hour = 20, from = NOW): Revisit => ({
  ...{ kind, moments: momentsOf({ kind, days }, from, hour), next: 0 },
  ...{ name: "林", person: "p1" },
});
const days = (moments: readonly number[]): readonly string[] =>
  moments.map((moment) => {
    const at = new Date(moment);
    return `${at.getMonth() + 1}/${at.getDate()} ${at.getHours()}:${at.getMinutes()}`;
  });

test("after a red the phone asks the next day, in 72 hours, a week, a month and three months", () => {
  const found = days(agreed("red").moments);
  assert.deepEqual(found, ["11/25 20:0", "11/27 20:0", "12/1 20:0", "12/24 20:0", "2/22 20:0"]);
});

test("after an orange it waits 72 hours, and where a day was agreed there is that day alone", () => {
  assert.deepEqual(days(agreed("orange", 0, 8).moments), ["11/27 8:0", "12/1 8:0", "12/24 8:0"]);
  assert.deepEqual(days(agreed("agreed", 4, 12).moments), ["11/28 12:0"]);
});

test("whether somebody got to a desk is asked two hours, a day and three days behind the appointment", () => {
  const { moments } = agreed("referral");
  assert.deepEqual(
    moments.map((moment) => (moment - NOW) / HOUR),
    [2, 24, 72],
  );
});

test("nothing is asked before its day, and the whole day long it is", () => {
  const red = agreed("red");
  const morning = new Date(2026, 10, 25).getTime();
  assert.equal(due(red, morning - 1), null);
  assert.equal(due(red, morning), 0);
  assert.equal(due(red, morning + DAY), 0, "and the day after, while nobody answered");
});

test("whether somebody got there is asked afterwards, and not that morning", () => {
  const visit = agreed("referral", 0, 0, new Date(2026, 10, 26, 14).getTime());
  assert.equal(due(visit, new Date(2026, 10, 26, 9).getTime()), null);
  assert.equal(due(visit, new Date(2026, 10, 26, 16).getTime()), 0);
});

test("whoever comes back after three of them is asked once, not three times", () => {
  const red = agreed("red");
  const late = new Date(2026, 11, 2).getTime();
  assert.equal(due(red, late), 2);
  const next = answered(red, 2);
  assert.equal(next?.next, 3);
  assert.equal(next === null ? 0 : due(next, late), null);
});

test("the last answer ends it, and so does no answer, three days behind the last of them", () => {
  const visit = agreed("referral");
  assert.equal(answered(visit, 2), null);
  assert.equal(isOver(visit, NOW + 72 * HOUR + 3 * DAY), false);
  assert.equal(isOver(visit, NOW + 72 * HOUR + 3 * DAY + 1), true);
  assert.equal(due(visit, NOW + 7 * DAY), null);
});

test("a question of a counsellor is read as it was written, and nothing else is one", () => {
  assert.deepEqual(readQuestion(writeQuestion("red", 7)), { kind: "red", days: 0 });
  assert.deepEqual(readQuestion(writeQuestion("agreed", 7)), { kind: "agreed", days: 7 });
  for (const text of [
    ...["", "revisit", "revisit referral", "revisit agreed 0", "revisit agreed 91"],
    ...["revisit agreed 1.5", '{"desk":"legal-aid"}', "revisit now"],
  ]) {
    assert.equal(readQuestion(text), null, text);
  }
});

test("a calendar file says a time and one neutral word, and nothing of whom or where", () => {
  let count = 0;
  const text = calendar(agreed("red").moments, "提醒", () => `u${count++}`);
  assert.ok(text.startsWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
  assert.equal(text.split("BEGIN:VEVENT").length - 1, 5);
  assert.match(text, /\r\nDTSTART:20261125T200000\r\n/);
  assert.match(text, /\r\nSUMMARY:提醒\r\n/);
  assert.doesNotMatch(text, /林|p1|red|http|localhost|counsel|URL|LOCATION|ORGANIZER|ATTENDEE/);
  assert.ok(text.split("\r\n").every((line) => new TextEncoder().encode(line).length <= 75));
  assert.equal(new Set(text.match(/UID:\w+/g)).size, 5);
});

test("nothing that asks a phone to come back talks with a server", () => {
  const folder = new URL("../../../triage/client/followup/", import.meta.url);
  for (const name of ["days.ts", "kept.ts", "landed.tsx", "backCard.tsx", "revisitPage.tsx"]) {
    const source = readFileSync(new URL(name, folder), "utf8");
    assert.doesNotMatch(source, /fetch\(|WebSocket|XMLHttpRequest|sendBeacon|serviceWorker/, name);
  }
});
