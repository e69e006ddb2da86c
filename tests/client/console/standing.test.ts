import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, StaffApi } from "../../../counsel/client/staffApi.ts";
import { actsOf } from "../../../triage/client/rota/acts.ts";
import { addDays, daysOf, localOf, mondayOf } from "../../../triage/client/rota/days.ts";
import { planOf } from "../../../triage/client/rota/plan.ts";
import { askDuty, askWeek, type Shift } from "../../../triage/client/rota/questions.ts";
import { moveOf, numberOf, tabsOf } from "../../../triage/client/tabKeys.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;
const shift = (change: Partial<Shift> = {}): Shift => ({
  id: 1,
  role: "counsellor",
  starts: NOW + HOUR,
  ends: NOW + 4 * HOUR,
  state: "taken",
  who: null,
  mine: false,
  cover: false,
  walkIn: false,
  ...change,
});

test("each role has its tabs, and a page that is not there has none", () => {
  const all = (): boolean => true;
  assert.deepEqual(tabsOf("counsellor", all), [
    "desk",
    "rota",
    "follow",
    "behalf",
    "stories",
    "own",
    "trail",
  ]);
  const office = ["rota", "keys", "people", "organisation"];
  const [rota = "", ...rest] = office;
  const own = ["own", "trail"];
  const beyond = ["directory", "gate", "behalf", "stories", "desks", ...own];
  const everything = ["desk", rota, "follow", ...rest, ...beyond];
  assert.deepEqual(tabsOf("supervisor", all), [...everything, "review"]);
  assert.deepEqual(tabsOf("administrator", all), [...office, "directory", "gate", "desks", ...own]);
  assert.deepEqual(tabsOf("auditor", all), [...office, "gate", "desks", "own", "trail"]);
  assert.deepEqual(tabsOf("desk", all), ["referrals", "behalf", "stories", "desks", ...own]);
  assert.deepEqual(
    tabsOf("supervisor", (name) => name !== "people" && name !== "review"),
    everything.filter((name) => name !== "people"),
  );
});

test("arrows go round, Home and End to the ends, other keys nowhere", () => {
  assert.equal(moveOf("ArrowRight", 2, 3), 0);
  assert.equal(moveOf("ArrowLeft", 0, 3), 2);
  assert.equal(moveOf("Home", 2, 3), 0);
  assert.equal(moveOf("End", 0, 3), 2);
  assert.equal(moveOf("Enter", 0, 3), null);
});

test("Alt and a number names a place; with another key beside it, it is not ours", () => {
  const press = { code: "Digit2", altKey: true, ctrlKey: false, metaKey: false, shiftKey: false };
  assert.equal(numberOf(press), 1);
  assert.equal(numberOf({ ...press, altKey: false }), null);
  assert.equal(numberOf({ ...press, ctrlKey: true }), null, "AltGr writes signs");
  assert.equal(numberOf({ ...press, code: "Digit0" }), null);
});

test("hours are the organisation's, and a shift past midnight stands on the day it begins", () => {
  const late = shift({ starts: Date.UTC(2026, 10, 24, 14), ends: Date.UTC(2026, 10, 24, 18) });
  assert.deepEqual(localOf(late.starts, "Asia/Shanghai"), { day: "2026-11-24", time: "22:00" });
  assert.deepEqual(localOf(late.ends, "Asia/Shanghai"), { day: "2026-11-25", time: "02:00" });
  const midnight = Date.UTC(2026, 10, 24, 16);
  assert.deepEqual(localOf(midnight, "Asia/Shanghai"), { day: "2026-11-25", time: "00:00" });
  const days = daysOf([late], "2026-11-23", 7, "Asia/Shanghai");
  assert.deepEqual(
    days.filter((day) => day.shifts.length > 0).map((day) => day.day),
    ["2026-11-24"],
  );
});

test("days of the calendar know months, years and Sundays", () => {
  assert.equal(addDays("2026-12-31", 1), "2027-01-01");
  assert.equal(addDays("2028-03-01", -1), "2028-02-29");
  assert.equal(mondayOf("2026-11-29"), "2026-11-23");
  assert.equal(mondayOf("2026-11-23"), "2026-11-23");
});

test("what may be done about a shift depends on whose it is and how it stands", () => {
  const acts = (change: Partial<Shift>, role: Parameters<typeof actsOf>[1] = "counsellor") =>
    actsOf(shift(change), role, NOW);
  assert.deepEqual(acts({ state: "open" }), ["sign-up"]);
  assert.deepEqual(acts({ state: "open", role: "supervisor" }), [], "not their role");
  assert.deepEqual(acts({ state: "open", ends: NOW - 1 }), [], "over");
  assert.deepEqual(acts({ mine: true }), ["ask-cover", "give-back"]);
  assert.deepEqual(acts({ mine: true, cover: true }), ["keep", "give-back"]);
  assert.deepEqual(acts({ cover: true }), ["cover"]);
  assert.deepEqual(acts({}), [], "somebody else's");
  assert.deepEqual(acts({}, "administrator"), ["cancel"]);
  assert.deepEqual(acts({ state: "on", mine: true }, "supervisor"), [], "under way");
});

test("a plan that ends before it begins ends tomorrow", () => {
  const typed = (change: Record<string, string> = {}): FormData => {
    const data = new FormData();
    const fields = { role: "counsellor", day: "2026-11-30", from: "22:00", to: "02:00" };
    for (const [name, value] of Object.entries({ ...fields, places: "2", weeks: "4", ...change })) {
      data.set(name, value);
    }
    return data;
  };
  const hours = { starts: "2026-11-30T22:00", ends: "2026-12-01T02:00" };
  assert.deepEqual(planOf(typed()), { role: "counsellor", ...hours, places: 2, weeks: 4 });
  assert.equal(planOf(typed({ to: "23:30" }))?.ends, "2026-11-30T23:30");
  assert.equal(planOf(typed({ day: "" })), null);
  assert.equal(planOf(typed({ places: "0" })), null);
});

/** A server that knows these answers, in their order, and what it was asked. */
function server(...answers: readonly Json[]): { api: StaffApi; asked: Json[] } {
  const asked: Json[] = [];
  const ask: StaffApi["ask"] = async (_path, body, read) => {
    asked.push(body);
    try {
      return { ok: true, value: read(answers[asked.length - 1] ?? {}) };
    } catch {
      return { ok: false, code: "internal", retryAfter: 0 };
    }
  };
  return { api: { ask } as StaffApi, asked };
}

const row = (id: number): Json => ({
  id,
  role: "counsellor",
  starts: "2026-11-24T12:00Z",
  ends: "2026-11-24T15:30Z",
  state: "taken",
  who: null,
  mine: false,
  cover: false,
  walk_in: true,
});

test("a rota too full for one answer is asked for to its end, and no shift is told twice", async () => {
  const about = { zone: "Asia/Shanghai", today: "2026-11-24" };
  const { api, asked } = server(
    { ...about, days: 3, shifts: [row(1), row(2)] },
    { ...about, days: 4, shifts: [row(2), row(3)] },
  );
  const answer = await askWeek(api, "2026-11-23", 7);
  assert.deepEqual(asked, [
    { from: "2026-11-23", days: 7 },
    { from: "2026-11-26", days: 4 },
  ]);
  assert.ok(answer.ok);
  assert.deepEqual(
    answer.value.shifts.map((one) => one.id),
    [1, 2, 3],
  );
  assert.equal(answer.value.shifts[0]?.starts, NOW);
  assert.equal(answer.value.shifts[0]?.walkIn, true);
});

test("duty is read strictly: a word of another build is no answer", async () => {
  const door = { open: false, unmet: ["supervisor"], opens: null, supervised: false };
  const said = {
    shift: null,
    next: row(7),
    page: "",
    resumes: null,
    talks: 0,
    door,
    cleared: true,
  };
  const duty = await askDuty(server(said).api);
  assert.ok(duty.ok);
  assert.equal(duty.value.page, "");
  assert.equal(duty.value.next?.id, 7);
  assert.equal(duty.value.door.opens, null);
  for (const broken of [{ page: "maybe" }, { talks: "2" }, { next: { ...row(7), state: "x" } }]) {
    assert.equal((await askDuty(server({ ...said, ...broken }).api)).ok, false);
  }
});
