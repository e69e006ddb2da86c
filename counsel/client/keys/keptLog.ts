/**
 * The newest head of the log and the newest signed date this browser has verified, across reloads: so
 * that an old log is not taken for today's, and an issuer never signs behind one.
 */

import { toBase64url, utf8 } from "../bytes.ts";
import type { Trust } from "../certificates.ts";
import { decodeHead } from "../knownLog.ts";
import { encodeHead } from "../staffLog.ts";
import type { DeviceStore } from "./keptKey.ts";

const RECORD = "log";

interface Kept {
  /** base64url of the root's key: under another root another log begins. */
  readonly root: string;
  readonly head: string;
  /** ms */
  readonly newest: number;
}

export async function keepLog(
  trust: Trust,
  store: Pick<DeviceStore, "read" | "put">,
): Promise<void> {
  const root = toBase64url(trust.rootKey);
  const kept = await read(store);
  if (kept?.root === root) {
    trust.remember(kept.newest);
    trust.log.remember(decodeHead(kept.head));
  }
  trust.log.grown = (head) => {
    const now: Kept = { root, head: encodeHead(head), newest: trust.newest };
    void store.put(RECORD, utf8(JSON.stringify(now))).catch(() => undefined);
  };
}

async function read(store: Pick<DeviceStore, "read">): Promise<Kept | null> {
  try {
    const found = await store.read(RECORD);
    return found && (JSON.parse(new TextDecoder().decode(found.bytes)) as Kept);
  } catch {
    return null; // unreadable is as good as not there
  }
}
