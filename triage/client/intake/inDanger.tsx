/** The danger button was pressed, by somebody who waits or in the middle of a talk. */

import type { TalkView } from "../../../chat/client/talk.ts";
import { DangerPage, type DangerPageProps } from "./dangerPage.tsx";
import { type Danger, type Intake, mayTakeBack } from "./intake.ts";
import type { Telling } from "./telling.ts";

export interface InDangerProps {
  readonly view: Pick<TalkView, "phase" | "link">;
  readonly intake: Intake;
  readonly telling: Telling;
  readonly now: number;
  readonly onSheet: (sheet: "" | "danger" | "alarm") => void;
  readonly onSound: (on: boolean) => void;
  readonly onBack?: () => void;
}

/** The dial card, and one tap for what it is. */
export function InDanger(props: InDangerProps) {
  const { view, intake, telling, now, onSheet, onSound, onBack } = props;
  const tapped = (danger: Danger): void => {
    telling.tap(danger);
    if (danger === "threatened") {
      onSound(false); // whoever is beside them must not hear it
    }
    onSheet("");
  };
  return (
    <DangerPage
      calling={callingOf(view)}
      taps={true}
      mayTakeBack={mayTakeBack(intake, now)}
      onTap={tapped}
      onBack={onBack}
    />
  );
}

/** Nobody is said to be called whom nothing has reached. */
function callingOf({ phase, link }: InDangerProps["view"]): DangerPageProps["calling"] {
  if (phase === "starting") return "opening";
  if (link !== "online") return "unheard";
  return phase === "active" ? "told" : "called";
}

/** In a talk it lies over the talk and leads back to it: whoever is there is still there. */
export function press(
  { telling, onSheet }: Pick<InDangerProps, "telling" | "onSheet">,
  over: "danger" | "alarm" = "danger",
): void {
  telling.danger(Date.now());
  onSheet(over);
}
