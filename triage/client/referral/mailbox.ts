/**
 * The seeker's referrals while the talk's page is open: what was approved leaves at a time drawn by
 * chance, answers are looked for at times drawn by chance, and what they say goes into the talk if the
 * seeker wanted that. Nothing in here uses the talk's token, line or keys.
 */

import { equal, toBase64url } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import {
  type DeviceStore,
  drawKey as drawSigner,
  dropKey,
  keepKey,
  readKey,
} from "../../../counsel/client/keys/keptKey.ts";
import type { DeskCode } from "../../../counsel/client/referralContract.ts";
import { believe, codeOf } from "./believing.ts";
import {
  AGAIN_WITHIN,
  drawn,
  LEAVES_WITHIN,
  LOOKS_WITHIN,
  STUMBLED_WITHIN,
  TELLS_WITHIN,
  type Within,
} from "./chance.ts";
import { devicesOf, fetchDesks, type Listed } from "./devices.ts";
import { type Exchange, ExchangeError, exchange } from "./exchange.ts";
import { isQuiet, type Kept, type Said } from "./kept.ts";
import { KeptBook, readKept } from "./keptBook.ts";
import { drawKey, hashOf, noise, seal, spell } from "./letter.ts";
import { daysOf, readWord, type Word, write } from "./words.ts";

const DAY = 86_400_000;
const TICK = 15_000;
const NOTHING = new Uint8Array(32);

export interface MailboxParts {
  readonly store: DeviceStore;
  readonly trust: Pick<Trust, "staff" | "requireLogged" | "requireCurrent" | "now">;
  /** Puts a sentence into the talk; rejects when that cannot be now. */
  readonly tell: (text: string) => Promise<void>;
  /** The sentence for something a desk did, or "" for nothing to tell; `silent` when it did nothing. */
  readonly newsOf: (kept: Kept, said: Said | "silent") => string;
  /** Under which name it is kept; a seeker's own unless said otherwise. */
  readonly record?: string;
  readonly exchange?: Exchange;
  readonly desks?: () => Promise<Listed>;
  readonly now?: () => number;
  /** Milliseconds between two; drawn by chance. */
  readonly draw?: (within: Within) => number;
}

export class Mailbox extends KeptBook {
  private readonly parts: MailboxParts;
  private readonly exchange: Exchange;
  private readonly now: () => number;
  private readonly draw: (within: Within) => number;
  private timer: ReturnType<typeof setInterval> | undefined;
  /** Why the last try to send or look came to nothing; "" when it did not. */
  failure = "";

  private constructor(parts: MailboxParts, kept: readonly Kept[]) {
    super(parts.store, kept, parts.record);
    this.parts = parts;
    this.exchange = parts.exchange ?? exchange;
    this.now = parts.now ?? (() => Date.now());
    this.draw = parts.draw ?? drawn;
  }

  static async open(parts: MailboxParts): Promise<Mailbox> {
    return new Mailbox(parts, await readKept(parts.store, parts.record));
  }

  /** Works by itself from here on, while the page is open. */
  begin(): void {
    this.timer ??= setInterval(() => void this.tick(), TICK);
    void this.tick();
  }

  override close(): void {
    super.close();
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Desks with at least one browser that passes every check. */
  async desks(all: readonly DeskCode[]): Promise<readonly DeskCode[]> {
    const listed = await (this.parts.desks ?? fetchDesks)();
    const there = await Promise.all(all.map((desk) => devicesOf(listed, desk, this.parts.trust)));
    return all.filter((_, place) => (there[place]?.length ?? 0) > 0);
  }

  /**
   * The seeker has seen every one of these lines and tapped. It leaves later, by chance. `behalf`: staff
   * wrote for somebody at their side, and every line was read to them.
   */
  approve(desk: DeskCode, lines: readonly string[], tells: boolean, behalf = false): Promise<void> {
    return this.inTurn(async () => {
      const { publicKey, privateKey } = await drawKey();
      const ref = noise(16);
      const signer = await drawSigner(this.parts.store, signerOf(ref));
      await keepKey(this.parts.store, signerOf(ref), { signer, person: "", more: {} });
      const text = write({
        kind: "lines",
        lines,
        key: toBase64url(publicKey),
        signer: toBase64url(signer.publicKey),
        ...(behalf ? { behalf } : {}),
      });
      const fresh: Kept = {
        ...{ ref, token: noise(32), publicKey, privateKey, desk, lines, state: "approved" },
        ...{
          said: [],
          last: 0,
          before: NOTHING,
          sentAt: 0,
          lookAt: 0,
          tells,
          toldTo: 0,
          tellAt: 0,
        },
        ...{ toldSilent: false, broken: false },
        leaving: { text, dueAt: this.now() + this.draw(LEAVES_WITHIN), letter: null },
      };
      await this.become([...this.all, fresh]);
    });
  }

  /** An answer or a question to the desk; it leaves later, by chance. One at a time. */
  say(ref: string, text: string): Promise<void> {
    const word: Word = { kind: "say", text, to: "" };
    const dueAt = this.now() + this.draw(LEAVES_WITHIN);
    return this.change(ref, (one) =>
      one.leaving === null ? { leaving: { text: write(word), dueAt, letter: null } } : {},
    );
  }

  setTells(ref: string, tells: boolean): Promise<void> {
    return this.change(ref, () => ({ tells, tellAt: 0 }));
  }

  /** Taken back, or read to its end: gone here at once, and at the server when it is reached. */
  takeBack(ref: string): Promise<void> {
    return this.inTurn(async () => {
      const one = this.find(ref);
      if (one === undefined) return;
      if (one.sentAt > 0 || one.leaving?.letter) {
        await this.exchange(one, { act: "close" }).catch(gone);
      }
      await dropKey(this.parts.store, signerOf(one.ref));
      await this.become(this.all.filter((other) => other !== one));
    });
  }

  /** Looks now, because somebody asked for it. */
  lookNow(): Promise<void> {
    return this.inTurn(async () => {
      for (const one of this.all) await this.look(one);
    });
  }

  /** News goes into the talk now, because somebody tapped. */
  tellNow(ref: string): Promise<void> {
    return this.inTurn(async () => {
      const one = this.find(ref);
      if (one !== undefined) await this.tell(one);
    });
  }

  /** What of it the talk has not been told. */
  untold(one: Kept): readonly string[] {
    const news = one.said.filter((said) => said.number > one.toldTo && !said.mine);
    const silent = isSilent(one) && !one.toldSilent ? (["silent"] as const) : [];
    return [...news, ...silent]
      .map((said) => this.parts.newsOf(one, said))
      .filter((text) => text !== "");
  }

  /** Everything that is due by now. */
  tick(): Promise<void> {
    return this.inTurn(async () => {
      for (const { ref } of this.all) {
        const due = (): Kept | undefined => this.find(spell(ref));
        let one = due();
        if (one?.leaving && one.leaving.dueAt <= this.now()) await this.leave(one);
        one = due();
        if (one && one.sentAt > 0 && one.lookAt <= this.now()) await this.look(one);
        one = due();
        if (one) await this.countDays(one);
        one = due();
        if (one?.tells && this.untold(one).length > 0) await this.tellLater(one);
      }
    });
  }

  // --- one after the other ----------------------------------------------------------------------

  private async leave(one: Kept): Promise<void> {
    const { leaving } = one;
    if (leaving === null) return;
    try {
      const number = one.last + 1;
      let { letter } = leaving;
      if (letter === null) {
        letter = await this.seal(one, leaving.text, number);
        await this.put(one, { leaving: { ...leaving, letter } }); // stored before it leaves
      }
      const { wait } = await this.exchange(one, { act: "post", desk: one.desk, number, letter });
      this.failure = "";
      if (wait > 0) {
        const dueAt = this.now() + wait * 1000 + this.draw(AGAIN_WITHIN);
        await this.put(one, { leaving: { ...leaving, letter, dueAt, failed: "" } });
        return;
      }
      await this.left(one, leaving.text, letter, number);
    } catch (error) {
      await this.stumble(one, error);
    }
  }

  private async left(one: Kept, text: string, letter: Uint8Array, number: number): Promise<Kept> {
    const at = this.now();
    const first = number === 1;
    const word = readWord(text);
    const said: Said = {
      ...{ number, mine: true, to: "", who: "", at },
      kind: first ? "lines" : "say",
      text: first ? one.lines.join("\n") : (word?.text ?? ""),
    };
    return this.put(one, {
      said: [...one.said, said],
      last: number,
      before: await hashOf(letter),
      leaving: null,
      ...(first ? { state: "sent", sentAt: at } : {}),
      lookAt: at + this.draw(LOOKS_WITHIN),
    });
  }

  /** Another letter took the place meanwhile: it is read first, and ours is sealed anew behind it. */
  private async stumble(one: Kept, error: unknown): Promise<void> {
    const code = codeOf(error);
    this.failure = code;
    const { leaving } = one;
    if (leaving === null) return;
    const dueAt = this.now() + this.draw(STUMBLED_WITHIN);
    const overtaken = code === "too-late";
    await this.put(one, {
      leaving: {
        ...leaving,
        dueAt,
        failed: overtaken ? "" : code,
        letter: overtaken ? null : (this.find(spell(one.ref))?.leaving?.letter ?? null),
      },
    });
    const fresh = this.find(spell(one.ref));
    if (overtaken && fresh) await this.look(fresh);
  }

  private async seal(one: Kept, body: string, number: number): Promise<Uint8Array> {
    const kept = await readKey(this.parts.store, signerOf(one.ref), "");
    if (kept === null) throw new ExchangeError("no-key");
    const listed = await (this.parts.desks ?? fetchDesks)();
    const devices = await devicesOf(listed, one.desk, this.parts.trust);
    if (devices.length === 0) throw new ExchangeError("no-desk");
    const keys = [one.publicKey, ...devices.map((device) => device.key)];
    const { signer } = kept;
    const identity = new Uint8Array(0);
    return seal({ body, identity, signer }, { ref: one.ref, number, before: one.before }, keys);
  }

  private async look(first: Kept): Promise<void> {
    let one = first;
    if (one.sentAt === 0 || one.broken) return;
    try {
      for (;;) {
        const { number, letter } = await this.exchange(one, { act: "look", after: one.last });
        this.failure = "";
        if (number !== one.last + 1) break;
        const { leaving } = one;
        // What was held is written by now, and it is our own.
        const own = leaving?.letter && equal(leaving.letter, letter) ? leaving : null;
        one = own
          ? await this.left(one, own.text, letter, number)
          : await this.read(one, number, letter);
        if (one.broken) break;
      }
    } catch (error) {
      this.failure = codeOf(error);
    }
    // Only where nothing waits to be read: the desk's last word may lie there.
    const asked = this.failure === "" || this.failure === "no-seat";
    if (asked && !one.broken && isQuiet(one, this.now())) {
      one = await this.put(one, { state: "unknown", leaving: null });
    }
    await this.put(one, { lookAt: this.now() + this.draw(LOOKS_WITHIN) });
  }

  private async read(one: Kept, number: number, letter: Uint8Array): Promise<Kept> {
    const heard = await believe(one, { number, letter }, this.parts.trust);
    if (heard === null) return this.put(one, { broken: true });
    const said: Said = { ...heard.said, number, mine: false, at: this.now() };
    const before = await hashOf(letter);
    const { state } = heard;
    const toldSilent = one.toldSilent && state === "silent";
    return this.put(one, { said: [...one.said, said], state, last: number, before, toldSilent });
  }

  private async countDays(one: Kept): Promise<void> {
    const over = one.sentAt > 0 && this.now() - one.sentAt > (daysOf(one.desk) + 1) * DAY;
    if (one.state === "sent" && over) await this.put(one, { state: "silent" });
  }

  private async tellLater(one: Kept): Promise<void> {
    if (one.tellAt === 0) await this.put(one, { tellAt: this.now() + this.draw(TELLS_WITHIN) });
    else if (one.tellAt <= this.now()) await this.tell(one);
  }

  private async tell(one: Kept): Promise<void> {
    try {
      for (const text of this.untold(one)) await this.parts.tell(text);
      const toldSilent = one.toldSilent || isSilent(one);
      await this.put(one, { toldTo: one.last, toldSilent, tellAt: 0 });
    } catch {
      // the talk cannot be written to now: told when it can
    }
  }
}

/** Its days are over without a word: nobody answered, or nobody said how it ended. */
function isSilent({ state }: Kept): boolean {
  return state === "silent" || state === "unknown";
}

function signerOf(ref: Uint8Array): string {
  return `referral.${spell(ref)}`;
}

/** What is not there any more is as good as closed. */
function gone(error: unknown): void {
  if (codeOf(error) !== "no-seat") throw error;
}
