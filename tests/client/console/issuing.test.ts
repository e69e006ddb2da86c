import assert from "node:assert/strict";
import { test } from "node:test";

import { concat, fromBase64url, toBase64url } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import { Issuing } from "../../../counsel/client/keys/issuing.ts";
import type { DutyWait, ListedCard, Request } from "../../../counsel/client/keys/questions.ts";
import type { Colleague, Json, Me, Outcome, StaffApi } from "../../../counsel/client/staffApi.ts";
import { type Device, EVENING, key, minute, Organisation, state } from "../mls/cast.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZHOU: Me = { working_name: "周", role: "supervisor", person: "person of 周" };
const LIN: Colleague = { working_name: "林", role: "counsellor", person: "person of 林" };

/** A server that appends what it is given, or does worse; and a browser whose root said yes. */
class Evening {
  readonly records = new Map<string, Uint8Array>();
  readonly handles = new Map<string, CryptoKey>();
  readonly said: [path: string, body: Json][] = [];
  now = EVENING;
  daily = 2;
  /** So often the server says that somebody else was first, and appends a row of theirs. */
  races = 0;
  private head: Uint8Array | null = null;
  private powers = "";
  readonly organisation: Organisation;

  private constructor(organisation: Organisation) {
    this.organisation = organisation;
  }

  static async begin(): Promise<Evening> {
    return new Evening(await Organisation.found());
  }

  readonly log = async (): Promise<Uint8Array> =>
    this.head === null
      ? this.organisation.log()
      : concat(this.head, ...this.organisation.issued.rows);

  async open(trust?: Trust): Promise<Issuing> {
    const { records, handles } = this;
    const store = {
      read: async (name: string) => {
        const bytes = records.get(name);
        return bytes === undefined ? null : { bytes };
      },
      put: async (name: string, bytes: Uint8Array | null) => {
        if (bytes === null) records.delete(name);
        else records.set(name, bytes);
      },
      handle: async (name: string) => handles.get(name) ?? null,
      putHandle: async (name: string, handle: CryptoKey | null) => {
        if (handle === null) handles.delete(name);
        else handles.set(name, handle);
      },
    };
    const parts = {
      store,
      api: this.api(),
      trust: trust ?? (await this.organisation.trust({ log: this.log })),
      me: ZHOU,
      now: () => this.now,
    };
    const issuing = (await Issuing.open(parts)) ?? (await Issuing.draw(parts));
    if (issuing.issuer === null) {
      await this.admit(issuing.key);
      await issuing.look();
    }
    return issuing;
  }

  /** What a ceremony does. */
  private async admit(issuingKey: Uint8Array): Promise<void> {
    const { root } = this.organisation;
    const statement = await state(root, "issuer", {
      key: toBase64url(issuingKey),
      roles: ["counsellor"],
      duties: ["counsellor", "supervisor"],
      daily: this.daily,
      name: "周",
      offline: false,
      root: toBase64url(root.publicKey),
      from: minute(EVENING - DAY).slice(0, 10),
      until: minute(EVENING + 30 * DAY).slice(0, 10),
    });
    await this.organisation.issued.add(statement);
    this.head = null;
    this.powers = toBase64url(statement);
  }

  private api(): StaffApi {
    const nobody = (): never => assert.fail("not asked here");
    const ask: StaffApi["ask"] = async (path, body, read) => {
      this.said.push([path, body]);
      return reading(await this.answer(path, body), read);
    };
    const never = { enter: nobody, signIn: nobody, signOut: nobody, me: nobody, token: nobody };
    return { ask, ...never, certify: nobody, duty: nobody };
  }

  private async answer(path: string, body: Json): Promise<Json | string> {
    if (path === "keys/issuer") return { statement: this.powers };
    if (path === "duty/put-on") return {};
    const { issued } = this.organisation;
    if (this.races > 0) {
      this.races -= 1;
      await this.organisation.certify(`somebody ${this.races}`, "counsellor");
      this.head = null;
      return "too-late";
    }
    assert.equal(body["size"], issued.rows.length);
    if (path === "keys/give") {
      const identity = fromBase64url(String(body["identity"])) ?? assert.fail();
      const cut = 2 + ((identity[0] ?? 0) << 8) + (identity[1] ?? 0) + 64;
      await issued.add(identity.slice(cut));
    } else if (path === "keys/revoke") {
      await issued.revoke(this.revoking ?? assert.fail());
    } else if (path !== "keys/date") assert.fail(path);
    this.head = fromBase64url(String(body["head"]));
    return {};
  }

  /** The device statement the next revocation is of: the server knows it by its card. */
  revoking: Uint8Array | null = null;

  lastSaid(path: string): Json {
    return this.said.filter(([one]) => one === path).at(-1)?.[1] ?? assert.fail(path);
  }
}

function reading<T>(answer: Json | string, read: (json: Json) => T): Outcome<T> {
  return typeof answer === "string"
    ? { ok: false, code: answer, retryAfter: 0 }
    : { ok: true, value: read(answer) };
}

async function asks(who: Colleague = LIN): Promise<Request> {
  return { id: 1, who, key: (await key()).publicKey, asked: minute(EVENING) };
}

function waits(device: Device, who: Colleague = LIN): DutyWait {
  const { identity, signer } = device.keys;
  return { id: 7, who, identity, key: signer.publicKey, until: EVENING + 3 * HOUR };
}

const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? "" : outcome.code);

test("a card this browser gives is one every client believes, and the log knows it", async () => {
  const evening = await Evening.begin();
  const issuing = await evening.open();
  const request = await asks();
  assert.equal(codeOf(await issuing.give(request)), "");
  const identity = fromBase64url(String(evening.lastSaid("keys/give")["identity"]));
  const trust = await evening.organisation.trust({ log: evening.log });
  const member = await trust.staff(identity ?? assert.fail(), request.key);
  await trust.requireLogged([member], []);
  trust.requireCurrent(member);
  assert.deepEqual([member.person, member.role, member.name], ["person of 林", "counsellor", "林"]);
});

test("when somebody else was first, it is signed again over what is there by now", async () => {
  const evening = await Evening.begin();
  const issuing = await evening.open();
  evening.races = 2;
  assert.equal(codeOf(await issuing.give(await asks())), "");
  evening.races = 9;
  assert.equal(codeOf(await issuing.give(await asks())), "too-late");
});

test("more than the root allows is not signed: other roles, and more cards than a day has", async () => {
  const evening = await Evening.begin();
  const issuing = await evening.open();
  const chief: Colleague = { ...LIN, role: "supervisor" };
  assert.equal(codeOf(await issuing.give(await asks(chief))), "needs-ceremony");
  assert.equal(codeOf(await issuing.give(await asks())), "");
  assert.equal(codeOf(await issuing.give(await asks())), "");
  assert.equal(codeOf(await issuing.give(await asks())), "day-full");
  const reloaded = await evening.open();
  assert.equal(reloaded.left, 0, "a reload forgets none of it");
  evening.now += DAY;
  assert.equal(codeOf(await reloaded.give(await asks())), "");
});

test("nobody is put on duty without a tap; in the same shift one tap is enough", async () => {
  const evening = await Evening.begin();
  const issuing = await evening.open();
  const lin = waits(await evening.organisation.certify("林", "counsellor"));
  assert.equal(codeOf(await issuing.putOn(lin, false)), "not-now");
  assert.equal(codeOf(await issuing.putOn(lin, true)), "");
  evening.now += HOUR;
  const reloaded = await evening.open();
  const later = { ...lin, until: EVENING + 9 * HOUR };
  assert.equal(codeOf(await reloaded.putOn(later, false)), "");
  const pair = fromBase64url(String(evening.lastSaid("duty/put-on")["statement"]));
  const trust = await evening.organisation.trust({ log: evening.log, at: evening.now });
  const member = await trust.staff(lin.identity, lin.key);
  const duties = await trust.duties(pair ?? assert.fail(), [member]);
  await trust.requireLogged([member], duties);
  trust.requireOnDuty(member, duties);
  assert.equal(duties[0]?.until, EVENING + 4.5 * HOUR, "and never beyond the shift of that tap");
  evening.now = EVENING + 4.5 * HOUR;
  assert.equal(
    codeOf(await reloaded.putOn(later, false)),
    "not-now",
    "the next one is another tap",
  );
});

test("a tap for one card is none for another of the same person", async () => {
  const evening = await Evening.begin();
  const issuing = await evening.open();
  const [first, second] = [
    await evening.organisation.certify("林", "counsellor"),
    await evening.organisation.certify("林", "counsellor"),
  ];
  assert.equal(codeOf(await issuing.putOn(waits(first), true)), "");
  assert.equal(codeOf(await issuing.putOn(waits(second), false)), "not-now");
});

test("who is put on duty is who the card says, not who the server says", async () => {
  const evening = await Evening.begin();
  const issuing = await evening.open();
  const stranger = waits(await evening.organisation.certify("吴", "counsellor"), LIN);
  assert.equal(codeOf(await issuing.putOn(stranger, true)), "other-person");
  const admin = await evening.organisation.certify("王", "administrator");
  const wang: Colleague = { working_name: "王", role: "administrator", person: "person of 王" };
  assert.equal(codeOf(await issuing.putOn(waits(admin, wang), true)), "certificate-role");
  const unlogged = await evening.organisation.certify("林", "counsellor", { unlogged: true });
  assert.equal(codeOf(await issuing.putOn(waits(unlogged), true)), "certificate-unlogged");
  assert.deepEqual(
    evening.said.filter(([path]) => path === "duty/put-on"),
    [],
  );
});

test("what is taken back is the card that is shown, by its own statement", async () => {
  const evening = await Evening.begin();
  const issuing = await evening.open();
  const lost = await evening.organisation.certify("林", "counsellor");
  const card = (who: Colleague): ListedCard => ({
    card: "c",
    key: toBase64url(lost.keys.signer.publicKey),
    who,
    issued: "",
    until: "",
    lost: true,
    revoked: false,
    due: true,
    identity: lost.keys.identity,
  });
  const wu: Colleague = { working_name: "吴", role: "counsellor", person: "person of 吴" };
  assert.equal(codeOf(await issuing.revoke(card(wu))), "other-person");
  evening.revoking = lost.statement;
  assert.equal(codeOf(await issuing.revoke(card(LIN))), "");
  assert.equal(codeOf(await issuing.putOn(waits(lost), true)), "certificate-revoked");
});

test("an old head gets a new date, and a fresh one is left alone", async () => {
  const evening = await Evening.begin();
  const issuing = await evening.open();
  await issuing.date();
  evening.now += 13 * HOUR;
  await issuing.date();
  assert.equal(evening.said.filter(([path]) => path === "keys/date").length, 1);
  const trust = await evening.organisation.trust({ log: evening.log });
  assert.equal((await trust.log.atLeast(0)).signedAt, evening.now);
});

test("an issuer the log has taken back holds no more", async () => {
  const evening = await Evening.begin();
  const trust = await evening.organisation.trust({ log: evening.log });
  const issuing = await evening.open(trust);
  assert.equal(await issuing.holds(), true);
  evening.now += 31 * DAY;
  assert.equal(await issuing.holds(), false, "nor one whose days are over");
});
