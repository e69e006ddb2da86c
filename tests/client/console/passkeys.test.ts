import assert from "node:assert/strict";
import { test } from "node:test";

import { type Authenticators, makePasskey, usePasskey } from "../../../counsel/client/passkeys.ts";

const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;

/** A browser that is asked once, and answers or fails. */
function browser(answer: unknown): { at: Authenticators; asked: unknown[] } {
  const asked: unknown[] = [];
  const reply = async (options: unknown): Promise<Credential | null> => {
    asked.push(options);
    if (answer instanceof Error) {
      throw answer;
    }
    return answer as Credential | null;
  };
  return { at: { create: reply, get: reply }, asked };
}

const REGISTRATION = {
  rp: { id: "localhost", name: "localhost" },
  user: { id: "AQI", name: "林", displayName: "林" },
  challenge: "AwQ",
  pubKeyCredParams: [
    { type: "public-key", alg: -8 },
    { type: "public-key", alg: -7 },
  ],
  timeout: 300_000,
  excludeCredentials: [{ type: "public-key", id: "BQY" }],
  authenticatorSelection: { residentKey: "required", userVerification: "required" },
  attestation: "none",
};

test("a new passkey: buffers for the browser, base64url for the server", async () => {
  const { at, asked } = browser({
    rawId: bytes(1, 255),
    type: "public-key",
    response: {
      clientDataJSON: bytes(2),
      attestationObject: bytes(3),
      getTransports: () => ["internal"],
    },
  });
  const made = await makePasskey(REGISTRATION, at);
  assert.deepEqual(made, {
    ok: true,
    credential: {
      id: "Af8",
      rawId: "Af8",
      type: "public-key",
      clientExtensionResults: {},
      response: { clientDataJSON: "Ag", attestationObject: "Aw", transports: ["internal"] },
    },
  });
  const { publicKey } = asked[0] as { publicKey: PublicKeyCredentialCreationOptions };
  assert.deepEqual(new Uint8Array(publicKey.challenge as ArrayBuffer), Uint8Array.of(3, 4));
  assert.deepEqual(publicKey.user.id, Uint8Array.of(1, 2));
  assert.deepEqual(
    publicKey.pubKeyCredParams.map(({ alg }) => alg),
    [-8, -7],
  );
  assert.deepEqual(publicKey.excludeCredentials?.[0]?.id, Uint8Array.of(5, 6));
  assert.equal(publicKey.authenticatorSelection?.requireResidentKey, true);
  assert.equal(publicKey.authenticatorSelection?.userVerification, "required");
  assert.equal(publicKey.attestation, "none");
  assert.equal(publicKey.timeout, 300_000);
});

test("a browser that cannot say how a passkey is reached says nothing of it", async () => {
  const { at } = browser({
    rawId: bytes(1),
    type: "public-key",
    response: { clientDataJSON: bytes(2), attestationObject: bytes(3) },
  });
  const made = await makePasskey(REGISTRATION, at);
  assert.ok(made.ok);
  assert.deepEqual((made.credential["response"] as { transports: unknown }).transports, []);
});

test("signing: no list of credentials, so that no name has to be said", async () => {
  const { at, asked } = browser({
    rawId: bytes(1),
    type: "public-key",
    response: {
      clientDataJSON: bytes(2),
      authenticatorData: bytes(3),
      signature: bytes(4),
      userHandle: bytes(5),
    },
  });
  const made = await usePasskey({ challenge: "AwQ", rpId: "localhost", timeout: 1000 }, at);
  assert.ok(made.ok);
  assert.deepEqual(made.credential["response"], {
    clientDataJSON: "Ag",
    authenticatorData: "Aw",
    signature: "BA",
    userHandle: "BQ",
  });
  const { publicKey } = asked[0] as { publicKey: PublicKeyCredentialRequestOptions };
  assert.deepEqual(publicKey.allowCredentials, []);
  assert.equal(publicKey.userVerification, "required", "unless the server says otherwise");
});

test("what a person or a browser refuses is a code, never a throw", async () => {
  const named = (name: string): Error => Object.assign(new Error(name), { name });
  for (const [answer, fault] of [
    [named("NotAllowedError"), "unmade"],
    [named("AbortError"), "unmade"],
    [named("InvalidStateError"), "known"],
    [named("NotSupportedError"), "unsupported"],
    [named("SecurityError"), "unsupported"],
    [null, "unmade"],
  ] as const) {
    const { at } = browser(answer);
    assert.deepEqual(await makePasskey(REGISTRATION, at), { ok: false, fault });
  }
  assert.deepEqual(await usePasskey({ challenge: "AA", rpId: "x" }, null), {
    ok: false,
    fault: "unsupported",
  });
  const { at, asked } = browser(null);
  assert.deepEqual(await usePasskey({ challenge: 1 }, at), { ok: false, fault: "unmade" });
  assert.equal(asked.length, 0, "the browser is not asked what cannot be read");
});
