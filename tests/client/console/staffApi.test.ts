import assert from "node:assert/strict";
import { test } from "node:test";

import { toBase64url } from "../../../counsel/client/bytes.ts";
import { SIZES } from "../../../counsel/client/contract.ts";
import { openStaffApi, paddedJson } from "../../../counsel/client/staffApi.ts";

interface Call {
  readonly path: string;
  readonly body: unknown;
  readonly size: number;
  readonly headers: Record<string, string>;
}

type Answer = readonly [status: number, body: unknown] | "cut";

/** A server that gives these answers in turn and writes down what it was asked. */
function server(...answers: readonly Answer[]): { calls: Call[]; ask: typeof fetch } {
  const calls: Call[] = [];
  const left = [...answers];
  const ask = async (url: unknown, init?: RequestInit): Promise<Response> => {
    const bytes = init?.body as Uint8Array;
    const headers = init?.headers as Record<string, string>;
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    calls.push({ path: String(url), body, size: bytes.length, headers });
    assert.equal(init?.method, "POST");
    const answer = left.shift() ?? "cut";
    if (answer === "cut") {
      throw new TypeError("failed to fetch");
    }
    return new Response(JSON.stringify(answer[1]).padEnd(384), { status: answer[0] });
  };
  return { calls, ask: ask as typeof fetch };
}

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
    [200, { me: LIN, mode: "demo" }],
  );
  const api = openStaffApi(ask);
  assert.deepEqual(await api.signIn("lin", "secret", "123456"), { ok: true, value: LIN });
  assert.deepEqual(await api.me(), { ok: true, value: { me: LIN, mode: "demo" } });
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
  const odd = server([200, { csrf: "t" }], [200, { me: { ...LIN, role: "root" }, mode: "demo" }]);
  assert.deepEqual(await openStaffApi(odd.ask).me(), {
    ok: false,
    code: "internal",
    retryAfter: 0,
  });
});

test("a certificate comes as bytes", async () => {
  const identity = Uint8Array.of(1, 2, 255);
  const { calls, ask } = server(
    [200, { csrf: "t" }],
    [200, { identity: toBase64url(identity), statement: "AAE" }],
  );
  const answer = await openStaffApi(ask).certify(new Uint8Array(32));
  assert.deepEqual(answer, { ok: true, value: { identity, statement: Uint8Array.of(0, 1) } });
  assert.deepEqual(calls[1]?.body, { key: "A".repeat(43) });
});
