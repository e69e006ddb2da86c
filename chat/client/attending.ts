/** A staff member sits down in a talk: as whoever has it, or as a supervisor beside them. */

import { toBase64url } from "../../counsel/client/bytes.ts";
import type { Trust } from "../../counsel/client/certificates.ts";
import type { Vault } from "../../counsel/client/vault.ts";
import { BesideTalk } from "./besideTalk.ts";
import { Keeper } from "./keeper.ts";
import { Group } from "./mls/group.ts";
import type { LeafKeys, StaffKeys } from "./mls/keys.ts";
import type { Talk } from "./openTalk.ts";
import { BLANK, type Saved } from "./saved.ts";
import { StaffSide } from "./staffSide.ts";
import { type Outside, open, remember } from "./talk.ts";
import { VisitorSide } from "./visitorSide.ts";

/** A staff member sits down in a session that is theirs. `ref` is 16 bytes. */
export async function attendTalk(
  options: Outside & {
    readonly vault: Vault;
    readonly ref: Uint8Array;
    readonly staff: StaffKeys;
    readonly trust: Trust;
    /** Not 0: they are beside somebody there, from this place of the log on. */
    readonly since?: number;
  },
): Promise<Talk> {
  const { vault, ref, staff, trust, since = 0 } = options;
  const name = hex(ref);
  const found = await findFresh(vault, name, since);
  const after = Math.max(0, since - 1);
  const blank: Saved = { ...BLANK, side: "staff", newest: trust.newest, after };
  const { saved, version, lines } = found ?? { saved: blank, version: 0, lines: [] };
  remember(trust, saved);
  const group = saved.group && (await restored(saved.group, staff, trust));
  // A group of another key, or one that cannot be read any more: a fresh one is opened.
  const usable = group === null ? { ...saved, group: null, opening: null, renewal: null } : saved;
  const keeper = new Keeper(
    vault,
    name,
    version,
    { saved: usable, keys: staff, group, next: null },
    lines,
  );
  const { now = () => Date.now() } = options;
  const lock = `${name} ${toBase64url(staff.signer.publicKey)}`;
  if (since > 0) {
    const side = new VisitorSide(ref, trust, now);
    return open(options, keeper, side, lock, (room) => new BesideTalk(room, trust, null));
  }
  const side = new StaffSide(ref, staff, trust);
  return open(options, keeper, side, lock, (room) => new BesideTalk(room, trust, side));
}

/** What lies here of this talk; what lies here of a visit before this one goes first. */
async function findFresh(
  vault: Vault,
  name: string,
  since: number,
): ReturnType<typeof Keeper.find> {
  const found = await Keeper.find(vault, name);
  if (found === null || since === 0 || found.saved.after >= since) return found;
  await Keeper.forget(vault, name);
  return null;
}

async function restored(bytes: Uint8Array, keys: LeafKeys, trust: Trust): Promise<Group | null> {
  return Group.restore(bytes, keys, trust).catch(() => null);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
