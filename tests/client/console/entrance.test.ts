import assert from "node:assert/strict";
import { test } from "node:test";

import {
  addPasskey,
  askForAuthenticator,
  join,
  lookAtInvitation,
  signInByPasskey,
} from "../../../counsel/client/entrance.ts";
import { forgetJoinToken, type Place, takeJoinToken } from "../../../counsel/client/joinLink.ts";
import { pathOf } from "../../../counsel/client/qrPath.ts";
import { openStaffApi } from "../../../counsel/client/staffApi.ts";
import { server } from "./staffServer.ts";

const LIN = { working_name: "林", role: "counsellor", person: "p1" };
const TOKEN = [200, { csrf: "t" }] as const;

// --- the link -----------------------------------------------------------------------------------

/** A tab opened at this address; what its bar says then, and what it keeps. */
function tab(hash: string, kept = new Map<string, string>()): Place & { bar: string[] } {
  const bar: string[] = [];
  return {
    bar,
    location: { hash, pathname: "/zh/staff/" },
    history: { replaceState: (_data, _title, url) => bar.push(url) },
    kept: {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, text) => void kept.set(name, text),
      removeItem: (name) => void kept.delete(name),
    },
  };
}

test("the token leaves the address bar at once and stays with the tab until it is used", () => {
  const kept = new Map<string, string>();
  const first = tab("#join=abc_-9", kept);
  assert.equal(takeJoinToken(first), "abc_-9");
  assert.deepEqual(first.bar, ["/zh/staff/"]);
  const again = tab("", kept);
  assert.equal(takeJoinToken(again), "abc_-9");
  assert.deepEqual(again.bar, []);
  forgetJoinToken(again);
  assert.equal(kept.size, 0);
  assert.equal(takeJoinToken(tab("", kept)), "");
});

test("what is no token goes from the address bar too, and is not asked about", () => {
  const strange = tab("#join=<b>");
  assert.equal(takeJoinToken(strange), "");
  assert.deepEqual(strange.bar, ["/zh/staff/"]);
  const other = tab("#main");
  assert.equal(takeJoinToken(other), "");
  assert.deepEqual(other.bar, [], "the skip link is none of our business");
  assert.equal(takeJoinToken({ ...tab("#join=abc"), kept: null }), "abc");
});

// --- what is asked ------------------------------------------------------------------------------

test("joining: looked at, an authenticator, and in", async () => {
  const { calls, ask } = server(
    TOKEN,
    [200, { kind: "join", working_name: "林", role: "counsellor", organisation: "工会" }],
    [200, { secret: "ABCD", uri: "otpauth://totp/x?secret=ABCD", picture: ["10", "01"] }],
    [200, { me: LIN, recovery: ["cdfg-hjkm-npqr"] }],
    TOKEN,
    [200, {}],
  );
  const api = openStaffApi(ask);
  const looked = await lookAtInvitation(api, "tok");
  assert.ok(looked.ok && looked.value.kind === "join" && looked.value.organisation === "工会");
  const shown = await askForAuthenticator(api, "tok");
  assert.deepEqual(shown.ok && shown.value.picture, ["10", "01"]);
  const chosen = { signInName: "lin", password: "pass", code: "123456" };
  const joined = await join(api, "tok", chosen);
  assert.deepEqual(joined.ok && joined.value, { me: LIN, recovery: ["cdfg-hjkm-npqr"] });
  assert.deepEqual(calls[3]?.body, {
    token: "tok",
    sign_in_name: "lin",
    password: "pass",
    code: "123456",
  });
  await api.ask("me", {}, () => true);
  assert.equal(calls[4]?.path, "/api/csrf", "joining draws new tokens");
});

test("a server cannot make its link lead anywhere else, nor its picture be anything else", async () => {
  const good = { secret: "ABCD", uri: "otpauth://totp/x", picture: ["1"] };
  for (const change of [
    { uri: "javascript:alert(1)" },
    { uri: "https://elsewhere.example/otpauth://totp/" },
    { picture: ["10"] },
    { picture: ["1<"] },
    { picture: [] },
  ]) {
    const { ask } = server(TOKEN, [200, { ...good, ...change }]);
    const shown = await askForAuthenticator(openStaffApi(ask), "tok");
    assert.deepEqual(shown, { ok: false, code: "internal", retryAfter: 0 }, JSON.stringify(change));
  }
});

test("a passkey: asked for, used, signed in with; what came to nothing has a code", async () => {
  const asked = [200, { options: { challenge: "AA" } }] as const;
  const { calls, ask } = server(TOKEN, asked, [200, { me: LIN }], TOKEN, asked);
  const api = openStaffApi(ask);
  const signed = await signInByPasskey(api, async (options) => {
    assert.deepEqual(options, { challenge: "AA" });
    return { ok: true, credential: { id: "AB" } };
  });
  assert.deepEqual(signed, { ok: true, value: LIN });
  assert.deepEqual(calls[2]?.body, { credential: { id: "AB" } });
  const cancelled = await signInByPasskey(api, async () => ({ ok: false, fault: "unmade" }));
  assert.deepEqual(cancelled, { ok: false, code: "passkey-unmade", retryAfter: 0 });
  assert.equal(calls.length, 5, "nothing is posted for what was not made");
});

test("a new passkey goes with its name and the code that proves somebody is there", async () => {
  const { calls, ask } = server(TOKEN, [200, { options: {} }], [200, {}]);
  const made = await addPasskey(openStaffApi(ask), "家里的电脑", "123456", async () => ({
    ok: true,
    credential: { id: "AB" },
  }));
  assert.equal(made.ok, true);
  assert.deepEqual(calls[2]?.body, {
    credential: { id: "AB" },
    name: "家里的电脑",
    code: "123456",
  });
});

// --- the square code ----------------------------------------------------------------------------

test("each dark module is in the path exactly once, four light ones around", () => {
  const rows = ["1101", "0000", "0110", "1001"];
  const dark = new Set<string>();
  for (const [, x, y, width] of pathOf(rows).matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let i = 0; i < Number(width); i++) {
      const at = `${Number(x) + i - 4},${Number(y) - 4}`;
      assert.ok(!dark.has(at), at);
      dark.add(at);
    }
  }
  const expected = rows.flatMap((row, y) =>
    [...row].flatMap((module, x) => (module === "1" ? [`${x},${y}`] : [])),
  );
  assert.deepEqual([...dark].sort(), expected.sort());
});
