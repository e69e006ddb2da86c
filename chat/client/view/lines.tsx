/** The talk itself. Words are set as text; who wrote them is what the group's own tree says. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import { readPassed } from "../release.ts";
import type { Aside } from "../saved.ts";
import type { Line } from "../talk.ts";
import { LateCard } from "./lateCard.tsx";
import { firstNumbers, NumbersCard } from "./numbersCard.tsx";
import { when } from "./when.ts";

type Words = Extract<Line, { kind: "words" }>;

export interface LinesProps {
  readonly lines: readonly Line[];
  /** Milliseconds; times are said relative to it. */
  readonly now: number;
  /** Both are missing once the talk is over: then words can only be read and copied. */
  readonly onRetry?: ((id: string) => void) | undefined;
  readonly onWithdraw?: ((id: string) => void) | undefined;
  /** The end of the talk is on a screen that is looked at. */
  readonly onShown: () => void;
  /** A desk that is proposed is looked at. */
  readonly onReferral?: ((text: string) => void) | undefined;
  /** What is said about help that is sent is looked at. */
  readonly onHelp?: (() => void) | undefined;
}

/** Notices that ask for something to be done or asked again: amber, where the others are quiet. */
const HEED: ReadonlySet<string> = new Set([
  "clock",
  "gap",
  "fork",
  "missing-rows",
  "storage",
  "elsewhere",
]);

/** How close to the end still counts as reading along (CSS pixels). */
const NEAR = 80;

function Unsent({ line, onRetry, onWithdraw }: { line: Words } & Actions) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard?.writeText(line.text).then(
      () => setCopied(true),
      () => onWithdraw?.(line.id),
    );
  };
  return (
    <span class="unsent-actions">
      {onRetry && (
        <button type="button" class="quiet" onClick={() => onRetry(line.id)}>
          {t("talk.retry")}
        </button>
      )}
      <button type="button" class="quiet" onClick={copy}>
        {t(copied ? "talk.copied" : "talk.copy")}
      </button>
      {onWithdraw && (
        <button type="button" class="quiet" onClick={() => onWithdraw(line.id)}>
          {t("talk.withdraw")}
        </button>
      )}
    </span>
  );
}

type Actions = Pick<LinesProps, "onRetry" | "onWithdraw">;

interface WordsProps extends Actions {
  readonly line: Words;
  readonly now: number;
  readonly showState: boolean;
}

function WordsLine({ line, now, showState, onRetry, onWithdraw }: WordsProps) {
  const who = line.mine ? t("talk.you") : line.who || t(`talk.roles.${line.role}`);
  return (
    <li class={`line words ${line.mine ? "mine" : "theirs"} ${line.role} ${line.state}`}>
      <p class="by">
        <b class={line.mine ? "unseen" : undefined}>{who}</b> <span>{when(line.at, now)}</span>
      </p>
      <p class="text" dir="auto">
        {line.text}
      </p>
      {line.mine && showState && <p class="delivery">{t(`talk.${line.state}`)}</p>}
      {line.state === "unsent" && <Unsent line={line} onRetry={onRetry} onWithdraw={onWithdraw} />}
      {line.state === "waiting-tap" && onWithdraw && (
        <button type="button" class="quiet" onClick={() => onWithdraw(line.id)}>
          {t("talk.withdraw")}
        </button>
      )}
    </li>
  );
}

interface CardLineProps {
  readonly line: Extract<Line, { kind: "card" }>;
  readonly now: number;
  readonly onDrawn: () => void;
}

/** A place that was passed on: the same card for whoever sent it and whoever got it. */
function CardLine({ line, now, onDrawn }: CardLineProps) {
  const who = line.mine ? t("card.sent_mine") : t("card.sent_other", { name: line.who });
  return (
    <li class="line card">
      <p class="by">
        {who} <span>{when(line.at, now)}</span>
      </p>
      <LateCard text={line.text} stays={!line.mine} onDrawn={onDrawn} />
    </li>
  );
}

/** What is proposed, by its first word; the rest is read by a layer above. */
function proposedIn(text: string): "revisit" | "proposed" {
  return text.startsWith("revisit ") ? "revisit" : "proposed";
}
/** Words about help that are a seeker's; all others are staff's. Both are read by the other side. */
const OF_SEEKER: readonly string[] = ["no", "back", "there"];

/** What the clients tell each other in a person's name. */
function asideOf({ kind, mine, who, text }: Extract<Line, { kind: Aside }>) {
  switch (kind) {
    case "help":
      return tCode(mine === OF_SEEKER.includes(text) ? "helped" : "helping", text, { name: who });
    case "place":
      return t(`${mine ? "helped" : "helping"}.place${text === "" ? "_gone" : ""}`, {
        where: text.slice(text.indexOf("\n") + 1),
      });
    case "cue":
      return t(mine ? "cues.told" : "cues.told_other");
    case "referral":
      return t(`referred.${proposedIn(text)}${mine ? "_mine" : ""}`, { name: who });
    case "news":
      return t(mine ? "referred.told_mine" : "referred.told", { text });
    case "passed":
      return t(mine ? "talk.passed_mine" : "talk.passed", {
        by: readPassed(text).by,
        seeker: t("talk.roles.seeker"),
      });
  }
}

function sentenceOf(line: OtherProps["line"], past: boolean): string {
  if (line.kind === "numbers") {
    return t("numbers.sent_mine", { numbers: firstNumbers.join(t("talk.and")) });
  }
  if (line.kind === "notice") {
    return tCode("notices", line.code, line.params);
  }
  if (line.kind === "answers") {
    return t(line.mine ? `talk.answers_mine.${line.state}` : "talk.answers_other");
  }
  if (!("role" in line)) {
    return asideOf(line);
  }
  const role = t(`talk.roles.${line.role}`);
  const name = line.who || role;
  if (line.kind === "joined" && !past && line.role === "counsellor") {
    return t("talk.joined_first", { name, role });
  }
  const late = past && line.kind === "joined" && line.role !== "seeker";
  return t(`talk.${late ? "joined_past" : line.kind}`, { name, role });
}

interface OtherProps {
  readonly line: Exclude<Line, { kind: "words" | "card" }>;
  readonly now: number;
  /** Something had been said before it. */
  readonly past: boolean;
  readonly onReferral?: LinesProps["onReferral"];
  readonly onHelp?: LinesProps["onHelp"];
}

function OtherLine({ line, now, past, onReferral, onHelp }: OtherProps) {
  if (line.kind === "numbers" && !line.mine) {
    return (
      <li class="line card">
        <NumbersCard
          title={t("numbers.sent_other", { name: line.who })}
          note={t("numbers.stays")}
        />
      </li>
    );
  }
  const heed = line.kind === "notice" && HEED.has(line.code) ? "attention" : "notice";
  const change = line.kind === "joined" || line.kind === "left" ? line.role : heed;
  return (
    <li class={`line event ${change}`}>
      <p>
        {sentenceOf(line, past)} <span class="time">{when(line.at, now)}</span>
      </p>
      {line.kind === "passed" && (
        <p class="text" dir="auto">
          {readPassed(line.text).summary}
        </p>
      )}
      {line.kind === "referral" && !line.mine && onReferral && (
        <button type="button" class="other" onClick={() => onReferral(line.text)}>
          {t("referred.look")}
        </button>
      )}
      {line.kind === "help" && line.text === "offer" && !line.mine && onHelp && (
        <button type="button" class="other" onClick={onHelp}>
          {t("referred.look")}
        </button>
      )}
    </li>
  );
}

/** States are said once: under what has not gone out, and under the newest that has. */
function saysState(lines: readonly Line[]): ReadonlySet<string> {
  const mine = lines.filter((line): line is Words => line.kind === "words" && line.mine);
  const last = (state: Words["state"]): string =>
    [...mine].reverse().find((line) => line.state === state)?.id ?? "";
  const open = mine.filter((line) => line.state !== "stored" && line.state !== "seen");
  return new Set([...open.map((line) => line.id), last("stored"), last("seen")]);
}

function isAtEnd(box: HTMLElement): boolean {
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
}

export function Lines(props: LinesProps) {
  const { lines, now, onRetry, onWithdraw, onShown, onReferral, onHelp } = props;
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [behind, setBehind] = useState(false);
  const newest = lines[lines.length - 1];
  const toEnd = (): void => {
    box.current?.scrollTo(0, box.current.scrollHeight);
  };
  const grown = (): void => {
    if (following.current) {
      toEnd();
    }
  };
  const shown = (): void => {
    if (!document.hidden) {
      onShown();
    }
  };
  useLayoutEffect(() => {
    const mine = newest?.kind === "words" && newest.mine;
    if (following.current || mine) {
      toEnd();
      shown();
    } else {
      setBehind(true);
    }
  }, [newest?.id, lines.length]);
  const scrolled = (): void => {
    following.current = box.current !== null && isAtEnd(box.current);
    if (following.current) {
      setBehind(false);
      shown();
    }
  };
  useEffect(() => {
    const turned = (): void => {
      if (following.current) {
        shown();
      }
    };
    document.addEventListener("visibilitychange", turned);
    return () => document.removeEventListener("visibilitychange", turned);
  });
  const stated = saysState(lines);
  const said = lines.findIndex((line) => line.kind === "words" && line.state !== "waiting-tap");
  const firstSaid = said === -1 ? lines.length : said;
  return (
    <div class="talk-lines">
      <div
        class="scroll"
        ref={box}
        role="log"
        aria-label={t("talk.title")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={scrolled}
      >
        <ol class="lines">
          {lines.map((line, index) =>
            line.kind === "words" ? (
              <WordsLine
                key={line.id}
                line={line}
                now={now}
                showState={stated.has(line.id)}
                onRetry={onRetry}
                onWithdraw={onWithdraw}
              />
            ) : line.kind === "card" ? (
              <CardLine key={line.id} line={line} now={now} onDrawn={grown} />
            ) : (
              <OtherLine
                key={line.id}
                line={line}
                now={now}
                past={index > firstSaid}
                onReferral={onReferral}
                onHelp={onHelp}
              />
            ),
          )}
        </ol>
      </div>
      {behind && (
        <button type="button" class="newer" onClick={toEnd}>
          {t("talk.new")} ↓
        </button>
      )}
    </div>
  );
}
