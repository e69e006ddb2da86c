/** What somebody may do about a place on the rota. Pure. */

import { may } from "../../../counsel/client/rights.ts";
import type { StaffRole } from "../../../counsel/client/staffApi.ts";
import type { Shift, ShiftAct } from "./questions.ts";

/** `keep`: I asked for cover and stand there after all; for the server that is covering myself. */
export type CardAct = ShiftAct | "keep";

/** What this person may do about this shift now. The server judges again. */
export function actsOf(shift: Shift, role: StaffRole, now: number): readonly CardAct[] {
  const acts: CardAct[] = [];
  const mine = role === shift.role && may(role, "stand");
  if (shift.state === "open" && mine && shift.ends > now) {
    acts.push("sign-up");
  }
  if (shift.state === "taken" && shift.mine) {
    acts.push(shift.cover ? "keep" : "ask-cover", "give-back");
  }
  if (shift.state === "taken" && !shift.mine && shift.cover && mine) {
    acts.push("cover");
  }
  if ((shift.state === "open" || shift.state === "taken") && may(role, "plan-rota")) {
    acts.push("cancel");
  }
  return acts;
}
