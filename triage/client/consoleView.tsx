/** The listening desk: who waits, the talks in front, and what is known of the person. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { t } from "../../counsel/client/i18n.ts";
import { AskToComeIn, isTalking } from "./beside/wishes.tsx";
import { BoardColumn } from "./board.tsx";
import { CasePane } from "./casePane.tsx";
import { sayAsked } from "./danger/asking.ts";
import { DangerPanel } from "./danger/dangerPanel.tsx";
import { TakeOver } from "./danger/takeOver.tsx";
import type { Desk } from "./desk.ts";
import { canWrite } from "./deskTalk.ts";
import type { DeskView } from "./deskView.ts";
import { HelpPanel } from "./dispatch/helpPanel.tsx";
import { HandCard, RaiseHand, shownHands } from "./sideroom/handCard.tsx";
import type { RaisedHand } from "./sideroom/raisedHands.ts";
import { Overview } from "./supervision/overview.tsx";
import { type PaneActs, TalkPane } from "./talkPane.tsx";

export interface ConsoleProps {
  readonly desk: Desk;
  readonly view: DeskView;
  /** Milliseconds. */
  readonly now: number;
  /** A supervisor sees who waits and takes nobody: their hands stay free. */
  readonly takes: boolean;
}

export function Console({ desk, view, now, takes }: ConsoleProps): VNode {
  const [wanted, setWanted] = useState(0);
  const held = view.talks.find((talk) => talk.ref === view.focused) ?? null;
  const ask = (caseCode: string): void => {
    const talk = view.talks.find((one) => one.caseCode === caseCode);
    if (talk !== undefined && !view.panes.includes(talk.ref)) desk.show(talk.ref);
    else if (talk !== undefined) desk.focus(talk.ref);
    setWanted(wanted + 1);
  };
  if (!takes && view.panes.length === 0) {
    return (
      <div class="desk whole">
        <h1 class="unseen">{t("console.bar.title")}</h1>
        <InDanger desk={desk} view={view} now={now} takes={takes} ask={ask} />
        <HandsUp desk={desk} view={view} now={now} takes={takes} />
        <Overview desk={desk} view={view} now={now} />
      </div>
    );
  }
  return (
    <div class="desk" data-panes={Math.max(1, view.panes.length)}>
      <h1 class="unseen">{t("console.bar.title")}</h1>
      <InDanger desk={desk} view={view} now={now} takes={takes} ask={ask} />
      <BoardColumn
        view={view}
        now={now}
        takes={takes}
        acts={{
          take: () => void desk.take(),
          accept: () => void desk.accept(),
          pass: () => void desk.pass(),
          offerMe: (wanted) => void desk.offerMe(wanted),
          show: (ref) => desk.show(ref),
          dismiss: () => desk.dismissRefusal(),
          come: (handover) => void desk.handing.come(handover),
          notMe: (handover) => void desk.handing.notMe(handover),
        }}
      />
      <Panes desk={desk} view={view} now={now} takes={takes} />
      <CasePane
        talk={held}
        danger={view.dangers.find((row) => row.caseCode === held?.caseCode)?.kind ?? ""}
        wanted={wanted}
        helped={view.helps.find((row) => row.caseCode === (held?.caseCode ?? "none")) ?? null}
        passage={view.passages.filter((one) => one.mine && one.ref === held?.ref).pop() ?? null}
        ending={view.ending !== null && view.ending === view.focused}
        side={<SideRooms desk={desk} view={view} now={now} takes={takes} />}
        acts={{
          danger: (caseCode, danger) =>
            void desk.danger({ kind: "Raise", caseCode, danger, reason: "judged" }),
          tapRisk: (ref, risk) => desk.hands.noteRisk(ref, risk),
          asked: (talk, risk, danger) => void sayAsked(desk, talk, risk, danger),
          sendNumbers: (ref) => void desk.hands.sendNumbers(ref),
          sendCard: (ref, card) => desk.hands.sendCard(ref, card),
          propose: (ref, text) => desk.hands.propose(ref, text),
          followUp: (caseCode, wanted, days) => desk.followUp(caseCode, wanted, days),
          askEnd: (ref) => desk.askEnd(ref),
          end: () => void desk.end(),
          takeOut: (ref) => desk.visits.takeOut(ref),
          stepOut: (ref) => void desk.stepOut(ref),
          refer: (help, reference) => desk.sending.refer(help, reference),
          offerHelp: (ref, caseCode) => void desk.sending.offer(ref, caseCode),
          whoCould: (ref) => desk.handing.whoCould(ref),
          handOver: (ref, staff) => void desk.handing.handOver(ref, staff),
          tell: (handover, summary) => void desk.handing.tell(handover, summary),
          keep: (handover) => void desk.handing.keep(handover),
          goAnyway: (handover) => void desk.handing.goAnyway(handover),
        }}
      />
    </div>
  );
}

interface InDangerProps extends ConsoleProps {
  /** Show what is asked about the risk of this person. */
  ask(caseCode: string): void;
}

function InDanger({ desk, view, now, takes, ask }: InDangerProps): VNode {
  return (
    <>
      <HelpPanel desk={desk.sending} rows={view.helps} supervises={!takes} now={now} />
      <DangerPanel
        rows={view.dangers}
        supervises={!takes}
        now={now}
        ask={ask}
        act={(command) => void desk.danger(command)}
        {...(takes
          ? {}
          : {
              beside: (row) =>
                isTalking(row) ? <ComeIn desk={desk} view={view} caseCode={row.caseCode} /> : null,
              goOn: (row) => (
                <TakeOver
                  row={row}
                  free={view.board?.hands.state === "free"}
                  busy={view.taking}
                  takeOver={(caseCode) => void desk.goingOn.takeOver(caseCode)}
                />
              ),
            })}
      />
    </>
  );
}

/** A supervisor asks into this talk; a person there admits them or does not. */
export function ComeIn(props: { desk: Desk; view: DeskView; caseCode: string }): VNode {
  const { desk, view, caseCode } = props;
  return (
    <AskToComeIn
      caseCode={caseCode}
      wishes={view.visits}
      inside={view.board?.mine.some((one) => one.caseCode === caseCode) ?? false}
      askIn={(code) => void desk.visits.askIn(code)}
    />
  );
}

/** Over a supervisor's overview: whose hand is up, and the room with whoever was answered. */
function HandsUp({ desk, view, now }: ConsoleProps): VNode | null {
  const shown = shownHands(view.raised);
  if (shown.length === 0) {
    return null;
  }
  return (
    <section class="hands-up" aria-labelledby="hands-title">
      <h2 id="hands-title">{t("sideroom.title", { count: shown.length })}</h2>
      {shown.map((one) => (
        <HandOf key={one.hand} one={one} desk={desk} view={view} now={now} />
      ))}
    </section>
  );
}

function HandOf(props: { one: RaisedHand; desk: Desk; view: DeskView; now: number }): VNode {
  const { one, desk, view, now } = props;
  const ongoing = view.ongoing.some((talk) => talk.caseCode === one.caseCode && talk.inside === 0);
  return (
    <HandCard
      one={one}
      hands={desk.raised}
      now={now}
      more={!one.mine && ongoing && <ComeIn desk={desk} view={view} caseCode={one.caseCode} />}
    />
  );
}

/** Beside the talk in front: my raised hand and its room, or the button that raises one. */
function SideRooms({ desk, view, now }: ConsoleProps): VNode {
  const held = view.talks.find((talk) => talk.ref === view.focused);
  const mine = held !== undefined && held.since === 0 && canWrite(held);
  return (
    <>
      {shownHands(view.raised).map((one) => (
        <HandOf key={one.hand} one={one} desk={desk} view={view} now={now} />
      ))}
      {mine && <RaiseHand caseCode={held.caseCode} all={view.raised} hands={desk.raised} />}
    </>
  );
}

function Panes({ desk, view, now, takes }: ConsoleProps): VNode {
  const acts: PaneActs = {
    type: (ref, text) => desk.type(ref, text),
    say: (ref, text) => void desk.hands.say(ref, text),
    release: (ref) => desk.hands.release(ref),
    retry: (ref, id) => desk.hands.retry(ref, id),
    takeBack: (ref, id) => desk.hands.takeBack(ref, id),
    shown: () => desk.markShown(),
    focus: (ref) => desk.focus(ref),
    putAway: (ref) => desk.putAway(ref),
    again: (ref) => desk.again(ref),
    admit: (visit) => desk.visits.admit(visit),
    turnDown: (visit) => void desk.visits.turnDown(visit),
    letGo: (ref) => void desk.goingOn.letGo(ref),
  };
  const panes = view.panes.flatMap((ref) => view.talks.filter((talk) => talk.ref === ref));
  return (
    <div class="panes">
      {panes.length === 0 && (
        <div class="middle none">
          <h2>{t(takes ? "console.pane.none_title" : "console.watching.title")}</h2>
          <p class="soft">{t(takes ? "console.pane.none" : "console.watching.says")}</p>
        </div>
      )}
      {panes.map((talk) => (
        <TalkPane
          key={talk.ref}
          talk={talk}
          wishes={view.visits.filter(
            (one) => one.ref === talk.ref && one.state === "asked" && !one.mine,
          )}
          next={
            view.passages.find((one) => one.ref === talk.ref && one.state === "done")?.name ?? ""
          }
          front={talk.ref === view.focused}
          unasked={view.dangers.some((row) => row.caseCode === talk.caseCode && !row.assessed)}
          cursor={view.cursor}
          now={now}
          acts={acts}
        />
      ))}
    </div>
  );
}
