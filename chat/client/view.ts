/** What a screen shows of a talk, computed from what is kept. Pure. */

import type { RefusalCode } from "../../counsel/client/refusal.ts";
import type { LinkState } from "./link.ts";
import type { Member, Role } from "./mls/policy.ts";
import { isSaid, type Outbox, readersOf, sameReaders, stateOf } from "./outbox.ts";
import type { Aside, Handover, KeptLine, NoticeLine, Saved, SpokenLine } from "./saved.ts";
import { seenBy } from "./transcript.ts";

export type Line =
  | {
      readonly kind: "words";
      readonly id: string;
      readonly mine: boolean;
      readonly who: string;
      readonly role: Role;
      readonly text: string;
      /** ms */
      readonly at: number;
      readonly state: LineState;
    }
  | {
      /** The card with the emergency numbers. */
      readonly kind: "numbers";
      readonly id: string;
      readonly mine: boolean;
      readonly who: string;
      readonly at: number;
    }
  | {
      /** What the seeker answered before anybody was there; `text` is read by a layer above. */
      readonly kind: "answers";
      readonly id: string;
      readonly mine: boolean;
      readonly who: string;
      readonly text: string;
      readonly at: number;
      readonly state: LineState;
    }
  | {
      /** A place that helps, as `card.ts` spells it. */
      readonly kind: "card";
      readonly id: string;
      readonly mine: boolean;
      readonly who: string;
      readonly text: string;
      readonly at: number;
    }
  | {
      /** `text` is read by a layer above; of a `place` it is empty once it is forgotten. */
      readonly kind: Aside;
      readonly id: string;
      readonly mine: boolean;
      readonly who: string;
      readonly text: string;
      readonly at: number;
      readonly state: LineState;
    }
  | {
      readonly kind: "joined" | "left";
      readonly id: string;
      readonly who: string;
      readonly role: Role;
      readonly at: number;
    }
  | {
      readonly kind: "notice";
      readonly id: string;
      /** `notices.<code>` in the locale files. */
      readonly code: string;
      readonly params: Record<string, string>;
      readonly at: number;
    };

export type LineState = "waiting-tap" | "sending" | "stored" | "seen" | "unsent";

export type Phase =
  | "starting"
  | "waiting"
  | "active"
  | "closed"
  | "erased"
  | "refused"
  | "lost-seat";

export interface TalkView {
  readonly phase: Phase;
  readonly link: LinkState;
  readonly lines: readonly Line[];
  /** Everybody who can read, from the group's own tree; nobody while one waits. */
  readonly members: readonly Member[];
  /** Names for the send button when the readers changed since it was last pressed, else none. */
  readonly readers: readonly string[];
  /** What the queue says to whoever waits, as bytes; unread here. */
  readonly standing: Uint8Array;
  /** A supervisor is there. Without one nobody new is taken, and everybody is told. */
  readonly supervised: boolean;
  readonly presence: "" | "here" | "hidden" | "calling" | "gone";
  readonly typing: boolean;
  readonly caseCode: string;
  readonly refusal: RefusalCode | null;
  readonly unread: number;
  /** Somebody else is to go on with it. */
  readonly handover?: Handover;
}

/** What is true right now and kept nowhere. */
export interface Moment {
  readonly link: LinkState;
  readonly members: readonly Member[];
  readonly presence: string;
  readonly standing: Uint8Array;
  readonly supervised: boolean;
  readonly typing: boolean;
  /** Set once the talk is over for this page, whatever is kept. */
  readonly end: "" | "erased" | "lost-seat";
  /** Notices of this page alone. */
  readonly asides: readonly NoticeLine[];
}

export function viewOf(saved: Saved, kept: readonly KeptLine[], moment: Moment): TalkView {
  const phase = phaseOf(saved, moment);
  const live = phase === "active" || phase === "closed";
  const members = live ? moment.members : [];
  const gone = phase === "erased";
  return {
    phase,
    link: moment.link,
    lines: gone ? moment.asides.map(shownNotice) : linesOf(saved, kept, { ...moment, members }),
    members,
    readers: readersToName(saved, members),
    standing: moment.standing,
    supervised: moment.supervised,
    presence: presenceOf(moment.presence),
    typing: moment.typing && phase === "active",
    caseCode: saved.caseCode,
    refusal: saved.refusal,
    ...(phase === "active" && saved.handover !== null && { handover: saved.handover }),
    unread: kept.slice(saved.linesShown).filter(isFromOthers).length,
  };
}

export function phaseOf(saved: Saved, { end }: Pick<Moment, "end">): Phase {
  if (end !== "") return end;
  if (saved.intent === "erase") return "erased";
  if (saved.refusal !== null) return "refused";
  if (saved.state === "closed") return "closed";
  if (saved.ref.length === 0) return "starting";
  if (saved.state === "active" && isLive(saved)) return "active";
  return saved.side === "staff" ? "starting" : "waiting";
}

/** Somebody is at the other end of the group we are in. */
export function isLive({ group, opening, over }: Saved): boolean {
  return group !== null && opening === null && over === 0;
}

function linesOf(saved: Saved, kept: readonly KeptLine[], moment: Moment): Line[] {
  const written = saved.outbox.filter((one) => isSaid(one.kind));
  return [
    ...kept.map((line) => shownLine(saved, line)),
    ...unplaced(saved, written, readersOf(moment.members)),
    ...moment.asides.map(shownNotice),
  ];
}

function shownLine(saved: Saved, line: KeptLine): Line {
  if (line.kind === "notice") return shownNotice(line);
  if (!isSpoken(line)) return line;
  const { id, mine, who, role, text, at } = line;
  if (line.kind === "numbers") return { kind: "numbers", id, mine, who, at };
  if (line.kind === "card") return { kind: line.kind, id, mine, who, text, at };
  const state = mine && isSeen(saved, line.group, line.place) ? "seen" : "stored";
  if (isAside(line.kind) || line.kind === "answers")
    return { kind: line.kind, id, mine, who, text, at, state };
  return { kind: "words", id, mine, who, role, text, at, state };
}

function isAside<K extends string>(kind: K): kind is K & Aside {
  return ["cue", "referral", "news", "help", "place", "passed"].includes(kind);
}

function isSeen(saved: Saved, group: number, place: number): boolean {
  if (group !== saved.groupNumber) return place <= (saved.seenBefore[group] ?? 0);
  return saved.transcript !== null && seenBy(saved.transcript, place);
}

function unplaced(saved: Saved, written: Outbox, readers: readonly string[]): Line[] {
  const role = saved.side === "seeker" ? "seeker" : "counsellor";
  return written.map(({ kind, id, text, at, ...entry }) => {
    if (kind === "numbers") return { kind, id, mine: true, who: "", at };
    if (kind === "card") return { kind, id, mine: true, who: "", text, at };
    const state = stateOf({ kind, id, text, at, ...entry }, readers);
    if (isAside(kind) || kind === "answers")
      return { kind, id, mine: true, who: "", text, at, state };
    return { kind: "words", id, mine: true, who: "", role, text, at, state };
  });
}

function shownNotice({ id, code, params, at }: NoticeLine): Line {
  return { kind: "notice", id, code, params: { ...params }, at };
}

export function isSpoken(line: KeptLine): line is SpokenLine {
  return isSaid(line.kind);
}

function isFromOthers(line: KeptLine): boolean {
  return isSpoken(line) && !line.mine && line.kind !== "cue";
}

function readersToName(saved: Saved, members: readonly Member[]): string[] {
  const readers = readersOf(members);
  if (readers.length === 0 || sameReaders(saved.lastReaders ?? [], readers)) return [];
  return members.filter((member) => !member.me && member.name !== "").map((member) => member.name);
}

function presenceOf(presence: string): TalkView["presence"] {
  const known = ["here", "hidden", "calling", "gone"] as const;
  return known.find((one) => one === presence) ?? "";
}
