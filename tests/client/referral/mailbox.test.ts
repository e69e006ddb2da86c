// A phone and a desk by letters, and what a server in the wrong hands can make of them: nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase64url } from "../../../counsel/client/bytes.ts";
import type { SigningKey } from "../../../counsel/client/ed25519.ts";
import type { DeviceStore } from "../../../counsel/client/keys/keptKey.ts";
import { stateSealing } from "../../../counsel/client/keys/making.ts";
import { splitStatements } from "../../../counsel/client/statements.ts";
import type { Sealed } from "../../../triage/client/referral/deskQuestions.ts";
import { devicesOf, type Listed } from "../../../triage/client/referral/devices.ts";
import {
  type Asked,
  bodyOf,
  type Exchange,
  ExchangeError,
} from "../../../triage/client/referral/exchange.ts";
import { drawKey, seal, sealWith, spell } from "../../../triage/client/referral/letter.ts";
import { Mailbox } from "../../../triage/client/referral/mailbox.ts";
import { type Reading, readAll } from "../../../triage/client/referral/reading.ts";
import { TOOLS } from "../../../triage/client/referral/tools.ts";
import { type Act, write } from "../../../triage/client/referral/words.ts";
import { EVENING, Organisation } from "../mls/cast.ts";

sealWith(TOOLS);

const MINUTE = 60_000;
const DAY = 86_400_000;
const LINES = ["三月起没发工资", "有二十个人"];

/** Fang at the legal aid desk, or somebody who would like to be. */
interface Fang {
  readonly identity: Uint8Array;
  readonly signer: SigningKey;
  readonly privateKey: Uint8Array;
  readonly listed: { identity: string; sealing: string; key: string };
}

async function sit(
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

function bytesOfDevice(identity: Uint8Array): Uint8Array<ArrayBuffer> {
  const [, device] = splitStatements(identity);
  return new Uint8Array(device?.bytes ?? []);
}

function vault(): DeviceStore {
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
class Server {
  readonly letters: Sealed[] = [];
  readonly asked: Asked[] = [];
  private held: Sealed | null = null;

  readonly exchange: Exchange = async (_, asked) => {
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

interface Evening {
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
async function evening(): Promise<Evening> {
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
async function sent(): Promise<Evening> {
  const there = await evening();
  await later(there, 90 * MINUTE);
  there.server.mix();
  await later(there, 20 * MINUTE);
  assert.equal(there.mailbox.all[0]?.state, "sent");
  return there;
}

async function later(there: Evening, ms: number): Promise<void> {
  there.at += ms;
  await there.mailbox.tick();
}

async function reading({ mailbox, server, fang, home }: Evening): Promise<Reading> {
  const ref = mailbox.all[0]?.ref ?? new Uint8Array(0);
  return readAll(ref, server.letters, fang.privateKey, await home.trust());
}

/** A letter of the desk, or of somebody who signs as if. */
async function answer(
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

async function deliver(there: Evening, letter: Uint8Array): Promise<void> {
  there.server.letters.push({ number: there.server.letters.length + 1, letter });
  await there.mailbox.lookNow();
}

const stateOf = ({ mailbox }: Evening) => mailbox.all[0]?.state;
const broken = ({ mailbox }: Evening) => mailbox.all[0]?.broken;

test("nothing leaves before its time, and then the desk reads the approved lines", async () => {
  const there = await evening();
  await later(there, 89 * MINUTE);
  assert.deepEqual(there.server.asked, []);
  await later(there, MINUTE);
  assert.equal(stateOf(there), "approved", "held is not sent");
  there.server.mix();
  await later(there, 20 * MINUTE);
  assert.equal(stateOf(there), "sent");
  const { lines } = await reading(there);
  assert.deepEqual(lines?.lines, LINES);
});

test("the same bytes go again until they are written", async () => {
  const there = await evening();
  await later(there, 90 * MINUTE);
  await later(there, 20 * MINUTE);
  const posts = there.server.asked.flatMap((one) => (one.act === "post" ? [one.letter] : []));
  assert.equal(posts.length, 2);
  assert.deepEqual(posts[0], posts[1]);
});

test("the desk accepts, and the talk is told by a tap", async () => {
  const there = await sent();
  await deliver(there, await answer(there, "accept", "可以接"));
  assert.equal(stateOf(there), "accepted");
  assert.deepEqual(there.told, []);
  await there.mailbox.tellNow(spell(there.mailbox.all[0]?.ref ?? new Uint8Array(0)));
  assert.deepEqual(there.told, ["accept"]);
});

test("a desk that says nothing in its days is silent, and may still answer", async () => {
  const there = await sent();
  await later(there, 4 * DAY + MINUTE);
  assert.equal(stateOf(there), "silent");
  await deliver(there, await answer(there, "accept", "晚了,抱歉"));
  assert.equal(stateOf(there), "accepted");
});

test("a letter nobody at that desk signed is not believed, nor anything after it", async () => {
  const another = async (home: Organisation): Promise<readonly Fang[]> => [
    await sit(home, "clinic"),
    await sit(home, "", "counsellor"),
    { ...(await sit(home, "legal-aid")), identity: (await sit(home, "legal-aid")).identity },
    await sit(await Organisation.found(), "legal-aid"),
    await sit(home, "legal-aid", "desk", true),
  ];
  for (const place of [0, 1, 2, 3, 4]) {
    const there = await sent();
    const eve = (await another(there.home))[place];
    assert.ok(eve);
    await deliver(there, await answer(there, "accept", "来这里", eve));
    assert.equal(broken(there), true, `forger ${place}`);
    assert.equal(stateOf(there), "sent");
    await deliver(there, await answer(there, "accept", "可以接"));
    assert.equal(stateOf(there), "sent", "nor what comes after it");
  }
});

test("a letter that was moved, repeated or changed is not believed", async () => {
  const there = await sent();
  const yes = await answer(there, "accept", "可以接");
  await deliver(there, yes);
  const asked = await answer(there, "say", "有工资条吗");
  await deliver(there, asked);
  assert.equal(there.mailbox.all[0]?.said.length, 3);
  await deliver(there, asked);
  assert.equal(broken(there), true, "repeated");

  const other = await sent();
  await deliver(other, yes);
  assert.equal(broken(other), true, "of another referral");

  const third = await sent();
  const changed = (await answer(third, "accept", "可以接")).slice();
  changed[4000] = (changed[4000] ?? 0) ^ 1;
  await deliver(third, changed);
  assert.equal(broken(third), true, "changed");
});

test("an answer that comes after everything was erased brings nothing back", async () => {
  const there = await evening();
  there.at += 90 * MINUTE;
  const leaving = there.mailbox.tick();
  there.mailbox.close();
  await there.store.put("referrals", null);
  await leaving;
  assert.equal(await there.store.read("referrals"), null);
});

test("a desk cannot do what the table does not say", async () => {
  const there = await sent();
  await deliver(there, await answer(there, "come", ""));
  assert.equal(stateOf(there), "sent");
  assert.equal(broken(there), true);
});

test("a phone seals to certified browsers of that desk and to no other", async () => {
  const home = await Organisation.found();
  const trust = await home.trust();
  const fang = await sit(home, "legal-aid");
  const doctor = await sit(home, "clinic");
  const lin = await sit(home, "", "counsellor");
  const eve = await sit(await Organisation.found(), "legal-aid");
  const swapped = { ...fang.listed, sealing: doctor.listed.sealing };
  const past = { certificate: toBase64url(new Uint8Array(32)), key: new Uint8Array(32) };
  const sealing = toBase64url(await stateSealing(fang.signer, past, EVENING));
  const older = { ...fang.listed, sealing };
  const listed = {
    "legal-aid": [doctor.listed, lin.listed, eve.listed, swapped, older, fang.listed],
  };
  const found = await devicesOf(listed, "legal-aid", trust);
  assert.deepEqual(
    found.map((one) => one.member.desk),
    ["legal-aid"],
  );
  await home.issued.revoke(bytesOfDevice(fang.identity));
  assert.deepEqual(await devicesOf(listed, "legal-aid", await home.trust()), []);
});

test("every exchange is as long as every other", async () => {
  const name = { ref: new Uint8Array(16), token: new Uint8Array(32) };
  const letter = new Uint8Array(4096);
  const lengths = new Set(
    (
      [
        { act: "post", desk: "labour-inspection", number: 9, letter },
        { act: "look", after: 10 },
        { act: "close" },
      ] as const
    ).map((asked) => bodyOf(name, asked).length),
  );
  assert.deepEqual([...lengths], [8192]);
});

test("what staff wrote for somebody says so to the desk, and lies apart from a talk's on that computer", async () => {
  const there = await evening();
  const trust = await there.home.trust();
  const record = "behalf.p1";
  const beside = await Mailbox.open({
    ...{ store: there.store, trust, record, exchange: there.server.exchange },
    tell: () => Promise.reject(new Error("no talk")),
    newsOf: () => "",
    desks: async () => there.listed,
    now: () => there.at,
    draw: ([, most]) => most,
  });
  await beside.approve("legal-aid", LINES, false, true);
  const lies = [await there.store.read(record), await there.store.read("referrals")];
  assert.ok(lies.every((one) => one !== null));
  there.at += 90 * MINUTE;
  await beside.tick();
  there.server.mix();
  const ref = beside.all[0]?.ref ?? new Uint8Array(0);
  const read = await readAll(ref, there.server.letters, there.fang.privateKey, trust);
  assert.equal(read.lines?.behalf, true);
  assert.deepEqual(read.lines?.lines, LINES);
  assert.equal((await reading(await sent())).lines?.behalf, undefined, "a seeker's own does not");
});
