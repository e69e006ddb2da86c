/** The people of these tests, certified the way an organisation would. */

import assert from "node:assert/strict";
import { Group } from "../../../chat/client/mls/group.ts";
import {
  drawSeekerKeys,
  type LeafKeys,
  type SeekerKeys,
  type StaffKeys,
  staffKeys,
  topUp,
} from "../../../chat/client/mls/keys.ts";
import { concat, toBase64url, utf8 } from "../../../counsel/client/bytes.ts";
import { Trust } from "../../../counsel/client/certificates.ts";
import { ed25519, type SigningKey } from "../../../counsel/client/ed25519.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";

const DAY = 86_400_000;
/** The library asks the machine's clock for lifetimes, so these evenings happen today. */
export const EVENING = Math.floor(Date.now() / 60_000) * 60_000;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

export async function key(): Promise<SigningKey> {
  return (await ed25519()).generate();
}

export async function state(
  signer: SigningKey,
  kind: string,
  fields: Record<string, unknown>,
): Promise<Uint8Array> {
  const payload = utf8(JSON.stringify({ kind, v: 1, ...fields }));
  const signed = concat(utf8(`counsel statement 1\0${kind}\0`), payload);
  const signature = await (await ed25519()).sign(signer.secret, signed);
  return concat(Uint8Array.of(payload.length >> 8, payload.length & 255), payload, signature);
}

export interface Device {
  keys: StaffKeys;
  statement: Uint8Array;
}

/** An organisation with a root, one issuer for everybody and one for counsellors only. */
export class Organisation {
  readonly root: SigningKey;
  readonly rootStatement: Uint8Array;
  private readonly issuers: Record<string, { signer: SigningKey; statement: Uint8Array }>;

  private constructor(root: SigningKey, rootStatement: Uint8Array, issuers: typeof this.issuers) {
    this.root = root;
    this.rootStatement = rootStatement;
    this.issuers = issuers;
  }

  static async found(demo = false): Promise<Organisation> {
    const root = await key();
    const span = { from: day(EVENING - 100 * DAY), until: day(EVENING + 200 * DAY) };
    const named = { name: "工会", key: toBase64url(root.publicKey), demo };
    const statement = await state(root, "root", { ...named, ...span });
    const issuers: Record<string, { signer: SigningKey; statement: Uint8Array }> = {};
    for (const [name, roles] of Object.entries({
      office: ["counsellor", "supervisor"],
      desk: ["counsellor"],
    })) {
      const signer = await key();
      const issued = { key: toBase64url(signer.publicKey), roles };
      const fields = { ...issued, root: toBase64url(root.publicKey), ...span };
      issuers[name] = { signer, statement: await state(root, "issuer", fields) };
    }
    return new Organisation(root, statement, issuers);
  }

  trust(options: { hostname?: string; at?: number } = {}): Promise<Trust> {
    const at = options.at ?? EVENING;
    const hostname = options.hostname ?? "talk.example.org";
    return Trust.open({
      root: toBase64url(this.rootStatement),
      hostname,
      built: at,
      clock: () => at,
    });
  }

  /** A certified browser of a member of staff, on duty from a quarter of an hour ago. */
  async certify(
    name: string,
    role: string,
    changes: { issuer?: "office" | "desk"; signer?: SigningKey; person?: string } = {},
  ): Promise<Device> {
    const issuer = this.issuers[changes.issuer ?? "office"] ?? assert.fail("no issuer");
    const signer = changes.signer ?? (await key());
    const device = await state(issuer.signer, "device", {
      person: changes.person ?? `person of ${name}`,
      role,
      name,
      key: toBase64url(signer.publicKey),
      issuer: toBase64url(issuer.signer.publicKey),
      from: day(EVENING - 30 * DAY),
      until: day(EVENING + 30 * DAY),
    });
    const duty = await this.duty(device, EVENING - 15 * 60_000, changes.issuer);
    return { keys: staffKeys(concat(issuer.statement, device), duty, signer), statement: device };
  }

  async duty(
    device: Uint8Array,
    from: number,
    by: "office" | "desk" = "office",
  ): Promise<Uint8Array> {
    const issuer = this.issuers[by] ?? assert.fail("no issuer");
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", concat(device)));
    return state(issuer.signer, "duty", {
      certificate: toBase64url(digest),
      issuer: toBase64url(issuer.signer.publicKey),
      from: minute(from),
      until: minute(from + 4 * 3_600_000),
    });
  }
}

export interface Phone {
  keys: SeekerKeys;
  keyPackages: Uint8Array[];
  lastResort: Uint8Array;
}

export async function phone(trust: Trust): Promise<Phone> {
  return topUp(await drawSeekerKeys(), 3, trust.today());
}

/** A supervisor's browser that has left a key package to be let in by. */
export async function knocking<K extends LeafKeys>(
  keys: K,
  trust: Trust,
): Promise<{ keys: K; keyPackage: Uint8Array }> {
  const drawn = await topUp(keys, 0, trust.today());
  return { keys: drawn.keys, keyPackage: drawn.lastResort };
}

export interface Talk {
  organisation: Organisation;
  trust: Trust;
  lin: Group;
  linDevice: Device;
  seeker: Group;
  seekerKeys: SeekerKeys;
  seekerKey: Uint8Array;
}

export const groupId = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));

/** Lin has taken a seeker, and the seeker's phone has joined. */
export async function twoTalk(organisation?: Organisation): Promise<Talk> {
  const home = organisation ?? (await Organisation.found());
  const trust = await home.trust();
  const linDevice = await home.certify("林", "counsellor");
  const { keys, keyPackages } = await phone(trust);
  const alone = await Group.create(linDevice.keys, groupId(), trust);
  const admitted = await alone.admit(keyPackages[0] ?? assert.fail(), null);
  const { welcome, seekerKey } = admitted;
  const joined = await Group.join(keys, welcome, linDevice.keys.duty, await home.trust());
  return {
    organisation: home,
    trust,
    lin: admitted.group,
    linDevice,
    seeker: joined.group,
    seekerKeys: joined.me,
    seekerKey,
  };
}

export interface Three extends Talk {
  zhou: Group;
  zhouDevice: Device;
}

/** The same, and Zhou, a supervisor, has come in. */
export async function threeTalk(organisation?: Organisation): Promise<Three> {
  const talk = await twoTalk(organisation);
  const zhouDevice = await talk.organisation.certify("周", "supervisor");
  const { keys, keyPackage } = await knocking(zhouDevice.keys, talk.trust);
  const added = await talk.lin.add(keyPackage, zhouDevice.keys.duty);
  const seen = await talk.seeker.open(added.sealed);
  const { trust, linDevice, seekerKey } = talk;
  const own = await Group.join(keys, added.welcome, linDevice.keys.duty, trust, seekerKey);
  return { ...talk, lin: added.group, seeker: seen.group, zhou: own.group, zhouDevice };
}

/** The code of the refusal that must come. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof RefusalError) return error.code;
    throw error;
  }
  return "nothing was refused";
}

export const words = (text: string): Uint8Array => utf8(text);

/** One says it, the other opens it. Both groups come back, and what was understood. */
export async function say(
  from: Group,
  to: Group,
  text: string,
): Promise<{ from: Group; to: Group; understood: string; sealed: Uint8Array }> {
  const { group, sealed } = await from.seal(words(text));
  const { group: heard, opened } = await to.open(sealed);
  assert.equal(opened.kind, "words");
  const plaintext = opened.kind === "words" ? opened.plaintext : new Uint8Array(0);
  return { from: group, to: heard, understood: new TextDecoder().decode(plaintext), sealed };
}
