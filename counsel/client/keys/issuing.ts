/**
 * A supervisor's browser as an issuer: its key, and what it signs after somebody has tapped.
 *
 * The key is drawn here and never leaves; what it may do is the root's to say, and is read from the
 * root's own statement. What is signed is taken from checked certificates and from this page, never
 * from what the server says about them.
 */

import { concat, fromBase64url, toBase64url } from "../bytes.ts";
import type { StaffMember, Trust } from "../certificates.ts";
import { ed25519, type SigningKey } from "../ed25519.ts";
import { type Issuer, readIssuer } from "../issuers.ts";
import { type Me, type Outcome, type StaffApi, textOf } from "../staffApi.ts";
import type { StaffLog } from "../staffLog.ts";
import { splitStatements } from "../statements.ts";
import { type DeviceStore, drawKey, type KeptKey, keepKey, readKey } from "./keptKey.ts";
import {
  type DirectoryEdition,
  headAfter,
  issuedRow,
  revokedRow,
  stateDevice,
  stateDirectory,
  stateDuty,
  stateHead,
} from "./making.ts";
import {
  type Appended,
  askIssuer,
  type DutyWait,
  dateLog,
  giveCard,
  holderOf,
  type ListedCard,
  putOnDuty,
  type Request,
  revokeCard,
} from "./questions.ts";

const RECORD = "issuer";
/** What was tapped counts this long for the same certificate: one shift, twin of `limits.py`; ms. */
const SHIFT = 4.5 * 3_600_000;
/** A head older than this gets a new date, so that every client's "now" stays near the truth; ms. */
const DATED_FOR = 12 * 3_600_000;
const TRIES = 4;
const DAY = 86_400_000;

export interface IssuingParts {
  readonly store: DeviceStore;
  readonly api: StaffApi;
  readonly trust: Trust;
  readonly me: Me;
  /** ms; tests bring their own. */
  readonly now?: () => number;
}

/** What this browser remembers of what it signed. */
interface Signed {
  /** The UTC day the cards are counted for, and how many. */
  readonly day: number;
  readonly count: number;
  /** When a person was put on duty by a tap, ms, by certificate. */
  readonly tapped: Readonly<Record<string, number>>;
}

const NOTHING: Signed = { day: 0, count: 0, tapped: {} };

/** Nothing was signed, and why. */
function refused(code: string): Outcome<never> {
  return { ok: false, code, retryAfter: 0 };
}

/** A refusal's own code, for the sentence; `internal` for what is none. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "internal";
}

export class Issuing {
  /** 32 bytes: what a ceremony is asked to make an issuer of. */
  readonly key: Uint8Array;
  private readonly parts: IssuingParts;
  private readonly signer: SigningKey;
  private readonly now: () => number;
  private statement = new Uint8Array(0);
  private signed: Signed;
  /** The root's word, once it has given it. */
  issuer: Issuer | null = null;

  private constructor(parts: IssuingParts, { signer, more }: KeptKey) {
    this.parts = parts;
    this.signer = signer;
    this.key = signer.publicKey;
    this.now = parts.now ?? (() => parts.trust.now());
    this.signed = signedOf(more["signed"]);
  }

  /** The issuing key kept in this browser, with what the root says of it by now; null: none. */
  static async open(parts: IssuingParts): Promise<Issuing | null> {
    const kept = await readKey(parts.store, RECORD, parts.me.person);
    if (kept === null) {
      return null;
    }
    const issuing = new Issuing(parts, kept);
    await issuing.look();
    return issuing;
  }

  /** A key of its own for issuing, drawn here. What it may do is not decided here. */
  static async draw(parts: IssuingParts): Promise<Issuing> {
    const signer = await drawKey(parts.store, RECORD);
    const issuing = new Issuing(parts, { signer, more: {} });
    await issuing.keep();
    await issuing.look();
    return issuing;
  }

  /** Asks whether the root has said something by now. */
  async look(): Promise<void> {
    const answer = await askIssuer(this.parts.api, toBase64url(this.key));
    if (!answer.ok || answer.value.length === 0) {
      return;
    }
    const [statement] = splitStatements(answer.value);
    const issuer = await readIssuer(await ed25519(), statement, this.parts.trust.rootKey);
    if (toBase64url(issuer.key) === toBase64url(this.key)) {
      this.issuer = issuer;
      this.statement = answer.value.slice();
    }
  }

  /** The root's statement goes on, and the log has not taken it back. */
  async holds(): Promise<boolean> {
    const { issuer } = this;
    const at = this.now();
    if (issuer === null || at < issuer.from || at >= issuer.until) {
      return false;
    }
    const { log } = this.parts.trust;
    if (!(await this.log()).knows(issuer)) {
      await log.refresh();
    }
    return (await this.log()).holds(issuer);
  }

  /** Cards this browser may still give today. */
  get left(): number {
    return Math.max(0, (this.issuer?.daily ?? 0) - this.today());
  }

  /** The card for a browser whose digits its person has read out. */
  async give(request: Request): Promise<Outcome<null>> {
    const { issuer } = this;
    if (issuer === null || !issuer.roles.includes(request.who.role)) {
      return refused("needs-ceremony");
    }
    if (this.left === 0) {
      return refused("day-full");
    }
    const holder = { ...holderOf(request.who), key: request.key };
    const device = await stateDevice(this.signer, holder, this.now());
    const identity = toBase64url(concat(this.statement, device));
    const answer = await this.append(await issuedRow(device), (appended) =>
      giveCard(this.parts.api, { id: request.id, identity, ...appended }),
    );
    if (answer.ok) {
      await this.note({ day: this.day(), count: this.today() + 1 });
    }
    return answer;
  }

  /** Takes a card back for everybody. Which row that is, is read from its own statement. */
  async revoke(card: ListedCard): Promise<Outcome<null>> {
    try {
      const member = await this.read(card.identity, fromBase64url(card.key) ?? new Uint8Array(0));
      const place = (await this.log()).placeOf(member);
      if (member.person !== card.who.person || place === null) {
        return refused("other-person");
      }
      return await this.append(revokedRow(place), (appended) =>
        revokeCard(this.parts.api, { card: card.card, ...appended }),
      );
    } catch (error) {
      return refused(codeOf(error));
    }
  }

  /** On duty for this shift. `tap`: a person pressed; else only what was pressed this shift. */
  async putOn(wait: DutyWait, tap: boolean): Promise<Outcome<null>> {
    try {
      const member = await this.read(wait.identity, wait.key);
      if (member.person !== wait.who.person || member.name !== wait.who.working_name) {
        return refused("other-person");
      }
      if (this.issuer === null || !this.issuer.duties.includes(member.role)) {
        return refused("certificate-role");
      }
      await this.parts.trust.requireLogged([member], []);
      this.parts.trust.requireCurrent(member);
      const { certificate } = member;
      const at = this.now();
      const since = this.signed.tapped[certificate] ?? 0;
      if (!tap && at - since >= SHIFT) {
        return refused("not-now");
      }
      const head = await this.log();
      // By itself never beyond the shift that was tapped: a longer one is another tap.
      const until = tap ? wait.until : Math.min(wait.until, since + SHIFT);
      const duty = await stateDuty(this.signer, { certificate, until, head }, at);
      const statement = toBase64url(concat(this.statement, duty));
      const answer = await putOnDuty(this.parts.api, wait.id, statement);
      if (answer.ok && tap) {
        await this.note({ tapped: { ...this.signed.tapped, [certificate]: at } });
      }
      return answer;
    } catch (error) {
      return refused(codeOf(error));
    }
  }

  /** This issuer's word for a directory that was read here: issuer statement ‖ directory statement. */
  async signDirectory(edition: DirectoryEdition): Promise<Uint8Array> {
    return concat(this.statement, await stateDirectory(this.signer, edition, this.now()));
  }

  /** The log as it is under today's date, when its head has grown old. */
  async date(): Promise<void> {
    const log = await this.log();
    if (this.now() - log.signedAt < DATED_FOR) {
      return;
    }
    const head = await stateHead(this.signer, log, this.now());
    const whole = toBase64url(concat(this.statement, head));
    await dateLog(this.parts.api, { size: log.size, head: whole });
    await this.parts.trust.log.refresh();
  }

  /** One row more and the head over it; from the start again when somebody else was first. */
  private async append(
    row: Uint8Array,
    send: (appended: Appended) => Promise<Outcome<null>>,
  ): Promise<Outcome<null>> {
    for (let tries = 1; ; tries++) {
      const { log } = this.parts.trust;
      await log.refresh();
      const known = await log.atLeast(0);
      const head = await stateHead(this.signer, await headAfter(known, row), this.now());
      const whole = toBase64url(concat(this.statement, head));
      const answer = await send({ size: known.size, head: whole });
      if (answer.ok) {
        await log.refresh();
      }
      if (answer.ok || answer.code !== "too-late" || tries >= TRIES) {
        return answer;
      }
    }
  }

  private read(identity: Uint8Array, key: Uint8Array): Promise<StaffMember> {
    return this.parts.trust.staff(identity, key);
  }

  private log(): Promise<StaffLog> {
    return this.parts.trust.log.atLeast(0);
  }

  private day(): number {
    return Math.floor(this.now() / DAY);
  }

  private today(): number {
    return this.signed.day === this.day() ? this.signed.count : 0;
  }

  private async note(part: Partial<Signed>): Promise<void> {
    const now = this.now();
    const signed = { ...this.signed, ...part };
    const still = Object.entries(signed.tapped).filter(([, at]) => now - at < SHIFT);
    this.signed = { ...signed, tapped: Object.fromEntries(still) };
    await this.keep();
  }

  private keep(): Promise<void> {
    const { store, me } = this.parts;
    const more = { signed: JSON.stringify(this.signed) };
    return keepKey(store, RECORD, { signer: this.signer, person: me.person, more });
  }
}

function signedOf(kept: unknown): Signed {
  try {
    return { ...NOTHING, ...(JSON.parse(textOf(kept)) as Partial<Signed>) };
  } catch {
    return NOTHING;
  }
}
