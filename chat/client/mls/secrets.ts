/** Which bytes of an epoch that is over must not stay in memory. */

import type { ClientState } from "ts-mls/clientState.js";

/** The ratchets and the key schedule. Not the tree's private keys: the next epoch shares those. */
export function secretsOf(state: ClientState): Uint8Array[] {
  const ratchets = state.secretTree.flatMap((node) => [
    node.application.secret,
    node.handshake.secret,
  ]);
  return [...ratchets, ...Object.values(state.keySchedule).filter((one) => one.length > 0)];
}
