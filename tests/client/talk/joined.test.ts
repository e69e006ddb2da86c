import assert from "node:assert/strict";
import { test } from "node:test";
import { type Held, type Reader, readRow } from "../../../chat/client/log.ts";
import { newEntry } from "../../../chat/client/outbox.ts";
import { BLANK } from "../../../chat/client/saved.ts";
import { beginTranscript } from "../../../chat/client/transcript.ts";
import { EVENING, knocking, twoTalk } from "../mls/cast.ts";

test("a supervisor comes: before its next words the phone says again which log it knows", async () => {
  const { organisation, trust, lin, seeker, seekerKeys } = await twoTalk();
  const zhou = await organisation.certify("周", "supervisor");
  const { keyPackage } = await knocking(zhou.keys, trust);
  const { sealed } = await lin.add(keyPackage, zhou.keys.duty);
  const saved = {
    ...BLANK,
    groupNumber: 1,
    group: seeker.encode(),
    transcript: await beginTranscript(seeker.groupId),
    outbox: [newEntry("words", "还有谁在", EVENING, [])],
  };
  const held: Held = { saved, keys: seekerKeys, group: seeker, next: null };
  const welcomed = (): Promise<never> => assert.fail("no Welcome here");
  const reader: Reader = { trust, now: () => EVENING, welcomed };
  const [clientId, statement] = [new Uint8Array(16), new Uint8Array(0)];
  const row = {
    kind: "Envelope",
    seq: 1,
    group: 1,
    what: "commit",
    clientId,
    sealed,
    statement,
  } as const;
  const after = await readRow(reader, held, row);
  assert.deepEqual(
    after.lines.map((line) => line.kind),
    ["joined"],
  );
  assert.deepEqual(
    after.held.saved.outbox.map((entry) => entry.kind),
    ["head", "words"],
  );
  const { sealed: renewed } = await lin.renew();
  const unchanged = await readRow(reader, held, { ...row, sealed: renewed });
  assert.deepEqual(
    unchanged.held.saved.outbox.map((entry) => entry.kind),
    ["words"],
  );
});
