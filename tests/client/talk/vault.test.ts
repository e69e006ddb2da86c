import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { utf8 } from "../../../counsel/client/bytes.ts";
import type { Row } from "../../../counsel/client/memoryShelf.ts";
import { Vault } from "../../../counsel/client/vault.ts";
import { LastingShelf } from "./cast.ts";

/** A browser's storage for one tab; another tab has another one. */
class Tab {
  readonly marks = new Map<string, string>();
  getItem(name: string): string | null {
    return this.marks.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.marks.set(name, value);
  }
  removeItem(name: string): void {
    this.marks.delete(name);
  }
  clear(): void {
    this.marks.clear();
  }
}

function inTab(tab: Tab): void {
  Object.defineProperty(globalThis, "sessionStorage", { value: tab, configurable: true });
}

/** Web Locks of a browser in which these spaces are in use. */
function living(...spaces: readonly string[]): void {
  const held = spaces.map((space) => ({ name: `v space ${space}` }));
  const locks = { request: async () => undefined, query: async () => ({ held }) };
  Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
}

beforeEach(() => {
  inTab(new Tab());
  living();
});

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

test("what is written is read again, and lies sealed", async () => {
  const shelf = new LastingShelf();
  const vault = await Vault.open("v", { shelf, keep: true });
  assert.ok(await vault.write([{ name: "a", version: 0, bytes: utf8("工资三个月没发") }]));
  assert.equal(text((await vault.read("a"))?.bytes), "工资三个月没发");
  const [row] = await shelf.rows("kept", "");
  assert.ok(!Buffer.from(row?.sealed ?? new Uint8Array(0)).includes(Buffer.from("工资")));
  const [space] = await shelf.spaces();
  await assert.rejects(crypto.subtle.exportKey("raw", space?.key as CryptoKey));
});

test("all or nothing: one version that differs, and nothing is written", async () => {
  const vault = await Vault.open("v", { shelf: new LastingShelf(), keep: true });
  assert.ok(await vault.write([{ name: "state", version: 0, bytes: utf8("1") }]));
  const late = [
    { name: "out", version: 0, bytes: utf8("sealed") },
    { name: "state", version: 0, bytes: utf8("2") },
  ];
  assert.equal(await vault.write(late), false);
  assert.equal(await vault.read("out"), null);
  assert.equal(text((await vault.read("state"))?.bytes), "1");
});

test("two pages, one version: exactly one of them wins", async () => {
  const shelf = new LastingShelf();
  const one = await Vault.open("v", { shelf, keep: true });
  await one.write([{ name: "state", version: 0, bytes: utf8("0") }]);
  const two = await Vault.open("v", { shelf });
  const won = await Promise.all(
    [one, two].map((vault, i) => vault.write([{ name: "state", version: 1, bytes: utf8(`${i}`) }])),
  );
  assert.deepEqual(won.sort(), [false, true]);
});

test("a record moved to another name or set back to an older version is not read", async () => {
  const shelf = new LastingShelf();
  const vault = await Vault.open("v", { shelf, keep: true });
  await vault.write([{ name: "a", version: 0, bytes: utf8("old") }]);
  const old = (await shelf.row("kept", "a")) as Row;
  await vault.write([{ name: "a", version: 1, bytes: utf8("new") }]);
  await shelf.write("kept", [{ name: "a", version: 2, row: { ...old, version: 2 } }]);
  assert.equal(await vault.read("a"), null);
  await shelf.write("kept", [{ name: "b", version: 0, row: { ...old, name: "b" } }]);
  assert.equal(await vault.read("b"), null);
});

test("not kept: a reload of the tab reads it, another tab does not", async () => {
  const shelf = new LastingShelf();
  const mine = new Tab();
  inTab(mine);
  const vault = await Vault.open("v", { shelf });
  await vault.write([{ name: "a", version: 0, bytes: utf8("mine") }]);
  assert.equal(vault.holds, "tab");
  const reloaded = await Vault.open("v", { shelf });
  assert.equal(text((await reloaded.read("a"))?.bytes), "mine");
  living(...(await shelf.spaces()).map((space) => space.id));
  inTab(new Tab());
  const other = await Vault.open("v", { shelf });
  assert.equal(await other.read("a"), null);
  assert.equal((await shelf.spaces()).length, 1, "a living tab's space was taken away");
});

test("not kept, and the tab was closed: unreadable, and gone with the next page", async () => {
  const shelf = new LastingShelf();
  const vault = await Vault.open("v", { shelf });
  await vault.write([{ name: "a", version: 0, bytes: utf8("mine") }]);
  await vault.putHandle("signer", (await shelf.spaces())[0]?.key ?? null);
  inTab(new Tab());
  const next = await Vault.open("v", { shelf });
  assert.deepEqual(await shelf.spaces(), []);
  assert.equal(await next.read("a"), null);
  assert.equal(await vault.write([{ name: "b", version: 0, bytes: utf8("late") }]), false);
});

test("nothing written, nothing left: not even an empty space", async () => {
  const shelf = new LastingShelf();
  const vault = await Vault.open("v", { shelf });
  await vault.read("a");
  assert.deepEqual(await shelf.spaces(), []);
});

test("choosing to keep: everything is sealed anew, and the tab's part is gone", async () => {
  const shelf = new LastingShelf();
  const tab = new Tab();
  inTab(tab);
  const vault = await Vault.open("v", { shelf });
  await vault.write([{ name: "a", version: 0, bytes: utf8("mine") }]);
  await vault.write([{ name: "a", version: 1, bytes: utf8("mine 2") }]);
  const { publicKey } = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  await vault.putHandle("signer", publicKey);
  await vault.keep(true);
  assert.equal(vault.holds, "kept");
  assert.equal(tab.marks.size, 0);
  assert.ok(await vault.write([{ name: "a", version: 2, bytes: utf8("mine 3") }]));
  inTab(new Tab());
  const later = await Vault.open("v", { shelf });
  assert.equal(text((await later.read("a"))?.bytes), "mine 3");
  assert.equal(await later.handle("signer"), publicKey);
  await later.keep(false);
  inTab(new Tab());
  const closed = await Vault.open("v", { shelf });
  assert.equal(await closed.read("a"), null);
});

test("leaving: unreadable in the same instant, unless it was to be kept", async () => {
  const shelf = new LastingShelf();
  const tab = new Tab();
  inTab(tab);
  const vault = await Vault.open("v", { shelf });
  await vault.write([{ name: "a", version: 0, bytes: utf8("mine") }]);
  const leaving = vault.leave();
  assert.equal(tab.marks.size, 0, "the part of the key is still there");
  await leaving;
  assert.deepEqual(await shelf.spaces(), []);
  const kept = await Vault.open("v", { shelf, keep: true });
  await kept.write([{ name: "a", version: 0, bytes: utf8("mine") }]);
  await kept.leave();
  assert.equal(text((await (await Vault.open("v", { shelf })).read("a"))?.bytes), "mine");
});

test("wiping: nothing is left, and whoever still writes is told so", async () => {
  const shelf = new LastingShelf();
  const vault = await Vault.open("v", { shelf, keep: true });
  await vault.write([{ name: "a", version: 0, bytes: utf8("mine") }]);
  await vault.wipe();
  assert.deepEqual(await shelf.spaces(), []);
  assert.equal(await vault.write([{ name: "b", version: 0, bytes: utf8("late") }]), false);
});

test("no database here: it works until the page goes, and says so", async () => {
  Reflect.deleteProperty(globalThis, "indexedDB");
  const vault = await Vault.open("v");
  assert.equal(vault.holds, "memory");
  assert.ok(await vault.write([{ name: "a", version: 0, bytes: utf8("mine") }]));
  assert.equal(text((await vault.read("a"))?.bytes), "mine");
  assert.equal(await (await Vault.open("v")).read("a"), null);
});

test("storage forbidden: the page works, and does not claim to survive a reload", async () => {
  Object.defineProperty(globalThis, "sessionStorage", {
    configurable: true,
    get() {
      throw new DOMException("denied", "SecurityError");
    },
  });
  const vault = await Vault.open("v", { shelf: new LastingShelf() });
  assert.ok(await vault.write([{ name: "a", version: 0, bytes: utf8("mine") }]));
  assert.equal(vault.holds, "memory");
});
