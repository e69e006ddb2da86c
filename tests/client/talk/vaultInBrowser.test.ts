/** The vault on a real IndexedDB, with real tabs that are reloaded and closed. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Browser, type Tab } from "./browser.ts";

const SCENE = `
  import { Vault } from "./counsel/client/vault.ts";
  const utf8 = (text) => new TextEncoder().encode(text);
  globalThis.Vault = Vault;
  globalThis.save = async (vault, name, version, text) =>
    vault.write([{ name, version, bytes: utf8(text) }]);
  globalThis.look = async (vault, name) => {
    const found = await vault.read(name);
    return found && new TextDecoder().decode(found.bytes);
  };
  globalThis.remains = async () => [
    (await indexedDB.databases()).length, sessionStorage.length, localStorage.length,
    (await caches.keys()).length, document.cookie.length,
  ];
`;

let browser: Browser;
before(async () => {
  const stdin = { contents: SCENE, resolveDir: process.cwd(), loader: "ts" as const };
  const result = await build({
    stdin,
    bundle: true,
    write: false,
    format: "iife",
    target: "es2020",
  });
  browser = await Browser.open(result.outputFiles[0]?.text ?? "");
});
after(() => browser.close());

const open = (tab: Tab, name: string, keep = false): Promise<unknown> =>
  tab.run(`window.vault = await Vault.open("${name}", { keep: ${keep} }); return vault.holds`);

test("kept: there after a reload, and in a new tab", async () => {
  const tab = await browser.tab();
  assert.equal(await open(tab, "kept", true), "kept");
  assert.equal(await tab.run(`return save(vault, "a", 0, "工资")`), true);
  await tab.run(`const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" },
    false, ["sign", "verify"]); await vault.putHandle("signer", pair.privateKey)`);
  await tab.reload();
  await open(tab, "kept");
  assert.equal(await tab.run(`return look(vault, "a")`), "工资");
  await tab.close();
  const later = await browser.tab();
  await open(later, "kept");
  assert.equal(await later.run(`return look(vault, "a")`), "工资");
  assert.equal(await later.run(`return (await vault.handle("signer")).extractable`), false);
  await later.run("await vault.wipe()");
  assert.deepEqual(await later.run("return remains()"), [0, 0, 0, 0, 0]);
  await later.close();
});

test("not kept: there after a reload; after closing nobody reads it, and the next page clears it", async () => {
  const tab = await browser.tab();
  assert.equal(await open(tab, "tab"), "tab");
  await tab.run(`return save(vault, "a", 0, "mine")`);
  await tab.reload();
  await open(tab, "tab");
  assert.equal(await tab.run(`return look(vault, "a")`), "mine");
  const beside = await browser.tab();
  await open(beside, "tab");
  assert.equal(await beside.run(`return look(vault, "a")`), null);
  assert.equal(await tab.run(`return save(vault, "a", 1, "still mine")`), true);
  await beside.close();
  await tab.close();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const next = await browser.tab();
  await open(next, "tab");
  assert.equal(await next.run(`return look(vault, "a")`), null);
  assert.deepEqual(await next.run("return remains()"), [0, 0, 0, 0, 0]);
  await next.close();
});

test("two tabs of a kept talk: one write wins; wiping in one ends the other", async () => {
  const [one, two] = [await browser.tab(), await browser.tab()];
  await open(one, "race", true);
  await one.run(`return save(vault, "state", 0, "0")`);
  await open(two, "race");
  const won = await Promise.all(
    [one, two].map((tab) => tab.run(`return save(vault, "state", 1, "x")`)),
  );
  assert.deepEqual(won.sort(), [false, true]);
  await one.run("await vault.wipe()");
  assert.equal(await two.run(`return save(vault, "state", 2, "late")`), false);
  assert.deepEqual(await two.run("return remains()"), [0, 0, 0, 0, 0]);
  await one.close();
  await two.close();
});

test("choosing to keep, and not to: the whole talk moves, handles too", async () => {
  const tab = await browser.tab();
  await open(tab, "choice");
  await tab.run(`await save(vault, "a", 0, "mine");
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    await vault.putHandle("signer", key); await vault.keep(true)`);
  assert.equal(await tab.run("return sessionStorage.length"), 0);
  await tab.reload();
  assert.equal(await open(tab, "choice"), "kept");
  assert.equal(await tab.run(`return look(vault, "a")`), "mine");
  assert.equal(await tab.run(`return (await vault.handle("signer")).type`), "secret");
  await tab.run("await vault.keep(false)");
  await tab.run("await vault.leave()");
  assert.deepEqual(await tab.run("return remains()"), [0, 0, 0, 0, 0]);
  await tab.close();
});

test("a connection the browser closed behind our back is opened again", async () => {
  const tab = await browser.tab();
  await open(tab, "cut", true);
  await tab.run(`await save(vault, "a", 0, "mine"); vault.shelf.inner.database.close()`);
  assert.equal(await tab.run(`return save(vault, "a", 1, "mine 2")`), true);
  assert.equal(await tab.run(`return look(vault, "a")`), "mine 2");
  await tab.run("await vault.wipe()");
  await tab.close();
});
