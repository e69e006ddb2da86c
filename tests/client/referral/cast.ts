// Sana, a desk and the server between them, for every test of their letters.

import assert from "node:assert/strict";
import { toBase64url } from "../../../counsel/client/bytes.ts";
import type { SigningKey } from "../../../counsel/client/ed25519.ts";
import type { DeviceStore } from "../../../counsel/client/keys/keptKey.ts";
import { stateSealing } from "../../../counsel/client/keys/making.ts";
import { splitStatements } from "../../../counsel/client/statements.ts";
import type { Sealed } from "../../../triage/client/referral/deskQuestions.ts";
import type { Listed } from "../../../triage/client/referral/devices.ts";
import {
  type Asked,
  type Exchange,
  ExchangeError,
} from "../../../triage/client/referral/exchange.ts";
import { drawKey, seal, sealWith } from "../../../triage/client/referral/letter.ts";
import { Mailbox } from "../../../triage/client/referral/mailbox.ts";
import { type Reading, readAll } from "../../../triage/client/referral/reading.ts";
import { TOOLS } from "../../../triage/client/referral/tools.ts";
import { type Act, write } from "../../../triage/client/referral/words.ts";
import { EVENING, Organisation } from "../mls/cast.ts";

sealWith(TOOLS);

export const MINUTE = 60_000;
export const DAY = 86_400_000;
export const LINES = ["三月起没发工资", "有二十个人"];

/** Fang at the legal aid desk, or somebody who would like to be. */
export interface Fang {
  readonly identity: Uint8Array;
  readonly signer: SigningKey;
  readonly privateKey: Uint8Array;
  readonly listed: { identity: string; sealing: string; key: string };
}

export async function sit(
  home: Organisation,
  desk: string,
  role = "desk",
  unlogged = false,
): Promise<Fang> {
  const { keys } = await home.certify("方", role, role === "desk" ? { desk, unlogged } : {});
  const { publicKey, privateKey } = await drawKey();
  const print = await crypto.subtle.digest("SHA-256", bytesOfDevice(keys.identity));
  const certificate = toBase64url(new Uint8Array(print));
  const sealing = await stateSealing(keys.signer, { certificate, key: publicKey }, EVENING);
  return {
    identity: keys.identity,
    signer: keys.signer,
    privateKey,
    listed: { identity: toBase64url(keys.identity), sealing: toBase64url(sealing), key: "" },
  };
}

export function bytesOfDevice(identity: Uint8Array): Uint8Array<ArrayBuffer> {
  const [, device] = splitStatements(identity);
  return new Uint8Array(device?.bytes ?? []);
}

export function vault(): DeviceStore {
  const [records, handles] = [new Map<string, Uint8Array>(), new Map<string, CryptoKey>()];
  return {
    read: async (name) => {
      const bytes = records.get(name);
      return bytes === undefined ? null : { bytes };
    },
    put: async (name, bytes) =>
      void (bytes === null ? records.delete(name) : records.set(name, bytes)),
    handle: async (name) => handles.get(name) ?? null,
    putHandle: async (name, key) =>
      void (key === null ? handles.delete(name) : handles.set(name, key)),
  };
}

/** A server that keeps letters; what it holds is written when `mix` is called. */
export class Server {
  readonly letters: Sealed[] = [];
  readonly asked: Asked[] = [];
  private held: Sealed | null = null;
  /** A code it answers everything with; "" for an honest answer. */
  cut = "";

  readonly exchange: Exchange = async (_, asked) => {
    if (this.cut !== "") throw new ExchangeError(this.cut);
    this.asked.push(asked);
    if (asked.act === "post") {
      const there = this.letters[asked.number - 1];
      if (there) {
        if (toBase64url(there.letter) !== toBase64url(asked.letter)) {
          throw new ExchangeError("too-late");
        }
        return { wait: 0, number: 0, letter: new Uint8Array(0) };
      }
      this.held = { number: asked.number, letter: asked.letter };
      return { wait: 600, number: 0, letter: new Uint8Array(0) };
    }
    const next = asked.act === "look" ? this.letters[asked.after] : undefined;
    return { wait: 0, number: next?.number ?? 0, letter: next?.letter ?? new Uint8Array(0) };
  };

  mix(): void {
    if (this.held) this.letters.push(this.held);
    this.held = null;
  }
}

export interface Evening {
  readonly home: Organisation;
  readonly fang: Fang;
  readonly server: Server;
  readonly mailbox: Mailbox;
  readonly told: string[];
  readonly store: DeviceStore;
  at: number;
  listed: Listed;
}

/** Sana has approved two lines for the legal aid desk. */
export async function evening(): Promise<Evening> {
  const home = await Organisation.found();
  const fang = await sit(home, "legal-aid");
  const [server, told] = [new Server(), [] as string[]];
  const store = vault();
  const found = {
    home,
    fang,
    server,
    told,
    store,
    at: EVENING,
    listed: { "legal-aid": [fang.listed] },
  };
  const mailbox = await Mailbox.open({
    store,
    trust: await home.trust(),
    tell: async (text) => void told.push(text),
    newsOf: (_, said) => (said === "silent" ? "silent" : said.kind),
    exchange: server.exchange,
    desks: async () => found.listed,
    now: () => found.at,
    draw: ([, most]) => most,
  });
  const whole = Object.assign(found, { mailbox });
  await mailbox.approve("legal-aid", LINES, false);
  return whole;
}

/** … and they are with the desk. */
export async function sent(): Promise<Evening> {
  const there = await evening();
  await later(there, 90 * MINUTE);
  there.server.mix();
  await later(there, 20 * MINUTE);
  assert.equal(there.mailbox.all[0]?.state, "sent");
  return there;
}

export async function later(there: Evening, ms: number): Promise<void> {
  there.at += ms;
  await there.mailbox.tick();
}

export async function reading({ mailbox, server, fang, home }: Evening): Promise<Reading> {
  const ref = mailbox.all[0]?.ref ?? new Uint8Array(0);
  return readAll(ref, server.letters, fang.privateKey, await home.trust());
}

/** A letter of the desk, or of somebody who signs as if. */
export async function answer(
  there: Evening,
  act: Act,
  text: string,
  by = there.fang,
): Promise<Uint8Array> {
  const read = await reading(there);
  const one = there.mailbox.all[0];
  assert.ok(one);
  const standing = { ref: one.ref, number: read.letters.length + 1, before: read.before };
  const body = write({ kind: act, text, to: "" });
  const { publicKey } = one;
  return seal({ body, identity: by.identity, signer: by.signer }, standing, [publicKey]);
}

export async function deliver(there: Evening, letter: Uint8Array): Promise<void> {
  there.server.letters.push({ number: there.server.letters.length + 1, letter });
  await there.mailbox.lookNow();
}

export const stateOf = ({ mailbox }: Evening) => mailbox.all[0]?.state;
export const broken = ({ mailbox }: Evening) => mailbox.all[0]?.broken;
