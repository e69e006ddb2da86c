/** A desk's page while somebody sits at it: this browser's card and key, what lies open, one of them read. */

import { fromBase64url, toBase64url } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import { CertifyError, type Device, openDevice } from "../../../counsel/client/device.ts";
import { stateSealing } from "../../../counsel/client/keys/making.ts";
import { staffStore, staffTrust } from "../../../counsel/client/keys/staffTrust.ts";
import { Book, type Page, QUIET } from "../../../counsel/client/office/book.ts";
import type { DeskCode } from "../../../counsel/client/referralContract.ts";
import type { Me, Outcome, StaffApi } from "../../../counsel/client/staffApi.ts";
import { act, askReferrals, keepKey, type Listed, readReferral } from "./deskQuestions.ts";
import { devicesOf, fetchDesks } from "./devices.ts";
import { drawKey, seal } from "./letter.ts";
import { type Reading, readAll } from "./reading.ts";
import { type Act, isDesk, write } from "./words.ts";

export interface DeskView extends Page {
  /** Why this browser opens nothing: a code of `CertifyError`, or "". */
  readonly noCard: string;
  readonly referrals: readonly Listed[] | null;
  readonly more: number;
  /** The one that lies open, by reference; "" for none. */
  readonly open: string;
  readonly reading: Reading | null;
  readonly draft: { readonly text: string; readonly to: DeskCode | "" };
}

export const AT = { list: "list", letter: "letter" } as const;

const UNREAD: DeskView = {
  ...QUIET,
  noCard: "",
  referrals: null,
  more: 0,
  open: "",
  reading: null,
  draft: { text: "", to: "" },
};
const RECORD = "desk-sealing";

interface Key {
  readonly person: string;
  readonly certificate: string;
  readonly publicKey: string;
  readonly privateKey: string;
}

interface Seat {
  readonly trust: Trust;
  readonly device: Device;
  readonly privateKey: Uint8Array;
}

const refused = (code: string): Outcome<never> => ({ ok: false, code, retryAfter: 0 });

export class DeskBook extends Book<DeskView> {
  private seat: Promise<Seat> | null = null;

  constructor(api: StaffApi, me: Me) {
    super(api, me, UNREAD);
  }

  async load(): Promise<void> {
    await this.sit().catch((error: unknown) => {
      this.change({ noCard: error instanceof CertifyError ? error.code : "internal" });
    });
    const answer = await askReferrals(this.api);
    if (!answer.ok) {
      this.change({ failure: answer.code });
      return;
    }
    const { referrals, more } = answer.value;
    this.change({ referrals, more, failure: "" });
    if (this.view.open !== "") await this.read(this.view.open);
  }

  write(part: Partial<DeskView["draft"]>): void {
    this.change({ draft: { ...this.view.draft, ...part } });
  }

  async open(ref: string): Promise<void> {
    this.change({ open: ref, reading: null, said: null, draft: { text: "", to: "" } });
    if (ref !== "") await this.read(ref);
  }

  private async read(ref: string): Promise<void> {
    try {
      const { trust, privateKey } = await this.sit();
      const answer = await readReferral(this.api, ref);
      if (!answer.ok || this.view.open !== ref) return;
      const bytes = fromBase64url(ref) ?? new Uint8Array(0);
      const reading = await readAll(bytes, answer.value.letters, privateKey, trust);
      if (this.view.open === ref) this.change({ reading });
    } catch {
      this.change({ reading: null }); // said by `noCard`
    }
  }

  /** What the desk does, and the letter that says so to the seeker. */
  async carryOut(what: Act): Promise<void> {
    const { open: ref, reading, draft } = this.view;
    const text = draft.text.trim();
    if (reading === null || reading.lines === null || this.view.busy !== "") return;
    const key = fromBase64url(reading.lines.key);
    if (text === "" && what !== "come" && what !== "miss") {
      this.change({ said: { at: AT.letter, done: "", name: "", code: "no-words", until: 0 } });
      return;
    }
    if (what === "redirect" && draft.to === "") {
      this.change({ said: { at: AT.letter, done: "", name: "", code: "no-desk", until: 0 } });
      return;
    }
    const sent = await this.act(AT.letter, what, "", async () => {
      try {
        const letter = await this.seal(ref, reading, key, { what, text, to: draft.to });
        const number = reading.letters.length + 1;
        const done = await act(this.api, { ref, event: what, number, letter });
        // What is shown has one letter less by now: nothing is written behind it before it is read.
        if (done.ok) this.change({ reading: null });
        return done;
      } catch (error) {
        return refused(error instanceof RangeError ? "too-long" : "offline");
      }
    });
    if (sent.ok) this.change({ draft: { text: "", to: "" } });
  }

  private async seal(
    ref: string,
    reading: Reading,
    key: Uint8Array | null,
    { what, text, to }: { what: Act; text: string; to: DeskCode | "" },
  ): Promise<Uint8Array> {
    const { trust, device } = await this.sit();
    const desk = this.me.desk;
    if (key === null || !isDesk(desk)) throw new RangeError("no key");
    const devices = await devicesOf(await fetchDesks(), desk, trust);
    const body = write({ kind: what, text, to: what === "redirect" ? to : "" });
    const standing = {
      ref: fromBase64url(ref) ?? new Uint8Array(0),
      number: reading.letters.length + 1,
      before: reading.before,
    };
    const { identity, signer } = device;
    const keys = [key, ...devices.map((one) => one.key)];
    return seal({ body, identity, signer }, standing, keys);
  }

  /** This browser's card, and the key letters to it are sealed to. Throws `CertifyError`. */
  private sit(): Promise<Seat> {
    this.seat ??= this.takeSeat().catch((error: unknown) => {
      this.seat = null;
      throw error;
    });
    return this.seat;
  }

  private async takeSeat(): Promise<Seat> {
    const [trust, store] = [await staffTrust(), await staffStore()];
    const device = await openDevice({ store, api: this.api, trust, me: this.me });
    const found = await store.read(RECORD);
    let key = found && (JSON.parse(new TextDecoder().decode(found.bytes)) as Key);
    if (!key || key.person !== this.me.person) {
      const drawn = await drawKey();
      key = {
        person: this.me.person,
        certificate: "",
        publicKey: toBase64url(drawn.publicKey),
        privateKey: toBase64url(drawn.privateKey),
      };
    }
    const publicKey = fromBase64url(key.publicKey) ?? new Uint8Array(0);
    const said = { certificate: device.certificate, key: publicKey };
    const statement = await stateSealing(device.signer, said, trust.now());
    // Kept before anybody can seal to it.
    const kept: Key = { ...key, certificate: device.certificate };
    await store.put(RECORD, new TextEncoder().encode(JSON.stringify(kept)));
    const answer = await keepKey(this.api, device.certificate, statement);
    if (!answer.ok) throw new CertifyError(answer.code);
    this.change({ noCard: "" });
    return { trust, device, privateKey: fromBase64url(key.privateKey) ?? new Uint8Array(0) };
  }
}
