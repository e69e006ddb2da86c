import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromBase64url } from "../../../counsel/client/bytes.ts";
import { isLocal, Trust } from "../../../counsel/client/certificates.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";

interface Case {
  name: string;
  root: string;
  host: string;
  identity: string;
  leaf_key: string;
  duty: string | null;
  /** Null: the file's own. */
  log: string | null;
  now: string | null;
  verdict: string;
  member?: { person: string; role: string; name: string; demo: boolean; duty_until: string | null };
}

const vectors = JSON.parse(
  readFileSync(new URL("../../vectors/statements.json", import.meta.url), "utf8"),
) as { hosts: Record<string, boolean>; log: string; cases: Case[] };

const bytes = (text: string): Uint8Array => fromBase64url(text) ?? assert.fail("not base64url");

async function judge(one: Case): Promise<Case["member"]> {
  const now = Date.parse(one.now ?? "2026-03-10T20:30Z");
  const { root, host } = one;
  const log = async (): Promise<Uint8Array> => bytes(one.log ?? vectors.log);
  const trust = await Trust.open({ root, hostname: host, built: now, clock: () => now, log });
  const member = await trust.staff(bytes(one.identity), bytes(one.leaf_key));
  if (one.now !== null) trust.requireCurrent(member);
  if (one.now !== null) await trust.requireLogged([member], []);
  let dutyUntil: string | null = null;
  if (one.duty !== null) {
    const duties = await trust.duties(bytes(one.duty), [member]);
    if (one.now !== null) trust.requireOnDuty(member, duties);
    if (one.now !== null) await trust.requireLogged([member], duties);
    const until = Math.max(...duties.map((duty) => duty.until));
    dutyUntil = `${new Date(until).toISOString().slice(0, 16)}Z`;
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

test("what was signed is past: a clock that says otherwise is slow", async () => {
  const [first] = vectors.cases;
  const { root, host, identity, leaf_key, duty } = first ?? assert.fail("no case");
  const clock = (): number => Date.parse("2026-03-10T09:00Z"); // the shift began at 19:45
  const log = async (): Promise<Uint8Array> => bytes(vectors.log);
  const trust = await Trust.open({ root, hostname: host, built: 0, clock, log });
  const member = await trust.staff(bytes(identity), bytes(leaf_key));
  trust.requireOnDuty(member, await trust.duties(bytes(duty ?? ""), [member]));
  assert.equal(trust.clockAgrees, true);
});

test("without a build date and with a clock from 1970, now is the root's own first day", async () => {
  const [first] = vectors.cases;
  const { root, host } = first ?? assert.fail("no case");
  const log = (): Promise<never> => assert.fail("nobody asks");
  const trust = await Trust.open({ root, hostname: host, built: 0, clock: () => 0, log });
  assert.equal(trust.now(), Date.parse("2026-01-01"));
  assert.equal(trust.clockAgrees, false);
});
