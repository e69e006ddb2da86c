/** A time to come back, as a phone keeps it and asks for it. */

import { render } from "preact";
import type { TalkView } from "../../../chat/client/talk.ts";
import { NumbersCard } from "../../../chat/client/view/numbersCard.tsx";
import { t } from "../../../counsel/client/i18n.ts";
import { momentsOf, type Revisit } from "../../../triage/client/followup/days.ts";
import { forgetAll } from "../../../triage/client/followup/kept.ts";
import { BackCard, keepRevisit } from "../../../triage/client/followup/part.tsx";
import { NOW } from "./states.ts";

const zh = document.documentElement.lang.startsWith("zh");
const LIN = { name: zh ? "林" : "Lin", person: "p1" };
const DAY = 86_400_000;

const RED: Revisit = {
  kind: "red",
  moments: momentsOf({ kind: "red", days: 0 }, NOW, 20),
  next: 0,
  ...LIN,
};
const VISIT: Revisit = {
  ...{ kind: "referral", next: 0, ...LIN },
  moments: momentsOf({ kind: "referral", days: 0 }, NOW + DAY, 0),
};

/** What lies on the phone in these states. */
const LIES: Readonly<Record<string, Revisit>> = { "follow-kept": RED, "follow-visit-kept": VISIT };
const CARDS: Readonly<Record<string, { revisit: Revisit; open: boolean }>> = {
  "follow-card": { revisit: RED, open: true },
  "follow-card-closed": { revisit: RED, open: false },
  "follow-visit": { revisit: VISIT, open: true },
  "follow-visit-missed": { revisit: VISIT, open: true },
};
/** Which view each of the sheets lies over. */
export const SHEETS: Readonly<
  Record<string, { readonly view: string; readonly sheet: "revisit" | "visit" }>
> = {
  "follow-choose": { view: "follow-asked", sheet: "revisit" },
  "follow-nothing": { view: "chat", sheet: "revisit" },
  "follow-kept": { view: "follow-asked", sheet: "revisit" },
  "follow-appointment": { view: "chat", sheet: "visit" },
  "follow-visit-kept": { view: "chat", sheet: "visit" },
};
export const CARD_STATES: readonly string[] = Object.keys(CARDS);

/** With the line of whoever asks. */
export function asked(base: TalkView): TalkView {
  const id = "revisit";
  const line = {
    kind: "referral",
    id,
    mine: false,
    who: LIN.name,
    text: "revisit red",
    at: NOW,
    state: "seen",
  } as const;
  return { ...base, lines: [...base.lines, line] };
}

/** Puts there what lies on the phone in this state, and nothing else. */
export async function lay(state: string): Promise<void> {
  const revisit = LIES[state];
  await forgetAll();
  if (revisit !== undefined) await keepRevisit(revisit);
}

/** The card in place of everything else. */
export function showCard(state: string, place: HTMLElement): void {
  const shown = CARDS[state];
  if (shown === undefined) return;
  const nothing = (): void => undefined;
  render(
    <main>
      <div class="later">
        <h1>{zh ? "在线服务" : "Online service"}</h1>
        <BackCard {...shown} onAnswered={nothing} onStop={nothing} onTalk={nothing} />
        <NumbersCard extent="all" note={t("numbers.stays")} showSignature />
      </div>
    </main>,
    place,
  );
  if (state.endsWith("missed")) place.querySelectorAll<HTMLElement>(".other")[1]?.click();
}
