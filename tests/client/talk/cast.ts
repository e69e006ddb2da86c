/** Who talks in these tests, and how they wait for each other. */

import assert from "node:assert/strict";
import { attendTalk } from "../../../chat/client/attending.ts";
import type { Room } from "../../../chat/client/room.ts";
import { resumeTalk, startTalk, type Talk } from "../../../chat/client/talk.ts";
import { type Asked, makeWish } from "../../../chat/client/wishes.ts";
import { toBase64url } from "../../../counsel/client/bytes.ts";
import { Trust } from "../../../counsel/client/certificates.ts";
import { MemoryShelf } from "../../../counsel/client/memoryShelf.ts";
import { Vault } from "../../../counsel/client/vault.ts";
import { type Device, EVENING, Organisation } from "../mls/cast.ts";
import { Server } from "./server.ts";

/** What the queue is asked; nobody here reads it. */
export const REQUEST: Uint8Array = new Uint8Array(64).fill(7);

/** A shelf that outlives the page, as a database does. */
export class LastingShelf extends MemoryShelf {
  override readonly durable = true;
  override close(): void {}
}

export interface Stage {
  readonly server: Server;
  readonly home: Organisation;
  readonly phone: LastingShelf;
  readonly desk: LastingShelf;
  readonly lin: Device;
}

export async function stage(): Promise<Stage> {
  const home = await Organisation.found();
  return {
    server: new Server(),
    home,
    phone: new LastingShelf(),
    desk: new LastingShelf(),
    lin: await home.certify("林", "counsellor"),
  };
}

export async function vaultOn(shelf: LastingShelf): Promise<Vault> {
  return Vault.open("test", { shelf, keep: true });
}

const opened: Talk[] = [];

/** After each test: a page left open would keep its timers, and the test run, alive. */
export function closeAll(): void {
  for (const talk of opened.splice(0)) talk.close();
}

function noted<T extends Talk | null>(talk: T): T {
  if (talk !== null) opened.push(talk);
  return talk;
}

const outside = { origin: "http://localhost" };

/** The organisation as a device of this side knows it: the log comes from the server. */
export async function trustWith(
  { home, server }: Stage,
  side = "seeker",
  clock: () => number = () => EVENING,
): Promise<Trust> {
  const root = toBase64url(home.rootStatement);
  const log = (): Promise<Uint8Array> => server.ship(side, home);
  return Trust.open({ root, hostname: "talk.example.org", built: EVENING, clock, log });
}

export async function start(stage: Stage, firstLine = "", clock = Date.now): Promise<Talk> {
  const vault = await vaultOn(stage.phone);
  const trust = await trustWith(stage, "seeker", clock);
  const wires = [stage.server.door("seeker")];
  return noted(await startTalk({ ...outside, vault, trust, wires, request: REQUEST, firstLine }));
}

export async function resume(stage: Stage): Promise<Talk | null> {
  const vault = await vaultOn(stage.phone);
  const trust = await trustWith(stage);
  const wires = [stage.server.door("seeker")];
  return noted(await resumeTalk({ ...outside, vault, trust, wires }));
}

export async function attend(
  stage: Stage,
  who = "林",
  device = stage.lin,
  desk = stage.desk,
  trust?: Trust,
): Promise<Talk> {
  const talk = await attendTalk({
    ...outside,
    vault: await vaultOn(desk),
    ref: stage.server.ref,
    staff: device.keys,
    trust: trust ?? (await trustWith(stage, who)),
    wires: [stage.server.door(who)],
  });
  return noted(talk);
}

/** Zhou, a supervisor on duty, asks to come in; Lin's page proves who asks, and Lin lets them in. */
export async function beside(
  stage: Stage,
  lin: Talk,
): Promise<{ zhou: Talk; desk: LastingShelf; asked: Asked }> {
  const { server, home } = stage;
  const device = await home.certify(server.guest, "supervisor");
  const trust = await trustWith(stage, server.guest);
  const wish = await makeWish(device.keys, server.groupId, server.epoch, trust);
  const { keyPackage, proof } = wish;
  const statement = device.keys.duty;
  const asked = { visit: 7, epoch: server.epoch, keyPackage, statement, proof };
  assert.equal(await lin.whoAsks?.(asked), server.guest);
  lin.admit?.(asked);
  await until(() => server.visit !== null, "they are let in");
  const desk = new LastingShelf();
  const talk = await attendTalk({
    ...outside,
    vault: await vaultOn(desk),
    ref: server.ref,
    staff: wish.keys,
    trust,
    since: server.visit?.row.seq ?? 0,
    wires: [server.door(server.guest)],
  });
  return { zhou: noted(talk), desk, asked };
}

/** Rows of a talk that has begun: a Welcome, and each one's word about the log of what is issued. */
export const BEGUN = 3;

/** A talk that has begun: both are in the group. */
export async function begun(on?: Stage): Promise<{ stage: Stage; seeker: Talk; lin: Talk }> {
  const there = on ?? (await stage());
  const seeker = await start(there);
  await until(() => seeker.view.phase === "waiting", "the seeker waits");
  there.server.take_("林");
  const lin = await attend(there);
  await until(() => lin.view.phase === "active" && seeker.view.phase === "active", "both are here");
  await until(() => haveAgreed(lin) && haveAgreed(seeker), "both have said which log they know");
  return { stage: there, seeker, lin };
}

function haveAgreed(talk: Talk): boolean {
  const { transcript, outbox } = (Reflect.get(talk, "room") as Room).saved;
  const theirs = Object.values(transcript?.peers ?? {});
  return outbox.length === 0 && theirs.length > 0 && theirs.every((peer) => peer.agreed);
}

export async function until(holds: () => boolean, what: string, ms = 8_000): Promise<void> {
  const due = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > due) assert.fail(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** The words on a screen, mine with a mark. */
export function said(talk: Talk): string[] {
  return talk.view.lines.flatMap((line) =>
    line.kind === "words" ? [`${line.mine ? "> " : "< "}${line.text}`] : [],
  );
}

export function notices(talk: Talk): string[] {
  return talk.view.lines.flatMap((line) => (line.kind === "notice" ? [line.code] : []));
}

export function stateOf(talk: Talk, text: string): string {
  const line = talk.view.lines.find((one) => one.kind === "words" && one.text === text);
  return line?.kind === "words" ? line.state : "nowhere";
}
