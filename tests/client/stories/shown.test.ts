// What a phone takes for a story, whatever a server sends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { storiesOf } from "../../../triage/client/stories/shown.ts";

const STORY = { title: "讨回来了", text: "三个月的钱。" };

test("a phone shows the stories of its page's language, in their order, and no others", () => {
  const sent = { zh: [STORY, { ...STORY, title: "二" }], en: [{ title: "a", text: "b" }] };
  assert.deepEqual(storiesOf(sent, "zh"), sent.zh);
  assert.deepEqual(storiesOf(sent, "en"), sent.en);
});

test("a phone shows nothing of what is no story, and never more than twenty", () => {
  for (const sent of [null, 1, "zh", [], { zh: null }, { zh: "x" }, { zh: { title: "1" } }]) {
    assert.deepEqual(storiesOf(sent, "zh"), []);
  }
  const mixed = { zh: [null, 1, "x", {}, { title: "1" }, { ...STORY, text: ["x"] }, STORY] };
  assert.deepEqual(storiesOf(mixed, "zh"), [STORY]);
  assert.equal(storiesOf({ zh: new Array(500).fill(STORY) }, "zh").length, 20);
});
