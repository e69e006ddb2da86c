/**
 * The directory in the pocket: fetched whole by province, believed only under an issuer's signature,
 * and never an older one than was believed before.
 *
 *     file = issuer statement ‖ directory statement ‖ body
 *
 * What cannot be believed is refused and the one in the pocket goes on being used. Which province is
 * fetched is all that anybody learns; looking something up asks nobody.
 */

import { ByteReader, equal, source, toBase64url } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import { ed25519 } from "../../../counsel/client/ed25519.ts";
import { type Issuer, readIssuer } from "../../../counsel/client/issuers.ts";
import { OutOfReachError } from "../../../counsel/client/knownLog.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import {
  count,
  keyOf,
  moment,
  open,
  takeStatement,
  word,
} from "../../../counsel/client/statements.ts";
import { Directory, DirectoryError } from "./entry.ts";

/** Twin of `counsel/limits.py`. */
const LARGEST = 16 * 1024 * 1024;
/** How long a province may take to come, ms: the largest over a slow line. */
const PATIENCE = 120_000;
/** And where an older one lies in the pocket, ms: who needs help now does not look at a line that hangs. */
const PATIENCE_HELD = 8_000;

export interface Signed {
  readonly directory: Directory;
  /** SHA-256 of the body, base64url. */
  readonly hash: string;
  /** ms, by the clock of the issuer who signed. */
  readonly signedAt: number;
  /** Who holds the key that signed. */
  readonly by: string;
}

async function digestOf(body: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", source(body)));
}

/**
 * What an issuer stands for: signature, hash and province are right and the log bears the issuer out.
 * Throws `RefusalError`, `DirectoryError`, `OutOfReachError`. Nothing of the body is read before.
 * With the log `unasked` it is left open whether the issuer was taken back.
 */
export async function openDirectory(
  trust: Trust,
  file: Uint8Array,
  region: string,
  log: "asked" | "unasked" = "asked",
): Promise<Signed> {
  if (file.length > LARGEST) throw new DirectoryError("unreadable", "too long");
  const curve = await ed25519();
  const reader = new ByteReader(file);
  const issuer = await readIssuer(curve, takeStatement(reader), trust.rootKey);
  const fields = await open(curve, "directory", takeStatement(reader), issuer.key);
  if (!equal(keyOf(fields, "issuer"), issuer.key)) {
    throw new RefusalError("certificate-forged", "the directory names another issuer");
  }
  const signedAt = moment(fields);
  if (signedAt < issuer.from || signedAt >= issuer.until) {
    throw new RefusalError("certificate-dates", "signed when its issuer was none");
  }
  if (log === "asked") await requireLogged(trust, issuer);
  const body = reader.rest();
  const hash = await digestOf(body);
  if (!equal(hash, keyOf(fields, "hash"))) throw new DirectoryError("altered");
  const directory = new Directory(body);
  const said = [word(fields, "region"), count(fields, "version")];
  if (said[0] !== region || directory.region !== region || directory.version !== said[1]) {
    throw new DirectoryError("other", `${said}`);
  }
  trust.remember(signedAt);
  return { directory, hash: toBase64url(hash), signedAt, by: issuer.name };
}

async function requireLogged(trust: Trust, issuer: Issuer): Promise<void> {
  let log = await trust.log.atLeast(0);
  if (!log.knows(issuer)) {
    await trust.log.refresh();
    log = await trust.log.atLeast(0);
  }
  log.require([issuer]);
}

/** What this file needs of a vault. */
export interface PocketStore {
  read(name: string): Promise<{ readonly bytes: Uint8Array } | null>;
  put(name: string, bytes: Uint8Array | null): Promise<void>;
}

export interface Held {
  readonly signed: Signed;
  /** Empty: this is the newest there is. Else why not: `offline`, `old`, `altered`, a refusal's code. */
  readonly doubt: string;
}

export type FetchFile = (region: string) => Promise<Uint8Array>;

/** A province's file from this page's own server. */
export async function fetchFile(region: string): Promise<Uint8Array> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const init = { cache: "no-store", credentials: "omit", signal: stop.signal } as const;
    const answer = await fetch(`/directory/${region}.bin`, init);
    if (answer.status === 404) throw new DirectoryError("none");
    if (!answer.ok) throw new DirectoryError("offline", String(answer.status));
    return new Uint8Array(await answer.arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "offline";
}

export class Pocket {
  private readonly trust: Trust;
  private readonly store: PocketStore;
  private readonly fetchFile: FetchFile;
  private readonly patience: number;
  private readonly held = new Map<string, Signed>();

  constructor(
    trust: Trust,
    store: PocketStore,
    fetching: FetchFile = fetchFile,
    patience = PATIENCE_HELD,
  ) {
    this.trust = trust;
    this.store = store;
    this.fetchFile = fetching;
    this.patience = patience;
  }

  /**
   * The newest directory of a province that can be believed: fetched, or the one in the pocket.
   * Rejects with a `code` where there is none at all.
   */
  async take(region: string): Promise<Held> {
    const known = this.held.get(region) ?? (await this.kept(region));
    const coming = this.fetchFile(region).then((file) => this.believe(region, file, known));
    try {
      const fresh = known === null ? coming : within(coming, this.patience);
      return { signed: await fresh, doubt: "" };
    } catch (error) {
      if (known === null) throw error;
      this.held.set(region, known);
      return { signed: known, doubt: codeOf(error) };
    }
  }

  /** What came, however late, is what the next look finds. */
  private async believe(region: string, file: Uint8Array, known: Signed | null): Promise<Signed> {
    const fresh = await openDirectory(this.trust, file, region);
    const before = this.held.get(region) ?? known;
    if (before !== null) refuseOlder(fresh, before);
    if (fresh.hash !== before?.hash) {
      // A full phone keeps it for this page alone.
      await this.store.put(nameOf(region), file).catch(() => undefined);
    }
    this.held.set(region, fresh);
    return fresh;
  }

  /**
   * What lies in the pocket is judged again: its issuer may be none any more. Where nobody can be
   * asked, what was believed once goes on.
   */
  private async kept(region: string): Promise<Signed | null> {
    try {
      const found = await this.store.read(nameOf(region));
      if (found === null) return null;
      return await openDirectory(this.trust, found.bytes, region).catch((error: unknown) => {
        if (!(error instanceof OutOfReachError)) throw error;
        return openDirectory(this.trust, found.bytes, region, "unasked");
      });
    } catch {
      return null;
    }
  }
}

/** Rejects where it takes longer, ms. */
function within<T>(coming: Promise<T>, patience: number): Promise<T> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new DirectoryError("offline", "slow")), patience);
    void coming.then(done, fail).finally(() => clearTimeout(timer));
  });
}

function nameOf(region: string): string {
  return `directory.${region}`;
}

function refuseOlder(fresh: Signed, known: Signed): void {
  const [now, before] = [fresh.directory.version, known.directory.version];
  if (now < before) throw new DirectoryError("old", `${now} after ${before}`);
  if (now === before && fresh.hash !== known.hash) throw new DirectoryError("split");
}
