/** The directory's page while somebody uses it: nothing typed is lost, nothing unread is signed. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { toBase64url, utf8 } from "../../../counsel/client/bytes.ts";
import type { Json, Me, Outcome, StaffApi } from "../../../counsel/client/staffApi.ts";
import { changesOf } from "../../../triage/client/directory/changes.ts";
import { DirectoryBook } from "../../../triage/client/directory/directoryBook.ts";
import { Directory } from "../../../triage/client/directory/entry.ts";
import { ANSWERS, TEXTS } from "../../../triage/client/directory/questions.ts";

const ZHOU: Me = { working_name: "周", role: "supervisor", person: "p2" };
const WORDS = Object.fromEntries([...TEXTS, ...ANSWERS].map((name) => [name, ""]));

const form = (id: string, name: string): Json => ({
  ...WORDS,
  ...{ id, name, kind: "station", region: "44", status: "active", in_plant: false, minutes: 0 },
  ...{ phones: [], hours: [], assured: "", called: "", sample: false },
});

interface Held {
  readonly answer: () => void;
}

/** A server that answers at once, but for what a test holds back. */
class Server {
  readonly asked: [string, Json][] = [];
  readonly held: Held[] = [];
  hold = "";
  answers: Record<string, Json> = {
    directory: {
      regions: [{ region: "44", services: 1, version: 0, entries: 0, made: null, by: null }],
    },
    "directory/list": { services: [], more: 0 },
    "directory/service": { service: form("s1", "驿站") },
    "directory/save": { id: "s1" },
    "directory/publish": { version: 3 },
  };

  readonly api = {
    ask: async <T>(path: string, body: Json, read: (json: Json) => T): Promise<Outcome<T>> => {
      this.asked.push([path, body]);
      if (path === this.hold) {
        await new Promise<void>((done) => this.held.push({ answer: done }));
      }
      return { ok: true, value: read(this.answers[path] ?? {}) };
    },
  } as StaffApi;
}

function bodyOf(version: number, names: readonly string[], region = "44"): Uint8Array<ArrayBuffer> {
  const columns = { id: { all: names }, name: { all: names } };
  return utf8(JSON.stringify({ v: 1, region, version, zone: "Asia/Shanghai", columns }));
}

const digestOf = (body: Uint8Array): string =>
  toBase64url(createHash("sha256").update(body).digest());

async function opened(server: Server): Promise<DirectoryBook> {
  const book = new DirectoryBook(server.api, ZHOU, {
    sign: async () => ({ ok: true, value: new Uint8Array(1) }),
    fetchFile: () => Promise.reject(new Error("none")),
  });
  await book.load();
  await book.open("s1");
  return book;
}

async function soon(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 1));
}

test("a form closed while it is being saved stays closed", async () => {
  const server = new Server();
  const book = await opened(server);
  server.hold = "directory/service";
  const saving = book.save();
  await soon(() => server.held.length === 1);
  book.write(null);
  server.held[0]?.answer();
  await saving;
  assert.equal(book.view.form, null);
  assert.equal(book.view.said?.done, "save");
});

test("what is typed while a new place is being saved is kept, and is that place's", async () => {
  const server = new Server();
  const book = await opened(server);
  book.begin();
  server.hold = "directory/service";
  const saving = book.save();
  await soon(() => server.held.length === 1);
  const blank = book.view.form;
  assert.ok(blank !== null && blank.id === "");
  book.write({ ...blank, words: { name: "再改一下" } });
  server.held[0]?.answer();
  await saving;
  assert.deepEqual([book.view.form?.id, book.view.form?.words["name"]], ["s1", "再改一下"]);
});

test("an answer to an older question does not replace a newer list", async () => {
  const server = new Server();
  const book = await opened(server);
  server.hold = "directory/list";
  const first = book.look("44", "旧");
  await soon(() => server.held.length === 1);
  server.hold = "";
  server.answers["directory/list"] = { services: [], more: 7 };
  await book.look("44", "新");
  server.answers["directory/list"] = { services: [], more: 1 };
  server.held[0]?.answer();
  await first;
  assert.equal(book.view.list?.more, 7);
});

/** A page that packs what the server says, and is given these files. */
async function packing(told: Uint8Array, files: Readonly<Record<string, Uint8Array>>) {
  const server = new Server();
  server.answers["directory/draft"] = { digest: digestOf(told), version: 3 };
  const signed: unknown[] = [];
  const book = new DirectoryBook(server.api, ZHOU, {
    sign: async (edition) => {
      signed.push(edition);
      return { ok: true, value: Uint8Array.of(7) };
    },
    fetchFile: async (name) => {
      const file = name === "44" ? files["44"] : files["draft"];
      if (file === undefined) throw new Error("none");
      return file;
    },
  });
  await book.load();
  await book.pack();
  return { server, book, signed };
}

test("what was read and shown is what is signed, to the bit", async () => {
  const body = bodyOf(3, ["甲", "乙"]);
  const { server, book, signed } = await packing(body, { draft: body });
  assert.deepEqual(book.view.draft?.changes.added, ["甲", "乙"]);
  await book.ship();
  const hash = new Uint8Array(createHash("sha256").update(body).digest());
  assert.deepEqual(signed, [{ region: "44", version: 3, hash }]);
  const [, sent] = server.asked.find(([path]) => path === "directory/publish") ?? [];
  assert.deepEqual(sent, { digest: digestOf(body), statement: "Bw" });
});

test("a draft that is not what the server said, or of elsewhere, is never signed", async () => {
  const body = bodyOf(3, ["甲"]);
  const others = [bodyOf(3, ["假"]), body.slice(1)];
  for (const draft of others) {
    const { book, signed } = await packing(body, { draft });
    assert.equal(book.view.said?.code, "altered");
    assert.equal(await book.ship(), false);
    assert.deepEqual(signed, []);
  }
  for (const wrong of [bodyOf(2, ["甲"]), bodyOf(3, ["甲"], "11")]) {
    const { book, signed } = await packing(wrong, { draft: wrong });
    assert.equal(book.view.said?.code, "altered");
    assert.deepEqual(signed, []);
  }
});

test("what is new, changed and gone is told by name", () => {
  const row = (id: string, name: string): Json => ({ id, name });
  const of = (rows: readonly Json[]): Directory => {
    const column = (key: string): Json => ({ all: rows.map((one) => one[key]) });
    const columns = { id: column("id"), name: column("name") };
    return new Directory(utf8(JSON.stringify({ v: 1, region: "44", version: 1, columns })));
  };
  const [before, after] = [
    of([row("a", "甲"), row("b", "乙"), row("c", "丙")]),
    of([row("a", "甲"), row("b", "乙二"), row("d", "丁")]),
  ];
  assert.deepEqual(changesOf(before, after), { added: ["丁"], changed: ["乙二"], gone: ["丙"] });
  assert.deepEqual(changesOf(after, after), { added: [], changed: [], gone: [] });
});
