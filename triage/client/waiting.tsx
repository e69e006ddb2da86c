/** While nobody is there yet: what is true, what can be done now, and no invented minutes. */

import type { Talk, TalkView } from "../../chat/client/talk.ts";
import { LinkLine } from "../../chat/client/view/chat.tsx";
import { Composer } from "../../chat/client/view/composer.tsx";
import { Lines } from "../../chat/client/view/lines.tsx";
import { NumbersCard } from "../../chat/client/view/numbersCard.tsx";
import { t } from "../../counsel/client/i18n.ts";
import { ahead, type Intake, isRed } from "./intake/intake.ts";
import { readStanding } from "./intake/standing.ts";
import { readings } from "./reading.tsx";
import { type Story, storyOf } from "./waitingStory.ts";

/** What can be opened from here; the talk's own menu has more. */
export type Aside = "worse" | "more-questions" | "breathing" | "sent" | `read-${string}`;

export interface WaitingProps {
  readonly view: TalkView;
  readonly talk: Pick<Talk, "say" | "retry" | "withdraw" | "markShown">;
  readonly intake: Intake;
  readonly kept: boolean;
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  readonly now: number;
  readonly sound: boolean;
  readonly onSound: (on: boolean) => void;
  readonly onAside: (aside: Aside) => void;
  /** After a call: it was made, or it could not be. */
  readonly onCalled: (how: "yes" | "no") => void;
  /** The danger button was pressed by mistake; missing once a minute has passed. */
  readonly onMistake?: (() => void) | undefined;
}

function Signal({ sound, onSound }: Pick<WaitingProps, "sound" | "onSound">) {
  return (
    <p class="hint">
      {t(sound ? "waiting.signal" : "waiting.muted")}{" "}
      <button type="button" class="quiet" onClick={() => onSound(!sound)}>
        {t(sound ? "waiting.mute" : "waiting.unmute")}
      </button>
    </p>
  );
}

function Told({ story }: { story: Story }) {
  return (
    <div role="status">
      <h1 tabIndex={-1}>{story.title}</h1>
      {story.sentences.map((sentence) => (
        <p key={sentence} class="story">
          {sentence}
        </p>
      ))}
    </div>
  );
}

/** In danger the calls come first, with the three answers to them. */
function RedCard({ onCalled, onMistake }: Pick<WaitingProps, "onCalled" | "onMistake">) {
  return (
    <>
      <NumbersCard note={t("numbers.place_stays")} showSignature />
      <p>{t("numbers.say")}</p>
      <div class="row">
        <Other label={t("waiting.called")} onPress={() => onCalled("yes")} />
        <Other label={t("waiting.cannot_call")} onPress={() => onCalled("no")} />
        {onMistake !== undefined && (
          <Other label={t("intake.danger.taps.mistake")} onPress={onMistake} />
        )}
      </div>
      <p>{t("numbers.cannot")}</p>
    </>
  );
}

function Other({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <button type="button" class="other" onClick={onPress}>
      {label}
    </button>
  );
}

/** What helps while one waits; each opens over this page and leaves the place as it is. */
function Meanwhile({ intake, onAside }: Pick<WaitingProps, "intake" | "onAside">) {
  const more = !isRed(intake.told) && ahead(intake, "waiting").length > 0;
  return (
    <section class="meanwhile" aria-labelledby="meanwhile-title">
      <h2 id="meanwhile-title">{t("waiting.meanwhile")}</h2>
      <div class="row">
        <Other label={t("intake.breathing.title")} onPress={() => onAside("breathing")} />
        {readings().map(({ name, title }) => (
          <Other key={name} label={title} onPress={() => onAside(`read-${name}`)} />
        ))}
      </div>
      <div class="row beside">
        {more && (
          <button type="button" class="quiet" onClick={() => onAside("more-questions")}>
            {t("waiting.more_questions")}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => onAside("sent")}>
          {t("intake.sent.look")}
        </button>
      </div>
    </section>
  );
}

export function Waiting(props: WaitingProps) {
  const { view, talk, intake, kept, draft, onDraft, now } = props;
  const standing = readStanding(view.standing);
  const red = isRed(intake.told);
  return (
    <main class="chat waiting">
      <div class="scroll-page">
        <Told story={storyOf(view, standing, intake.told)} />
        {red ? <RedCard {...props} /> : null}
        {!red && (
          <>
            <Other label={t("waiting.worse")} onPress={() => props.onAside("worse")} />
            <p class="hint">{t(kept ? "waiting.leave_keep" : "waiting.leave_none")}</p>
            <NumbersCard note={t("numbers.place_stays")} showSignature />
          </>
        )}
        <p>{t("waiting.write")}</p>
        <Signal sound={props.sound} onSound={props.onSound} />
        {view.lines.length > 0 && (
          <Lines
            lines={view.lines}
            now={now}
            onRetry={(id) => void talk.retry(id)}
            onWithdraw={(id) => onDraft(talk.withdraw(id))}
            onShown={() => talk.markShown()}
          />
        )}
        <Meanwhile {...props} />
        {red && <p class="hint">{t(kept ? "waiting.leave_keep" : "waiting.leave_none")}</p>}
      </div>
      <LinkLine view={{ ...view, presence: "", typing: false }} />
      <Composer
        draft={draft}
        onDraft={onDraft}
        onSend={(text) => void talk.say(text)}
        button={t("talk.hold")}
        placeholder={t("talk.write_waiting")}
      />
    </main>
  );
}
