/** What the phone believes of a directory, and what it refuses and goes on without. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, toBase64url, utf8 } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import { MemoryShelf } from "../../../counsel/client/memoryShelf.ts";
import { Vault } from "../../../counsel/client/vault.ts";
import { openDirectory, Pocket } from "../../../triage/client/directory/pocket.ts";
import { ANYTHING, Searching } from "../../../triage/client/directory/search.ts";
import { EVENING, key, minute, Organisation, state } from "../mls/cast.ts";

const DAY = 86_400_000;
const TODAY = new Date(EVENING).toISOString().slice(0, 10);

function bodyOf(version: number, entries: readonly Record<string, unknown>[], region = "44") {
  const names = new Set(["id", ...entries.flatMap((entry) => Object.keys(entry))]);
  const columns = Object.fromEntries(
    [...names].map((name) => [name, { all: entries.map((entry) => entry[name] ?? null) }]),
  );
  return utf8(JSON.stringify({ v: 1, region, version, zone: "Asia/Shanghai", columns }));
}

const AID = { id: "aid", name: "法律援助窗口", kind: "legal-aid", assured: TODAY };
const HALL = { id: "hall", name: "工会驿站", kind: "station", assured: TODAY, city: "样例市" };

interface Changes {
  readonly by?: "office" | "desk";
  readonly at?: number;
  readonly fields?: Readonly<Record<string, unknown>>;
}

async function sign(
  home: Organisation,
  body: Uint8Array<ArrayBuffer>,
  { by = "desk", at = EVENING, fields = {} }: Changes = {},
): Promise<Uint8Array> {
  const { region, version } = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
  const { signer, statement } = home.issuers[by];
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const said = await state(signer, "directory", {
    from: minute(at),
    until: minute(at),
    region,
    version,
    hash: toBase64url(hash),
    issuer: toBase64url(signer.publicKey),
    ...fields,
  });
  return concat(statement, said, body);
}

async function refusal(trust: Trust, file: Uint8Array): Promise<string> {
  try {
    await openDirectory(trust, file, "44");
    return "believed";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test("a directory an issuer signed is believed, and says who and when", async () => {
  const home = await Organisation.found();
  const signed = await openDirectory(await home.trust(), await sign(home, bodyOf(3, [AID])), "44");
  assert.equal(signed.directory.version, 3);
  assert.equal(signed.by, "周");
  assert.equal(signed.signedAt, EVENING);
  assert.equal(signed.directory.entry(0).name, "法律援助窗口");
});

test("what is unsigned, altered, of another province or by nobody we know is refused", async () => {
  const home = await Organisation.found();
  const trust = await home.trust();
  const body = bodyOf(1, [AID]);
  const file = await sign(home, body);
  const altered = file.slice();
  altered[altered.length - 4] = (altered[altered.length - 4] as number) ^ 1;
  assert.equal(await refusal(trust, body), "certificate-unreadable");
  assert.equal(await refusal(trust, altered), "altered");
  assert.equal(await refusal(trust, file.slice(0, file.length - 1)), "altered");
  assert.equal(await refusal(trust, await sign(home, bodyOf(1, [AID], "11"))), "other");
  assert.equal(await refusal(trust, await sign(home, body, { fields: { version: 2 } })), "other");
  const early = { at: EVENING - 150 * DAY };
  assert.equal(await refusal(trust, await sign(home, body, early)), "certificate-dates");
  const elsewhere = await Organisation.found();
  assert.equal(await refusal(trust, await sign(elsewhere, body)), "certificate-forged");
  const mallory = await key();
  const said = { ...home.issuers.desk, signer: mallory };
  const forged = Object.assign(Object.create(home), { issuers: { desk: said } }) as Organisation;
  assert.equal(await refusal(trust, await sign(forged, body)), "certificate-forged");
  const kind = await state(home.issuers.desk.signer, "head", { region: "44" });
  const other = concat(home.issuers.desk.statement, kind, body);
  assert.equal(await refusal(trust, other), "certificate-forged");
});

test("an issuer the log has taken back signs no directory any more", async () => {
  const home = await Organisation.found();
  const file = await sign(home, bodyOf(1, [AID]));
  await home.issued.revoke(home.issuers.desk.statement);
  assert.equal(await refusal(await home.trust(), file), "certificate-revoked");
  const office = await sign(home, bodyOf(1, [AID]), { by: "office" });
  assert.equal(await refusal(await home.trust(), office), "believed");
});

test("another version of its layout is not guessed at", async () => {
  const home = await Organisation.found();
  const later = utf8(JSON.stringify({ v: 2, region: "44", version: 1 }));
  assert.equal(await refusal(await home.trust(), await sign(home, later)), "newer");
  const lopsided = { id: { all: ["a", "b"] }, name: { all: ["one"] } };
  const body = utf8(
    JSON.stringify({ v: 1, region: "44", version: 1, zone: "", columns: lopsided }),
  );
  assert.equal(await refusal(await home.trust(), await sign(home, body)), "unreadable");
});

/** A phone whose server gives what it is told to, one file after the other. */
async function phone(home: Organisation, files: (Uint8Array | string)[], shelf = new Lasting()) {
  const vault = await Vault.open("test", { shelf, keep: true });
  return new Pocket(await home.trust(), vault, async () => {
    const next = files.shift();
    if (next instanceof Uint8Array) return next;
    throw Object.assign(new Error(next), { code: next });
  });
}

class Lasting extends MemoryShelf {
  override readonly durable = true;
  override close(): void {}
}

test("an older directory is refused, and the newer one in the pocket goes on", async () => {
  const home = await Organisation.found();
  const [old, fresh] = [await sign(home, bodyOf(1, [AID])), await sign(home, bodyOf(2, [HALL]))];
  const shelf = new Lasting();
  const first = await phone(home, [fresh, old], shelf);
  assert.equal((await first.take("44")).doubt, "");
  const again = await first.take("44");
  assert.equal(again.doubt, "old");
  assert.equal(again.signed.directory.entry(0).id, "hall");
  // The page was closed in between: what was believed once is remembered.
  const later = await (await phone(home, [old], shelf)).take("44");
  assert.equal(later.doubt, "old");
  assert.equal(later.signed.directory.version, 2);
});

test("two directories of one number are two stories: the first one stays", async () => {
  const home = await Organisation.found();
  const files = [await sign(home, bodyOf(1, [AID])), await sign(home, bodyOf(1, [HALL]))];
  const pocket = await phone(home, files);
  await pocket.take("44");
  const { signed, doubt } = await pocket.take("44");
  assert.equal(doubt, "split");
  assert.equal(signed.directory.entry(0).id, "aid");
});

test("without a line, and against an altered file, what lies in the pocket helps", async () => {
  const home = await Organisation.found();
  const file = await sign(home, bodyOf(1, [AID]));
  const broken = file.slice();
  broken[broken.length - 4] = 0;
  const shelf = new Lasting();
  await (await phone(home, [file], shelf)).take("44");
  const pocket = await phone(home, ["offline", broken], shelf);
  assert.deepEqual(
    [(await pocket.take("44")).doubt, (await pocket.take("44")).doubt],
    ["offline", "altered"],
  );
});

test("with nothing in the pocket the reason is said", async () => {
  const home = await Organisation.found();
  await assert.rejects((await phone(home, ["none"])).take("44"), { code: "none" });
  const unsigned = [bodyOf(1, [AID])];
  await assert.rejects((await phone(home, unsigned)).take("44"), {
    code: "certificate-unreadable",
  });
});

test("a pocket whose issuer was taken back meanwhile is not believed either", async () => {
  const home = await Organisation.found();
  const shelf = new Lasting();
  await (await phone(home, [await sign(home, bodyOf(1, [AID]))], shelf)).take("44");
  await home.issued.revoke(home.issuers.desk.statement);
  await assert.rejects((await phone(home, ["offline"], shelf)).take("44"), { code: "offline" });
});

test("with no line at all, not even to the log, what was believed once still helps", async () => {
  const home = await Organisation.found();
  const shelf = new Lasting();
  await (await phone(home, [await sign(home, bodyOf(1, [AID]))], shelf)).take("44");
  const vault = await Vault.open("test", { shelf, keep: true });
  const cut = await home.trust({ log: () => Promise.reject(new Error("no line")) });
  const pocket = new Pocket(cut, vault, () => Promise.reject(new Error("no line")));
  const { signed, doubt } = await pocket.take("44");
  assert.equal(doubt, "offline");
  assert.equal(signed.directory.entry(0).id, "aid");
});

test("on a line that swallows everything nobody waits long for what lies in the pocket", async () => {
  const home = await Organisation.found();
  const shelf = new Lasting();
  await (await phone(home, [await sign(home, bodyOf(1, [AID]))], shelf)).take("44");
  const vault = await Vault.open("test", { shelf, keep: true });
  let arrive: (file: Uint8Array) => void = () => undefined;
  const line = (): Promise<Uint8Array> => new Promise((done) => (arrive = done));
  const pocket = new Pocket(await home.trust(), vault, line, 20);
  const late = new Promise<null>((done) => setTimeout(done, 2_000, null));
  assert.equal((await Promise.race([pocket.take("44"), late]))?.doubt, "offline");
  // What was only slow is there for the next look.
  arrive(await sign(home, bodyOf(2, [HALL])));
  await new Promise((done) => setTimeout(done, 200));
  assert.equal((await pocket.take("44")).signed.directory.entry(0).id, "hall");
});

// --- looking something up ------------------------------------------------------------------------

const at = Date.parse("2026-11-24T02:00:00Z"); // Tuesday, ten in the morning in China
const WEEKDAYS = [{ byday: "MO,TU,WE,TH,FR", opens_at: "09:00", closes_at: "17:00" }];
const NIGHTS = [{ freq: "DAILY", opens_at: "20:00", closes_at: "06:00" }];

async function book(entries: readonly Record<string, unknown>[]): Promise<Searching> {
  const home = await Organisation.found();
  const file = await sign(home, bodyOf(1, entries));
  return new Searching((await openDirectory(await home.trust(), file, "44")).directory);
}

const names = (searching: Searching, wish: Partial<typeof ANYTHING>, now = at): string[] =>
  searching.find({ ...ANYTHING, ...wish }, now, 10).hits.map((hit) => hit.entry.id);

test("every word typed must stand somewhere, whatever its width or case", async () => {
  const assured = "2026-11-01";
  const searching = await book([
    { id: "a", name: "Ａid desk 法律援助", city: "深圳", assured },
    { id: "b", name: "驿站", says: "也帮忙找法律援助", city: "广州", assured },
  ]);
  assert.deepEqual(names(searching, { words: "法律" }), ["a", "b"]);
  assert.deepEqual(names(searching, { words: "法律 广州" }), ["b"]);
  assert.deepEqual(names(searching, { words: "aid，深圳" }), ["a"]);
  assert.deepEqual(names(searching, { words: "医院" }), []);
});

test("what is open comes first, and can be all that is asked for", async () => {
  const assured = "2026-11-01";
  const searching = await book([
    { id: "night", hours: NIGHTS, assured },
    { id: "day", hours: WEEKDAYS, assured },
    { id: "unsaid", assured },
    { id: "shut", hours: WEEKDAYS, status: "temporarily closed", assured },
  ]);
  assert.deepEqual(names(searching, {}), ["day", "unsaid", "night", "shut"]);
  assert.deepEqual(names(searching, { openOnly: true }), ["day"]);
});

test("what nobody vouched for lately is grey and last, and after half a year not there", async () => {
  const searching = await book([
    { id: "grey", assured: "2026-08-01" },
    { id: "gone", assured: "2026-05-01" },
    { id: "never" },
    { id: "fresh", assured: "2026-11-01" },
  ]);
  const { hits } = searching.find(ANYTHING, at, 10);
  assert.deepEqual(
    hits.map((hit) => [hit.entry.id, hit.stale]),
    [
      ["fresh", false],
      ["grey", true],
    ],
  );
  // Nothing is fetched meanwhile: the same directory grows old in the pocket.
  assert.deepEqual(names(searching, {}, at + 120 * DAY), ["fresh"]);
  assert.deepEqual(names(searching, {}, at + 200 * DAY), []);
});

test("what lies inside a plant is shown only to who asks for it", async () => {
  const assured = "2026-11-01";
  const searching = await book([
    { id: "in", in_plant: true, assured },
    { id: "out", assured },
  ]);
  assert.equal(searching.find(ANYTHING, at, 10).inPlant, 1);
  assert.deepEqual(names(searching, {}), ["out"]);
  assert.deepEqual(names(searching, { inPlant: true }), ["in", "out"]);
});

test("nothing that is no telephone number becomes one", async () => {
  const phones = [["javascript:1", ""], ["12348", "白天"], ["+86 755 8888", 7], "x", [12348, ""]];
  const searching = await book([{ id: "a", phones, assured: "2026-11-01" }]);
  const [hit] = searching.find(ANYTHING, at, 1).hits;
  assert.deepEqual(hit?.entry.phones, [
    ["12348", "白天"],
    ["+86 755 8888", ""],
  ]);
});
