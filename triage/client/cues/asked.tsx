/** Where the talk's pages meet the ear: words pass by it, and its card stands over the waiting room. */

import type { Talk } from "../../../chat/client/talk.ts";
import type { Telling } from "../intake/telling.ts";
import { CueCard } from "./cueCard.tsx";
import type { Card } from "./listening.ts";

export interface AskedProps {
  readonly telling: Pick<Telling, "worse">;
  readonly card?: Card;
  /** The card was answered or put off. */
  readonly onCard?: () => void;
  readonly onDanger: () => void;
}

export function CueAsked({ telling, card = "", onCard = () => undefined, onDanger }: AskedProps) {
  if (card === "") {
    return null;
  }
  const then = (act: () => void) => (): void => {
    onCard();
    act();
  };
  return (
    <CueCard
      raised={card === "raised"}
      onSafe={onCard}
      onUnsure={then(() => telling.worse("unsure"))}
      onDanger={then(onDanger)}
      onLater={onCard}
    />
  );
}

interface HearingProps {
  readonly talk: Talk;
  readonly onSaid?: (text: string) => void;
}

/** The talk as its pages use it. Words are kept or on their way before they are listened to. */
export function hearing({ talk, onSaid = () => undefined }: HearingProps) {
  return {
    say: async (text: string): Promise<void> => {
      await talk.say(text);
      onSaid(text);
    },
    retry: (id: string) => talk.retry(id),
    withdraw: (id: string) => talk.withdraw(id),
    typing: () => talk.typing(),
    markShown: () => talk.markShown(),
    releaseWaiting: () => talk.releaseWaiting(),
  };
}
