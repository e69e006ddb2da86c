/** Who is shown in which order, and what may be done with whom. Pure; the server judges it all again. */

import { may } from "../rights.ts";
import { type Me, ROLES, type StaffRole } from "../staffApi.ts";
import type { Member, Pending, PersonVerb } from "./peopleQuestions.ts";

export const KINDS = ["all", ...ROLES, "uncleared", "no-passkey", "in-plant", "suspended"] as const;
export type Kind = (typeof KINDS)[number];

export interface Filter {
  /** Looked for in working names; blanks around it do not count. */
  readonly words: string;
  readonly kind: Kind;
}

/** Whether real talks are this person's work, so that a supervisor has to clear them first. */
export function needsClearing(role: StaffRole): boolean {
  return may(role, "stand");
}

/** Whether this person is asked for a passkey: whoever has power over others. */
export function wantsPasskey(role: StaffRole): boolean {
  return role === "supervisor" || role === "administrator";
}

export function isOf(kind: Kind, member: Member): boolean {
  switch (kind) {
    case "all":
      return true;
    case "uncleared":
      return member.active && !member.cleared && needsClearing(member.role);
    case "no-passkey":
      return member.active && member.passkeys === 0 && wantsPasskey(member.role);
    case "in-plant":
      return member.inPlant;
    case "suspended":
      return !member.active;
    default:
      return member.role === kind;
  }
}

/**
 * Those the filter lets through, suspended ones last, by name as this language orders them. Whoever
 * is opened stays, so that nobody vanishes under the hand that has just changed them.
 */
export function listed(
  people: readonly Member[],
  filter: Filter,
  opened: string,
  language: string,
): readonly Member[] {
  const words = filter.words.trim().toLowerCase();
  const { compare } = new Intl.Collator(language);
  return people
    .filter(
      (member) =>
        member.person === opened ||
        (isOf(filter.kind, member) && member.working_name.toLowerCase().includes(words)),
    )
    .sort((a, b) => Number(b.active) - Number(a.active) || compare(a.working_name, b.working_name));
}

export type Offer = PersonVerb | "role" | "mark";

/** What this page offers its reader about somebody. Nobody acts upon themselves here. */
export function offered(me: Me, member: Member, pending: readonly Pending[]): readonly Offer[] {
  const runs = may(me.role, "run-people");
  if (member.person === me.person) {
    return runs ? ["mark"] : [];
  }
  if (!member.active) {
    return runs ? ["restore"] : [];
  }
  const offers: Offer[] = [];
  if (may(me.role, "clear") && needsClearing(member.role)) {
    offers.push(member.cleared ? "unclear" : "clear");
  }
  if (runs) {
    offers.push("role", "mark");
  }
  if (may(me.role, "reset") && resetOf(member, pending)?.agreed !== false) {
    offers.push("reset");
  }
  if (runs) {
    offers.push("suspend");
  }
  return offers;
}

/** The reset of this person that is under way. */
export function resetOf({ person }: Member, pending: readonly Pending[]): Pending | null {
  return pending.find((one) => one.kind === "reset" && one.person === person) ?? null;
}

/** What is said of a pending row, as the last word of its place in the texts. */
export type Standing = "join" | "reset-mine" | "reset-about-me" | "reset-other" | "reset-agreed";

export function standingOf(me: Me, pending: Pending): Standing {
  if (pending.kind === "join") {
    return "join";
  }
  if (pending.agreed) {
    return "reset-agreed";
  }
  if (pending.person === me.person) {
    return "reset-about-me";
  }
  return pending.mine ? "reset-mine" : "reset-other";
}

/** Whether somebody should look at this one: it needs a second person, or it is about them. */
export function waits(standing: Standing): boolean {
  return standing === "reset-other" || standing === "reset-about-me";
}

/** What waits for somebody first; otherwise the oldest first, as the server lists them. */
export function inOrder(me: Me, pending: readonly Pending[]): readonly Pending[] {
  const rank = (one: Pending): number => (waits(standingOf(me, one)) ? 0 : 1);
  return [...pending].sort((a, b) => rank(a) - rank(b) || a.id - b.id);
}

export function mayAgree(me: Me, pending: Pending): boolean {
  return may(me.role, "reset") && standingOf(me, pending) === "reset-other";
}

/** The address of a one-time link. What follows the # is never sent to any server. */
export function linkOf(origin: string, page: string, token: string): string {
  return `${origin}${page}#join=${token}`;
}
