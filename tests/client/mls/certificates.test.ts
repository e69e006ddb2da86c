import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromBase64url } from "../../../counsel/client/bytes.ts";
import { isLocal, Trust } from "../../../counsel/client/certificates.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { splitStatements } from "../../../counsel/client/statements.ts";

interface Case {
  name: string;
  root: string;
  host: string;
  identity: string;
  leaf_key: string;
  duty: string | null;
  now: string | null;
  verdict: string;
  member?: { person: string; role: string; name: string; demo: boolean; duty_until: string | null };
}

const vectors = JSON.parse(
  readFileSync(new URL("../../vectors/statements.json", import.meta.url), "utf8"),
) as { hosts: Record<string, boolean>; cases: Case[] };

const bytes = (text: string): Uint8Array => fromBase64url(text) ?? assert.fail("not base64url");

async function judge(one: Case): Promise<Case["member"]> {
  const now = Date.parse(one.now ?? "2026-03-10T20:30Z");
  const { root, host } = one;
  const trust = await Trust.open({ root, hostname: host, built: now, clock: () => now });
  const member = await trust.staff(bytes(one.identity), bytes(one.leaf_key));
  if (one.now !== null) trust.requireCurrent(member);
  let dutyUntil: string | null = null;
  if (one.duty !== null) {
    const [statement, ...more] = splitStatements(bytes(one.duty));
    assert.equal(more.length, 0);
    const duty = await trust.duty(statement ?? assert.fail("no duty"), member);
    if (one.now !== null) trust.requireOnDuty(member, [duty]);
    dutyUntil = `${new Date(duty.until).toISOString().slice(0, 16)}Z`;
  }
  const { person, role, name, demo } = member;
  return { person, role, name, demo, duty_until: dutyUntil };
}

for (const one of vectors.cases) {
  test(`the browser judges as the server does: ${one.name}`, async () => {
    const verdict = await judge(one).then(
      (member) => {
        assert.deepEqual(member, one.member);
        return "ok";
      },
      (error: unknown) => (error instanceof RefusalError ? error.code : assert.fail(String(error))),
    );
    assert.equal(verdict, one.verdict);
  });
}

test("a demo root counts only under names of the reader's own machine", () => {
  for (const [host, local] of Object.entries(vectors.hosts))
    assert.equal(isLocal(host), local, host);
});

test("without a build date and with a clock from 1970, now is the root's own first day", async () => {
  const [first] = vectors.cases;
  const { root, host } = first ?? assert.fail("no case");
  const trust = await Trust.open({ root, hostname: host, built: 0, clock: () => 0 });
  assert.equal(trust.now(), Date.parse("2026-01-01"));
  assert.equal(trust.clockAgrees, false);
});
