// The same vectors as tests/counsel/test_framing.py: both languages pack the same bytes and
// refuse the same ones with the same code.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import { type AnyFrame, CHAT, RECORDS, type Vocabulary } from "../../counsel/client/contract.ts";
import {
  pack,
  packRecord,
  type Said,
  unpack,
  unpackRecord,
  WireError,
} from "../../counsel/client/framing.ts";
import { BOARD } from "../../counsel/client/staffContract.ts";

interface Bytes {
  readonly hex: string;
  readonly times: number;
}
interface Good {
  readonly name: string;
  readonly vocabulary: "Chat" | "Board";
  readonly said: readonly unknown[];
  readonly size: number;
  readonly sha256: string;
}
interface Packed {
  readonly shape: keyof typeof RECORDS;
  readonly record: object;
  readonly hex: string;
}
interface Bad {
  readonly name: string;
  readonly size: number;
  readonly hex: string;
  readonly code: string;
}

const file = new URL("../vectors/frames.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8"), revive) as {
  good: Good[];
  packed: Packed[];
  bad: Bad[];
};
// The names in a row of the vectors are those of its own vocabulary.
const vocabularies = { Chat: CHAT, Board: BOARD } as unknown as Record<
  Good["vocabulary"],
  Vocabulary<AnyFrame>
>;

function isBytes(value: unknown): value is Bytes {
  return typeof value === "object" && value !== null && "hex" in value && "times" in value;
}

function revive(_: string, value: unknown): unknown {
  if (!isBytes(value)) return value;
  return new Uint8Array(Buffer.from(value.hex.repeat(value.times), "hex"));
}

for (const row of vectors.good) {
  test(`packs what Python packs: ${row.name}`, () => {
    const said = row.said as readonly Said[];
    const bundle = pack(said, vocabularies[row.vocabulary]);
    assert.equal(bundle.length, row.size);
    assert.equal(createHash("sha256").update(bundle).digest("hex"), row.sha256);
    assert.deepEqual(unpack(bundle, vocabularies[row.vocabulary]), said);
  });
}

for (const { shape, record, hex } of vectors.packed) {
  test(`packs the record Python packs: ${shape}`, () => {
    const bytes = new Uint8Array(Buffer.from(hex, "hex"));
    const packed = packRecord(RECORDS[shape], record, bytes.length);
    assert.equal(Buffer.from(packed).toString("hex"), hex);
    assert.deepEqual(unpackRecord(RECORDS[shape], bytes), record);
    const noisy = new Uint8Array(bytes);
    noisy[bytes.length - 1] = 1;
    assert.throws(() => unpackRecord(RECORDS[shape], noisy), refusedWith("bad-frame"));
    assert.throws(() => packRecord(RECORDS[shape], record, 4), refusedWith("bad-frame"));
  });
}

function refusedWith(code: string): (error: unknown) => boolean {
  return (error) => error instanceof WireError && error.code === code;
}

for (const row of vectors.bad) {
  test(`refuses ${row.name}`, () => {
    const bundle = new Uint8Array(row.size);
    bundle.set(Buffer.from(row.hex, "hex"));
    assert.throws(() => unpack(bundle, CHAT), refusedWith(row.code));
  });
}

test("refuses to write what does not fit its field", () => {
  const said = {
    correlation: 1,
    frame: { kind: "Resume", version: 256, token: new Uint8Array(32), after: 0 },
  } as const;
  assert.throws(() => pack([said], CHAT), refusedWith("bad-frame"));
  const short = { ...said, frame: { ...said.frame, version: 1, token: new Uint8Array(31) } };
  assert.throws(() => pack([short], CHAT), refusedWith("bad-frame"));
});

test("refuses to write more than the largest size", () => {
  const frame = {
    kind: "Send",
    clientId: new Uint8Array(16),
    sealed: new Uint8Array(28_000),
  } as const;
  const said = { correlation: 1, frame };
  assert.throws(() => pack([said, said], CHAT), refusedWith("bad-size"));
});

test("what was read does not change with the message it came in", () => {
  const typing = { kind: "Typing", sealed: new Uint8Array([1, 2]) } as const;
  const bundle = pack([{ correlation: 0, frame: typing }], CHAT);
  const [said] = unpack(bundle, CHAT);
  bundle.fill(9);
  assert.deepEqual(said?.frame, { kind: "Typing", sealed: new Uint8Array([1, 2]) });
});
