/**
 * Above everything on the desk: who may be in danger, whose turn it is, when somebody is called next,
 * and one button for the next step. It is not there while nobody is.
 */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Danger } from "../../../counsel/client/contract.ts";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import { ChoiceForm, type Choices } from "./choiceForm.tsx";
import {
  ACTS,
  type DangerCommand,
  type DangerRow,
  leftOf,
  OUTCOMES,
  type Step,
  stepsOf,
  UNASSESSED,
} from "./steps.ts";

export interface DangerPanelProps {
  readonly rows: readonly DangerRow[];
  readonly supervises: boolean;
  /** Milliseconds. */
  readonly now: number;
  /** Show what is asked about the risk: it is tapped beside the talk. */
  ask(caseCode: string): void;
  act(command: DangerCommand): void;
  /** Beside whoever talks with them; not where nobody can ask. */
  beside?(row: DangerRow): VNode | null;
  /** Going on with them, before anything else there is to do. */
  goOn?(row: DangerRow): VNode | null;
}

export function DangerPanel(props: DangerPanelProps): VNode | null {
  if (props.rows.length === 0) {
    return null;
  }
  return (
    <section class={props.supervises ? "dangers first" : "dangers"} aria-labelledby="dangers-title">
      <h2 id="dangers-title">{t("danger.title", { count: props.rows.length })}</h2>
      <ul>
        {props.rows.map((row) => (
          <Row key={row.caseCode} row={row} panel={props} />
        ))}
      </ul>
    </section>
  );
}

function Row({ row, panel }: { row: DangerRow; panel: DangerPanelProps }): VNode {
  const [form, setForm] = useState<Step | null>(null);
  const steps = stepsOf(row, panel.supervises);
  const act = (command: DangerCommand): void => {
    setForm(null);
    panel.act(command);
  };
  const begin = (step: Step): void => {
    if (step === "assess") {
      panel.ask(row.caseCode);
      return;
    }
    const plain = plainOf(step, row.caseCode);
    if (plain === null) {
      setForm(step);
    } else {
      act(plain);
    }
  };
  return (
    <li class="danger-row" data-kind={row.kind} data-state={row.state}>
      <Facts row={row} now={panel.now} />
      {panel.goOn?.(row)}
      {form !== null && steps.includes(form) ? (
        <ChoiceForm
          key={form}
          choices={choicesOf(form, row)}
          label={t(`danger.forms.${form}`, { code: row.caseCode })}
          submit={(said) => act(saidOf(form, row.caseCode, said))}
          cancel={() => setForm(null)}
        />
      ) : (
        <div class="answers">
          {steps.map((step, place) => (
            <button
              key={step}
              type="button"
              class={place === 0 && row.gone === "" ? "firm" : "second"}
              onClick={() => begin(step)}
            >
              {t(`danger.steps.${step}`)}
            </button>
          ))}
          {panel.beside?.(row)}
        </div>
      )}
    </li>
  );
}

function Facts({ row, now }: { row: DangerRow; now: number }): VNode {
  const passed = Math.max(0, now - row.at);
  const left = leftOf(row.left - passed / 1000);
  const minutes = row.minutes + Math.floor(passed / 60_000);
  const answering = row.state === "acknowledged" || row.state === "answered";
  return (
    <>
      <p class="who">
        <span class="code">{row.caseCode}</span>
        <b>{t(`danger.kinds.${row.kind}`)}</b>
        <span class="soft">
          {t(minutes < 1 ? "danger.just" : "danger.since", { count: minutes })}
        </span>
      </p>
      <p class="turn">
        {t(`danger.turns.${row.state}`, { name: row.acting === "" ? row.proposed : row.acting })}{" "}
        <span class="left">
          {t(`danger.left.${answering ? "act" : "call"}_${left.step}`, { count: left.count })}
        </span>
      </p>
      <p class="soft">{done(row)}</p>
    </>
  );
}

/** What was done so far, in one line. */
function done(row: Danger): string {
  const words = row.done.map((event) => tCode("danger.done", event));
  const called = row.called === "" ? [] : [t(`danger.called.${row.called}`)];
  const alone = row.unstaffed === 0 ? [] : [t("danger.unstaffed")];
  return [...alone, ...words, ...called].join(t("danger.and"));
}

function plainOf(step: Step, caseCode: string): DangerCommand | null {
  switch (step) {
    case "acknowledge":
      return { kind: "Acknowledge", caseCode };
    case "confirm":
      return { kind: "Confirm", caseCode };
    case "decline":
      return { kind: "Decline", caseCode };
    default:
      return null;
  }
}

const REASONS: readonly string[] = ["safe", "judged", "tested"];

function choicesOf(step: Step, row: Danger): readonly Choices[] {
  if (step === "act") {
    return [{ name: "what", words: ACTS }];
  }
  if (step === "propose") {
    return [
      { name: "tier", words: ["orange", "yellow", "green"] },
      { name: "reason", words: REASONS },
    ];
  }
  const why: readonly Choices[] =
    row.assessed === 0 ? [{ name: "unassessed", words: UNASSESSED }] : [];
  return [{ name: "outcome", words: OUTCOMES }, ...why];
}

function saidOf(
  step: Step,
  caseCode: string,
  said: Readonly<Record<string, string>>,
): DangerCommand {
  const word = (name: string): string => said[name] ?? "";
  if (step === "act") {
    return { kind: "Act", caseCode, what: word("what") };
  }
  if (step === "propose") {
    const tier = ["red", "orange", "yellow", "green"].indexOf(word("tier"));
    return { kind: "Propose", caseCode, tier, reason: word("reason") };
  }
  return { kind: "Settle", caseCode, outcome: word("outcome"), unassessed: word("unassessed") };
}
