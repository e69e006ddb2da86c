/**
 * A talk, as the pages use it: starting one, coming back to one, sitting down in one. The rest of
 * this folder is behind it.
 */

import { toBase64url } from "../../counsel/client/bytes.ts";
import type { Trust } from "../../counsel/client/certificates.ts";
import {
  KEY_PACKAGES,
  PLACE_KEPT_FOR_MS,
  RETAIN_CLOSED_FOR_MS,
  RETAIN_UNTOUCHED_FOR_MS,
} from "../../counsel/client/contract.ts";
import { isBytes } from "../../counsel/client/ed25519.ts";
import { claimTalk } from "../../counsel/client/tab.ts";
import type { Vault } from "../../counsel/client/vault.ts";
import { Keeper } from "./keeper.ts";
import type { Held } from "./log.ts";
import { Group } from "./mls/group.ts";
import {
  decodePackages,
  drawSeekerKeys,
  encodePackages,
  SEEKER,
  type SeekerKeys,
  topUp,
} from "./mls/keys.ts";
import { OpenTalk, type Talk } from "./openTalk.ts";
import { newEntry } from "./outbox.ts";
import { sweepPlaces } from "./places.ts";
import { Room, type RoomParts, type Side } from "./room.ts";
import { BLANK, decodeSaved, type Saved } from "./saved.ts";
import { SeekerSide } from "./seekerSide.ts";

export { NotKeptError, type Talk } from "./openTalk.ts";
export { NOTICES } from "./saved.ts";
export type { Line, LineState, Phase, TalkView } from "./view.ts";

/** Tests bring their own ways to connect and their own clock. */
export interface Outside {
  readonly origin?: string;
  /** Staff: gives what the server wants to see with a POST of this page. */
  readonly token?: () => Promise<string>;
  readonly wires?: RoomParts["wires"];
  readonly now?: () => number;
}

export interface StartOptions extends Outside {
  readonly vault: Vault;
  readonly trust: Trust;
  /** What the queue is asked, in bytes this layer does not read. */
  readonly request: Uint8Array;
  /** What was answered on the way here, for whoever comes. As `firstLine`; may be empty. */
  readonly answers?: string;
  /** Kept on this phone until somebody has come and the seeker taps. May be empty. */
  readonly firstLine: string;
}

const SIGNER = "signer";

/** A new talk of a seeker. Whatever talk lay in this vault before is forgotten. */
export async function startTalk(options: StartOptions): Promise<Talk> {
  const { vault, trust, firstLine, now = () => Date.now() } = options;
  await Keeper.forget(vault, "");
  const drawn = await topUp(await drawSeekerKeys(), KEY_PACKAGES, trust.today());
  const { keys, keyPackages, lastResort } = drawn;
  const { secret, publicKey } = keys.signer;
  if (!isBytes(secret)) await vault.putHandle(SIGNER, secret);
  const text = firstLine.trim();
  const saved: Saved = {
    ...BLANK,
    token: crypto.getRandomValues(new Uint8Array(32)),
    request: options.request,
    publicKey,
    seed: isBytes(secret) ? secret : null,
    packages: encodePackages(keys.packages),
    offer: { keyPackages, lastResort },
    outbox: [
      newEntry("answers", options.answers ?? "", now(), []),
      newEntry("words", text, now(), []),
    ].filter((entry) => entry.text !== ""),
    newest: trust.newest,
    touchedAt: now(),
  };
  return openSeeker(options, 0, { saved, keys, group: null, next: null }, []);
}

/** The seeker's talk that lies in this vault, or null. */
export async function resumeTalk(
  options: Outside & { readonly vault: Vault; readonly trust: Trust },
): Promise<Talk | null> {
  const { vault, trust } = options;
  const found = await Keeper.find(vault, "");
  if (found === null) return null;
  const { saved, version, lines } = found;
  const keys = await seekerKeys(vault, saved);
  if (keys === null) return null;
  remember(trust, saved);
  const group = saved.group && (await Group.restore(saved.group, keys, trust));
  return openSeeker(options, version, { saved, keys, group, next: null }, lines);
}

async function seekerKeys(vault: Vault, saved: Saved): Promise<SeekerKeys | null> {
  const secret = saved.seed ?? (await vault.handle(SIGNER));
  if (secret === null) return null;
  const signer = { publicKey: saved.publicKey, secret };
  const packages = decodePackages(saved.packages);
  return { identity: SEEKER, signer, duty: new Uint8Array(0), packages };
}

async function openSeeker(
  options: Outside & { readonly vault: Vault; readonly trust: Trust },
  version: number,
  held: Held,
  lines: Keeper["lines"],
): Promise<Talk> {
  const { vault, trust, now = () => Date.now() } = options;
  const keeper = new Keeper(vault, "", version, held, lines);
  const side = new SeekerSide(vault, trust, now);
  return open(options, keeper, side, toBase64url(held.saved.publicKey));
}

/** What an earlier page verified holds for this one too. */
export function remember(trust: Trust, { newest, head }: Saved): void {
  trust.remember(newest);
  trust.log.remember(head);
}

/** The page that opens a talk last has it: its first write makes every older page's next one fail. */
export async function open(
  options: Outside & { readonly trust: Trust; readonly vault: Vault },
  keeper: Keeper,
  side: Side,
  lock: string,
  make = (room: Room): Talk => new OpenTalk(room),
): Promise<Talk> {
  const { now = () => Date.now() } = options;
  const fresh = keeper.held.saved.group === null;
  const kept = await keeper.keep({
    ...keeper.held,
    saved: { ...keeper.held.saved, touchedAt: now() },
  });
  const room = new Room({
    keeper,
    trust: options.trust,
    side,
    origin: options.origin ?? globalThis.location.origin,
    now,
    restored: !fresh,
    ...(options.wires === undefined ? {} : { wires: options.wires }),
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  await room.forgetPlaces();
  if (kept !== "kept") room.stop(kept === "elsewhere" ? "elsewhere" : "storage");
  if (keeper.held.saved.refusal !== null) room.stop();
  void options.trust.log.refresh().catch(() => undefined); // asked for again where it is needed
  if (!room.isStopped) room.link.open();
  if (options.vault.holds === "memory") room.aside("memory");
  claimTalk(lock, () => room.isStopped || room.stop("elsewhere"));
  return make(room);
}

/**
 * The staff device's own clock: talks closed for 48 hours, or untouched for a week, are removed
 * here whatever a server says. Called when a console opens and every hour.
 */
export async function sweepTalks(vault: Vault, now: number): Promise<void> {
  for (const record of await vault.list("talk.")) {
    const saved = decodeSaved(record.bytes);
    const closed =
      saved !== null && saved.closedAt > 0 && now - saved.closedAt >= RETAIN_CLOSED_FOR_MS;
    const untouched = saved === null || now - saved.touchedAt >= RETAIN_UNTOUCHED_FOR_MS;
    if (closed || untouched) await Keeper.forget(vault, record.name.slice("talk.".length));
  }
  await sweepPlaces(vault, now - PLACE_KEPT_FOR_MS);
}
