/** Help that is sent, as a desk of the gallery has it. */

import type { Help } from "../../../counsel/client/contract.ts";
import type { Note } from "../../../triage/client/dispatch/wheres.ts";
import { LIN, NOW, ZHOU } from "./consoleStates.ts";

const help = (number: number, change: Partial<Help>): Help => ({
  help: number,
  caseCode: "K7RM",
  state: "consented",
  step: 2,
  minutes: 1,
  left: 60,
  ends: 119,
  caller: LIN,
  whom: "",
  within: 0,
  late: 0,
  mine: 0,
  held: 0,
  ...change,
});

/** She wants it, and whoever talks with her calls. */
export const HELP_MINE: readonly Help[] = [help(7, { mine: 1, held: 1 })];
export const WHERES: readonly (readonly [number, Note])[] = [
  [7, { place: "out\n北门对面，米粉店门口", reference: "", at: NOW }],
];
export const HELPS: readonly Help[] = [
  help(8, { state: "accepted", whom: "120", minutes: 71, left: 240, ends: 40, late: 1 }),
  help(9, { caseCode: "C4XT", state: "called", whom: "responder", minutes: 4, left: 360 }),
  help(10, { caseCode: "", state: "called", whom: "120", minutes: 3, left: 400, caller: ZHOU }),
];
