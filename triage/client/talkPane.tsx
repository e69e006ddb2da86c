/** One talk in the middle of the console. Everything in here belongs to this one talk. */

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Line, TalkView } from "../../chat/client/talk.ts";
import { Composer } from "../../chat/client/view/composer.tsx";
import { Lines } from "../../chat/client/view/lines.tsx";
import { MemberLine } from "../../chat/client/view/memberLine.tsx";
import { t, tCode, tList } from "../../counsel/client/i18n.ts";
import type { Wish } from "./beside/visiting.ts";
import { AskedIn, type WishActs } from "./beside/wishes.tsx";
import { canWrite, type DeskTalk, standing } from "./deskTalk.ts";

export interface PaneActs extends WishActs {
  type(ref: string, text: string): void;
  say(ref: string, text: string): void;
  release(ref: string): void;
  retry(ref: string, id: string): void;
  takeBack(ref: string, id: string): void;
  shown(ref: string): void;
  focus(ref: string): void;
  putAway(ref: string): void;
  again(ref: string): void;
  letGo(ref: string): void;
}

export interface PaneProps {
  readonly talk: DeskTalk;
  /** Who asks to come into it. */
  readonly wishes: readonly Wish[];
  /** Who goes on with it, where it was handed over from here; else "". */
  readonly next: string;
  /** This is the talk the counsellor writes in. */
  readonly front: boolean;
  /** They may be in danger and nobody has asked about the risk yet. */
  readonly unasked: boolean;
  /** Raised when the field of the talk in front should get the cursor. */
  readonly cursor: number;
  /** Milliseconds. */
  readonly now: number;
  readonly acts: PaneActs;
}

export function fieldOf(ref: string): string {
  return `write-${ref}`;
}

/**
 * Puts the cursor into the field once for each time it is asked to. The field may appear later than
 * the wish; whoever writes elsewhere by then is left alone.
 */
function useCursor(field: string, front: boolean, wish: number): void {
  const met = useRef(0);
  useEffect(() => {
    if (wish > met.current) {
      const found = document.getElementById(field);
      if (front && found !== null) {
        found.focus();
      }
      if (!front || found !== null) {
        met.current = wish;
      }
    }
  });
}

export function TalkPane(props: PaneProps): VNode {
  const { talk, front, cursor, acts } = props;
  useCursor(fieldOf(talk.ref), front, cursor);
  const label = t("console.pane.label", { code: talk.caseCode });
  return (
    <section
      class={front ? "pane front" : "pane"}
      aria-label={label}
      onFocusCapture={() => acts.focus(talk.ref)}
      onPointerDown={() => acts.focus(talk.ref)}
    >
      <header class="pane-top">
        <h2>
          <span class="code">{talk.caseCode}</span>
        </h2>
        <span class="standing">{t(`console.mine.${standing(talk)}`)}</span>
        {props.unasked && <span class="unasked">{t("risk.unasked_yet")}</span>}
        <button
          type="button"
          class="plain"
          aria-label={t("console.pane.put_away", { code: talk.caseCode })}
          onClick={() => acts.putAway(talk.ref)}
        >
          {t("console.pane.put_away_short")}
        </button>
      </header>
      <Inside {...props} />
    </section>
  );
}

function Inside(props: PaneProps): VNode {
  const { talk, acts } = props;
  switch (standing(talk)) {
    case "lost-seat":
      return <LostSeat talk={talk} next={props.next} />;
    case "failed":
      return (
        <Middle>
          <p class="attention">{tCode("console.pane.failed", talk.failure)}</p>
          <button type="button" class="second" onClick={() => acts.again(talk.ref)}>
            {t("console.pane.retry")}
          </button>
          <Draft talk={talk} />
        </Middle>
      );
    case "erased":
      return (
        <Middle>
          <p>{t("console.pane.erased")}</p>
        </Middle>
      );
    default:
      return <Open {...props} />;
  }
}

/** The talk itself: who can read it, what was said, and where to write. */
function Open({ talk, wishes, now, acts }: PaneProps): VNode {
  const { view, ref } = talk;
  if (view === null) {
    return (
      <Middle>
        {talk.state === "closed" ? (
          <p>{t("console.pane.closed")}</p>
        ) : (
          <p role="status">{t("console.pane.opening", { code: talk.caseCode })}</p>
        )}
        <Draft talk={talk} />
      </Middle>
    );
  }
  return (
    <div class="chat">
      <MemberLine members={view.members} now={now} />
      {view.phase === "active" && view.lines.length === 0 && (
        <p class="soft begin">{t("console.pane.empty")}</p>
      )}
      <Lines
        lines={view.lines}
        now={now}
        onRetry={(id) => acts.retry(ref, id)}
        onWithdraw={(id) => acts.takeBack(ref, id)}
        onShown={() => acts.shown(ref)}
      />
      <AskedIn wishes={wishes} acts={acts} />
      {canWrite(talk) || view.phase === "starting" ? (
        <Write talk={talk} acts={acts} />
      ) : (
        <Over talk={talk} letGo={acts.letGo} />
      )}
    </div>
  );
}

function Write({ talk, acts }: { talk: DeskTalk; acts: PaneActs }): VNode | null {
  const { view, ref } = talk;
  if (view === null) {
    return null;
  }
  const changed = view.readers.length > 0;
  const names = readersOf(view);
  return (
    <>
      {view.lines.some(waits) && (
        <div class="release">
          <p>{t("console.pane.release")}</p>
          <button type="button" class="second" onClick={() => acts.release(ref)}>
            {t("talk.send_to", { names })}
          </button>
        </div>
      )}
      <LineState view={view} />
      <Composer
        id={fieldOf(ref)}
        draft={talk.draft}
        onDraft={(text) => acts.type(ref, text)}
        onSend={(text) => acts.say(ref, text)}
        button={changed ? t("talk.send_to", { names }) : t("talk.send")}
        buttonOnly={changed}
        placeholder={t("console.pane.write", { code: talk.caseCode })}
      />
    </>
  );
}

/** Everybody else who can read; the seeker has no name. */
function readersOf(view: TalkView): string {
  const others = view.members.filter((member) => !member.me);
  return tList(others.map((member) => member.name || t(`talk.roles.${member.role}`)));
}

function waits(line: Line): boolean {
  return line.kind === "words" && line.state === "waiting-tap";
}

/** What is to be known of the line and of the other person: at most one sentence. */
function LineState({ view }: { view: TalkView }): VNode {
  const urgent = view.link !== "online" || view.presence === "gone";
  const absent = ["hidden", "calling", "gone"].includes(view.presence) ? view.presence : "";
  const here = view.phase === "starting" ? "starting" : absent || (view.typing ? "typing" : "");
  const key = view.link === "online" ? here : view.link;
  return (
    <p class={urgent ? "link attention" : "link"} role="status">
      {key === "" ? "" : t(`console.line.${key}`)}
    </p>
  );
}

/** After the end: what was said stays readable, what was begun can still be copied. */
function Over({ talk, letGo }: { talk: DeskTalk; letGo: (ref: string) => void }): VNode {
  const refusal = talk.view?.phase === "refused" ? (talk.view.refusal ?? "unknown") : null;
  return (
    <div class="over" role="status">
      {refusal === null ? (
        <p>{t("console.pane.closed")}</p>
      ) : (
        <>
          <h3 class="attention">{t("console.pane.refused_title")}</h3>
          <p>{tCode("refusals", refusal)}</p>
          {talk.since === 0 && <p>{t("console.pane.let_go_says")}</p>}
          <button type="button" class="firm let-go" onClick={() => letGo(talk.ref)}>
            {t(talk.since === 0 ? "console.pane.let_go" : "beside.step_out")}
          </button>
        </>
      )}
      <Draft talk={talk} />
    </div>
  );
}

/** Whoever lost the seat sees no more of the talk: it is somebody else's now. */
function LostSeat({ talk, next: name }: Pick<PaneProps, "talk" | "next">): VNode {
  if (talk.since > 0) {
    return (
      <Middle>
        <p>{t("beside.over")}</p>
        <Draft talk={talk} />
      </Middle>
    );
  }
  return (
    <Middle>
      <h3>{name === "" ? t("console.pane.lost_title") : t("handing.gone_title", { name })}</h3>
      <p>{name === "" ? t("console.pane.lost") : t("handing.gone", { name })}</p>
      <Draft talk={talk} />
    </Middle>
  );
}

function Draft({ talk }: { talk: DeskTalk }): VNode | null {
  if (talk.draft.trim() === "") {
    return null;
  }
  return (
    <div class="kept">
      <p class="soft">{t("console.pane.lost_draft")}</p>
      <p class="text" dir="auto">
        {talk.draft}
      </p>
    </div>
  );
}

function Middle({ children }: { children: ComponentChildren }): VNode {
  return <div class="middle">{children}</div>;
}
