import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "../../../counsel/client/bytes.ts";
import type { Duty, StaffMember } from "../../../counsel/client/certificates.ts";
import {
  askDuty,
  CertifyError,
  type Device,
  type DeviceParts,
  forgetDevice,
  openDevice,
  RENEW_BEFORE,
  renewDevice,
} from "../../../counsel/client/device.ts";
import type { Me } from "../../../counsel/client/staffApi.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOTHING = new Uint8Array(0);
const LIN: Me = { working_name: "林", role: "counsellor", person: "p1" };
const CHEN: Me = { working_name: "陈", role: "counsellor", person: "p2" };

/** A computer: its store, and what its server and its trust answer at the moment. */
class Computer {
  readonly records = new Map<string, Uint8Array>();
  readonly handles = new Map<string, CryptoKey>();
  readonly asked: string[] = [];
  now = 0;
  code = "";
  person = "p1";
  forged = false;
  state: "certified" | "waiting" | "revoked" = "certified";
  /** Who puts on duty: a demo by itself, somebody, or nobody yet. */
  puts: "demo" | "on" | "nobody" = "demo";
  askedDuty = 0;

  parts(me: Me): DeviceParts {
    const { records, handles } = this;
    return {
      me,
      store: {
        read: async (name) => {
          const bytes = records.get(name);
          return bytes === undefined ? null : { bytes };
        },
        put: async (name, bytes) => {
          if (bytes === null) records.delete(name);
          else records.set(name, bytes);
        },
        handle: async (name) => handles.get(name) ?? null,
        putHandle: async (name, key) => {
          if (key === null) handles.delete(name);
          else handles.set(name, key);
        },
      },
      api: {
        certify: async (key) => this.certify(key),
        duty: async (certificate) => this.duty(certificate),
      },
      trust: this.trust(),
    };
  }

  private async certify(key: Uint8Array): ReturnType<DeviceParts["api"]["certify"]> {
    this.asked.push(key.join());
    if (this.code !== "") {
      return { ok: false, code: this.code, retryAfter: 0 };
    }
    const { state } = this;
    if (state !== "certified") {
      return { ok: true, value: { state, identity: NOTHING, statement: NOTHING } };
    }
    const statement = this.puts === "demo" ? this.statement() : NOTHING;
    return { ok: true, value: { state, identity: utf8(this.person), statement } };
  }

  private async duty(certificate: string): ReturnType<DeviceParts["api"]["duty"]> {
    assert.equal(certificate, "c");
    this.askedDuty += 1;
    if (this.code !== "") {
      return { ok: false, code: this.code, retryAfter: 0 };
    }
    const state = this.puts === "on" ? "on" : "waiting";
    return { ok: true, value: { state, statement: state === "on" ? this.statement() : NOTHING } };
  }

  /** A duty statement of this toy says when it ends, in ms; the real ones are tested elsewhere. */
  private statement(): Uint8Array {
    return utf8(String(this.now + 4 * HOUR));
  }

  private trust(): DeviceParts["trust"] {
    return {
      demo: true,
      now: () => this.now,
      staff: async (identity, key) => {
        if (this.forged) throw Object.assign(new Error("forged"), { code: "certificate-forged" });
        return member(new TextDecoder().decode(identity), key);
      },
      duties: async (statement) => {
        if (statement.length === 0) return [];
        const until = Number(new TextDecoder().decode(statement));
        const head = { size: 0, hash: new Uint8Array(32) };
        return [{ certificate: "c", issuer: ISSUER, head, from: 0, until } satisfies Duty];
      },
      requireLogged: async () => undefined,
      requireCurrent: () => undefined,
      requireOnDuty: (_member, duties) => {
        if (!duties.some((duty) => this.now < duty.until)) {
          throw Object.assign(new Error("over"), { code: "duty-over" });
        }
      },
    };
  }
}

const ISSUER: StaffMember["issuer"] = {
  key: new Uint8Array(32),
  roles: ["counsellor"],
  duties: ["counsellor"],
  daily: 40,
  name: "周",
  offline: false,
  commitment: "i",
  from: 0,
  until: 365 * 24 * HOUR,
};

function member(person: string, key: Uint8Array): StaffMember {
  return {
    person,
    role: "counsellor",
    desk: "",
    name: "林",
    key,
    issuer: ISSUER,
    certificate: "c",
    commitment: "c",
    demo: true,
    from: 0,
    until: 90 * 24 * HOUR,
  };
}

function keptOf(computer: Computer): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(computer.records.get("device"))) as Record<
    string,
    unknown
  >;
}

const keyOf = (device: Device): string => device.signer.publicKey.join();

test("a card is made once and is there again after a reload, with the same key", async () => {
  const computer = new Computer();
  const first = await openDevice(computer.parts(LIN));
  const again = await openDevice(computer.parts(LIN));
  assert.equal(keyOf(again), keyOf(first));
  assert.equal(computer.asked.length, 1);
  assert.equal(first.dutyUntil, 4 * HOUR);
});

test("the private key has no bytes anywhere in the store", async () => {
  const computer = new Computer();
  const { signer } = await openDevice(computer.parts(LIN));
  assert.ok(signer.secret instanceof CryptoKey);
  assert.equal(signer.secret.extractable, false);
  assert.equal(keptOf(computer)["seed"], null);
});

test("near its end the statement is renewed for the same key", async () => {
  const computer = new Computer();
  const first = await openDevice(computer.parts(LIN));
  computer.now = 4 * HOUR - RENEW_BEFORE;
  const second = await openDevice(computer.parts(LIN));
  assert.equal(keyOf(second), keyOf(first));
  assert.equal(second.dutyUntil, computer.now + 4 * HOUR);
  const third = await renewDevice(computer.parts(LIN), second);
  assert.equal(keyOf(third), keyOf(first));
  assert.equal(computer.asked.length, 3);
});

test("while renewing fails, what still holds is used; after its end one reads, and no more", async () => {
  const computer = new Computer();
  const first = await openDevice(computer.parts(LIN));
  computer.code = "offline";
  computer.now = 4 * HOUR - 60_000;
  assert.equal((await openDevice(computer.parts(LIN))).dutyUntil, first.dutyUntil);
  computer.now = 4 * HOUR;
  const after = await openDevice(computer.parts(LIN));
  assert.deepEqual([after.dutyUntil, after.duty.length], [0, 0]);
  assert.deepEqual(after.identity, first.identity);
});

test("another person on the same computer gets another key, and the first one's is gone", async () => {
  const computer = new Computer();
  const lin = await openDevice(computer.parts(LIN));
  computer.person = "p2";
  const chen = await openDevice(computer.parts(CHEN));
  assert.notEqual(keyOf(chen), keyOf(lin));
  computer.person = "p1";
  const back = await openDevice(computer.parts(LIN));
  assert.notEqual(keyOf(back), keyOf(lin));
});

test("what the server hands back is checked: forged, or made out to somebody else", async () => {
  const computer = new Computer();
  computer.person = "p2";
  await assert.rejects(openDevice(computer.parts(LIN)), { code: "other-person" });
  computer.forged = true;
  await assert.rejects(openDevice(computer.parts(LIN)), { code: "certificate-forged" });
  assert.equal(keptOf(computer)["identity"], "", "no card is kept");
});

test("a server that certifies nobody is said as what it is", async () => {
  const computer = new Computer();
  computer.code = "not-now";
  await assert.rejects(openDevice(computer.parts(LIN)), { code: "not-now" });
});

test("a key that can sign no more is replaced", async () => {
  const computer = new Computer();
  const first = await openDevice(computer.parts(LIN));
  computer.handles.clear();
  const second = await openDevice(computer.parts(LIN));
  assert.notEqual(keyOf(second), keyOf(first));
});

// --- where people certify and put on duty ---------------------------------------------------------

test("a browser that waits comes back with the key whose digits were read out", async () => {
  const computer = new Computer();
  computer.state = "waiting";
  const refusals: (Uint8Array | null)[] = [];
  for (let tries = 0; tries < 2; tries++) {
    await assert.rejects(openDevice(computer.parts(LIN)), (error: unknown) => {
      assert.ok(error instanceof CertifyError);
      assert.equal(error.code, "waiting");
      refusals.push(error.key);
      return true;
    });
  }
  assert.deepEqual(refusals[0], refusals[1]);
  computer.state = "certified";
  const device = await openDevice(computer.parts(LIN));
  assert.deepEqual(device.signer.publicKey, refusals[0]);
});

test("certified and not yet on duty, the card is there to read with, and duty comes by asking", async () => {
  const computer = new Computer();
  computer.puts = "nobody";
  const device = await openDevice(computer.parts(LIN));
  assert.deepEqual([device.dutyUntil, device.duty.length], [0, 0]);
  assert.equal(await askDuty(computer.parts(LIN), device), device, "nothing is new");
  computer.puts = "on";
  const on = await askDuty(computer.parts(LIN), device);
  assert.equal(on.dutyUntil, 4 * HOUR);
  const again = await openDevice(computer.parts(LIN));
  assert.deepEqual(again.duty, on.duty, "a reload keeps it");
});

test("a card that was taken back is used no more, whatever is kept here; a new key starts again", async () => {
  const computer = new Computer();
  const first = await openDevice(computer.parts(LIN));
  computer.now = 4 * HOUR - RENEW_BEFORE;
  computer.state = "revoked";
  await assert.rejects(openDevice(computer.parts(LIN)), { code: "revoked" });
  await forgetDevice(computer.parts(LIN).store);
  computer.state = "certified";
  assert.notEqual(keyOf(await openDevice(computer.parts(LIN))), keyOf(first));
});

test("two weeks before its end the next card is asked for, for the same key", async () => {
  const computer = new Computer();
  const first = await openDevice(computer.parts(LIN));
  computer.now = 76 * DAY;
  computer.puts = "on";
  const next = await openDevice(computer.parts(LIN));
  assert.equal(keyOf(next), keyOf(first));
  assert.equal(computer.asked.length, 2);
});
