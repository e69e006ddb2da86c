/** What one person can do next about somebody in danger. Pure; the server asks all of it again. */

import type { BoardFrame, Danger } from "../../../counsel/client/contract.ts";

/** Somebody in danger as told at `at`, milliseconds of this page's clock: what counts down counts from there. */
export interface DangerRow extends Danger {
  readonly at: number;
}

/** What one can say about somebody in danger. */
export type DangerCommand = Extract<
  BoardFrame,
  {
    readonly kind:
      | "Raise"
      | "Acknowledge"
      | "Act"
      | "Assess"
      | "Propose"
      | "Confirm"
      | "Decline"
      | "Settle";
  }
>;

export type Step = "acknowledge" | "act" | "assess" | "propose" | "confirm" | "decline" | "settle";

/** Words of `triage/escalation/acting.py`. */
export const ACTS: readonly string[] = ["advised", "joined", "called", "watches"];
export const OUTCOMES: readonly string[] = [
  "safe",
  "accompanied",
  "rescued",
  "cared",
  "left",
  "mistake",
  "tested",
];
export const UNASSESSED: readonly string[] = ["gone", "refused", "rescue", "no-danger"];

/** The steps of whoever looks at this row; the first is the next one. */
export function stepsOf(row: Danger, supervises: boolean): readonly Step[] {
  const found = nextOf(row, supervises);
  const mayEnd = supervises ? row.held === 0 || row.kind === "orange" : endsAlone(row);
  return mayEnd && !found.includes("settle") ? [...found, "settle"] : found;
}

function nextOf(row: Danger, supervises: boolean): readonly Step[] {
  const asks: readonly Step[] = row.held !== 0 && row.assessed === 0 ? ["assess"] : [];
  switch (row.state) {
    case "raised":
      return ["acknowledge"];
    case "attended":
      return supervises ? ["acknowledge", "act", ...asks] : asks;
    case "answered":
      return supervises ? ["act", ...asks] : asks;
    case "led":
      return [...asks, ...lessens(row, supervises)];
    case "assessed":
      return row.held === 0 ? lessens(row, supervises) : ["propose", "assess"];
    case "proposed":
      return row.second === 0 ? [] : ["confirm", "decline"];
    case "check":
      return ["settle", ...lessens(row, supervises)];
    case "lowered":
    case "lost":
      return supervises || row.held !== 0 ? ["settle"] : [];
    default:
      return [];
  }
}

function lessens(row: Danger, supervises: boolean): readonly Step[] {
  return supervises || row.held !== 0 ? ["propose"] : [];
}

function endsAlone(row: Danger): boolean {
  return row.held !== 0 && row.kind === "orange";
}

/** How long until somebody is called next, in steps that do not run: the seconds left are not shown. */
export function leftOf(seconds: number): { readonly step: string; readonly count: number } {
  if (seconds <= 0) {
    return { step: "now", count: 0 };
  }
  if (seconds <= 60) {
    return { step: "soon", count: 0 };
  }
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60
    ? { step: "minutes", count: minutes }
    : { step: "hours", count: Math.round(minutes / 60) };
}
