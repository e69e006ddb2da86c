/** A seeker's talk from the queue to the end: one screen at a time. */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Talk, TalkView } from "../../chat/client/talk.ts";
import { Chat } from "../../chat/client/view/chat.tsx";
import {
  AskClear,
  AskEnd,
  AskErase,
  OtherButton,
  Over,
  Screen,
} from "../../chat/client/view/endings.tsx";
import { NumbersCard } from "../../chat/client/view/numbersCard.tsx";
import { Verbs } from "../../chat/client/view/verbs.tsx";
import { t } from "../../counsel/client/i18n.ts";
import { CallAsked, type CallQuestion } from "./callAsked.tsx";
import { CueAsked, hearing } from "./cues/asked.tsx";
import type { Card } from "./cues/listening.ts";
import { HelpSheet } from "./dispatch/later.tsx";
import { isRevisit, RevisitSheet } from "./followup/later.tsx";
import { NextAsked } from "./handover/late.tsx";
import { AsidePage, PlacedQuestion, placedQuestions } from "./intake/asides.tsx";
import { InDanger, press } from "./intake/inDanger.tsx";
import { type Intake, isRed, mayTakeBack } from "./intake/intake.ts";
import type { Telling } from "./intake/telling.ts";
import { type LookupPlace, LookupSheet } from "./lookupSheet.tsx";
import { PassedOn } from "./passedOn.tsx";
import { ReferralSheet } from "./referral/later.tsx";
import type { Referrals } from "./referral/referrals.ts";
import { type Aside, Waiting } from "./waiting.tsx";

/** What lies over the talk; "" is the talk itself. */
export type Sheet = "" | TalkSheet | "danger" | Aside;
type Question = "menu" | "end" | "erase" | "clear";
type TalkSheet = Question | "numbers" | "alarm" | "places" | "verbs" | "referrals" | "help" | Later;
/** A time to come back: after this talk, or after an appointment. */
type Later = "revisit" | "visit";
const OF_THE_TALK: readonly string[] = [
  ...["menu", "numbers", "places", "verbs", "end", "erase", "clear", "referrals", "help"],
  ...["revisit", "visit", "alarm"],
];

export interface SeekerTalkProps {
  readonly view: TalkView;
  readonly talk: Talk;
  readonly intake: Intake;
  readonly telling: Telling;
  readonly kept: boolean;
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  readonly now: number;
  readonly sound: boolean;
  readonly onSound: (on: boolean) => void;
  readonly sheet: Sheet;
  readonly onSheet: (sheet: Sheet) => void;
  readonly call: CallQuestion;
  readonly onCall: (answer: CallQuestion) => void;
  readonly erasing: boolean;
  readonly endedHere: boolean;
  readonly onEnd: () => void;
  readonly onErase: () => void;
  readonly onLeave: () => void;
  readonly onClear: () => void;
  readonly onAgain: () => void;
  /** Words were kept or sent. */
  readonly onSaid?: (text: string) => void;
  readonly card?: Card;
  /** The card was answered or put off. */
  readonly onCard?: () => void;
  /** Where the directory is kept, and by whom it is believed. */
  readonly place: () => Promise<LookupPlace>;
  /** What is with desks; without it there is no such page. */
  readonly referrals?: Referrals;
}

function Menu({ kept, onSheet, sound, onSound, referrals, view }: SeekerTalkProps) {
  const label = {
    numbers: "numbers",
    places: "places",
    end: "end",
    erase: "erase",
    clear: "leave_and_clear",
    verbs: "verbs",
  };
  const buttons = (...items: readonly (keyof typeof label)[]) =>
    items.map((item) => (
      <OtherButton key={item} label={t(`menu.${label[item]}`)} onPress={() => onSheet(item)} />
    ));
  return (
    <Screen title={t("menu.title")}>
      <p class="hint">{t(kept ? "exit.kept" : "exit.not_kept")}</p>
      {buttons("numbers", "places")}
      {referrals && <OtherButton label={t("referred.menu")} onPress={() => onSheet("referrals")} />}
      <OtherButton label={t("referred.later")} onPress={() => onSheet("revisit")} />
      {view.lines.some((line) => line.kind === "help") && (
        <OtherButton label={t("helped.title")} onPress={() => onSheet("help")} />
      )}
      <OtherButton
        label={t(sound ? "menu.sound_off" : "menu.sound_on")}
        onPress={() => onSound(!sound)}
      />
      {buttons("end", "erase", "clear", "verbs")}
      <OtherButton label={t("talk.back")} onPress={() => onSheet("")} />
    </Screen>
  );
}

function SheetOf(props: SeekerTalkProps) {
  const back = (): void => props.onSheet("");
  const toTalk = <OtherButton label={t("talk.back")} onPress={back} />;
  switch (props.sheet) {
    case "menu":
      return <Menu {...props} />;
    case "numbers":
      return (
        <Screen title={t("numbers.title")}>
          <NumbersCard extent="all" note={t("numbers.stays")} showSignature />
          {props.view.phase === "active" && (
            <OtherButton label={t("intake.danger.button")} onPress={() => press(props, "alarm")} />
          )}
          <OtherButton label={t("menu.places")} onPress={() => props.onSheet("places")} />
          {toTalk}
        </Screen>
      );
    case "alarm":
      return <InDanger {...props} onBack={back} />;
    case "places":
      return (
        <Screen title={t("card.title")}>
          <PassedOn view={props.view} />
          <LookupSheet place={props.place} />
          {toTalk}
        </Screen>
      );
    case "verbs":
      return (
        <Screen title={t("verbs.title")}>
          <Verbs />
          {toTalk}
        </Screen>
      );
    case "end":
      return <AskEnd onYes={props.onEnd} onNo={back} />;
    case "referrals":
      return props.referrals ? (
        <Screen title={t("referred.menu")}>
          <ReferralSheet {...props} referrals={props.referrals} />
          {toTalk}
        </Screen>
      ) : null;
    case "revisit":
    case "visit":
      return (
        <Screen title={t("referred.later")}>
          <RevisitSheet {...props} visit={props.sheet === "visit"} />
          {toTalk}
        </Screen>
      );
    case "help":
      return (
        <Screen title={t("helped.title")}>
          <HelpSheet view={props.view} talk={props.talk} onBack={back} />
          {toTalk}
        </Screen>
      );
    case "clear":
      return <AskClear onYes={props.onClear} onNo={back} />;
    default:
      return (
        <AskErase
          busy={props.erasing}
          place={props.view.lines.some((line) => line.kind === "place")}
          onYes={props.onErase}
          onNo={back}
          onLeave={props.onLeave}
        />
      );
  }
}

/** Always in reach, never under the thumb that types: the calls and everything else. */
function Bar({ onSheet, sheet, waits, onDanger }: BarProps) {
  const toggle = (to: Sheet) => () => onSheet(sheet === to ? "" : to);
  return (
    <nav class="bar" aria-label={t("menu.title")}>
      {waits ? (
        <button type="button" class="calls" onClick={onDanger}>
          {t("intake.danger.button")}
        </button>
      ) : (
        <button
          type="button"
          class="calls"
          aria-expanded={sheet === "numbers"}
          onClick={toggle("numbers")}
        >
          {t("talk.calls")}
        </button>
      )}
      <button type="button" aria-expanded={sheet === "menu"} onClick={toggle("menu")}>
        {t("talk.more")}
      </button>
    </nav>
  );
}

interface BarProps extends Pick<SeekerTalkProps, "onSheet" | "sheet"> {
  /** Nobody is there yet. */
  readonly waits: boolean;
  readonly onDanger: () => void;
}

function WaitingRoom(props: SeekerTalkProps) {
  const { sheet, onSheet, intake, telling, now } = props;
  const danger = (): void => press(props);
  const asides = {
    intake,
    telling,
    onBack: () => onSheet(""),
    onDanger: danger,
    onCalls: () => onSheet("numbers"),
  };
  if (sheet === "danger" || (sheet === "" && intake.danger === "pressed")) {
    return <InDanger {...props} />;
  }
  if (sheet !== "") {
    return <AsidePage {...asides} aside={sheet as Aside} />;
  }
  if (placedQuestions(intake).length > 0) {
    return <PlacedQuestion {...asides} placed={props.view.phase === "waiting"} />;
  }
  const mistake = (): void => telling.tap("mistake");
  return (
    <Waiting
      {...props}
      talk={hearing(props)}
      onAside={onSheet}
      onCalled={props.onCall}
      onMistake={mayTakeBack(intake, now) && isRed(intake.told) ? mistake : undefined}
    />
  );
}

/** What is proposed is looked at on its own page. */
function look({ referrals, onSheet }: SeekerTalkProps, text: string): void {
  if (isRevisit(text)) {
    onSheet("revisit");
  } else {
    referrals?.proposing(() => onSheet("referrals"))(text);
  }
}

function Body(props: SeekerTalkProps) {
  const { view, talk, draft, onDraft, now, sheet } = props;
  if (OF_THE_TALK.includes(sheet) && view.phase !== "erased") {
    return <SheetOf {...props} />;
  }
  switch (view.phase) {
    case "starting":
    case "waiting":
      return <WaitingRoom {...props} />;
    case "active":
      return (
        <main class="fill">
          <h1 class="unseen" tabIndex={-1}>
            {t("talk.title")}
          </h1>
          <Chat
            view={view}
            talk={hearing(props)}
            draft={draft}
            onDraft={onDraft}
            now={now}
            onReferral={(text) => look(props, text)}
            onHelp={() => props.onSheet("help")}
            asked={<NextAsked view={view} talk={talk} onStop={() => props.onSheet("end")} />}
          />
        </main>
      );
    default:
      return (
        <Over
          view={view}
          endedHere={props.endedHere}
          onAgain={props.onAgain}
          onErase={() => props.onSheet("erase")}
          now={now}
          onShown={() => talk.markShown()}
        />
      );
  }
}

export function SeekerTalk(props: SeekerTalkProps) {
  const root = useRef<HTMLDivElement>(null);
  const { sheet, view } = props;
  const waits = view.phase === "starting" || view.phase === "waiting";
  const asked = waits ? (placedQuestions(props.intake)[0]?.id ?? "") : "";
  const place = `${sheet}/${view.phase}/${asked}`;
  const first = useRef(true);
  // A new screen says its name to those who listen instead of looking.
  useLayoutEffect(() => {
    if (!first.current) {
      root.current?.querySelector<HTMLElement>("h1")?.focus();
    }
    first.current = false;
  }, [place]);
  const over = ["closed", "erased", "refused", "lost-seat"].includes(view.phase);
  return (
    <div class="seeker-talk" ref={root}>
      {!over && (
        <Bar sheet={sheet} onSheet={props.onSheet} waits={waits} onDanger={() => press(props)} />
      )}
      <CallAsked call={props.call} onCall={props.onCall} />
      {waits && sheet === "" && <CueAsked {...props} onDanger={() => press(props)} />}
      <Body {...props} />
    </div>
  );
}
