/** Somebody sits down with a client that believes everything; the phone of these tests does not. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Talk } from "../../../chat/client/talk.ts";
import { source, toBase64url } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import { parse, splitStatements } from "../../../counsel/client/statements.ts";
import type { Device } from "../mls/cast.ts";
import { attend, type Stage, start, stateOf, trustWith, until } from "./cast.ts";

/** What the seeker reads; a code without a sentence in both languages fails here. */
export function sentence(code: string | null): string {
  const [zh, en] = ["zh", "en"].map((language) => {
    const file = new URL(`../../../counsel/locale/${language}.json`, import.meta.url);
    const { refusals } = JSON.parse(readFileSync(file, "utf8")) as { refusals: object };
    return (refusals as Record<string, string>)[code ?? ""] ?? "";
  });
  assert.ok(zh && en, `no sentence for ${code}`);
  return zh;
}

/** The client of somebody who wants to be believed: of their own papers it asks nothing. */
async function believesAll(there: Stage, { keys, statement }: Device): Promise<Trust> {
  const honest = await trustWith(there, "林");
  const digest = await crypto.subtle.digest("SHA-256", source(statement));
  const certificate = toBase64url(new Uint8Array(digest));
  const always = { from: 0, until: Number.MAX_SAFE_INTEGER };
  const [, named] = splitStatements(keys.identity);
  const { name, person } = parse("device", named?.payload ?? assert.fail());
  const me = { name, person, role: "counsellor", key: keys.signer.publicKey, certificate };
  return Object.assign(Object.create(honest) as Trust, {
    staff: async () => ({ ...me, ...always, issuer: {}, commitment: "", demo: false }),
    duties: async () => [{ certificate, ...always }],
    requireLogged: async () => undefined,
    requireCurrent: () => undefined,
    requireOnDuty: () => undefined,
  });
}

/** The phone waits with a line it has not sent; somebody comes with this device. */
export async function visited(there: Stage, device: Device, trust?: Trust): Promise<Talk> {
  const seeker = await start(there, "别发出去");
  await until(() => seeker.view.phase === "waiting", "waiting");
  there.server.take_("林");
  const theirs = trust ?? (await believesAll(there, device));
  await attend(there, "林", device, there.desk, theirs);
  return seeker;
}

export async function refusedAs(there: Stage, device: Device, trust?: Trust): Promise<string> {
  const seeker = await visited(there, device, trust);
  await until(() => seeker.view.phase === "refused", "refused");
  assert.deepEqual(seeker.view.members, [], "nobody is shown as being here");
  assert.equal(stateOf(seeker, "别发出去"), "waiting-tap", "and nothing has left");
  assert.ok(sentence(seeker.view.refusal).length > 0);
  return seeker.view.refusal ?? "";
}
