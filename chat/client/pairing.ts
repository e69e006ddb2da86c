/** How two of the staff come into a room of their own: one leaves a key package, the other opens. */

import type { Trust } from "../../counsel/client/certificates.ts";
import type { Side } from "../../counsel/client/contract.ts";
import { RefusalError } from "../../counsel/client/refusal.ts";
import { readKeyPackage } from "./mls/admission.ts";
import { Group } from "./mls/group.ts";
import { type StaffKeys, topUp } from "./mls/keys.ts";
import { PairRoom, type PairWire } from "./pair.ts";
import { beginTranscript } from "./transcript.ts";

/** What somebody who raises a hand leaves; `keys` has the private part and stays on this page. */
export interface Left {
  readonly keys: StaffKeys;
  readonly keyPackage: Uint8Array;
  readonly statement: Uint8Array;
}

/** A room that was opened, and what the other one is let in by. */
export interface Opened {
  readonly groupId: Uint8Array;
  readonly welcome: Uint8Array;
  readonly statement: Uint8Array;
  room(wire: PairWire, changed: () => void): PairRoom;
}

export class Pairing {
  private readonly keys: () => StaffKeys;
  private readonly trust: Trust;
  private readonly now: () => number;

  /** `keys`: this browser's card as it is now. */
  constructor(keys: () => StaffKeys, trust: Trust, now: () => number = () => Date.now()) {
    this.keys = keys;
    this.trust = trust;
    this.now = now;
  }

  async leave(): Promise<Left> {
    const own = this.keys();
    const { keys, keyPackages } = await topUp(own, 1, this.trust.today());
    const packages = keys.packages.filter((one) => !one.lastResort);
    const keyPackage = keyPackages[0] as Uint8Array;
    return { keys: { ...keys, packages }, keyPackage, statement: own.duty };
  }

  /** The name of who left this, by their own certificate. Throws `RefusalError` for anybody else. */
  async who(keyPackage: Uint8Array): Promise<string> {
    const { staff } = await readKeyPackage(keyPackage, this.trust);
    if (staff === null) throw new RefusalError("second-seeker");
    await this.trust.requireLogged([staff], []);
    this.trust.requireCurrent(staff);
    return staff.name;
  }

  /** A fresh group of the two. Throws `RefusalError` unless both are certified and on duty now. */
  async open(keyPackage: Uint8Array, statement: Uint8Array): Promise<Opened> {
    const groupId = crypto.getRandomValues(new Uint8Array(16));
    const alone = await Group.create(this.keys(), groupId, this.trust);
    const { group, welcome } = await alone.admitPair(keyPackage, statement);
    const transcript = await beginTranscript(group.groupId);
    return {
      ...{ groupId, welcome, statement: group.statements },
      room: (wire, changed) => this.begin(group, transcript, wire, changed),
    };
  }

  /** Comes in by the Welcome that lies first in the room. Throws `RefusalError`. */
  async enter(
    left: Left,
    first: Side | undefined,
    wire: PairWire,
    changed: () => void,
  ): Promise<PairRoom> {
    if (first?.what !== "welcome") throw new RefusalError("bad-welcome", "no Welcome lies first");
    const { sealed, statement } = first;
    const { group } = await Group.joinPair(left.keys, sealed, statement, this.trust);
    return this.begin(group, await beginTranscript(group.groupId), wire, changed);
  }

  private begin(
    group: Group,
    transcript: Awaited<ReturnType<typeof beginTranscript>>,
    wire: PairWire,
    changed: () => void,
  ): PairRoom {
    const { trust, now } = this;
    const duty = (): Uint8Array => this.keys().duty;
    return new PairRoom({ group, transcript, trust, wire, now, duty, changed });
  }
}
