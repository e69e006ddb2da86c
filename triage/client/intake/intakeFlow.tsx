/** The way to a place in the queue: safety first, one question a screen, everything may be skipped. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { OtherButton, Screen } from "../../../chat/client/view/endings.tsx";
import { NumbersCard } from "../../../chat/client/view/numbersCard.tsx";
import { t } from "../../../counsel/client/i18n.ts";
import { type Beginning, Start } from "../start.tsx";
import { DangerPage } from "./dangerPage.tsx";
import { ahead, type Intake, mayTakeBack } from "./intake.ts";
import { QuestionPage } from "./questionPage.tsx";
import { SIGNED } from "./scoring.ts";
import { callsAtOnce, type Telling } from "./telling.ts";

export interface IntakeFlowProps {
  readonly intake: Intake;
  readonly telling: Telling;
  readonly state: "ready" | "opening" | "failed";
  /** A sentence of its own for why it failed, if there is one. */
  readonly reason?: string | undefined;
  /** Whoever was last talked with, by name; "" for nobody. */
  readonly listener: string;
  readonly onListener: (same: boolean) => void;
  readonly onStart: (beginning: Beginning) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/** The button that is always there, where the calls are in a talk. */
export function DangerBar({ onPress }: { onPress: () => void }) {
  return (
    <nav class="bar" aria-label={t("numbers.title")}>
      <button type="button" class="calls" onClick={onPress}>
        {t("intake.danger.button")}
      </button>
    </nav>
  );
}

/** Nobody in danger is asked first whether something stays on the phone: nothing does. */
const AT_ONCE: Beginning = { firstLine: "", keep: false };

export function IntakeFlow(props: IntakeFlowProps) {
  const { intake, telling, state, onStart } = props;
  const [calls, setCalls] = useState(false);
  const [rest, setRest] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const question = rest ? undefined : ahead(intake, "before")[0];
  const red = callsAtOnce(intake);
  const place = red ? "danger" : calls ? "calls" : (question?.id ?? "start");
  useLayoutEffect(() => {
    root.current?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }, [place]);
  const begin = (): void => {
    if (state !== "opening") {
      onStart(AT_ONCE);
    }
  };
  const danger = (): void => {
    telling.danger(props.now());
    begin();
  };
  const answer = (option: string): void => {
    telling.answer(question?.id ?? "", option);
    if (callsAtOnce(telling.intake)) {
      begin();
    }
  };
  return (
    <div class="seeker-talk" ref={root}>
      {!red && <DangerBar onPress={danger} />}
      {red && <CallingNow {...props} again={begin} />}
      {!red && calls && <Calls onBack={() => setCalls(false)} />}
      {!red && !calls && question !== undefined && (
        <QuestionPage
          key={question.id}
          question={question}
          left={question.id === "safe" ? 2 : ahead(intake, "before").length}
          lead={question.id === "safe" ? [1, 2, 3].map((n) => t(`intake.lead_${n}`)) : []}
          chosen={intake.answers[question.id] ?? ""}
          onAnswer={answer}
          onBack={intake.seen.length > 0 ? () => telling.back() : undefined}
          onRest={{ label: t("intake.rest"), press: () => setRest(true) }}
          onCalls={() => setCalls(true)}
          unsigned={!SIGNED}
        />
      )}
      {!red && !calls && question === undefined && (
        <Start
          {...props}
          onBack={() => {
            setRest(false);
            telling.back();
          }}
        />
      )}
    </div>
  );
}

function Calls({ onBack }: { onBack: () => void }) {
  return (
    <Screen title={t("numbers.title")}>
      <NumbersCard extent="all" showSignature />
      <OtherButton label={t("intake.to_questions")} onPress={onBack} />
    </Screen>
  );
}

/** The dial card is there before anything is loaded or asked; the place is asked for behind it. */
function CallingNow(props: IntakeFlowProps & { again: () => void }) {
  const { intake, telling, state, reason, now, again } = props;
  return (
    <DangerPage
      calling={state === "failed" ? "failed" : "opening"}
      reason={reason}
      taps={intake.danger === "pressed"}
      mayTakeBack={mayTakeBack(intake, now())}
      onTap={(danger) => telling.tap(danger)}
      onAgain={state === "failed" ? again : undefined}
    />
  );
}
