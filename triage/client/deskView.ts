/** What lies on a desk, and where a talk lies when it is shown. Pure. */

import type { Ongoing, WaitPoint } from "../../counsel/client/contract.ts";
import type { Wish } from "./beside/visiting.ts";
import type { BoardView, LinkState, Offer } from "./boardView.ts";
import type { DangerRow } from "./danger/steps.ts";
import type { DeskTalk } from "./deskTalk.ts";
import type { HelpRow } from "./dispatch/sending.ts";
import type { Passage } from "./handover/handing.ts";
import type { RaisedHand } from "./sideroom/raisedHands.ts";

/** Talks that may lie beside each other: two on a wide screen, as many as one may hold; else one. */
export type Room = 1 | 2;

export interface DeskView {
  readonly link: LinkState;
  readonly board: BoardView | null;
  readonly talks: readonly DeskTalk[];
  readonly panes: readonly string[];
  readonly focused: string | null;
  /** Whom I am asked to take, until it lapses. */
  readonly offer: Offer | null;
  /** Today's waits; a counsellor is told none. */
  readonly waits: readonly WaitPoint[];
  /** Who may be in danger, as far as it is mine to know. */
  readonly dangers: readonly DangerRow[];
  /** Supervisors who ask to come in, and what became of my own wish. */
  readonly visits: readonly Wish[];
  /** Talks that go on; a counsellor is told none. */
  readonly ongoing: readonly Ongoing[];
  /** Raised hands that concern me, and the rooms behind them. */
  readonly raised: readonly RaisedHand[];
  /** Help that is sent, as far as it is mine to know. */
  readonly helps: readonly HelpRow[];
  /** Talks that go to somebody else, or are to come to me. */
  readonly passages: readonly Passage[];
  readonly taking: boolean;
  readonly refusal: { readonly code: string; readonly retryAfter: number } | null;
  /** The talk whose end is asked about, if any. */
  readonly ending: string | null;
  /** Raised whenever the writing field of `focused` should get the cursor. */
  readonly cursor: number;
}

export const EMPTY_DESK: DeskView = {
  link: "connecting",
  board: null,
  talks: [],
  panes: [],
  focused: null,
  offer: null,
  waits: [],
  dangers: [],
  visits: [],
  ongoing: [],
  raised: [],
  helps: [],
  passages: [],
  taking: false,
  refusal: null,
  ending: null,
  cursor: 0,
};

/** The panes after one is shown: it stays where it is, takes a free place, or the focused one's. */
export function paneOrder(
  panes: readonly string[],
  ref: string,
  focused: string | null,
  room: Room,
): readonly string[] {
  if (panes.includes(ref)) {
    return panes;
  }
  if (panes.length < room) {
    return [...panes, ref];
  }
  const given = panes.includes(focused ?? "") ? focused : panes[0];
  return panes.map((pane) => (pane === given ? ref : pane));
}

/** What lies in front once this talk does; with `cursor`, what is typed next is typed there. */
export function inFront(
  view: DeskView,
  ref: string,
  cursor: boolean,
  room: Room,
): Pick<DeskView, "panes" | "focused" | "cursor"> {
  const { panes: before, focused: held } = view;
  // A talk shown without the cursor must not push away the one that is being written in.
  const given = cursor ? held : (before.find((pane) => pane !== held) ?? null);
  const full = !cursor && given === null && before.length === room;
  const panes = full ? before : paneOrder(before, ref, given, room);
  const keeps = !cursor && held !== null && panes.includes(held);
  return { panes, focused: keeps ? held : ref, cursor: view.cursor + (cursor ? 1 : 0) };
}

/** One step down (1) or up (-1) in the list of my talks; undefined where there is none. */
export function nextTo(view: DeskView, by: 1 | -1): string | undefined {
  const refs = view.talks.map((talk) => talk.ref);
  const at = refs.indexOf(view.focused ?? "");
  const from = at === -1 && by === -1 ? 0 : at;
  return refs[(from + by + refs.length) % Math.max(1, refs.length)];
}

/** What lies in front once this talk does not. */
export function without(view: DeskView, ref: string): Pick<DeskView, "panes" | "focused"> {
  const panes = view.panes.filter((pane) => pane !== ref);
  return { panes, focused: view.focused === ref ? (panes[0] ?? null) : view.focused };
}
