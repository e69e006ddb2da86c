/** What this page trusts, opened once: desk, cards and issuing all know the same log. */

import { Trust } from "../certificates.ts";
import { fetchLog } from "../knownLog.ts";
import { Vault } from "../vault.ts";
import type { DeviceStore } from "./keptKey.ts";
import { keepLog } from "./keptLog.ts";

declare const __ORG_ROOT__: string;

const CARD = "staff-device";

let trust: Promise<Trust> | undefined;
let store: Promise<Vault> | undefined;

/** Rejects with a refusal's `code`. */
export function staffTrust(): Promise<Trust> {
  trust ??= open().catch((error: unknown) => {
    trust = undefined;
    throw error;
  });
  return trust;
}

async function open(): Promise<Trust> {
  const opened = await Trust.open({
    root: __ORG_ROOT__,
    hostname: location.hostname,
    built: 0,
    log: fetchLog,
  });
  await keepLog(opened, await staffStore());
  return opened;
}

/** Where this browser keeps its card and, if it has one, its issuing key. */
export function staffStore(): Promise<DeviceStore> {
  store ??= Vault.open(CARD, { keep: true });
  return store;
}
