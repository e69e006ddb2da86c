// A phone and a desk by letters, and what a server in the wrong hands can make of them: nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase64url } from "../../../counsel/client/bytes.ts";
import { stateSealing } from "../../../counsel/client/keys/making.ts";
import { devicesOf } from "../../../triage/client/referral/devices.ts";
import { bodyOf } from "../../../triage/client/referral/exchange.ts";
import { spell } from "../../../triage/client/referral/letter.ts";
import { Mailbox } from "../../../triage/client/referral/mailbox.ts";
import { readAll } from "../../../triage/client/referral/reading.ts";
import { EVENING, Organisation } from "../mls/cast.ts";

import {
  answer,
  broken,
  bytesOfDevice,
  DAY,
  deliver,
  evening,
  type Fang,
  LINES,
  later,
  MINUTE,
  reading,
  sent,
  sit,
  stateOf,
} from "./cast.ts";

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
