/**
 * Who is staff: root → issuer → device certificate → duty statement, checked by every client, and
 * whether the log of everything issued bears them out.
 *
 * The server's twin is `counsel/certificates.py`; both read `tests/vectors/statements.json`.
 */

import { equal, fromBase64url, source, toBase64url } from "./bytes.ts";
import { type Ed25519, ed25519 } from "./ed25519.ts";
import { commitmentOf, type Issuer, readIssuer } from "./issuers.ts";
import { KnownLog, type LogSource } from "./knownLog.ts";
import { type RefusalCode, RefusalError } from "./refusal.ts";
import { type Head, StaffLog } from "./staffLog.ts";
import {
  count,
  DAY,
  days,
  type Fields,
  keyOf,
  minutes,
  open,
  parse,
  type Span,
  type Statement,
  splitPairs,
  splitStatements,
  unreadable,
  word,
} from "./statements.ts";

/** Twin of `counsel/limits.py`: a device is certified for 90 days at most. */
const DEVICE_AT_MOST = 90 * DAY;
const ROLES: readonly string[] = ["counsellor", "supervisor", "administrator", "desk"];

export type StaffRole = "counsellor" | "supervisor" | "administrator" | "desk";

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
  /** The log of everything issued, as the server ships it. */
  log: LogSource;
}

/** A person of the staff by a certificate rightly signed. Not: that it still holds. */
export interface StaffMember extends Span {
  readonly person: string;
  readonly role: StaffRole;
  /** Which back office, for the role of that name; else "". */
  readonly desk: string;
  readonly name: string;
  /** The 32-byte MLS signature key of the certified device. */
  readonly key: Uint8Array;
  readonly issuer: Issuer;
  /** base64url SHA-256 of the device statement: what a duty statement points at. */
  readonly certificate: string;
  /** Its row in the log. */
  readonly commitment: string;
  readonly demo: boolean;
}

/** One shift of one certificate, cut to the days of whoever signed it. */
export interface Duty extends Span {
  readonly certificate: string;
  readonly issuer: Issuer;
  /** The log as its signer knew it. */
  readonly head: Head;
}

function roleOf(fields: Fields, allowed: readonly string[]): StaffRole {
  const role = word(fields, "role");
  if (ROLES.includes(role) && allowed.includes(role)) return role as StaffRole;
  throw new RefusalError("certificate-role", `this issuer may not certify a ${role}`);
}

/** Whether a page under this host name can only be on the reader's own machine (RFC 6761). */
export function isLocal(hostname: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname) || hostname.endsWith(".localhost");
}

function common(spans: readonly Span[]): Span {
  return {
    from: Math.max(...spans.map((span) => span.from)),
    until: Math.min(...spans.map((span) => span.until)),
  };
}

export class Trust {
  readonly demo: boolean;
  /** The organisation, as its root names itself. */
  readonly organisation: string;
  readonly log: KnownLog;
  private readonly curve: Ed25519;
  /** 32 bytes. */
  readonly rootKey: Uint8Array;
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
    this.log = new KnownLog(options.log, async (file, before) => {
      const log = await StaffLog.open(curve, file, this.rootKey, before);
      this.remember(log.signedAt);
      return log;
    });
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

  /**
   * ms: this clock while it is within a day of the newest signed date, else that date; and never
   * before that date, because what was signed is past.
   */
  now(): number {
    return this.clockAgrees ? this.today() : this.newestDate;
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
    const issuer = await readIssuer(this.curve, first, this.rootKey);
    const device = await open(this.curve, "device", second, issuer.key);
    if (!equal(keyOf(device, "issuer"), issuer.key)) {
      throw new RefusalError("certificate-forged", "the device names another issuer");
    }
    const spans = [days(device), issuer, this.rootSpan] as const;
    if (spans[0].until - DAY - spans[0].from > DEVICE_AT_MOST) {
      throw new RefusalError("certificate-too-long", "a device certificate");
    }
    const digest = await crypto.subtle.digest("SHA-256", source(second.bytes));
    return {
      person: word(device, "person"),
      role: roleOf(device, issuer.roles),
      desk: device.role === "desk" ? word(device, "desk") : "",
      name: word(device, "name"),
      key: keyOf(device, "key"),
      issuer,
      certificate: toBase64url(new Uint8Array(digest)),
      commitment: await commitmentOf(second),
      demo: this.demo,
      ...common(spans),
    };
  }

  /**
   * The shifts of these members in a row of issuer statement ‖ duty statement; one of nobody here
   * is refused. That one was rightly signed moves "now" forward.
   */
  async duties(statements: Uint8Array, members: readonly StaffMember[]): Promise<Duty[]> {
    const found: Duty[] = [];
    for (const pair of splitPairs(statements)) {
      const duty = await this.readDuty(pair);
      const member = members.find((one) => one.certificate === duty.certificate);
      if (member === undefined) throw new RefusalError("duty-other");
      if (!duty.issuer.duties.includes(member.role)) {
        throw new RefusalError("certificate-role", `puts no ${member.role} on duty`);
      }
      found.push(duty);
    }
    return found;
  }

  private async readDuty([first, second]: readonly [Statement, Statement]): Promise<Duty> {
    const issuer = await readIssuer(this.curve, first, this.rootKey);
    const fields = await open(this.curve, "duty", second, issuer.key);
    if (!equal(keyOf(fields, "issuer"), issuer.key)) {
      throw new RefusalError("certificate-forged", "the duty statement names another issuer");
    }
    const span = minutes(fields);
    this.remember(span.from);
    return {
      certificate: toBase64url(keyOf(fields, "certificate")),
      issuer,
      head: { size: count(fields, "size"), hash: keyOf(fields, "head") },
      ...common([span, issuer, this.rootSpan]),
    };
  }

  /**
   * Whether the log bears these people out: their certificates are in it and hold, and whoever put
   * them on duty holds and knows no other log. Throws `RefusalError`, `OutOfReachError`.
   */
  async requireLogged(members: readonly StaffMember[], duties: readonly Duty[]): Promise<void> {
    const issued = members.flatMap((member) => [member.issuer, member]);
    const shown = duties.filter((duty) =>
      members.some((member) => member.certificate === duty.certificate),
    );
    const signers = shown.map((duty) => duty.issuer);
    let log = await this.log.atLeast(Math.max(0, ...shown.map((duty) => duty.head.size)));
    // Issued or revoked after our copy was made: what is asked about must not be older than that.
    if (![...issued, ...signers].every((one) => log.knows(one))) {
      await this.log.refresh();
      log = await this.log.atLeast(0);
    }
    for (const { head } of shown) await this.log.compare(head);
    log.require(issued);
    for (const member of members) {
      const own = shown.filter((duty) => duty.certificate === member.certificate);
      const bad = own.filter((duty) => !log.holds(duty.issuer));
      if (bad[0] !== undefined && bad.length === own.length) log.require([bad[0].issuer]);
    }
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
