/**
 * What this client knows of the log of everything issued, and how it comes to know more. A log only
 * grows: one that contradicts what is known is another history, and from then on nobody is believed.
 */

import { ByteReader, fromBase64url } from "./bytes.ts";
import { RefusalError } from "./refusal.ts";
import type { Head, StaffLog } from "./staffLog.ts";

/** Somebody's certificate may be revoked meanwhile: after this long the log is fetched anew, ms. */
const FRESH_FOR = 1_800_000;
/** How long the log may take to come, ms. */
const PATIENCE = 8_000;

/** The log did not come. That is a bad line and no forgery: it is tried again. */
export class OutOfReachError extends Error {
  readonly code = "unchecked";
}

export type LogSource = () => Promise<Uint8Array>;

/** The log as any page gets it from its own server. */
export async function fetchLog(): Promise<Uint8Array> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const init = { cache: "no-store", credentials: "omit", signal: stop.signal } as const;
    const answer = await fetch("/staff-log.bin", init);
    if (!answer.ok) throw new OutOfReachError(String(answer.status));
    return new Uint8Array(await answer.arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}

export class KnownLog {
  /** Replaced by whoever keeps what is known across reloads. */
  grown: (head: Head) => void = () => undefined;
  private readonly source: LogSource;
  private readonly read: (file: Uint8Array, before: StaffLog | null) => Promise<StaffLog>;
  private log: StaffLog | null = null;
  /** Verified by an earlier page: a shorter log is not taken. */
  private least: Head | null = null;
  private fetchedAt = 0;
  private under: Promise<void> | null = null;
  private broken: RefusalError | null = null;

  constructor(source: LogSource, read: KnownLog["read"]) {
    this.source = source;
    this.read = read;
  }

  /** The newest head verified here, or by an earlier page; worth keeping across a reload. */
  get head(): Head | null {
    const { log, least } = this;
    return log !== null && log.size >= (least?.size ?? 0) ? log : least;
  }

  /** A head kept from before. */
  remember(head: Head | null): void {
    if (head === null || head.size < (this.least?.size ?? 0)) return;
    this.least = head;
    const { log } = this;
    if (log !== null && log.size >= head.size && !log.agrees(head)) this.split();
  }

  /** The log with at least so many rows. Throws `RefusalError`, `OutOfReachError`. */
  async atLeast(size: number): Promise<StaffLog> {
    const wanted = Math.max(size, this.least?.size ?? 0);
    if (this.log === null || this.log.size < wanted) await this.refresh();
    else if (performance.now() - this.fetchedAt > FRESH_FOR) void this.refresh().catch(() => {});
    if (this.broken !== null) throw this.broken;
    if (this.log === null || this.log.size < wanted) {
      throw new RefusalError("log-behind", `${this.log?.size ?? 0} rows of ${wanted}`);
    }
    return this.log;
  }

  /** Fetches it anew; what comes is taken only if it goes on where the known one ends. */
  refresh(): Promise<void> {
    this.under ??= this.fetchAgain().finally(() => {
      this.under = null;
    });
    return this.under;
  }

  private async fetchAgain(): Promise<void> {
    this.fetchedAt = performance.now();
    const file = await this.source().catch((error: unknown) => {
      throw error instanceof OutOfReachError ? error : new OutOfReachError(String(error));
    });
    const next = await this.read(file, this.log);
    const { log, least } = this;
    const known = [log, least].filter((head) => head !== null);
    if (known.some((head) => next.size >= head.size && !next.agrees(head))) throw this.split();
    if (log !== null && next.size < log.size && !log.agrees(next)) throw this.split();
    // A shorter one is an old one: it tells nothing new, and must not be remembered instead.
    if (known.some((head) => next.size < head.size)) return;
    this.log = next;
    this.grown(next);
  }

  private split(): RefusalError {
    this.broken ??= new RefusalError("log-split", "another history");
    return this.broken;
  }

  /** Somebody says what they know. Throws `log-split` if it is another history; `log-behind`. */
  async compare(head: Head): Promise<void> {
    const log = await this.atLeast(head.size);
    if (!log.agrees(head)) throw new RefusalError("log-split", `at ${head.size} rows`);
  }
}

/** What `encodeHead` wrote, or null. */
export function decodeHead(text: string): Head | null {
  const bytes = fromBase64url(text);
  if (bytes?.length !== 36) return null;
  const reader = new ByteReader(bytes);
  return { size: reader.number(4), hash: reader.rest() };
}
