/**
 * Ed25519 (RFC 8032): the browser's own where it works, else audited JavaScript. Same bytes either
 * way. "Works" is found out by trying with a published vector, not by asking for a flag: some
 * browsers name the algorithm and then refuse or miscompute it.
 */

import { concat, equal, fromBase64url, source } from "./bytes.ts";

/**
 * A private key. Natively a CryptoKey that cannot be exported; otherwise its 32-byte seed, which
 * the vault must seal. A 48-byte PKCS#8 form is understood too and cut to the seed.
 */
export type Secret = CryptoKey | Uint8Array;

export interface SigningKey {
  readonly publicKey: Uint8Array;
  readonly secret: Secret;
}

export interface Ed25519 {
  readonly native: boolean;
  generate(): Promise<SigningKey>;
  sign(secret: Secret, message: Uint8Array): Promise<Uint8Array>;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** RFC 8410 §7: what stands before the 32-byte seed in PKCS#8. */
const PKCS8 = new Uint8Array([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);

/** The 32-byte seed of either encoding. */
export function seedOf(secret: Uint8Array): Uint8Array {
  if (secret.length === 32) return secret;
  if (secret.length === 48 && equal(secret.subarray(0, 16), PKCS8)) return secret.slice(16);
  throw new TypeError("an Ed25519 secret is a 32-byte seed or its 48-byte PKCS#8 form");
}

export function isBytes(secret: Secret): secret is Uint8Array {
  return secret instanceof Uint8Array;
}

function nativeEd25519(subtle: SubtleCrypto): Ed25519 {
  const name = "Ed25519";
  const load = (seed: Uint8Array): Promise<CryptoKey> =>
    subtle.importKey("pkcs8", concat(PKCS8, seed), name, false, ["sign"]);
  return {
    native: true,
    async generate() {
      const pair = (await subtle.generateKey(name, false, ["sign", "verify"])) as CryptoKeyPair;
      const publicKey = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
      return { publicKey, secret: pair.privateKey };
    },
    async sign(secret, message) {
      const key = isBytes(secret) ? await load(seedOf(secret)) : secret;
      return new Uint8Array(await subtle.sign(name, key, source(message)));
    },
    async verify(publicKey, message, signature) {
      if (publicKey.length !== 32 || signature.length !== 64) return false;
      try {
        const key = await subtle.importKey("raw", source(publicKey), name, false, ["verify"]);
        return await subtle.verify(name, key, source(signature), source(message));
      } catch {
        return false; // not a point of the curve: nobody can have signed with it
      }
    },
  };
}

/** The same in JavaScript, loaded only where it is needed. */
export async function scriptEd25519(): Promise<Ed25519> {
  const { ed25519 } = await import("./scriptCurve.ts");
  return {
    native: false,
    async generate() {
      const secret = crypto.getRandomValues(new Uint8Array(32));
      return { publicKey: ed25519.getPublicKey(secret), secret };
    },
    async sign(secret, message) {
      if (!isBytes(secret)) throw new TypeError("this browser has lost the key it once kept");
      return ed25519.sign(message, seedOf(secret));
    },
    async verify(publicKey, message, signature) {
      if (publicKey.length !== 32 || signature.length !== 64) return false;
      try {
        return ed25519.verify(signature, message, publicKey, { zip215: false });
      } catch {
        return false;
      }
    },
  };
}

/** RFC 8032 §7.1, test 2: seed, public key, one-byte message, signature. */
const TRIAL = [
  "TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs",
  "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw",
  "cg",
  "kqAJqfDUyrhyDoILX2QlQKKye1QWUD-Ps3YiI-vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA",
].map((text) => fromBase64url(text) as Uint8Array) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

async function tryNative(): Promise<Ed25519 | null> {
  try {
    const [seed, publicKey, message, signature] = TRIAL;
    const curve = nativeEd25519(crypto.subtle);
    const fresh = await curve.generate();
    const works =
      equal(await curve.sign(seed, message), signature) &&
      (await curve.verify(publicKey, message, signature)) &&
      !(await curve.verify(fresh.publicKey, message, signature)) &&
      (await curve.verify(fresh.publicKey, message, await curve.sign(fresh.secret, message)));
    return works ? curve : null;
  } catch {
    return null;
  }
}

let chosen: Promise<Ed25519> | undefined;

/** The one this browser will use, tried once. */
export function ed25519(): Promise<Ed25519> {
  chosen ??= tryNative().then((native) => native ?? scriptEd25519());
  return chosen;
}
