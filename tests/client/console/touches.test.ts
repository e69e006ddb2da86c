import assert from "node:assert/strict";
import { test } from "node:test";

import { STAFF_IDLE_AFTER_MS } from "../../../counsel/client/contract.ts";
import { TELL_EVERY, type Touched, watchTouches } from "../../../counsel/client/touches.ts";

test("a person is told of once in a while, a page left alone never", () => {
  const page = new EventTarget();
  let now = 0;
  let told = 0;
  const stop = watchTouches(
    page as unknown as Touched,
    () => {
      told += 1;
    },
    () => now,
  );
  const touch = (name: string, at: number): void => {
    now = at;
    page.dispatchEvent(new Event(name));
  };
  touch("pointermove", TELL_EVERY - 1);
  assert.equal(told, 0, "they have only just signed in");
  touch("keydown", TELL_EVERY);
  touch("pointermove", TELL_EVERY + 1);
  assert.equal(told, 1);
  touch("visibilitychange", 10 * TELL_EVERY);
  assert.equal(told, 1, "nobody touched anything");
  touch("wheel", 10 * TELL_EVERY);
  assert.equal(told, 2);
  stop();
  touch("keydown", 20 * TELL_EVERY);
  assert.equal(told, 2);
});

test("who touches the page all the time is never out for it", () => {
  assert.ok(2 * TELL_EVERY < STAFF_IDLE_AFTER_MS);
});
