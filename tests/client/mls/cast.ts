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
import type { LogSource } from "../../../counsel/client/knownLog.ts";
import { RefusalError } from "../../../counsel/client/refusal.ts";
import { Issued, type Signer } from "./issued.ts";

const DAY = 86_400_000;
/** The library asks the machine's clock for lifetimes, so these evenings happen today. */
export const EVENING = Math.floor(Date.now() / 60_000) * 60_000;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
export const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

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

/** Whose key: the offline issuer's, or that on a supervisor's device. */
export type By = "office" | "desk";

export interface Device {
  keys: StaffKeys;
  statement: Uint8Array;
}

/** An organisation with a root, one issuer offline and one on a supervisor's device. */
export class Organisation {
  readonly root: SigningKey;
  readonly rootStatement: Uint8Array;
  readonly issuers: Record<By, Signer>;
  readonly issued: Issued;

  private constructor(root: SigningKey, rootStatement: Uint8Array, issuers: Record<By, Signer>) {
    this.root = root;
    this.rootStatement = rootStatement;
    this.issuers = issuers;
    this.issued = new Issued(root.publicKey, state);
  }

  static async found(demo = false): Promise<Organisation> {
    const root = await key();
    const span = { from: day(EVENING - 100 * DAY), until: day(EVENING + 200 * DAY) };
    const named = { name: "工会", key: toBase64url(root.publicKey), demo };
    const statement = await state(root, "root", { ...named, ...span });
    const issuer = async (roles: readonly string[], offline: boolean): Promise<Signer> => {
      const signer = await key();
      const fields = {
        key: toBase64url(signer.publicKey),
        roles,
        duties: offline ? roles : ["counsellor", "supervisor"],
        daily: 40,
        name: offline ? "保险柜" : "周",
        offline,
        root: toBase64url(root.publicKey),
        ...span,
      };
      return { signer, statement: await state(root, "issuer", fields) };
    };
    const every = ["counsellor", "supervisor", "administrator", "desk"];
    const issuers = {
      office: await issuer(every, true),
      desk: await issuer(["counsellor"], false),
    };
    const found = new Organisation(root, statement, issuers);
    for (const one of Object.values(issuers)) await found.issued.add(one.statement);
    return found;
  }

  /** The log as an honest server ships it. */
  readonly log = (): Promise<Uint8Array> => this.issued.file(this.issuers.office, minute(EVENING));

  trust(options: { hostname?: string; at?: number; log?: LogSource } = {}): Promise<Trust> {
    const at = options.at ?? EVENING;
    const hostname = options.hostname ?? "talk.example.org";
    return Trust.open({
      root: toBase64url(this.rootStatement),
      hostname,
      built: at,
      clock: () => at,
      log: options.log ?? this.log,
    });
  }

  /** A certified browser of a member of staff, on duty from a quarter of an hour ago. */
  async certify(
    name: string,
    role: string,
    changes: Partial<{
      issuer: By;
      signer: SigningKey;
      person: string;
      unlogged: boolean;
      /** Which back office, for the role of that name. */
      desk: string;
      /** Days before and after this evening. */
      days: readonly [number, number];
    }> = {},
  ): Promise<Device> {
    const issuer = this.issuers[changes.issuer ?? "office"];
    const signer = changes.signer ?? (await key());
    const [first, last] = changes.days ?? [-30, 30];
    const device = await state(issuer.signer, "device", {
      person: changes.person ?? `person of ${name}`,
      role,
      name,
      ...(changes.desk === undefined ? {} : { desk: changes.desk }),
      key: toBase64url(signer.publicKey),
      issuer: toBase64url(issuer.signer.publicKey),
      salt: toBase64url(crypto.getRandomValues(new Uint8Array(16))),
      from: day(EVENING + first * DAY),
      until: day(EVENING + last * DAY),
    });
    if (!changes.unlogged) await this.issued.add(device);
    const duty = await this.duty(device, EVENING - 15 * 60_000, changes.issuer);
    return { keys: staffKeys(concat(issuer.statement, device), duty, signer), statement: device };
  }

  async duty(
    device: Uint8Array,
    from: number,
    by: By = "office",
    known = this.issued,
  ): Promise<Uint8Array> {
    const issuer = this.issuers[by];
    const { size, hash } = await known.head();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", concat(device)));
    const statement = await state(issuer.signer, "duty", {
      certificate: toBase64url(digest),
      issuer: toBase64url(issuer.signer.publicKey),
      size,
      head: toBase64url(hash),
      from: minute(from),
      until: minute(from + 4 * 3_600_000),
    });
    return concat(issuer.statement, statement);
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
