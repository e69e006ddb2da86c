/** Raised hands for the gallery: who is up, and a room somebody sits in, without any keys. */

import type { PairRoom, PairView } from "../../../chat/client/pair.ts";
import type { Pairing } from "../../../chat/client/pairing.ts";
import type { Hand, Ongoing } from "../../../counsel/client/contract.ts";
import type { Desk } from "../../../triage/client/desk.ts";
import { LIN, MINE, NOW, ZHOU } from "./consoleStates.ts";

const zh = document.documentElement.lang.startsWith("zh");
const NONE = new Uint8Array(0);
const MINUTE = 60_000;

const UP: Hand = {
  ...{ hand: 7, caseCode: MINE.first.caseCode, state: "raised", round: 1, lastSeq: 0, left: 60 },
  ...{ mine: 0, inside: 0, room: "waits", called: "", by: "" },
  ...{ keyPackage: Uint8Array.of(1), statement: NONE },
};
const HERS: Hand = { ...UP, mine: 1, inside: 1, keyPackage: NONE };

function viewOf(mine: boolean): PairView {
  const [asked, said] = zh
    ? ["他说不想活了，又不肯说在哪儿。我怎么接？", "先别追问地点。问他这会儿身边有没有人。"]
    : [
        "He says he does not want to live and will not say where he is. What now?",
        "Do not press for the place. Ask whether anybody is with him.",
      ];
  const line = (id: string, who: string, text: string, own: boolean) => ({
    ...{ id, who, text, mine: own, at: NOW - 2 * MINUTE, stored: true },
  });
  return {
    peer: {
      ...{ leaf: 0, name: mine ? ZHOU : LIN, person: "p", key: NONE, me: false, demo: false },
      ...{ role: mine ? "supervisor" : "counsellor", dutyUntil: null },
    },
    lines: [line("1", LIN, asked, mine), line("2", ZHOU, said, !mine)],
    refusal: "",
    waits: "",
  };
}

function roomOf(mine: boolean): PairRoom {
  const room = {
    view: viewOf(mine),
    reachTo: () => undefined,
    close: () => "",
    say: () => undefined,
  };
  return room as unknown as PairRoom;
}

/** What stands in for the keys: everybody is who they say. */
export const PAIRING = {
  leave: async () => ({ keys: { packages: [] }, keyPackage: Uint8Array.of(1), statement: NONE }),
  who: async () => LIN,
  open: async () => ({
    ...{ groupId: new Uint8Array(16), welcome: NONE, statement: NONE },
    room: () => roomOf(false),
  }),
  enter: async () => roomOf(true),
} as unknown as Pairing;

export const ONGOING: readonly Ongoing[] = [
  { caseCode: MINE.first.caseCode, tier: 0, language: "zh", topics: ["dark"], inside: 0, held: 0 },
  { caseCode: "K7P2", tier: 2, language: "zh", topics: ["wages"], inside: 1, held: 0 },
];

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Lin's hand is up, and a minute has passed. */
export function nobodyCame(desk: Desk): void {
  desk.raised.heard([{ ...HERS, state: "unanswered", called: "supervisor", left: 40 }], NOW);
}

/** Lin, and Zhou has come. */
export async function inTheRoom(desk: Desk): Promise<void> {
  await desk.raised.raise(MINE.first.caseCode);
  desk.raised.heard([HERS], NOW);
  await settled();
  desk.raised.heard([{ ...HERS, state: "answered", room: "open", lastSeq: 3, by: ZHOU }], NOW);
  await settled();
}

/** Zhou's overview: a hand is up, a talk is accompanied. */
export function handsUp(desk: Desk): void {
  desk.setOngoing(ONGOING);
  desk.raised.heard([UP], NOW);
}

/** And he has come. */
export async function came(desk: Desk): Promise<void> {
  handsUp(desk);
  await settled();
  await desk.raised.answer(7);
  const answered = { ...UP, state: "answered", room: "open", inside: 1, keyPackage: NONE };
  desk.raised.heard([{ ...answered, lastSeq: 3, by: ZHOU }], NOW);
}
