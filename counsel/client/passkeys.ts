/**
 * Passkeys: the JSON of WebAuthn on one side, the browser's own buffers on the other. Written out
 * here because `parseCreationOptionsFromJSON` and its kin are newer than the browsers we serve.
 * Nothing throws: what a person or a browser refuses is a code.
 */

import { source, toBase64url } from "./bytes.ts";
import { bytesOf, type Json, jsonOf, listOf, numberOf, oneOf, textOf } from "./staffApi.ts";

/**
 * `unsupported`: no passkeys in this browser, or not on this page. `known`: this device holds one
 * for this person already. `unmade`: cancelled, refused or too slow; browsers do not say which.
 */
export type PasskeyFault = "unsupported" | "known" | "unmade";

export type Made =
  | { readonly ok: true; readonly credential: Json }
  | { readonly ok: false; readonly fault: PasskeyFault };

/** What of `navigator.credentials` is used. */
export type Authenticators = Pick<CredentialsContainer, "create" | "get">;

function authenticators(): Authenticators | null {
  const able = typeof PublicKeyCredential === "function";
  return able ? (globalThis.navigator?.credentials ?? null) : null;
}

/** Whether it is worth showing the button. */
export function knowsPasskeys(): boolean {
  return authenticators() !== null;
}

/** A new passkey for the `options` of `me/passkeys/ask`. */
export async function makePasskey(options: Json, at = authenticators()): Promise<Made> {
  return made(at, (found) => found.create({ publicKey: creationOf(options) }), registrationOf);
}

/** A signature of a passkey for the `options` of `passkey/ask`. */
export async function usePasskey(options: Json, at = authenticators()): Promise<Made> {
  return made(at, (found) => found.get({ publicKey: requestOf(options) }), assertionOf);
}

async function made(
  at: Authenticators | null,
  ask: (found: Authenticators) => Promise<Credential | null>,
  read: (credential: PublicKeyCredential) => Json,
): Promise<Made> {
  if (at === null) {
    return { ok: false, fault: "unsupported" };
  }
  try {
    const credential = await ask(at);
    return credential === null
      ? { ok: false, fault: "unmade" }
      : { ok: true, credential: read(credential as PublicKeyCredential) };
  } catch (error) {
    return { ok: false, fault: faultOf((error as { name?: unknown } | null)?.name) };
  }
}

function faultOf(name: unknown): PasskeyFault {
  if (name === "InvalidStateError") {
    return "known";
  }
  return name === "NotSupportedError" || name === "SecurityError" ? "unsupported" : "unmade";
}

// --- what the server asks -----------------------------------------------------------------------

function creationOf(json: Json): PublicKeyCredentialCreationOptions {
  const user = jsonOf(json["user"]);
  const party = jsonOf(json["rp"]);
  return {
    rp: { id: textOf(party["id"]), name: textOf(party["name"]) },
    user: {
      id: buffer(user["id"]),
      name: textOf(user["name"]),
      displayName: textOf(user["displayName"]),
    },
    challenge: buffer(json["challenge"]),
    pubKeyCredParams: [
      ...listOf(json["pubKeyCredParams"], (item) => ({
        type: "public-key" as const,
        alg: integerOf(jsonOf(item)["alg"]),
      })),
    ],
    excludeCredentials: [...listOf(json["excludeCredentials"] ?? [], descriptorOf)],
    authenticatorSelection: selectionOf(json["authenticatorSelection"]),
    attestation: "none", // which make of device somebody owns is none of our business
    ...patience(json),
  };
}

function requestOf(json: Json): PublicKeyCredentialRequestOptions {
  return {
    challenge: buffer(json["challenge"]),
    rpId: textOf(json["rpId"]),
    allowCredentials: [...listOf(json["allowCredentials"] ?? [], descriptorOf)],
    userVerification: verificationOf(json["userVerification"]),
    ...patience(json),
  };
}

function selectionOf(value: unknown): AuthenticatorSelectionCriteria {
  const json = jsonOf(value ?? {});
  return {
    // Safari 14 and Chrome 80 read the older of the two.
    requireResidentKey: true,
    residentKey: "required",
    userVerification: verificationOf(json["userVerification"]),
  };
}

/** Without a word from the server: the person has to show that it is them. */
function verificationOf(value: unknown): UserVerificationRequirement {
  return oneOf(value ?? "required", ["required", "preferred", "discouraged"]);
}

function descriptorOf(value: unknown): PublicKeyCredentialDescriptor {
  return { type: "public-key", id: buffer(jsonOf(value)["id"]) };
}

/** Milliseconds the browser waits for the person. */
function patience(json: Json): { timeout?: number } {
  return json["timeout"] === undefined ? {} : { timeout: numberOf(json["timeout"]) };
}

/** COSE names its algorithms by numbers below zero. */
function integerOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new TypeError("a whole number expected");
  }
  return value;
}

function buffer(value: unknown): Uint8Array<ArrayBuffer> {
  return source(bytesOf(value));
}

// --- what the browser answers -------------------------------------------------------------------

function registrationOf(credential: PublicKeyCredential): Json {
  const response = credential.response as AuthenticatorAttestationResponse;
  // floor: Safari 14 cannot tell how a passkey is reached; then nothing is said about it.
  const transports = response.getTransports?.() ?? [];
  return {
    ...named(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports,
    },
  };
}

function assertionOf(credential: PublicKeyCredential): Json {
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    ...named(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle === null ? null : text(response.userHandle),
    },
  };
}

function named(credential: PublicKeyCredential): Json {
  const id = text(credential.rawId);
  return { id, rawId: id, type: credential.type, clientExtensionResults: {} };
}

function text(bytes: ArrayBuffer): string {
  return toBase64url(new Uint8Array(bytes));
}
