import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { readHeader } from "../../../chat/client/header.ts";
import {
  decodePlaintext,
  encodePlaintext,
  MAX_TEXT,
  type Plaintext,
  pieces,
} from "../../../chat/client/plaintext.ts";
import {
  beginTranscript,
  chainOf,
  hear,
  placeOwn,
  seenBy,
  type Transcript,
  WINDOW,
} from "../../../chat/client/transcript.ts";

const GROUP = new Uint8Array(16).fill(7);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("vector: one message, to the byte", () => {
  const bytes = encodePlaintext({
    kind: "words",
    number: 3,
    seen: 4,
    length: 5,
    chain: Uint8Array.from({ length: 16 }, (_, i) => i),
    at: 29_000_000 * 60_000 + 31_000,
    text: "你好 ok",
  });
  assert.equal(
    hex(bytes),
    "01 00000003 00000004 00000005 000102030405060708090a0b0c0d0e0f 01ba8140 e4bda0e5a5bd206f6b".replaceAll(
      " ",
      "",
    ),
  );
  const read = decodePlaintext(bytes);
  assert.equal(read?.text, "你好 ok");
  assert.equal(read?.at, 29_000_000 * 60_000);
  assert.deepEqual([read?.kind, read?.number, read?.seen, read?.length], ["words", 3, 4, 5]);
});

test("what no client of ours writes is null; a kind of a newer client is 'other'", () => {
  assert.equal(decodePlaintext(new Uint8Array(32)), null);
  assert.equal(decodePlaintext(new Uint8Array(0)), null);
  const bad = new Uint8Array(35).fill(0xff, 33);
  assert.equal(decodePlaintext(bad), null);
  assert.equal(decodePlaintext(Uint8Array.of(99, ...new Uint8Array(32)))?.kind, "other");
});

test("a long text is cut between characters, and nothing of it is lost", () => {
  const text = "😟家".repeat(5_000);
  const cut = pieces(text);
  assert.equal(cut.join(""), text);
  for (const piece of cut) assert.ok(Buffer.byteLength(piece) <= MAX_TEXT);
  assert.ok(!cut.some((piece) => /^[\udc00-\udfff]/.test(piece)));
  assert.deepEqual(pieces("短"), ["短"]);
});

test("vector: the chain, computed by another library from the words of the specification", async () => {
  const hash = (...parts: readonly Uint8Array[]): Buffer =>
    createHash("sha256").update(Buffer.concat(parts)).digest().subarray(0, 16);
  const transcript = await beginTranscript(GROUP);
  const first = hash(Buffer.from("counsel chain 1\0"), GROUP);
  assert.equal(hex(chainOf(transcript)), hex(first));
  const raw = Buffer.from("anything");
  const next = await placeOwn(transcript, 1, raw);
  assert.equal(hex(chainOf(next)), hex(hash(first, Uint8Array.of(0, 0, 0, 1), raw)));
});

/** Two people, each with a view of the talk; the test decides what arrives where. */
class Two {
  lin!: Transcript;
  seeker!: Transcript;

  static async meet(): Promise<Two> {
    const two = new Two();
    two.lin = await beginTranscript(GROUP);
    two.seeker = await beginTranscript(GROUP);
    return two;
  }

  /** A message sealed with what `from` has shown now. */
  seal(
    from: "lin" | "seeker",
    seen = this[from].length,
  ): { raw: Uint8Array; plaintext: Plaintext } {
    const { length, mine } = this[from];
    const chain = chainOf(this[from]);
    const plaintext = { number: mine + 1, seen, length, chain, at: 0, text: `${from} ${mine + 1}` };
    const raw = encodePlaintext({ kind: "words", ...plaintext });
    return { raw, plaintext: { kind: "words", ...plaintext } };
  }

  async place(who: "lin" | "seeker", sealed: { raw: Uint8Array }): Promise<void> {
    this[who] = await placeOwn(this[who], who === "lin" ? 0 : 1, sealed.raw);
  }

  async give(
    to: "lin" | "seeker",
    sealed: { raw: Uint8Array; plaintext: Plaintext },
  ): Promise<string[]> {
    const heard = await hear(this[to], to === "lin" ? 1 : 0, sealed.plaintext, sealed.raw);
    this[to] = heard.transcript;
    return heard.findings.map((one) => (one.kind === "gap" ? `gap ${one.count}` : one.kind));
  }

  /** Sent and received as it should be. */
  async say(from: "lin" | "seeker"): Promise<string[]> {
    const sealed = this.seal(from);
    await this.place(from, sealed);
    return this.give(from === "lin" ? "seeker" : "lin", sealed);
  }
}

const TABLE: readonly [string, (two: Two) => Promise<string[]>, string[]][] = [
  [
    "an honest talk finds nothing",
    async (two) => [
      ...(await two.say("lin")),
      ...(await two.say("seeker")),
      ...(await two.say("lin")),
    ],
    [],
  ],
  [
    "words that crossed are no fork",
    async (two) => {
      const [a, b] = [two.seal("lin"), two.seal("seeker")];
      await two.place("lin", a);
      const first = await two.give("seeker", a);
      await two.place("seeker", b);
      return [...first, ...(await two.give("lin", b)), ...(await two.say("lin"))];
    },
    [],
  ],
  [
    "a dropped word is a gap at the next one, said once",
    async (two) => {
      await two.place("lin", two.seal("lin"));
      await two.place("lin", two.seal("lin"));
      return [...(await two.say("lin")), ...(await two.say("lin"))];
    },
    ["gap 2"],
  ],
  [
    "a word given twice is a replay and gets no place",
    async (two) => {
      const sealed = two.seal("lin");
      await two.place("lin", sealed);
      return [...(await two.give("seeker", sealed)), ...(await two.give("seeker", sealed))];
    },
    ["replay"],
  ],
  [
    "rows in another order for one side are a fork",
    async (two) => {
      const [a, b] = [two.seal("lin"), two.seal("seeker")];
      await two.place("lin", a);
      await two.give("lin", b);
      await two.place("seeker", b);
      const crossed = await two.give("seeker", a);
      return [...crossed, ...(await two.say("lin"))];
    },
    ["fork"],
  ],
  [
    "a word kept from them shows when they write as if it were not there",
    async (two) => {
      await two.place("seeker", two.seal("seeker"));
      const first = await two.say("lin"); // may have crossed: nothing to say yet
      return [...first, ...(await two.say("lin"))];
    },
    ["fork"],
  ],
  [
    "they have read more than we were given: a fork",
    async (two) => {
      const ghost = two.seal("seeker");
      await two.give("lin", ghost);
      return two.say("lin");
    },
    ["fork"],
  ],
];

for (const [name, story, expected] of TABLE) {
  test(`transcript: ${name}`, async () =>
    assert.deepEqual(await story(await Two.meet()), expected));
}

test("seen follows their screen, never their claim beyond what they read, and stops at a fork", async () => {
  const two = await Two.meet();
  for (let i = 0; i < 3; i++) await two.say("seeker");
  const half = two.seal("lin", 2);
  await two.place("lin", half);
  await two.give("seeker", half);
  assert.deepEqual(
    [1, 2, 3].map((place) => seenBy(two.seeker, place)),
    [true, true, false],
  );
  const boast = two.seal("lin", 4_000_000);
  await two.place("lin", boast);
  await two.give("seeker", boast);
  assert.deepEqual(
    [4, 5, 6].map((place) => seenBy(two.seeker, place)),
    [true, false, false],
  );
  await two.place("seeker", two.seal("seeker"));
  await two.say("lin");
  await two.say("lin");
  assert.equal(seenBy(two.seeker, 6), false);
});

test("a tail that is cut off is never seen", async () => {
  const two = await Two.meet();
  await two.say("seeker");
  await two.say("lin");
  await two.place("seeker", two.seal("seeker"));
  assert.equal(seenBy(two.seeker, 3), false);
});

test("chains older than the window count as a fork, and the window does not grow", async () => {
  const two = await Two.meet();
  const old = two.seal("lin");
  for (let i = 0; i <= WINDOW; i++) await two.place("seeker", two.seal("seeker"));
  assert.equal(two.seeker.chains.length, WINDOW + 1);
  assert.deepEqual(await two.give("seeker", old), ["fork"]);
});

test("the clear header of RFC 9420: group, epoch and what it is", () => {
  const header = Uint8Array.of(0, 1, 0, 2, 3, 9, 9, 9, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0);
  const read = readHeader(header);
  assert.deepEqual(
    [hex(read?.groupId ?? GROUP), read?.epoch, read?.what],
    ["090909", 258, "commit"],
  );
  assert.equal(readHeader(header.slice(0, 10)), null);
  assert.equal(readHeader(Uint8Array.of(0, 1, 0, 3, 3, 9)), null);
});
