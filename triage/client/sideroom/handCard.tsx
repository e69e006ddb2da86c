/**
 * One raised hand on a desk: how it stands in plain words, what can be done, and the room behind it. It
 * lies beside the talk, never over it, and takes no cursor by itself.
 */

import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { PairView } from "../../../chat/client/pair.ts";
import { Composer } from "../../../chat/client/view/composer.tsx";
import { when } from "../../../chat/client/view/when.ts";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import type { RaisedHand, RaisedHands } from "./raisedHands.ts";

const OVER: readonly string[] = ["closed", "withdrawn"];

interface CardProps {
  readonly one: RaisedHand;
  readonly hands: RaisedHands;
  /** Milliseconds. */
  readonly now: number;
  /** What else can be done about this talk. */
  readonly more?: ComponentChildren;
}

/** Those that concern this page; one that was taken back is over without a word. */
export function shownHands(all: readonly RaisedHand[]): readonly RaisedHand[] {
  return all.filter((one) => one.state !== "withdrawn" || one.draft !== "");
}

export function HandCard(props: CardProps): VNode {
  const { one, now } = props;
  return (
    <section
      class="hand"
      data-state={one.state}
      data-door={one.door}
      aria-labelledby={`hand-${one.hand}`}
    >
      <h3 id={`hand-${one.hand}`}>{titleOf(one)}</h3>
      <p role="status">{turnOf(one, now)}</p>
      {one.inside ? <Inside {...props} /> : <Outside {...props} />}
    </section>
  );
}

/** A name stands here only where a certificate proves it. */
function titleOf({ mine, who, view, caseCode }: RaisedHand): string {
  const name = view?.peer.name ?? who ?? "";
  const code = mine || caseCode === "" ? "" : t("sideroom.about", { code: caseCode });
  if (view !== null) return t("sideroom.with", { name }) + code;
  if (mine) return t("sideroom.mine");
  return (name === "" ? t("sideroom.somebody") : t("sideroom.theirs", { name })) + code;
}

/** How it stands, and how long that may last: in steps, never in running seconds. */
function turnOf(one: RaisedHand, now: number): string {
  const { state, mine, inside, called, by, left, at } = one;
  if (state === "raised") {
    const short = left - (now - at) / 1000 <= 30;
    const seen = mine ? "sideroom.waiting" : "sideroom.wanted";
    return t(seen, { time: t(short ? "sideroom.half" : "sideroom.minute") });
  }
  if (state === "unanswered") {
    const who = t(`sideroom.called.${called === "" ? "none" : called}`);
    return t(mine ? "sideroom.nobody" : "sideroom.still", { who });
  }
  if (state === "answered") return inside ? "" : t("sideroom.taken", { name: by });
  return t(state === "closed" ? "sideroom.closed" : "sideroom.withdrawn");
}

function Outside({ one, hands, more }: CardProps): VNode | null {
  if (one.state === "answered") return <div class="answers">{more}</div>;
  if (one.who === null) return <p class="attention">{t("sideroom.unproved")}</p>;
  return (
    <>
      <div class="answers">
        <button
          type="button"
          class="firm"
          aria-disabled={one.who === "" || one.door === "opening"}
          onClick={() => void hands.answer(one.hand)}
        >
          {t(one.who === "" ? "sideroom.looking" : "sideroom.come")}
        </button>
        {more}
      </div>
      <Refused one={one} />
    </>
  );
}

function Inside({ one, hands, now, more }: CardProps): VNode {
  const over = OVER.includes(one.state);
  return (
    <>
      {!over && one.door === "open" && <Room one={one} hands={hands} now={now} />}
      {!over && one.state === "answered" && one.door !== "open" && (
        <p role="status">{t(`sideroom.door.${one.door === "" ? "waits" : one.door}`)}</p>
      )}
      <Refused one={one} />
      {(over || one.door !== "open") && one.draft !== "" && (
        <div class="kept">
          <p class="soft">{t("console.pane.lost_draft")}</p>
          <p class="text" dir="auto">
            {one.draft}
          </p>
        </div>
      )}
      <div class="answers">
        {one.door === "elsewhere" && (
          <button type="button" class="second" onClick={() => void hands.again(one.hand)}>
            {t("sideroom.here")}
          </button>
        )}
        <button
          type="button"
          class="second"
          onClick={() => (over ? hands.putAway(one.hand) : void hands.lower(one.hand))}
        >
          {t(`sideroom.${over ? "put_away" : one.state === "answered" ? "close" : "take_back"}`)}
        </button>
        {more}
      </div>
    </>
  );
}

function Room({ one, hands, now }: Pick<CardProps, "one" | "hands" | "now">): VNode | null {
  const { view, hand } = one;
  if (view === null) return null;
  const { name } = view.peer;
  if (view.refusal !== "") {
    return (
      <div class="over" role="status">
        <p class="attention">{tCode("refusals", view.refusal)}</p>
        <button type="button" class="second" onClick={() => void hands.again(hand)}>
          {t("sideroom.anew")}
        </button>
      </div>
    );
  }
  return (
    <div class="side-room">
      <p class="soft">{t("sideroom.sealed", { name })}</p>
      <SideLines view={view} now={now} />
      {view.waits !== "" && <p class="attention">{tCode("sideroom.waits", view.waits)}</p>}
      <Composer
        id={`side-write-${hand}`}
        draft={one.draft}
        onDraft={(text) => hands.type(hand, text)}
        onSend={(text) => hands.say(hand, text)}
        button={t("sideroom.send", { name })}
        placeholder={t("sideroom.write", { name })}
      />
    </div>
  );
}

/** The newest is in sight. */
function SideLines({ view, now }: { view: PairView; now: number }): VNode {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [view.lines.length]);
  const label = t("sideroom.with", { name: view.peer.name });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard.
    <div class="side-lines" role="log" aria-label={label} tabIndex={0} ref={list}>
      <ol>
        {view.lines.map((line) => (
          <li key={line.id} data-mine={line.mine}>
            <span class="soft">
              {line.mine ? t("sideroom.me") : line.who} · {when(line.at, now)}
              {!line.stored && ` · ${t("sideroom.leaving")}`}
            </span>
            <span class="text" dir="auto">
              {line.text}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Refused({ one }: { one: RaisedHand }): VNode | null {
  return one.refused === "" ? null : <p class="attention">{tCode("refusals", one.refused)}</p>;
}

/** Beside the talk in front: one press, and a supervisor is told. Nothing of the talk goes along. */
export function RaiseHand(props: {
  caseCode: string;
  all: readonly RaisedHand[];
  hands: RaisedHands;
}): VNode | null {
  const { caseCode, all, hands } = props;
  if (all.some((one) => one.mine && !OVER.includes(one.state))) return null;
  return (
    <button type="button" id="raise-hand" class="second" onClick={() => void hands.raise(caseCode)}>
      {t("sideroom.raise")}
    </button>
  );
}
