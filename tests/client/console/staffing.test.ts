import assert from "node:assert/strict";
import { test } from "node:test";

import type { Json, StaffApi } from "../../../counsel/client/staffApi.ts";
import type { Shift } from "../../../triage/client/rota/questions.ts";
import { askStaffing } from "../../../triage/client/staffing/questions.ts";
import { rounded } from "../../../triage/client/staffing/rounded.ts";
import { draftOf, FIRST, wantedOf } from "../../../triage/client/staffing/wanted.ts";

const EVENING = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;
const shift = (change: Partial<Shift> = {}): Shift => ({
  id: 1,
  role: "counsellor",
  starts: EVENING,
  ends: EVENING + 4 * HOUR,
  state: "taken",
  who: null,
  mine: false,
  cover: false,
  walkIn: false,
  ...change,
});

test("what stands in the fields is asked as the server reads it", () => {
  const line = { from: "20:00", to: "23:30", people: 2 };
  const numbers = { tenths: 25, each: 1, supervisors: 0 };
  assert.deepEqual(wantedOf({ ...FIRST, come: "2.5", supervisors: "0" }), {
    lines: [line],
    more: [line],
    ...numbers,
  });
});

test("a field that is empty or no number of people asks nothing", () => {
  const [line] = FIRST.lines;
  assert.ok(line);
  for (const wrong of [
    { ...FIRST, come: "" },
    { ...FIRST, come: "0" },
    { ...FIRST, supervisors: "" },
    { ...FIRST, lines: [line, { ...line, from: "" }] },
    { ...FIRST, lines: [{ ...line, people: "1.5" }] },
    { ...FIRST, more: { ...line, people: "0" } },
  ]) {
    assert.equal(wantedOf(wrong), null);
  }
});

test("a day of the rota is taken over by the organisation's clock, whoever stands there", () => {
  const late = { starts: EVENING + 2 * HOUR, ends: EVENING + 6 * HOUR };
  const day = [shift(), shift({ state: "open" }), shift(late), shift({ role: "supervisor" })];
  const draft = draftOf(day, "Asia/Shanghai", { ...FIRST, come: "7", supervisors: "0" });
  assert.deepEqual(draft.lines, [
    { from: "20:00", to: "00:00", people: "2" },
    { from: "22:00", to: "02:00", people: "1" },
  ]);
  assert.deepEqual([draft.come, draft.supervisors, draft.more.from], ["7", "1", "20:00"]);
  assert.equal(draftOf([], "Asia/Shanghai", FIRST), FIRST, "nobody stands there");
});

/** A server that says these one after the other. */
function server(...answers: readonly Json[]): { api: StaffApi; asked: Json[] } {
  const asked: Json[] = [];
  const ask: StaffApi["ask"] = async (_path, body, read) => {
    asked.push(body);
    const answer = answers[asked.length - 1];
    return answer === undefined
      ? { ok: false, code: "internal", retryAfter: 0 }
      : { ok: true, value: read(answer) };
  };
  return { api: { ask } as StaffApi, asked };
}

test("it asks the same until it is answered, says how far it is, and passes a refusal on", async () => {
  const { api, asked } = server(
    { done: 0, of: 0, found: null },
    { done: 24, of: 960, found: null },
  );
  const told: (readonly number[])[] = [];
  const wanted = wantedOf(FIRST);
  assert.ok(wanted);
  const answer = await askStaffing(
    api,
    wanted,
    (...how) => told.push(how),
    () => true,
  );
  assert.deepEqual(told, [
    [0, 0],
    [24, 960],
  ]);
  assert.equal(answer.ok ? "" : answer.code, "internal");
  assert.deepEqual(asked, [{ ...wanted }, { ...wanted }, { ...wanted }]);
});

test("a page that was closed asks no more", async () => {
  const { api, asked } = server({ done: 0, of: 0, found: null });
  const wanted = wantedOf(FIRST);
  assert.ok(wanted);
  await askStaffing(
    api,
    wanted,
    () => undefined,
    () => asked.length === 0,
  );
  assert.equal(asked.length, 1);
});

test("a share is never rounded to all or nothing", () => {
  const shares = [0, 0.0004, 0.035, 0.5, 0.975, 0.9996, 1];
  assert.deepEqual(shares.map(rounded), ["0", "0.1", "3.5", "50", "97.5", "99.9", "100"]);
});
