import assert from "node:assert/strict";
import { test } from "node:test";

import { toBase64url } from "../../../counsel/client/bytes.ts";
import { SIZES } from "../../../counsel/client/contract.ts";
import {
  colleagueOf,
  flagOf,
  jsonOf,
  listOf,
  numberOf,
  oneOf,
  openStaffApi,
  paddedJson,
  textOf,
} from "../../../counsel/client/staffApi.ts";
import { server } from "./staffServer.ts";

const LIN = { working_name: "林", role: "counsellor", person: "p1" };

test("a body is one of the five sizes and still the same JSON", () => {
  for (const password of ["x", "林".repeat(200), "y".repeat(5_000)]) {
    const bytes = paddedJson({ password });
    assert.ok(SIZES.some((size) => size === bytes.length));
    assert.deepEqual(JSON.parse(new TextDecoder().decode(bytes)), { password });
  }
  assert.throws(() => paddedJson({ password: "y".repeat(40_000) }), RangeError);
});

test("signing in carries the token in a header and forgets it after", async () => {
  const { calls, ask } = server(
    [200, { csrf: "first" }],
    [200, { me: LIN }],
    [200, { csrf: "second" }],
    [200, { me: LIN, mode: "demo", wants_passkey: true, told: true }],
  );
  const api = openStaffApi(ask);
  assert.deepEqual(await api.signIn("lin", "secret", "123456"), { ok: true, value: LIN });
  assert.deepEqual(await api.me(), {
    ok: true,
    value: { me: LIN, mode: "demo", wantsPasskey: true, told: true },
  });
  assert.deepEqual(
    calls.map((call) => [call.path, call.headers["x-csrf-token"]]),
    [
      ["/api/csrf", ""],
      ["/api/sign-in", "first"],
      ["/api/csrf", ""],
      ["/api/me", "second"],
    ],
  );
});

test("wrong and right sign-ins are as long as each other on the wire", async () => {
  const { calls, ask } = server([200, { csrf: "t" }], [403, { code: "sign-in" }]);
  const api = openStaffApi(ask);
  assert.deepEqual(await api.signIn("lin", "p", "1"), {
    ok: false,
    code: "sign-in",
    retryAfter: 0,
  });
  assert.deepEqual(
    calls.map((call) => call.size),
    [384, 384],
  );
});

test("slowed down: with the time", async () => {
  const { ask } = server([200, { csrf: "t" }], [429, { code: "slow-down", retry_after: 42 }]);
  assert.deepEqual(await openStaffApi(ask).signIn("lin", "p", "1"), {
    ok: false,
    code: "slow-down",
    retryAfter: 42,
  });
});

test("a stale token is fetched anew once, then believed", async () => {
  const { calls, ask } = server(
    [200, { csrf: "old" }],
    [403, { code: "origin" }],
    [200, { csrf: "new" }],
    [403, { code: "origin" }],
  );
  const answer = await openStaffApi(ask).me();
  assert.equal(answer.ok, false);
  assert.equal(calls.length, 4);
  assert.equal(calls[3]?.headers["x-csrf-token"], "new");
});

test("no network, no JSON, no such role: a code, never a throw", async () => {
  assert.deepEqual(await openStaffApi(server("cut").ask).me(), {
    ok: false,
    code: "offline",
    retryAfter: 0,
  });
  const odd = server(
    [200, { csrf: "t" }],
    [200, { me: { ...LIN, role: "root" }, mode: "demo", wants_passkey: false, told: true }],
  );
  assert.deepEqual(await openStaffApi(odd.ask).me(), {
    ok: false,
    code: "internal",
    retryAfter: 0,
  });
});

test("a card and a duty statement come as bytes, with a word for how it stands", async () => {
  const identity = Uint8Array.of(1, 2, 255);
  const { calls, ask } = server(
    [200, { csrf: "t" }],
    [200, { state: "certified", identity: toBase64url(identity), statement: "AAE" }],
    [200, { state: "waiting", statement: "" }],
    [200, { state: "odd", statement: "" }],
  );
  const api = openStaffApi(ask);
  const statement = Uint8Array.of(0, 1);
  const certified = { state: "certified", identity, statement };
  assert.deepEqual(await api.certify(new Uint8Array(32)), { ok: true, value: certified });
  assert.deepEqual(calls[1]?.body, { key: "A".repeat(43) });
  const waiting = { state: "waiting", statement: new Uint8Array(0) };
  assert.deepEqual(await api.duty("c"), { ok: true, value: waiting });
  assert.deepEqual(calls[2]?.body, { card: "c" });
  assert.equal((await api.duty("c")).ok, false, "a word nobody knows is the server's fault");
});

test("any question: its answer is read, what cannot be read is the server's fault", async () => {
  const { calls, ask } = server([200, { csrf: "t" }], [200, { count: 3 }], [200, { count: "3" }]);
  const api = openStaffApi(ask);
  const read = (json: Readonly<Record<string, unknown>>): number => numberOf(json["count"]);
  assert.deepEqual(await api.ask("rota", { days: 7 }, read), { ok: true, value: 3 });
  assert.deepEqual(await api.ask("rota", { days: 7 }, read), {
    ok: false,
    code: "internal",
    retryAfter: 0,
  });
  assert.deepEqual(
    calls.map((call) => call.path),
    ["/api/csrf", "/api/rota", "/api/rota"],
  );
});

test("a login that is over is told to the page, by questions and by nothing else", async () => {
  const over = [401, { code: "signed-out" }] as const;
  const { ask } = server([200, { csrf: "t" }], over, over, [404, { code: "no-seat" }]);
  let told = 0;
  const api = openStaffApi(ask, () => {
    told += 1;
  });
  assert.equal((await api.me()).ok, false);
  assert.equal(told, 0);
  assert.equal((await api.ask("people", {}, () => 1)).ok, false);
  assert.equal((await api.ask("people", {}, () => 1)).ok, false);
  assert.equal(told, 1);
});

test("after an answer that is a login the next question asks for a new token", async () => {
  const { calls, ask } = server(
    [200, { csrf: "first" }],
    [200, { recovery: [] }],
    [200, { csrf: "second" }],
    [200, {}],
  );
  const api = openStaffApi(ask);
  await api.enter("me/recovery", { code: "123456" }, () => true);
  await api.ask("me/places", {}, () => true);
  assert.equal(calls[3]?.headers["x-csrf-token"], "second");
});

test("readers return what was promised, or throw", () => {
  assert.equal(textOf(""), "");
  assert.equal(numberOf(0), 0);
  assert.equal(flagOf(false), false);
  assert.deepEqual(listOf([1, 2], numberOf), [1, 2]);
  assert.equal(oneOf("b", ["a", "b"]), "b");
  assert.deepEqual(colleagueOf({ ...LIN, role: "auditor", more: 1 }), { ...LIN, role: "auditor" });
  const wrong: readonly (() => unknown)[] = [
    ...[null, 1, undefined].map((value) => () => textOf(value)),
    ...["1", -1, 0.5, Number.NaN, 2 ** 60].map((value) => () => numberOf(value)),
    ...[0, "true", null].map((value) => () => flagOf(value)),
    ...[{}, "ab", null].map((value) => () => listOf(value, (item) => item)),
    ...[[], null, "x"].map((value) => () => jsonOf(value)),
    () => oneOf("c", ["a", "b"]),
    () => colleagueOf({ ...LIN, role: "clock" }),
    () => colleagueOf({ working_name: "林", role: "auditor" }),
  ];
  for (const read of wrong) {
    assert.throws(read, TypeError);
  }
});
