/** The right column: what is known of this person, and the two acts that need no words. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Card } from "../../chat/client/card.ts";
import { t } from "../../counsel/client/i18n.ts";
import { staffStore, staffTrust } from "../../counsel/client/keys/staffTrust.ts";
import { WayOut } from "./beside/wishes.tsx";
import { CueNote } from "./cues/cueNote.tsx";
import { RaiseForm } from "./danger/raiseForm.tsx";
import type { Risk } from "./danger/risk.ts";
import { RiskForm } from "./danger/riskForm.tsx";
import { canWrite, type DeskTalk } from "./deskTalk.ts";
import { Calling, OfferHelp } from "./dispatch/helpPanel.tsx";
import type { HelpRow } from "./dispatch/sending.ts";
import { AskForm } from "./followup/askForm.tsx";
import { type HandActs, HandOn } from "./handover/cards.tsx";
import type { Passage } from "./handover/handing.ts";
import { decodeAnswers, type Said } from "./intake/answers.ts";
import { answerText, questionText, urgencyIn } from "./intake/answerText.ts";
import { SIGNED } from "./intake/scoring.ts";
import { type LookupPlace, LookupSheet } from "./lookupSheet.tsx";
import { Presence, Topics } from "./marks.tsx";
import { ProposeForm } from "./referral/proposeForm.tsx";

export interface CaseActs extends HandActs {
  /** This person may be in danger: whoever supervises is told, or called. */
  danger(caseCode: string, danger: string): void;
  /** What was asked about a risk so far; it stays here. */
  tapRisk(ref: string, risk: Risk): void;
  /** All was asked: the tier is told where it is graver, and that somebody asked. */
  asked(talk: DeskTalk, risk: Risk, danger: string): void;
  sendNumbers(ref: string): void;
  sendCard(ref: string, card: Card): void;
  /** Whether the proposal is on its way. */
  propose(ref: string, text: string): Promise<boolean>;
  /** They were asked whether to be looked in on; whether that was noted. */
  followUp(caseCode: string, wanted: boolean, days: number): Promise<boolean>;
  askEnd(ref: string | null): void;
  end(): void;
  /** The supervisor in this talk goes. */
  takeOut(ref: string): void;
  /** I am that supervisor. */
  stepOut(ref: string): void;
  /** Asks whether help shall be sent. */
  offerHelp(ref: string, caseCode: string): void;
  /** What a dispatcher calls it: kept on this computer. */
  refer(help: number, reference: string): Promise<void>;
}

export interface CaseProps {
  readonly talk: DeskTalk | null;
  readonly ending: boolean;
  /** It is to go on with somebody else; null: not now, and not lately. */
  readonly passage: Passage | null;
  /** Which danger is open for them, or "". */
  readonly danger: string;
  /** Help is offered or under way: it stands above. */
  readonly helped: HelpRow | null;
  /** Raised when somebody wants to see what is asked about the risk. */
  readonly wanted: number;
  readonly acts: CaseActs;
  /** Of the staff alone, whichever talk lies in front. */
  readonly side: VNode;
}

export function CasePane(props: CaseProps): VNode {
  const { talk, ending, acts } = props;
  if (talk === null) {
    return (
      <aside class="column case">
        {props.side}
        <p class="soft">{t("console.case.none")}</p>
      </aside>
    );
  }
  const title = t("console.case.title", { code: talk.caseCode });
  return (
    <aside class="column case" aria-label={title}>
      {props.side}
      <h2>{title}</h2>
      {props.helped !== null && props.helped.mine !== 0 && props.helped.state !== "offered" && (
        <Calling row={props.helped} desk={acts} />
      )}
      {talk.view !== null && <CueNote key={talk.ref} lines={talk.view.lines} />}
      <Answers talk={talk} />
      {canWrite(talk) && <Asked {...props} talk={talk} />}
      <Known talk={talk} />
      {canWrite(talk) && <Numbers talk={talk} send={() => acts.sendNumbers(talk.ref)} />}
      {canWrite(talk) && <Places key={talk.ref} send={(card) => acts.sendCard(talk.ref, card)} />}
      {canWrite(talk) && (
        <RaiseForm key={talk.ref} raise={(danger) => acts.danger(talk.caseCode, danger)} />
      )}
      {canWrite(talk) && (
        <OfferHelp
          key={`help ${talk.ref}`}
          helped={props.helped !== null}
          offer={() => acts.offerHelp(talk.ref, talk.caseCode)}
        />
      )}
      {canWrite(talk) && (
        <ProposeForm key={`propose ${talk.ref}`} send={(text) => acts.propose(talk.ref, text)} />
      )}
      {canWrite(talk) && talk.since === 0 && <AskBack {...props} talk={talk} />}
      {canWrite(talk) && <WayOut talk={talk} takeOut={acts.takeOut} stepOut={acts.stepOut} />}
      {canWrite(talk) && talk.since === 0 && (
        <HandOn key={`hand ${talk.ref}`} talk={talk} passage={props.passage} acts={acts} />
      )}
      {canWrite(talk) && talk.since === 0 && <EndTalk talk={talk} asked={ending} acts={acts} />}
    </aside>
  );
}

/** As grave as this desk knows it to be: the server looks for itself. */
function AskBack({ talk, danger, acts }: CaseProps & { talk: DeskTalk }): VNode {
  const kind = danger === "orange" ? "orange" : danger === "" ? "agreed" : "red";
  return (
    <AskForm
      key={`revisit ${talk.ref}`}
      gravest={kind}
      send={(text) => acts.propose(talk.ref, text)}
      note={(wanted, days) => acts.followUp(talk.caseCode, wanted, days)}
    />
  );
}

/** What the seeker answered before anybody was there and has let go of since: the newest counts. */
function answersOf(talk: DeskTalk): readonly Said[] | null {
  const given = (talk.view?.lines ?? []).filter((line) => line.kind === "answers");
  return decodeAnswers(given[given.length - 1]?.text ?? "");
}

function Asked({ talk, danger, wanted, acts }: CaseProps & { talk: DeskTalk }): VNode {
  return (
    <RiskForm
      key={talk.ref}
      risk={talk.risk}
      answers={answersOf(talk) ?? []}
      open={danger}
      wanted={wanted}
      tap={(risk) => acts.tapRisk(talk.ref, risk)}
      done={(risk, graver) => acts.asked(talk, risk, graver)}
    />
  );
}

function Answers({ talk }: { talk: DeskTalk }): VNode | null {
  const said = answersOf(talk);
  if (said === null) {
    return null;
  }
  return (
    <section class="answered" aria-labelledby="answered-title">
      <h3 id="answered-title">{t("console.case.answered")}</h3>
      <dl>
        {said.map(({ question, option }) => (
          <div key={question} data-urgency={urgencyIn(question, option)}>
            <dt>{questionText(question)}</dt>
            <dd>{answerText(question, option)}</dd>
          </div>
        ))}
      </dl>
      {!SIGNED && <p class="unsigned">{t("mode.unsigned")}</p>}
    </section>
  );
}

function Known({ talk }: { talk: DeskTalk }): VNode {
  const presence = talk.view?.presence ?? "";
  return (
    <>
      <dl>
        <dt>{t("console.case.topics")}</dt>
        <dd>
          <Topics topics={talk.topics} />
        </dd>
        {(talk.language === "zh" || talk.language === "en") && (
          <>
            <dt>{t("console.case.language")}</dt>
            <dd>{t(`console.case.languages.${talk.language}`)}</dd>
          </>
        )}
        {presence !== "" && (
          <>
            <dt>{t("console.case.presence")}</dt>
            <dd>
              <Presence presence={presence} />
            </dd>
          </>
        )}
        <dt>{t("console.case.before")}</dt>
        <dd class={talk.returned ? "returned" : ""}>
          {talk.returned && <span aria-hidden="true">↩ </span>}
          {t(talk.returned ? "console.case.returned" : "console.case.fresh")}
        </dd>
      </dl>
      <p class="soft">{t("console.case.only_this")}</p>
    </>
  );
}

function Numbers({ talk, send }: { talk: DeskTalk; send: () => void }): VNode {
  const word = talk.numbers === "" ? "hint" : talk.numbers;
  return (
    <div class="help">
      <button
        type="button"
        id="send-numbers"
        class="safety"
        aria-disabled={talk.numbers === "sending"}
        aria-keyshortcuts="Alt+U"
        aria-describedby="numbers-note"
        onClick={send}
      >
        {t("console.numbers.send")}
      </button>
      <p id="numbers-note" class="soft" role="status">
        {t(`console.numbers.${word}`)}
      </p>
    </div>
  );
}

async function deskPlace(): Promise<LookupPlace> {
  return { trust: await staffTrust(), store: await staffStore() };
}

/** Looked up here, beside the talk; what is passed on goes to this talk and no other. */
function Places({ send }: { send: (card: Card) => void }): VNode {
  const [open, setOpen] = useState(false);
  return (
    <div class="help">
      <button
        type="button"
        id="look-up"
        class="second"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t(open ? "console.places.close" : "console.places.open")}
      </button>
      {open && <LookupSheet place={deskPlace} pass={send} />}
    </div>
  );
}

/** Asked inside the page: nothing else stops, and the talk stays readable meanwhile. */
function EndTalk(props: { talk: DeskTalk; asked: boolean; acts: CaseActs }): VNode {
  const { talk, asked, acts } = props;
  if (!asked) {
    return (
      <button
        type="button"
        id="ask-end"
        class="second"
        aria-keyshortcuts="Alt+Q"
        onClick={() => acts.askEnd(talk.ref)}
      >
        {t("console.end.ask")}
      </button>
    );
  }
  return (
    <div class="ask" role="group" aria-labelledby="end-title" aria-describedby="end-says">
      <h3 id="end-title">{t("console.end.title", { code: talk.caseCode })}</h3>
      <p id="end-says">{t("console.end.says")}</p>
      <div class="answers">
        <button type="button" class="second" ref={takeCursor} onClick={() => acts.askEnd(null)}>
          {t("console.end.no")}
        </button>
        <button type="button" class="firm" onClick={acts.end}>
          {t("console.end.yes")}
        </button>
      </div>
    </div>
  );
}

/** The harmless answer gets the cursor when the question appears. */
function takeCursor(button: HTMLButtonElement | null): void {
  if (button !== null && button.dataset["had"] === undefined) {
    button.dataset["had"] = "";
    button.focus();
  }
}
