/** What is said in a talk about help, and what that comes to. Pure; both sides read the same lines. */

import type { Line } from "../../../chat/client/talk.ts";

/** Whose word it is: staff ask and tell; the seeker answers, beside the place itself. */
export const OF_STAFF = ["offer", "called", "arrived", "missed", "withdrawn", "over"] as const;
export const OF_SEEKER = ["no", "back", "there"] as const;
export type StaffWord = (typeof OF_STAFF)[number];
export type SeekerWord = (typeof OF_SEEKER)[number];

export interface Standing {
  /**
   * `asked`: an answer is waited for; `given`: the place was said; `unsent`: it has not left;
   * `called`; `back`: not wanted any more; `over`.
   */
  readonly state: "" | "asked" | "given" | "unsent" | "called" | "no" | "back" | "there" | "over";
  /** Who asked, as their certificate says; "" where that is oneself. */
  readonly who: string;
  /** The id of the line with the place, and what it says as long as it is kept. */
  readonly line: string;
  readonly where: Where | null;
  /** When it was given, ms. */
  readonly at: number;
}

export interface Where {
  /** Outside the plant, or in it, where a guard sees who comes. */
  readonly outside: boolean;
  readonly text: string;
}

const NOTHING: Standing = { state: "", who: "", line: "", where: null, at: 0 };

/** How it stands by the lines of a talk. */
export function standingOf(lines: readonly Line[]): Standing {
  return lines.reduce(next, NOTHING);
}

function next(before: Standing, line: Line): Standing {
  if (line.kind === "place") {
    const { id, at, state, text } = line;
    const left = state !== "waiting-tap" && state !== "unsent";
    const now = before.state === "called" ? "called" : left ? "given" : "unsent";
    return { ...before, state: now, line: id, at, where: readWhere(text) };
  }
  if (line.kind !== "help") return before;
  switch (line.text) {
    case "offer":
      return { ...NOTHING, state: "asked", who: line.mine ? "" : line.who };
    case "called":
      return { ...before, state: "called" };
    case "no":
    case "back":
    case "there":
      return { ...before, state: line.text };
    default:
      return { ...before, state: "over" };
  }
}

export const PLACE_AT_MOST = 200;

export function writeWhere({ outside, text }: Where): string {
  return `${outside ? "out" : "in"}\n${text.trim().slice(0, PLACE_AT_MOST)}`;
}

export function readWhere(text: string): Where | null {
  const cut = text.indexOf("\n");
  if (cut === -1) return null;
  return { outside: text.slice(0, cut) !== "in", text: text.slice(cut + 1) };
}
