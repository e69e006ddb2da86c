/** What opens over the waiting room and leaves the place as it is. */

import { OtherButton, Screen } from "../../../chat/client/view/endings.tsx";
import { t } from "../../../counsel/client/i18n.ts";
import { ReadingPage, readings } from "../reading.tsx";
import type { Aside } from "../waiting.tsx";
import { Breathing } from "./breathing.tsx";
import { ahead, type Intake, isRed } from "./intake.ts";
import { QuestionPage } from "./questionPage.tsx";
import { type Question, SIGNED } from "./scoring.ts";
import { SentPanel } from "./sentPanel.tsx";
import type { Telling } from "./telling.ts";

interface AsideProps {
  readonly intake: Intake;
  readonly telling: Telling;
  readonly onBack: () => void;
  readonly onDanger: () => void;
  readonly onCalls: () => void;
}

/** One question, and it may be skipped: then it is worse, and no more is said. */
function Worse({ telling, onBack, onDanger }: AsideProps) {
  const worse = (option: string): void => {
    telling.worse(option);
    onBack();
  };
  return (
    <main class="screen asks">
      <h1 tabIndex={-1}>{t("intake.worse.title")}</h1>
      <div class="options">
        <button type="button" class="option" onClick={() => worse("safe")}>
          {t("intake.worse.safe")}
        </button>
        <button type="button" class="option" onClick={() => worse("unsure")}>
          {t("intake.worse.unsure")}
        </button>
        <button type="button" class="option" onClick={onDanger}>
          {t("intake.worse.danger")}
        </button>
        <button type="button" class="option skips" onClick={() => worse("")}>
          {t("intake.worse.unsaid")}
        </button>
      </div>
      <button type="button" class="quiet" onClick={onBack}>
        {t("intake.to_waiting")}
      </button>
    </main>
  );
}

function Asked(props: AsideProps & { question: Question; left: number; lead: readonly string[] }) {
  const { intake, telling, question, left, onCalls } = props;
  return (
    <QuestionPage
      key={question.id}
      question={question}
      left={left}
      lead={props.lead}
      chosen={intake.answers[question.id] ?? ""}
      onAnswer={(option) => telling.answer(question.id, option)}
      onRest={{ label: t("intake.to_waiting"), press: props.onBack }}
      onCalls={onCalls}
      unsigned={!SIGNED}
    />
  );
}

/** The place is had: what is left of the safety questions, one a screen. Null: nothing is. */
export function placedQuestions(intake: Intake): readonly Question[] {
  const left = ahead(intake, "placed");
  return isRed(intake.told) ? left.filter((question) => question.id === "typing") : left;
}

export function PlacedQuestion(props: Omit<AsideProps, "onBack"> & { placed: boolean }) {
  const { intake, telling, placed } = props;
  const left = placedQuestions(intake);
  const question = left[0];
  if (question === undefined) {
    return null;
  }
  const skipAll = (): void => {
    for (const one of left) telling.answer(one.id, "");
  };
  const place = question.id === "typing" ? "intake.silent" : "intake.placed";
  const lead = [t(placed ? place : "waiting.starting")];
  return <Asked {...props} question={question} left={left.length} lead={lead} onBack={skipAll} />;
}

export function AsidePage(props: AsideProps & { aside: Aside }) {
  const { aside, intake, telling, onBack } = props;
  const back = <OtherButton label={t("intake.to_waiting")} onPress={onBack} />;
  if (aside === "worse") {
    return <Worse {...props} />;
  }
  if (aside === "more-questions") {
    const left = ahead(intake, "waiting");
    const question = left[0];
    if (question !== undefined) {
      const lead = question.id === "company" ? [t("intake.more")] : [];
      return <Asked {...props} question={question} left={left.length} lead={lead} />;
    }
    return (
      <Screen title={t("intake.thanks")}>
        <p>{t("intake.thanks_says")}</p>
        {back}
      </Screen>
    );
  }
  if (aside === "breathing") {
    return (
      <Screen title={t("intake.breathing.title")}>
        <Breathing />
        {back}
      </Screen>
    );
  }
  if (aside === "sent") {
    return (
      <Screen title={t("intake.sent.title")}>
        <SentPanel request={telling.request} />
        {back}
      </Screen>
    );
  }
  const name = aside.slice("read-".length);
  return (
    <Screen title={readings().find((one) => one.name === name)?.title ?? ""}>
      <ReadingPage name={name} />
      {back}
    </Screen>
  );
}
