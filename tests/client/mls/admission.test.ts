/** Every attack of the plan, tried for real: refused with the right sentence, nothing changed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Group } from "../../../chat/client/mls/group.ts";
import { drawSeekerKeys, staffKeys } from "../../../chat/client/mls/keys.ts";
import { concat } from "../../../counsel/client/bytes.ts";
import {
  EVENING,
  groupId,
  key,
  knocking,
  Organisation,
  phone,
  refusal,
  say,
  twoTalk,
  words,
} from "./cast.ts";
import { addOf, inside, packageOf, rawCommit } from "./enemy.ts";

// --- who is staff ---------------------------------------------------------------------------

test("a ghost in the group that invites: the phone does not go in", async () => {
  const { organisation, trust, linDevice } = await twoTalk();
  const ghost = await packageOf(staffKeys(words("林"), new Uint8Array(0), await key()));
  const mine = await phone(trust);
  const alone = await Group.create(linDevice.keys, groupId(), trust);
  const both = [addOf(ghost.wire), addOf(mine.keyPackages[0] ?? assert.fail())];
  const { welcome } = await rawCommit(inside(alone), both);
  const join = Group.join(mine.keys, welcome, linDevice.keys.duty, await organisation.trust());
  assert.equal(await refusal(join), "certificate-unreadable");
});

test("a ghost added later by a hacked member: the others refuse the commit", async () => {
  const { lin, seeker } = await twoTalk();
  const ghost = await packageOf(staffKeys(words("督导"), new Uint8Array(0), await key()));
  const { sealed } = await rawCommit(inside(lin), [addOf(ghost.wire)]);
  assert.equal(await refusal(seeker.open(sealed)), "certificate-unreadable");
  assert.equal(seeker.members.length, 2);
});

test("a certificate by another organisation, or with one letter changed, is refused", async () => {
  const { organisation, lin, trust, seeker } = await twoTalk();
  const elsewhere = await (await Organisation.found()).certify("林", "supervisor");
  const knock = await knocking(elsewhere.keys, trust);
  assert.equal(await refusal(lin.add(knock.keyPackage, knock.keys.duty)), "certificate-forged");
  const real = await organisation.certify("陈", "counsellor");
  const text = new TextDecoder("latin1").decode(real.keys.identity);
  const at = text.lastIndexOf('"role":"counsellor"') + 8;
  const forged = real.keys.identity.slice();
  forged.set(words("supervisor"), at);
  const changed = await packageOf({ ...real.keys, identity: forged });
  const { sealed } = await rawCommit(inside(lin), [addOf(changed.wire)]);
  assert.equal(await refusal(seeker.open(sealed)), "certificate-forged");
});

test("a copied certificate on another key is refused, on the way in and in a Welcome", async () => {
  const { organisation, lin, linDevice, trust } = await twoTalk();
  const zhou = await organisation.certify("周", "supervisor");
  const thief = await knocking({ ...zhou.keys, signer: await key() }, trust);
  assert.equal(await refusal(lin.add(thief.keyPackage, zhou.keys.duty)), "certificate-key");
  const creator = { ...linDevice.keys, signer: await key() };
  assert.equal(await refusal(Group.create(creator, groupId(), trust)), "certificate-key");
});

test("an issuer for counsellors cannot make a supervisor", async () => {
  const { organisation, lin, trust } = await twoTalk();
  const device = await organisation.certify("周", "supervisor", { issuer: "desk" });
  const { keys, keyPackage } = await knocking(device.keys, trust);
  assert.equal(await refusal(lin.add(keyPackage, keys.duty)), "certificate-role");
});

test("a demo root is refused on a public name and allowed on this machine", async () => {
  const demo = await Organisation.found(true);
  assert.equal(await refusal(demo.trust({ hostname: "talk.example.org" })), "demo-root");
  const { lin } = await twoTalkOn(demo, "localhost");
  assert.ok(lin.members.every((one) => one.role === "seeker" || one.demo));
});

async function twoTalkOn(organisation: Organisation, hostname: string): Promise<{ lin: Group }> {
  const trust = await organisation.trust({ hostname });
  const device = await organisation.certify("林", "counsellor");
  return { lin: await Group.create(device.keys, groupId(), trust) };
}

test("off duty: nobody is let in and no words go out, but reading and leaving go on", async () => {
  const { organisation, linDevice, lin, seeker, seekerKeys } = await twoTalk();
  const night = await organisation.trust({ at: EVENING + 5 * 3_600_000 });
  assert.equal(await refusal(Group.create(linDevice.keys, groupId(), night)), "duty-over");
  const late = await Group.restore(seeker.encode(), seekerKeys, night);
  assert.equal(await refusal(late.seal(words("还在吗"))), "duty-over");
  const { sealed } = await lin.seal(words("我要下班了"));
  const read = await late.open(sealed);
  assert.ok(read.opened.kind === "words");
  assert.ok(
    (read.opened.author.dutyUntil?.getTime() ?? 0) < night.now(),
    "shown: was on duty until",
  );
  assert.ok((await read.group.sealRegardlessOfDuty(words("erase"))).sealed.length > 0);
});

test("a shift that goes on: the statement travels with fresh keys, and both go on sending", async () => {
  const { organisation, linDevice, lin, seeker, seekerKeys, trust } = await twoTalk();
  const longer = await organisation.duty(linDevice.statement, EVENING + 3 * 3_600_000);
  const renewed = await lin.renew(longer);
  const seen = await seeker.open(renewed.sealed);
  const night = await organisation.trust({ at: EVENING + 5 * 3_600_000 });
  const phoneLater = await Group.restore(seen.group.encode(), seekerKeys, night);
  const linLater = await Group.restore(renewed.group.encode(), linDevice.keys, night);
  assert.equal((await say(phoneLater, linLater, "还在")).understood, "还在");
  assert.equal((await say(linLater, phoneLater, "我在")).understood, "我在");
  const again = await seen.group.open((await renewed.group.renew(longer)).sealed);
  assert.equal(again.group.statements.length, seen.group.statements.length, "kept once");
  const other = await (await Organisation.found()).duty(linDevice.statement, EVENING);
  const forged = await rawCommit(inside(lin), [], other);
  assert.equal(await refusal(seeker.open(forged.sealed)), "certificate-forged");
  assert.equal(trust.clockAgrees, true);
});

test("a certificate that has run out: reading goes on and says so, sending does not", async () => {
  const { organisation, lin, seeker, seekerKeys } = await twoTalk();
  const later = await organisation.trust({ at: EVENING + 40 * 86_400_000 });
  const late = await Group.restore(seeker.encode(), seekerKeys, later);
  const { sealed } = await lin.seal(words("那时候写的"));
  const read = await late.open(sealed);
  assert.ok(read.opened.kind === "words" && read.opened.author.name === "林");
  assert.equal(await refusal(read.group.seal(words("?"))), "certificate-dates");
});

test("the Welcome's duty statement must be the inviter's own and of today", async () => {
  const { organisation, trust, linDevice } = await twoTalk();
  const mine = await phone(trust);
  const alone = await Group.create(linDevice.keys, groupId(), trust);
  const { welcome } = await alone.admit(mine.keyPackages[0] ?? assert.fail(), null);
  const zhou = await organisation.certify("周", "supervisor");
  const yesterday = await organisation.duty(linDevice.statement, EVENING - 20 * 3_600_000);
  const join = (statement: Uint8Array): Promise<string> =>
    refusal(Group.join(mine.keys, welcome, statement, trust));
  assert.equal(await join(zhou.keys.duty), "duty-other");
  assert.equal(await join(yesterday), "duty-over");
  assert.equal(await join(new Uint8Array(0)), "duty-over");
  assert.equal(await join(linDevice.keys.duty), "nothing was refused");
});

test("a phone with a wrong clock believes the duty statement, and says that it does", async () => {
  const { organisation, trust, linDevice } = await twoTalk();
  const mine = await phone(trust);
  const alone = await Group.create(linDevice.keys, groupId(), trust);
  const { welcome } = await alone.admit(mine.keyPackages[0] ?? assert.fail(), null);
  const wrong = await organisation.trust({ at: EVENING - 40 * 86_400_000 });
  const { group } = await Group.join(mine.keys, welcome, linDevice.keys.duty, wrong);
  assert.equal(group.members.length, 2);
  assert.equal(wrong.clockAgrees, false);
});

// --- being let in ---------------------------------------------------------------------------

test("staff admit only the key they pinned", async () => {
  const { organisation, trust, linDevice, seekerKey } = await twoTalk();
  const other = await phone(await organisation.trust());
  const alone = await Group.create(linDevice.keys, groupId(), trust);
  const attempt = alone.admit(other.keyPackages[0] ?? assert.fail(), seekerKey);
  assert.equal(await refusal(attempt), "wrong-key");
});

test("a key package from long ago, from a staff member or of no kind at all admits nobody", async () => {
  const { trust, linDevice } = await twoTalk();
  const alone = await Group.create(linDevice.keys, groupId(), trust);
  const old = await knocking(await drawSeekerKeys(), await atDay(-40));
  const zhou = await packageOf(linDevice.keys);
  assert.equal(await refusal(alone.admit(old.keyPackage, null)), "key-expired");
  assert.equal(await refusal(alone.admit(zhou.wire, null)), "bad-key-package");
  assert.equal(await refusal(alone.admit(words("anything"), null)), "bad-key-package");
});

async function atDay(days: number): Promise<Awaited<ReturnType<Organisation["trust"]>>> {
  return (await Organisation.found()).trust({ at: EVENING + days * 86_400_000 });
}

test("a second person hidden in the invitation: the phone does not go in", async () => {
  const { organisation, trust, linDevice } = await twoTalk();
  const zhou = await organisation.certify("周", "supervisor");
  const hidden = await packageOf(zhou.keys);
  const mine = await phone(trust);
  const alone = await Group.create(linDevice.keys, groupId(), trust);
  const both = [addOf(hidden.wire), addOf(mine.keyPackages[0] ?? assert.fail())];
  const { welcome } = await rawCommit(inside(alone), both);
  const duties = concat(linDevice.keys.duty, zhou.keys.duty);
  assert.equal(await refusal(Group.join(mine.keys, welcome, duties, trust)), "not-alone");
});

test("an invitation by somebody who is no staff is refused", async () => {
  const { trust, seeker, linDevice } = await twoTalk();
  const mine = await phone(trust);
  const { welcome } = await rawCommit(inside(seeker), [
    addOf(mine.keyPackages[0] ?? assert.fail()),
  ]);
  const join = Group.join(mine.keys, welcome, linDevice.keys.duty, trust);
  assert.equal(await refusal(join), "uninvited");
});

test("a supervisor goes in only where the seeker is the pinned one", async () => {
  const { organisation, trust, lin, linDevice } = await twoTalk();
  const zhou = await organisation.certify("周", "supervisor");
  const { keys, keyPackage } = await knocking(zhou.keys, trust);
  const { welcome } = await lin.add(keyPackage, keys.duty);
  const join = (pinned: Uint8Array | null): Promise<string> =>
    refusal(Group.join(keys, welcome, linDevice.keys.duty, trust, pinned));
  assert.equal(await join((await key()).publicKey), "wrong-key");
  assert.equal(await join(null), "wrong-key");
});
