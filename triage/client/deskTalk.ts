/** One talk as it lies on the desk: what the board and its own log say of it. Pure. */

import type { TalkView } from "../../chat/client/talk.ts";
import { NO_RISK, type Risk } from "./danger/risk.ts";

export interface DeskTalk {
  readonly ref: string;
  readonly caseCode: string;
  readonly topics: readonly string[];
  readonly language: string;
  readonly returned: boolean;
  /** As the board says: `waiting`, `active` or `closed`. */
  readonly state: string;
  /** Not 0: a supervisor is beside somebody there, from this place of the log on. */
  readonly since: number;
  readonly opening: "no" | "opening" | "open" | "failed";
  /** Why sitting down failed: a code, or empty. */
  readonly failure: string;
  readonly view: TalkView | null;
  readonly draft: string;
  /** What was asked about a risk, on this browser and nowhere else. */
  readonly risk: Risk;
  /** The emergency numbers, on their way to this person. */
  readonly numbers: "" | "sending" | "sent" | "failed";
}

/** Before anything is known of it. */
export const FRESH: Omit<DeskTalk, "ref" | "draft"> = {
  caseCode: "",
  topics: [],
  language: "",
  returned: false,
  state: "active",
  since: 0,
  opening: "no",
  failure: "",
  view: null,
  risk: NO_RISK,
  numbers: "",
};

/** The code and waiting time of a refusal, whoever made it; `internal` for what is no refusal. */
export function refusalOf(error: unknown): { code: string; retryAfter: number } {
  const shape = (error ?? {}) as { code?: unknown; retryAfter?: unknown };
  return {
    code: typeof shape.code === "string" ? shape.code : "internal",
    retryAfter: typeof shape.retryAfter === "number" ? shape.retryAfter : 0,
  };
}

/** May words be sent here: not before somebody can read them, not after the end. */
export function canWrite(talk: Pick<DeskTalk, "opening" | "view">): boolean {
  return talk.opening === "open" && talk.view?.phase === "active";
}

export type Standing =
  | "opening"
  | "active"
  | "waiting"
  | "closed"
  | "erased"
  | "lost-seat"
  | "refused"
  | "failed";

/** How a talk stands in one word: what its own log says goes before what the board says. */
export function standing(talk: Pick<DeskTalk, "opening" | "failure" | "state" | "view">): Standing {
  const phase = talk.view?.phase;
  if (phase !== undefined && phase !== "starting" && phase !== "waiting") {
    return phase;
  }
  if (talk.opening === "failed") {
    return talk.failure === "no-seat" ? "lost-seat" : "failed";
  }
  if (talk.state === "closed" || talk.state === "waiting") {
    return talk.state;
  }
  return "opening";
}

/** What was written and has not left, in its order. */
export function unsentOf(view: TalkView): string {
  const left = ["stored", "seen"];
  return view.lines
    .flatMap((line) =>
      line.kind === "words" && line.mine && !left.includes(line.state) ? [line.text] : [],
    )
    .join("\n");
}

/** Words that came back go before what was typed since. */
export function joined(back: string, since: string): string {
  return since === "" ? back : `${back}\n${since}`;
}
