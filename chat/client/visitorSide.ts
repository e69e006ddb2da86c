/** A supervisor's half of a talk somebody else has: let in by a Welcome, and knowing nothing before. */

import type { Trust } from "../../counsel/client/certificates.ts";
import { type ChatFrame, type Envelope, WIRE_VERSION } from "../../counsel/client/contract.ts";
import { OutOfReachError } from "../../counsel/client/knownLog.ts";
import { RefusalError } from "../../counsel/client/refusal.ts";
import type { Held, Reading } from "./log.ts";
import { Group, type Member } from "./mls/group.ts";
import type { Plaintext } from "./plaintext.ts";
import type { Room, Side } from "./room.ts";
import type { Saved } from "./saved.ts";
import { inGroup } from "./seekerSide.ts";
import type { Transcript } from "./transcript.ts";

/** The seeker's key is pinned by this Welcome: whoever admits is certified, and signed the tree. */
const FIRST_USE = new Uint8Array(0);

export class VisitorSide implements Side {
  readonly staff = true;
  private readonly ref: Uint8Array;
  private readonly trust: Trust;
  private readonly now: () => number;

  constructor(ref: Uint8Array, trust: Trust, now: () => number) {
    this.ref = ref;
    this.trust = trust;
    this.now = now;
  }

  hello(_saved: Saved, after: number): ChatFrame {
    return { kind: "Attend", version: WIRE_VERSION, ref: this.ref, after };
  }

  /** The one that lets us in; any other begins a group without us. */
  async welcomed(held: Held, row: Envelope): Promise<Reading> {
    if (held.group !== null) return { held, lines: [], lostSeat: true };
    try {
      return await this.enter(held, row);
    } catch (error) {
      if (error instanceof OutOfReachError) return { held, lines: [], later: true };
      if (!(error instanceof RefusalError)) throw error;
      return { held, lines: [], refused: error.code };
    }
  }

  private async enter(held: Held, row: Envelope): Promise<Reading> {
    const pinned = held.saved.pinned ?? FIRST_USE;
    const { sealed, statement } = row;
    const { group, me } = await Group.join(held.keys, sealed, statement, this.trust, pinned);
    const others = group.members.filter((member) => !member.me);
    const saved: Saved = {
      ...(await inGroup(held.saved, group, row.group, this.now())),
      // What was said before is nobody's to know here: it begins with the first message heard.
      transcript: null,
      late: others.map((member) => member.leaf),
      pinned: others.find((member) => member.role === "seeker")?.key ?? null,
    };
    return { held: { saved, keys: me, group, next: null }, lines: [] };
  }

  /** Of whoever was here before us the first message says where they are; we count from there. */
  hears({ transcript, late }: Saved, { leaf }: Member, said: Plaintext): Transcript {
    const { length, chain } = said;
    const known = transcript ?? { length, chains: [chain], mine: 0, peers: {} };
    if (!late?.includes(leaf) || known.peers[leaf] !== undefined) return known;
    const unheard = { number: said.number - 1, seen: 0, forked: false, agreed: false };
    return { ...known, peers: { ...known.peers, [leaf]: unheard } };
  }

  async tend(): Promise<void> {
    // Whoever has the talk looks after its group.
  }

  /** Nothing of a talk stays on a device that has no seat in it. */
  async over(room: Room): Promise<void> {
    await room.keeper.forget();
  }
}
