import assert from "node:assert/strict";
import { test } from "node:test";
import {
  add,
  buryAll,
  change,
  type Entry,
  mayGo,
  newEntry,
  nextEntry,
  readersOf,
  release,
  stateOf,
  unsealOlder,
} from "../../../chat/client/outbox.ts";

const member = (role: string, key: number, me = false) => ({
  role,
  me,
  key: new Uint8Array(32).fill(key),
});
const SEEKER = member("seeker", 1, true);
const LIN = readersOf([SEEKER, member("counsellor", 2)]);
const LIN_ZHOU = readersOf([SEEKER, member("supervisor", 3), member("counsellor", 2)]);
const words = (text: string, readers: readonly string[]): Entry =>
  newEntry("words", text, 0, readers);
const sealed = (group: number, epoch: number) => ({
  bytes: new Uint8Array(1),
  raw: new Uint8Array(1),
  group,
  epoch,
});

test("readers are the others, whatever their order; another key is another reader", () => {
  assert.deepEqual(LIN_ZHOU, readersOf([member("counsellor", 2), member("supervisor", 3), SEEKER]));
  assert.notDeepEqual(LIN, readersOf([SEEKER, member("counsellor", 4)]));
  assert.notDeepEqual(LIN, readersOf([SEEKER, member("supervisor", 2)]));
});

test("an entry goes only to the readers shown when it was written", () => {
  const entry = words("a", LIN);
  assert.ok(mayGo(entry, LIN));
  assert.ok(!mayGo(entry, LIN_ZHOU));
  assert.equal(stateOf(entry, LIN_ZHOU), "waiting-tap");
  assert.equal(nextEntry([entry], LIN_ZHOU), null);
});

test("written while nobody was there: it waits, and stays waiting when nobody is there", () => {
  const entry = words("a", []);
  assert.ok(!mayGo(entry, []));
  assert.ok(!mayGo(entry, LIN));
});

test("a tap releases what waits, to the readers named on it; one line alone if asked", () => {
  const box = [words("a", []), words("b", [])];
  const [first] = release(box, LIN, box[0]?.id);
  assert.ok(first && mayGo(first, LIN));
  assert.equal(nextEntry(release(box, LIN), LIN)?.text, "a");
  assert.equal(nextEntry(release(box, LIN, box[1]?.id), LIN)?.text, "b");
});

test("what waits does not hold up what may go; what is sealed goes first", () => {
  const box = [words("waits", []), words("goes", LIN)];
  assert.equal(nextEntry(box, LIN)?.text, "goes");
  const [, second] = box;
  const started = change(box, second?.id ?? "", { sealed: sealed(1, 1) });
  assert.equal(nextEntry(release(started, LIN), LIN)?.text, "goes");
});

test("a tap does not touch what is sealed already", () => {
  const box = [{ ...words("a", LIN), sealed: sealed(1, 1) }];
  assert.deepEqual(release(box, LIN_ZHOU), box);
});

test("sealed for an older epoch or group: sealed again under the same client id", () => {
  const entry = { ...words("a", LIN), sealed: sealed(1, 1), seq: 9 };
  const [again] = unsealOlder([entry], 1, 2);
  assert.equal(again?.sealed, null);
  assert.equal(again?.seq, 0);
  assert.deepEqual(again?.clientId, entry.clientId);
  assert.deepEqual(unsealOlder([entry], 1, 1), [entry]);
  assert.equal(unsealOlder([entry], 2, 1)[0]?.sealed, null);
  assert.ok(again && !mayGo(again, LIN_ZHOU), "a new member needs a new tap");
});

test("a receipt that has not gone is carried by what follows it", () => {
  const box = add(add([], newEntry("seen", "", 0, [])), words("a", LIN));
  assert.deepEqual(
    box.map((entry) => entry.kind),
    ["words"],
  );
});

test("at the end everything said is kept as unsent, and nothing goes any more", () => {
  const box = buryAll([newEntry("seen", "", 0, []), words("a", LIN)]);
  assert.deepEqual(
    box.map((entry) => stateOf(entry, LIN)),
    ["unsent"],
  );
  assert.equal(nextEntry(box, LIN), null);
});
