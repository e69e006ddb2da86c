/** What leaves of a risk that was asked about: the tier where it is graver, and that somebody asked. */

import type { Desk } from "../desk.ts";
import type { Risk } from "./risk.ts";

type Asking = Pick<Desk, "danger" | "hands" | "view">;

/** What could not be told is not done: the form offers it again. */
export async function sayAsked(
  desk: Asking,
  talk: { readonly ref: string; readonly caseCode: string },
  risk: Risk,
  danger: string,
): Promise<void> {
  const { ref, caseCode } = talk;
  desk.hands.noteRisk(ref, risk);
  if (danger !== "") {
    await desk.danger({ kind: "Raise", caseCode, danger, reason: "judged" });
    if (desk.view.refusal !== null) {
      desk.hands.noteRisk(ref, { ...(desk.hands.get(ref)?.risk ?? risk), done: false });
      return;
    }
  }
  if (danger !== "" || desk.view.dangers.some((row) => row.caseCode === caseCode)) {
    await desk.danger({ kind: "Assess", caseCode });
  }
}
