/** While nobody is there yet: what is true, what can be done now, and no invented minutes. */

import type { Talk, TalkView } from "../../chat/client/talk.ts";
import { LinkLine } from "../../chat/client/view/chat.tsx";
import { Composer } from "../../chat/client/view/composer.tsx";
import { Lines } from "../../chat/client/view/lines.tsx";
import { NumbersCard } from "../../chat/client/view/numbersCard.tsx";
import { t } from "../../counsel/client/i18n.ts";
import { readStanding } from "./request.ts";

export interface WaitingProps {
  readonly view: TalkView;
  readonly talk: Pick<Talk, "say" | "retry" | "withdraw" | "markShown">;
  readonly kept: boolean;
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  readonly now: number;
  readonly sound: boolean;
  readonly onSound: (on: boolean) => void;
}

interface Story {
  readonly title: string;
  readonly sentences: readonly string[];
}

/** Someone was there before: the words of a first listener, or the line that one joined. */
function wasServed(view: TalkView): boolean {
  return view.lines.some(
    (line) => line.kind === "joined" || (line.kind === "words" && line.state !== "waiting-tap"),
  );
}

/** What is happening, in the order in which it matters. */
export function storyOf(view: TalkView): Story {
  if (view.phase === "starting") {
    return { title: t("waiting.title"), sentences: [t("waiting.starting")] };
  }
  if (!view.supervised) {
    const sentences = [t("waiting.unsupervised"), t("waiting.unsupervised_stay")];
    return { title: t("waiting.nobody_title"), sentences };
  }
  const standing = readStanding(view.standing);
  if (standing !== null && standing.nobody !== 0) {
    const sentences = [t("waiting.nobody"), t("waiting.nobody_stay")];
    return { title: t("waiting.nobody_title"), sentences };
  }
  if (wasServed(view)) {
    return { title: t("waiting.returned_title"), sentences: [t("waiting.returned")] };
  }
  const ahead = standing?.ahead ?? 0;
  const place =
    ahead === 0
      ? t("waiting.next")
      : t(ahead === 1 ? "waiting.ahead_one" : "waiting.ahead", { count: ahead });
  return { title: t("waiting.title"), sentences: [place] };
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

export function Waiting(props: WaitingProps) {
  const { view, talk, kept, draft, onDraft, now } = props;
  const story = storyOf(view);
  return (
    <main class="chat waiting">
      <div class="scroll-page">
        <div role="status">
          <h1 tabIndex={-1}>{story.title}</h1>
          {story.sentences.map((sentence) => (
            <p key={sentence} class="story">
              {sentence}
            </p>
          ))}
        </div>
        <p class="hint">{t(kept ? "waiting.leave_keep" : "waiting.leave_none")}</p>
        <NumbersCard note={t("numbers.place_stays")} showSignature />
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
