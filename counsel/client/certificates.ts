/**
 * Who is staff: root → issuer → device certificate → duty statement, checked by every client.
 *
 * The server's twin is `counsel/certificates.py`; both read `tests/vectors/statements.json`.
 */

import { concat, equal, fromBase64url, toBase64url } from "./bytes.ts";
import { type Ed25519, ed25519 } from "./ed25519.ts";
import { type RefusalCode, RefusalError } from "./refusal.ts";
import {
  DAY,
  days,
  type Fields,
  keyOf,
  minutes,
  open,
  parse,
  type Span,
  type Statement,
  splitStatements,
  unreadable,
  word,
} from "./statements.ts";

/** Twin of `counsel/limits.py`: a device is certified for 90 days at most. */
const DEVICE_AT_MOST = 90 * DAY;
const ROLES: readonly string[] = ["counsellor", "supervisor"];

export type StaffRole = "counsellor" | "supervisor";

/** The one authority this build believes, and what time it is. */
export interface TrustOptions {
  /** The root statement compiled into the bundle, base64url. */
  root: string;
  /** Where the page was loaded from: a demo root counts only on the reader's own machine. */
  hostname: string;
  /** When this build was made, ms; the root's own first day counts in any case. */
  built: number;
  /** The phone's clock, ms. */
  clock?: () => number;
}

/** A person of the staff by a certificate rightly signed. Not: that it still holds. */
export interface StaffMember extends Span {
  readonly person: string;
  readonly role: StaffRole;
  readonly name: string;
  /** The 32-byte MLS signature key of the certified device. */
  readonly key: Uint8Array;
  readonly issuer: Uint8Array;
  /** base64url SHA-256 of the device statement: what a duty statement points at. */
  readonly certificate: string;
  readonly demo: boolean;
}

/** One shift of one certificate. */
export interface Duty extends Span {
  readonly certificate: string;
}

function roleOf(fields: Fields, allowed: unknown): StaffRole {
  if (!Array.isArray(allowed) || !allowed.every((role) => typeof role === "string")) {
    throw unreadable("roles are no words");
  }
  const role = word(fields, "role");
  if (ROLES.includes(role) && allowed.includes(role)) return role as StaffRole;
  throw new RefusalError("certificate-role", `this issuer may not certify a ${role}`);
}

/** Whether a page under this host name can only be on the reader's own machine (RFC 6761). */
export function isLocal(hostname: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname) || hostname.endsWith(".localhost");
}

export class Trust {
  readonly demo: boolean;
  /** The organisation, as its root names itself. */
  readonly organisation: string;
  private readonly curve: Ed25519;
  private readonly rootKey: Uint8Array;
  private readonly rootSpan: Span;
  private readonly clock: () => number;
  private readonly known = new Map<string, StaffMember>();
  private newestDate: number;

  private constructor(curve: Ed25519, root: Fields, options: TrustOptions) {
    this.curve = curve;
    this.organisation = word(root, "name");
    this.demo = root.demo === true;
    this.rootKey = keyOf(root, "key");
    this.rootSpan = days(root);
    this.clock = options.clock ?? (() => Date.now());
    this.newestDate = Math.max(options.built, this.rootSpan.from);
  }

  /**
   * Throws `RefusalError`: `demo-root` when a demo root meets a public host name,
   * `certificate-unreadable` or `certificate-forged` when the root is none.
   */
  static async open(options: TrustOptions): Promise<Trust> {
    const [statement, ...more] = splitStatements(fromBase64url(options.root) ?? new Uint8Array(1));
    if (statement === undefined || more.length > 0) throw unreadable("not one root");
    const curve = await ed25519();
    const claimed = parse("root", statement.payload);
    const root = await open(curve, "root", statement, keyOf(claimed, "key"));
    if (typeof root.demo !== "boolean") throw unreadable("demo is neither true nor false");
    if (root.demo && !isLocal(options.hostname)) throw new RefusalError("demo-root");
    return new Trust(curve, root, options);
  }

  /** ms of the newest signed date verified; worth keeping across a reload. */
  get newest(): number {
    return this.newestDate;
  }

  /** A date kept from before. Dates only move forward. */
  remember(at: number): void {
    this.newestDate = Math.max(this.newestDate, at);
  }

  /** False: the clock here is more than a day off from what was signed, and is not believed. */
  get clockAgrees(): boolean {
    return Math.abs(this.clock() - this.newestDate) <= DAY;
  }

  /** ms: this clock while it is within a day of the newest signed date, else that date. */
  now(): number {
    return this.clockAgrees ? this.clock() : this.newestDate;
  }

  /**
   * The middle of a key package's lifetime, ms. The clock may be right though nothing signed lately
   * says so, and a lifetime protects nothing of ours; only the past is surely wrong.
   */
  today(): number {
    return Math.max(this.clock(), this.newestDate);
  }

  /**
   * The person behind a leaf: `identity` is issuer statement ‖ device statement. Signatures, role
   * and the leaf's key are checked; dates are not, so that who reads late can still read.
   */
  async staff(identity: Uint8Array, leafKey: Uint8Array): Promise<StaffMember> {
    const seen = toBase64url(identity);
    const member = this.known.get(seen) ?? (await this.readIdentity(identity));
    this.known.set(seen, member);
    if (!equal(member.key, leafKey)) throw new RefusalError("certificate-key", member.name);
    return member;
  }

  private async readIdentity(identity: Uint8Array): Promise<StaffMember> {
    const [first, second, ...more] = splitStatements(identity);
    if (second === undefined || more.length > 0) throw unreadable("not two statements");
    const issuer = await open(this.curve, "issuer", first, this.rootKey);
    const issuerKey = keyOf(issuer, "key");
    const device = await open(this.curve, "device", second, issuerKey);
    const named = equal(keyOf(issuer, "root"), this.rootKey);
    if (!named || !equal(keyOf(device, "issuer"), issuerKey)) {
      throw new RefusalError("certificate-forged", "a link of the chain names another key");
    }
    const spans = [days(device), days(issuer), this.rootSpan] as const;
    if (spans[0].until - DAY - spans[0].from > DEVICE_AT_MOST) {
      throw new RefusalError("certificate-too-long", "a device certificate");
    }
    const digest = await crypto.subtle.digest("SHA-256", concat(second.bytes));
    return {
      person: word(device, "person"),
      role: roleOf(device, issuer.roles),
      name: word(device, "name"),
      key: keyOf(device, "key"),
      issuer: issuerKey,
      certificate: toBase64url(new Uint8Array(digest)),
      demo: this.demo,
      from: Math.max(...spans.map((span) => span.from)),
      until: Math.min(...spans.map((span) => span.until)),
    };
  }

  /** The shift of exactly this member. That it was rightly signed moves "now" forward. */
  async duty(statement: Statement, member: StaffMember): Promise<Duty> {
    const fields = await open(this.curve, "duty", statement, member.issuer);
    if (!equal(keyOf(fields, "issuer"), member.issuer)) {
      throw new RefusalError("certificate-forged", "the duty statement names another issuer");
    }
    const certificate = toBase64url(keyOf(fields, "certificate"));
    if (certificate !== member.certificate) throw new RefusalError("duty-other", member.name);
    const span = minutes(fields);
    this.remember(span.from);
    return { certificate, ...span };
  }

  /** The shifts of these members in a row of duty statements; one of nobody here is refused. */
  async duties(statements: Uint8Array, members: readonly StaffMember[]): Promise<Duty[]> {
    const found: Duty[] = [];
    for (const statement of splitStatements(statements)) {
      const certificate = parse("duty", statement.payload).certificate;
      const member = members.find((one) => one.certificate === certificate);
      if (member === undefined) throw new RefusalError("duty-other");
      found.push(await this.duty(statement, member));
    }
    return found;
  }

  /** Throws `certificate-dates` unless the whole chain holds now. */
  requireCurrent(member: StaffMember): void {
    this.requireWithin([member], "certificate-dates", member);
  }

  /** Throws `duty-over` unless one of these shifts is this member's and goes on now. */
  requireOnDuty(member: StaffMember, duties: readonly Duty[]): void {
    const own = duties.filter((duty) => duty.certificate === member.certificate);
    this.requireWithin(own, "duty-over", member);
  }

  private requireWithin(spans: readonly Span[], code: RefusalCode, member: StaffMember): void {
    const now = this.now();
    if (!spans.some((span) => span.from <= now && now < span.until)) {
      throw new RefusalError(code, member.name);
    }
  }
}
