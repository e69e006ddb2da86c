/** Lin and Zhou in a room of their own, and the log a server keeps of it. */

import assert from "node:assert/strict";
import type { StaffKeys } from "../../../chat/client/mls/keys.ts";
import type { PairRoom, PairWire } from "../../../chat/client/pair.ts";
import { type Opened, Pairing } from "../../../chat/client/pairing.ts";
import { equal } from "../../../counsel/client/bytes.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import type { Side } from "../../../counsel/client/contract.ts";
import { type Device, EVENING, Organisation } from "../mls/cast.ts";

export const NONE = new Uint8Array(0);

/** The log as the server keeps it, with its fence of epochs. */
export class Log {
  rows: Side[] = [];
  epoch = 1;
  /** What the server does to rows before anybody is given them. */
  lie: (rows: readonly Side[]) => readonly Side[] = (rows) => rows;
  /** Answers that are lost on the way back. */
  lost = 0;

  begin(opened: Opened): void {
    const { welcome: sealed, statement, groupId: clientId } = opened;
    this.rows = [{ seq: 1, what: "welcome", mine: 0, clientId, sealed, statement }];
  }

  wire(): PairWire {
    return {
      say: async (clientId, sealed) => {
        this.put(clientId, sealed);
        if (this.lost > 0) {
          this.lost -= 1;
          throw Object.assign(new Error("lost"), { code: "offline" });
        }
      },
      hear: async (after) => this.lie(this.rows.filter((row) => row.seq > after).slice(0, 2)),
    };
  }

  put(clientId: Uint8Array, sealed: Uint8Array): void {
    const known = this.rows.find((row) => equal(row.clientId, clientId));
    if (known !== undefined) {
      assert.ok(equal(known.sealed, sealed), "sent again, it is the same to the byte");
      return;
    }
    // The clear header: two bytes of version, two of format, the group's length and its 16 bytes.
    const epoch = new DataView(sealed.buffer, sealed.byteOffset).getUint32(25);
    const what = sealed[29] === 3 ? "commit" : "words";
    if (epoch !== this.epoch) throw Object.assign(new Error("stale"), { code: "stale-epoch" });
    if (what === "commit") this.epoch += 1;
    const seq = this.rows.length + 1;
    this.rows.push({ seq, what, mine: 0, clientId, sealed, statement: NONE });
  }
}

export interface Met {
  organisation: Organisation;
  trust: Trust;
  log: Log;
  lin: PairRoom;
  zhou: PairRoom;
  at: { now: number };
  devices: { lin: Device; zhou: Device };
}

export const pairing = (
  device: Device | StaffKeys,
  trust: Trust,
  now = (): number => EVENING,
): Pairing => new Pairing(() => ("keys" in device ? device.keys : device), trust, now);

export async function meet(
  organisation?: Organisation,
  trusts: readonly Trust[] = [],
): Promise<Met> {
  const home = organisation ?? (await Organisation.found());
  const [lin, zhou] = [
    await home.certify("林", "counsellor"),
    await home.certify("周", "supervisor"),
  ];
  const trust = trusts[0] ?? (await home.trust());
  const at = { now: EVENING };
  const clock = (): number => at.now;
  const [hers, theirs] = [
    pairing(lin, trust, clock),
    pairing(zhou, trusts[1] ?? (await home.trust()), clock),
  ];
  const left = await hers.leave();
  const opened = await theirs.open(left.keyPackage, left.statement);
  const log = new Log();
  log.begin(opened);
  const changed = (): void => undefined;
  const rooms = {
    zhou: opened.room(log.wire(), changed),
    lin: await hers.enter(left, log.rows[0], log.wire(), changed),
  };
  return { organisation: home, trust, log, ...rooms, at, devices: { lin, zhou } };
}

/** Everybody reads what there is, and sends what waits. */
export async function settle({ log, lin, zhou }: Met): Promise<void> {
  for (let i = 0; i < 4; i++) {
    for (const room of [lin, zhou]) {
      room.reachTo(log.rows.length);
      await room.settled();
    }
  }
}

export const heard = (room: PairRoom): string[] =>
  room.view.lines.filter((line) => !line.mine).map((line) => `${line.who}: ${line.text}`);
