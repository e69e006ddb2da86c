/** A talk that goes to the next person, as the board names it to either side. */

import type { Handover } from "../../../counsel/client/contract.ts";
import { fromHex } from "../../../triage/client/boardView.ts";
import { FIRST } from "./consoleStates.ts";

/** Chen asks whoever sits here to go on with a talk. */
export const ASKED_TO_COME: Handover = {
  handover: 7,
  ref: fromHex(FIRST),
  caseCode: "K7RM",
  state: "asked",
  mine: 0,
  name: "陈 Chen",
  groupId: new Uint8Array(16),
  tier: 1,
  language: "zh",
  topics: ["wages"],
  identity: new Uint8Array(0),
  statement: new Uint8Array(0),
  proof: new Uint8Array(64),
};
/** And the other way round. */
export const HAND_ASKED: Handover = { ...ASKED_TO_COME, mine: 1 };
