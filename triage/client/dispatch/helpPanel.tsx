/**
 * Above the desk: help that is sent, what is late, what is said on the telephone, and where to, on the
 * caller's computer alone. It is not there while none is.
 */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { t } from "../../../counsel/client/i18n.ts";
import { leftOf } from "../danger/steps.ts";
import { COST, SIGNED, scriptFor } from "./script.ts";
import type { HelpEvent, HelpRow, Sending } from "./sending.ts";
import { readWhere } from "./words.ts";

interface OfferProps {
  readonly helped: boolean;
  offer(): void;
}

/** Beside the talk: the question that begins it. */
export function OfferHelp({ helped, offer }: OfferProps): VNode {
  const [open, setOpen] = useState(false);
  return (
    <div class="help">
      <button
        type="button"
        id="offer-help"
        class="second"
        aria-expanded={open && !helped}
        aria-disabled={helped}
        onClick={() => setOpen(!open && !helped)}
      >
        {t("sending.offer")}
      </button>
      {helped && <p class="soft">{t("sending.offered")}</p>}
      {open && !helped && (
        <div class="ask" role="group" aria-label={t("sending.offer")}>
          <p>{t("sending.offer_says")}</p>
          <div class="answers">
            <button
              type="button"
              class="firm"
              onClick={() => {
                setOpen(false);
                offer();
              }}
            >
              {t("sending.offer_yes")}
            </button>
            <button type="button" class="second" onClick={() => setOpen(false)}>
              {t("danger.not")}
            </button>
          </div>
        </div>
      )}
    </div>
  );
}

interface PanelProps {
  readonly desk: Pick<Sending, "say" | "draw" | "askAgain" | "refer">;
  readonly rows: readonly HelpRow[];
  readonly supervises: boolean;
  /** Milliseconds. */
  readonly now: number;
}

export function HelpPanel(props: PanelProps): VNode | null {
  if (props.rows.length === 0) {
    return null;
  }
  return (
    <section class="dangers helps" aria-labelledby="helps-title">
      <h2 id="helps-title">{t("sending.title", { count: props.rows.length })}</h2>
      <ul>
        {props.rows.map((row) => (
          <Row key={row.help} row={row} panel={props} />
        ))}
      </ul>
    </section>
  );
}

function Row({ row, panel }: { row: HelpRow; panel: PanelProps }): VNode {
  const calls = row.mine !== 0 && row.state !== "offered";
  return (
    <li class="danger-row" data-state={row.state} data-late={row.late > 0}>
      <Facts row={row} now={panel.now} />
      {calls && <Place note={row.note} />}
      {calls && (row.caseCode === "" ? <Calling row={row} desk={panel.desk} /> : <Beside />)}
      {row.mine === 0 && <p class="soft">{t("sending.elsewhere", { name: row.caller })}</p>}
      {row.code !== "" && <Code code={row.code} />}
      <Steps row={row} panel={panel} />
    </li>
  );
}

function Beside(): VNode {
  return <p class="soft">{t("sending.beside")}</p>;
}

function Place({ note }: Pick<HelpRow, "note">): VNode {
  const where = readWhere(note?.place ?? "");
  return (
    <p class="where-to">
      {where === null
        ? t("sending.no_place")
        : `${t(where.outside ? "sending.outside" : "sending.inside")} ${where.text}`}
    </p>
  );
}

function Facts({ row, now }: { row: HelpRow; now: number }): VNode {
  const passed = Math.max(0, now - row.at);
  const left = leftOf(row.left - passed / 1000);
  const minutes = row.minutes + Math.floor(passed / 60_000);
  const ends = Math.max(0, Math.ceil(row.ends - passed / 60_000));
  return (
    <>
      <p class="who">
        <span class="code">{row.caseCode === "" ? t("sending.deleted") : row.caseCode}</span>
        <b>{t(`sending.states.${row.state}`)}</b>
        {row.whom !== "" && <span>{t(`sending.whom.${row.whom}`)}</span>}
        <span class="soft">{t("sending.since", { count: minutes })}</span>
        {row.within > 0 && <span class="soft">{t("sending.within", { count: row.within })}</span>}
      </p>
      {row.said === "back" && <p class="attention">{t("sending.back")}</p>}
      {row.late > 0 && <p class="attention">{t(`sending.late.${row.state}`)}</p>}
      <p class="turn">
        {t(`sending.turns.${row.state}`)}{" "}
        <span class="left">
          {t(`sending.left.${left.step}`, { count: left.count })}{" "}
          {t("sending.ends", { count: ends })}
        </span>
      </p>
    </>
  );
}

interface CallingProps {
  readonly row: HelpRow;
  readonly desk: Pick<Sending, "refer">;
}

/** What the caller has before them while they speak, beside the talk. */
export function Calling({ row, desk }: CallingProps): VNode {
  return (
    <section class="calling" aria-label={t("sending.script.title")}>
      <h3>{t("sending.script.title")}</h3>
      <Place note={row.note} />
      <ol>
        {scriptFor(row.whom).map((line) => (
          <li key={line}>{t(`sending.script.${line}`)}</li>
        ))}
      </ol>
      <p class="soft">{COST === "" ? t("sending.script.cost") : COST}</p>
      {!SIGNED && <p class="unsigned">{t("mode.unsigned")}</p>}
      {row.note !== null && row.whom !== "responder" && (
        <label>
          {t("sending.reference")}
          <input
            type="text"
            autocomplete="off"
            maxLength={40}
            value={row.note.reference}
            onChange={(event) => void desk.refer(row.help, event.currentTarget.value)}
          />
        </label>
      )}
    </section>
  );
}

/** Shown once, to be read out; nobody can ask for it again. */
function Code({ code }: { code: string }): VNode {
  return (
    <div class="spoken" role="status">
      <p>{t("sending.code.says", { address: `${location.host}${t("sending.code.path")}` })}</p>
      <p class="digits">{code.replace(/(.{4})(?=.)/g, "$1 ")}</p>
      <p class="soft">{t("sending.code.place")}</p>
    </div>
  );
}

/** Steps that stand there at once; the others behind a fold. */
const AT_HAND = 3;

type Step = HelpEvent | "call-120" | "call-110" | "code" | "again";

export function stepsOf(row: HelpRow, supervises: boolean): readonly Step[] {
  switch (row.state) {
    case "offered":
      return row.mine !== 0 && row.caseCode !== "" ? ["again", "withdraw"] : ["withdraw"];
    case "consented":
      return supervises
        ? ["call-120", "call-110", "code", "withdraw"]
        : ["call-120", "call-110", "withdraw"];
    case "called":
      return ["accept", "decline", ...fresh(row, supervises), "arrive", "miss", "withdraw"];
    default:
      return ["arrive", "ring", "miss", "decline", ...fresh(row, supervises), "withdraw"];
  }
}

/** A fresh code for a responder, or word that 120 was asked again. */
function fresh(row: HelpRow, supervises: boolean): readonly Step[] {
  if (row.whom === "responder") return supervises ? ["code"] : [];
  return row.state === "called" ? ["ring"] : [];
}

function Steps({ row, panel }: { row: HelpRow; panel: PanelProps }): VNode {
  const { desk } = panel;
  const take = (step: Step): void => {
    if (step === "again") void desk.askAgain(row);
    else if (step === "code") void desk.draw(row);
    else if (step === "call-120" || step === "call-110") void desk.say(row, "call", step.slice(5));
    else void desk.say(row, step);
  };
  const steps = stepsOf(row, panel.supervises);
  const button = (step: Step, place: number): VNode => (
    <button
      key={step}
      type="button"
      class={place === 0 ? "firm" : "second"}
      onClick={() => take(step)}
    >
      {t(`sending.steps.${step}`)}
    </button>
  );
  return (
    <div class="answers">
      {steps.slice(0, AT_HAND).map(button)}
      {steps.length > AT_HAND && (
        <details class="others">
          <summary>{t("sending.other")}</summary>
          <div class="answers">
            {steps.slice(AT_HAND).map((step, at) => button(step, at + AT_HAND))}
          </div>
        </details>
      )}
    </div>
  );
}
