/**
 * Our cryptography for MLS suite 1 (RFC 9420 §17.1): DHKEM X25519, AES-128-GCM, SHA-256, Ed25519.
 *
 * AES, SHA and HMAC are WebCrypto's everywhere. The two curves are WebCrypto's where they work and
 * audited JavaScript (@noble/curves, @hpke/dhkem-x25519) where they do not: same bytes on the wire,
 * nothing negotiated. The library's own providers are not used: they take WebCrypto's curves
 * wherever WebCrypto exists at all, and fail in web views that lack just these.
 */

import "./floor.ts";
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import { getCiphersuiteFromName } from "ts-mls/crypto/ciphersuite.js";
import type { Hash } from "ts-mls/crypto/hash.js";
import { makeGenericHpke } from "ts-mls/crypto/implementation/hpke.js";
import type { Kdf } from "ts-mls/crypto/kdf.js";
import type { Signature } from "ts-mls/crypto/signature.js";
import { equal, source, toBase64url } from "../../../counsel/client/bytes.ts";
import {
  type Ed25519,
  ed25519,
  isBytes,
  type Secret,
  scriptEd25519,
  seedOf,
} from "../../../counsel/client/ed25519.ts";

export const SUITE = "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519";

type Kem = DhkemX25519HkdfSha256;

/** WebCrypto's X25519. Exported as PKCS#8, since Firefox cannot write a key it imported as JWK. */
class NativeKem extends DhkemX25519HkdfSha256 {
  override async serializePrivateKey(key: CryptoKey): Promise<ArrayBuffer> {
    return (await crypto.subtle.exportKey("pkcs8", key)).slice(-32);
  }
}

async function scriptKem(): Promise<Kem> {
  const { DhkemX25519HkdfSha256: ScriptKem } = await import("@hpke/dhkem-x25519");
  return new ScriptKem() as unknown as Kem;
}

/** RFC 9180 §7.1.3 DeriveKeyPair of 32 zero bytes, computed with @hpke/dhkem-x25519 1.8.0. */
const TRIAL_PRIVATE = "beqZH4fVyT0-nP9i7XWeUKCDdSwQnAj7k6Ve9wpkyNc";
const TRIAL_PUBLIC = "cKc2l4lxKBBldllI-2YAbImMJazXiRaSI8pzNs9iFG8";

/** Everything `ts-mls` will ask of a KEM, once: a browser that fails any step gets JavaScript. */
async function kemWorks(kem: Kem): Promise<boolean> {
  try {
    const pair = await kem.deriveKeyPair(new Uint8Array(32).buffer);
    const bytes = await kem.serializePrivateKey(pair.privateKey);
    const again = await kem.deserializePrivateKey(bytes);
    const shown = await kem.serializePublicKey(pair.publicKey);
    const drawn = await kem.generateKeyPair();
    const sent = await kem.encap({ recipientPublicKey: await kem.deserializePublicKey(shown) });
    const secret = await kem.decap({ recipientKey: again, enc: sent.enc });
    return (
      toBase64url(new Uint8Array(bytes)) === TRIAL_PRIVATE &&
      toBase64url(new Uint8Array(shown)) === TRIAL_PUBLIC &&
      (await kem.serializePrivateKey(drawn.privateKey)).byteLength === 32 &&
      equal(new Uint8Array(secret), new Uint8Array(sent.sharedSecret))
    );
  } catch {
    return false;
  }
}

/**
 * `ts-mls` carries private signature keys as bytes. A CryptoKey has none, so an empty array stands
 * for it: found by identity here, worth nothing anywhere else, and gone with the page.
 */
const handles = new WeakMap<Uint8Array, CryptoKey>();

export function handleOf(secret: Secret): Uint8Array {
  if (isBytes(secret)) return seedOf(secret);
  const handle = new Uint8Array(0);
  handles.set(handle, secret);
  return handle;
}

function makeSignature(curve: Ed25519): Signature {
  return {
    sign: (handle, message) => curve.sign(handles.get(handle) ?? handle, message),
    verify: (publicKey, message, signature) => curve.verify(publicKey, message, signature),
    async keygen() {
      const { publicKey, secret } = await curve.generate();
      return { publicKey, signKey: handleOf(secret) };
    },
  };
}

const aead = {
  async encrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array) {
    const [loaded, options] = await prepare(key, nonce, aad, "encrypt");
    return new Uint8Array(await crypto.subtle.encrypt(options, loaded, source(plain)));
  },
  async decrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array) {
    const [loaded, options] = await prepare(key, nonce, aad, "decrypt");
    return new Uint8Array(await crypto.subtle.decrypt(options, loaded, source(sealed)));
  },
};

async function prepare(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  use: "encrypt" | "decrypt",
): Promise<[CryptoKey, AesGcmParams]> {
  const loaded = await crypto.subtle.importKey("raw", source(key), "AES-GCM", false, [use]);
  return [loaded, { name: "AES-GCM", iv: source(nonce), additionalData: source(aad) }];
}

function hmacKey(key: Uint8Array): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", source(key), algorithm, false, ["sign", "verify"]);
}

const hash: Hash = {
  async digest(data) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", source(data)));
  },
  async mac(key, data) {
    return new Uint8Array(await crypto.subtle.sign("HMAC", await hmacKey(key), source(data)));
  },
  async verifyMac(key, mac, data) {
    return crypto.subtle.verify("HMAC", await hmacKey(key), source(mac), source(data));
  },
};

function makeKdf(hkdf: HkdfSha256): Kdf {
  const exact = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
  return {
    async extract(salt, ikm) {
      return new Uint8Array(await hkdf.extract(exact(salt), exact(ikm)));
    },
    async expand(prk, info, length) {
      return new Uint8Array(await hkdf.expand(exact(prk), exact(info), length));
    },
    size: 32,
  };
}

/** Suite 1 over the given curves. */
async function makeSuite(curve: Ed25519, kem: Kem): Promise<CiphersuiteImpl> {
  const suite = getCiphersuiteFromName(SUITE);
  const hpke = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes128Gcm() });
  return {
    name: SUITE,
    hash,
    kdf: makeKdf(new HkdfSha256()),
    signature: makeSignature(curve),
    hpke: await makeGenericHpke(suite.hpke, aead, hpke),
    rng: { randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  };
}

async function chooseSuite(): Promise<CiphersuiteImpl> {
  const native = new NativeKem();
  return makeSuite(await ed25519(), (await kemWorks(native)) ? native : await scriptKem());
}

let chosen: Promise<CiphersuiteImpl> | undefined;

/** The suite this browser will use, curves tried once. */
export function cipherSuite(): Promise<CiphersuiteImpl> {
  chosen ??= chooseSuite();
  return chosen;
}

/** The suite with both curves in JavaScript, whatever the browser can. For proofs and vectors. */
export async function scriptSuite(): Promise<CiphersuiteImpl> {
  return makeSuite(await scriptEd25519(), await scriptKem());
}

/** Which curves are the browser's own here. For proofs and vectors. */
export async function nativeCurves(): Promise<{ ed25519: boolean; x25519: boolean }> {
  return { ed25519: (await ed25519()).native, x25519: await kemWorks(new NativeKem()) };
}
