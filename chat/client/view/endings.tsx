/** The ways a talk stops, and the questions before them. Each says what stays and what goes. */

import type { ComponentChildren } from "preact";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import type { TalkView } from "../talk.ts";
import { Lines } from "./lines.tsx";
import { NumbersCard } from "./numbersCard.tsx";

interface ScreenProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A page of its own inside the page: a heading that takes the focus, sentences, buttons. */
export function Screen({ title, children }: ScreenProps) {
  return (
    <main class="screen">
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </main>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly onPress: () => void;
  readonly busy?: boolean;
}

export function MainButton({ label, onPress, busy = false }: ButtonProps) {
  return (
    <button type="button" class="act" aria-disabled={busy} onClick={() => busy || onPress()}>
      {label}
    </button>
  );
}

export function OtherButton({ label, onPress, busy = false }: ButtonProps) {
  return (
    <button type="button" class="other" aria-disabled={busy} onClick={() => busy || onPress()}>
      {label}
    </button>
  );
}

export interface AskProps {
  readonly onYes: () => void;
  readonly onNo: () => void;
}

export function AskEnd({ onYes, onNo }: AskProps) {
  return (
    <Screen title={t("end.title")}>
      <p>{t("end.says")}</p>
      <OtherButton label={t("end.yes")} onPress={onYes} />
      <OtherButton label={t("end.no")} onPress={onNo} />
    </Screen>
  );
}

export interface AskEraseProps extends AskProps {
  readonly onLeave: () => void;
  /** It is being done. */
  readonly busy: boolean;
  /** They have said where help is to come. */
  readonly place: boolean;
}

/** Deleting and only leaving stand side by side: neither is the easier one. */
export function AskErase({ onYes, onNo, onLeave, busy, place }: AskEraseProps) {
  return (
    <Screen title={t("erase.title")}>
      <p>{t("erase.says")}</p>
      <p>{t("erase.other")}</p>
      <p>{t("erase.stays")}</p>
      {place && <p>{t("helped.erase")}</p>}
      <OtherButton label={t("erase.yes")} onPress={onYes} busy={busy} />
      <OtherButton label={t("erase.only_leave")} onPress={onLeave} busy={busy} />
      <OtherButton label={t("erase.no")} onPress={onNo} busy={busy} />
      <p role="status">{busy && t("erase.working")}</p>
    </Screen>
  );
}

export function AskClear({ onYes, onNo }: AskProps) {
  return (
    <Screen title={t("clear.title")}>
      <p>{t("clear.says")}</p>
      <p>{t("clear.hint")}</p>
      <OtherButton label={t("clear.yes")} onPress={onYes} />
      <OtherButton label={t("clear.no")} onPress={onNo} />
    </Screen>
  );
}

/** The notice of a deletion that our machine has not yet confirmed. */
const ERASING = "erase-pending";

/** Gone here, not yet known to be gone on our machine. */
export function isErasing(view: Pick<TalkView, "phase" | "lines">): boolean {
  return (
    view.phase === "erased" &&
    view.lines.some((line) => line.kind === "notice" && line.code === ERASING)
  );
}

export interface OverProps {
  readonly view: TalkView;
  /** It was this person who ended it. */
  readonly endedHere: boolean;
  readonly onAgain: () => void;
  readonly onErase: () => void;
  /** Milliseconds. */
  readonly now: number;
  readonly onShown: () => void;
}

/** The last words may have come together with the end: they stay to be read. */

/** Ended, deleted, refused or gone: what happened, what now, and the numbers. */
function Past({ view, now, onShown }: Pick<OverProps, "view" | "now" | "onShown">) {
  const { lines } = view;
  if (lines.length === 0) {
    return null;
  }
  return (
    <section class="past">
      <h2>{t("end.past")}</h2>
      <Lines lines={lines} now={now} onShown={onShown} />
    </section>
  );
}

export function Over({ view, endedHere, onAgain, onErase, now, onShown }: OverProps) {
  if (isErasing(view)) {
    return (
      <Screen title={t("erase.working")}>
        <p class="attention" role="status">
          {tCode("notices", ERASING)}
        </p>
        <NumbersCard />
      </Screen>
    );
  }
  if (view.phase === "erased") {
    return (
      <Screen title={t("erase.done_title")}>
        <p>{t("erase.done")}</p>
        <MainButton label={t("end.again")} onPress={onAgain} />
        <NumbersCard />
      </Screen>
    );
  }
  if (view.phase === "refused") {
    return (
      <Screen title={t("refused.title")}>
        <p class="attention">{tCode("refusals", view.refusal ?? "unknown")}</p>
        <p>{t("refused.says")}</p>
        <MainButton label={t("refused.again")} onPress={onAgain} />
        <p>{t("refused.meanwhile")}</p>
        <NumbersCard />
        <Past view={view} now={now} onShown={onShown} />
      </Screen>
    );
  }
  if (view.phase === "lost-seat") {
    return (
      <Screen title={t("lost.title")}>
        <p>{t("lost.says")}</p>
        <MainButton label={t("end.again")} onPress={onAgain} />
        <NumbersCard />
      </Screen>
    );
  }
  return (
    <Screen title={t("end.done_title")}>
      <p>{t(endedHere ? "end.done" : "end.done_by_other")}</p>
      <MainButton label={t("end.again")} onPress={onAgain} />
      <OtherButton label={t("end.erase_now")} onPress={onErase} />
      <NumbersCard />
      <Past view={view} now={now} onShown={onShown} />
    </Screen>
  );
}
