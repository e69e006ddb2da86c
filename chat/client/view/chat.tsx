/** A talk under way, for whoever sits in it. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t, tList } from "../../../counsel/client/i18n.ts";
import type { Member } from "../mls/policy.ts";
import type { Talk, TalkView } from "../talk.ts";
import { Composer } from "./composer.tsx";
import { Lines } from "./lines.tsx";
import { MemberLine, readersOf } from "./memberLine.tsx";
import { Share } from "./share.tsx";

export interface ChatProps {
  readonly view: TalkView;
  readonly talk: Pick<
    Talk,
    "say" | "retry" | "withdraw" | "typing" | "markShown" | "releaseWaiting"
  >;
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  /** Milliseconds. */
  readonly now: number;
  /** A desk that is proposed is looked at. */
  readonly onReferral?: ((text: string) => void) | undefined;
  /** What is said about help that is sent is looked at. */
  readonly onHelp?: (() => void) | undefined;
  /** Stands above the field: something to be answered. */
  readonly asked?: ComponentChildren;
}

/** Whoever has the talk: a supervisor beside them is not who types, and may be who is missed. */
function holderOf(view: TalkView): Member | undefined {
  return view.members.find((one) => !one.me);
}

/** What is to be known of the line and of the other person: at most one sentence. */
export function linkSentence(view: TalkView): string {
  const name = holderOf(view)?.name ?? "";
  if (view.link !== "online") {
    return t(`talk.${view.link}`);
  }
  if (view.presence === "gone") {
    return t("talk.other_gone", { name });
  }
  if (view.presence === "hidden") {
    return t("talk.other_hidden", { name });
  }
  return view.typing && view.members.length < 3 ? t("talk.typing", { name }) : "";
}

export function LinkLine({ view }: { view: TalkView }) {
  const sentence = linkSentence(view);
  const urgent = view.link !== "online" || view.presence === "gone";
  return (
    <p class={urgent ? "link attention" : "link"} role="status">
      {sentence}
    </p>
  );
}

interface ReleaseProps extends Pick<ChatProps, "view" | "talk"> {
  readonly put: boolean;
  readonly onPut: () => void;
}

/** What was written before it was seen who reads goes only by this tap; it may also be put off. */
function Release({ view, talk, put, onPut }: ReleaseProps) {
  const send = t("waiting.release", { names: readersOf(view) });
  const release = (): void => void talk.releaseWaiting();
  if (put) {
    return (
      <p class="release put">
        {t("waiting.held")}
        <button type="button" class="quiet" onClick={release}>
          {send}
        </button>
      </p>
    );
  }
  return (
    <section class="release">
      <p>{t(onlyAnswers(view) ? "waiting.check_answers" : "waiting.check_first")}</p>
      <button type="button" class="act" onClick={release}>
        {send}
      </button>
      <button type="button" class="quiet" onClick={onPut}>
        {t("waiting.not_yet")}
      </button>
    </section>
  );
}

function isHeld(line: TalkView["lines"][number]): boolean {
  const held = line.kind === "words" || line.kind === "answers";
  return held && line.state === "waiting-tap";
}

/** Nothing was written, only answered. */
function onlyAnswers(view: TalkView): boolean {
  return view.lines.filter(isHeld).every((line) => line.kind === "answers");
}

export function Chat(props: ChatProps) {
  const { view, talk, draft, onDraft, now, onReferral, onHelp, asked } = props;
  const [put, setPut] = useState(false);
  const holder = holderOf(view);
  const changed = view.readers.length > 0;
  const held = view.lines.some(isHeld);
  // One question at a time: who comes next goes before what may wait for them.
  const decides = view.handover?.answer === "";
  const edit = (text: string): void => {
    onDraft(text);
    if (text !== "") {
      talk.typing();
    }
  };
  const withdraw = (id: string): void => {
    const text = talk.withdraw(id);
    onDraft(draft.trim() === "" ? text : `${text}\n${draft}`);
  };
  return (
    <div class="chat">
      <MemberLine members={view.members} now={now} />
      <div role="status">
        {!view.supervised && holder?.role !== "supervisor" && (
          <p class="link attention">{t("talk.unsupervised", { name: holder?.name ?? "" })}</p>
        )}
      </div>
      <Lines
        lines={view.lines}
        now={now}
        onRetry={(id) => void talk.retry(id)}
        onWithdraw={withdraw}
        onShown={() => talk.markShown()}
        onReferral={onReferral}
        onHelp={onHelp}
      />
      <LinkLine view={view} />
      {asked}
      {held && !decides && <Release view={view} talk={talk} put={put} onPut={() => setPut(true)} />}
      {!held && <Share view={view} talk={talk} />}
      {(!held || put || decides || onlyAnswers(view)) && (
        <Composer
          draft={draft}
          onDraft={edit}
          onSend={(text) => void talk.say(text)}
          button={changed ? t("talk.send_to", { names: tList(view.readers) }) : t("talk.send")}
          buttonOnly={changed}
        />
      )}
    </div>
  );
}
