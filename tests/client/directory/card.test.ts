// A place as a card: it says the hours that hold, and never those of a season that is over.

import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { test } from "node:test";
import { decodeCard, encodeCard } from "../../../chat/client/card.ts";
import { Directory } from "../../../triage/client/directory/entry.ts";

// The build puts the sentences there; here the two that a card may need.
const SENTENCES = {
  meta: { tag: "zh" },
  directory: { other_hours: "先打电话问", valid: "{from}到{to}" },
};
registerHooks({
  resolve: (name, context, next) =>
    name === "catalogue"
      ? {
          url: `data:text/javascript,export default ${JSON.stringify(SENTENCES)}`,
          shortCircuit: true,
        }
      : next(name, context),
});
const { cardOf } = await import("../../../triage/client/directory/cardOf.ts");

function hoursOf(...hours: readonly Record<string, unknown>[]) {
  const columns = { id: { all: ["aid"] }, name: { all: ["窗口"] }, hours: { all: [hours] } };
  const body = JSON.stringify({ v: 1, region: "44", version: 1, zone: "", columns });
  const entry = new Directory(new TextEncoder().encode(body)).entry(0);
  return cardOf(entry, "44", 1).hours;
}

const WEEK = { freq: "WEEKLY", byday: "MO", opens_at: "09:00", closes_at: "17:00" };

test("hours of a plain week are said as they are", () => {
  assert.deepEqual(hoursOf(WEEK), [{ days: "MO", opens: "09:00", closes: "17:00", note: "" }]);
});

test("hours that end on a day say so, whichever column it stands in", () => {
  for (const column of ["valid_to", "until"]) {
    const [found] = hoursOf({ ...WEEK, [column]: "2026-10-07" });
    assert.match(found?.note ?? "", /2026-10-07/, column);
  }
});

test("days that are counted, and weeks that are skipped, are no plain week", () => {
  for (const rule of [
    { count: 3, dtstart: "2026-10-05" },
    { interval: 2, dtstart: "2026-10-05" },
  ]) {
    const [found] = hoursOf({ ...WEEK, ...rule });
    assert.equal(found?.opens, "", JSON.stringify(rule));
  }
});

test("an address that is cut, or that somebody broke, can still be looked up on a map", () => {
  const said = (address: string) => ({ id: "aid", name: "窗口", address });
  const broken = decodeCard(JSON.stringify(said("\ud83d 样例路")));
  assert.doesNotThrow(() => encodeURIComponent(broken?.address ?? ""));
  const long = decodeCard(JSON.stringify(said(`${"路".repeat(239)}🏭`)));
  assert.ok(long !== null);
  assert.doesNotThrow(() => encodeURIComponent(long.address));
  const passed = encodeCard({ ...long, says: "x", address: `${"路".repeat(239)}🏭` });
  assert.doesNotMatch(passed, /\\ud83d"/);
});
