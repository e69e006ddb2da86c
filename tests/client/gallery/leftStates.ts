/** Somebody in danger whom their listener left, as a supervisor sees them. */

import type { DangerRow } from "../../../triage/client/danger/steps.ts";
import { danger, LIN } from "./consoleStates.ts";

/** Their listener's machine is gone, or could not go on. */
export const LEFT: readonly DangerRow[] = [
  danger("T2BK", {
    minutes: 9,
    gone: "silent",
    before: LIN,
    unheard: 72,
    done: ["raise", "show", "act"],
  }),
  danger("J8NV", {
    kind: "recent",
    minutes: 4,
    gone: "let-go",
    before: LIN,
    unheard: 20,
    done: ["raise", "show", "alone"],
  }),
];
