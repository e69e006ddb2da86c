/** The cast of the office: a server that writes down what it was asked, and people by name. */

import type { Member, Pending } from "../../../counsel/client/office/peopleQuestions.ts";
import type { Json, Me, Outcome, StaffApi, StaffRole } from "../../../counsel/client/staffApi.ts";

export const NOON = Date.UTC(2026, 10, 24, 4, 0);
export const DAY = 86_400_000;

export const colleague = (name: string, role: StaffRole): Me => ({
  working_name: name,
  role,
  person: `p-${name}`,
});
export const LIN = colleague("林", "counsellor");
export const CHEN = colleague("陈", "counsellor");
export const ZHOU = colleague("周", "supervisor");
export const WANG = colleague("王", "administrator");
export const SUN = colleague("孙", "auditor");

export function member(who: Me, change: Partial<Member> = {}): Member {
  return {
    ...who,
    active: true,
    cleared: true,
    passkeys: 1,
    region: "",
    industry: "",
    inPlant: false,
    ...change,
  };
}

export function reset(of: Me, change: Partial<Pending> = {}): Pending {
  return {
    id: 7,
    kind: "reset",
    working_name: of.working_name,
    role: of.role,
    person: of.person,
    expires: NOON + DAY,
    askedBy: WANG,
    mine: false,
    agreed: false,
    ...change,
  };
}

/** As the server spells a person. */
export const told = (who: Me, change: Json = {}): Json => ({
  ...who,
  active: true,
  cleared: true,
  region: "",
  industry: "",
  in_plant: false,
  passkeys: 0,
  ...change,
});

export const PAGE: Json = { people: [told(LIN), told(CHEN)], invitations: [], after: "" };

type Answer = Json | string;

/** Answers by path: a text refuses; a list answers one at a time, the last one for good. */
export class Server implements Pick<StaffApi, "ask"> {
  readonly asked: (readonly [path: string, body: Json])[] = [];
  private readonly answers: Record<string, Answer | readonly Answer[]>;

  constructor(answers: Record<string, Answer | readonly Answer[]>) {
    this.answers = answers;
  }

  get api(): StaffApi {
    return { ask: this.ask } as unknown as StaffApi;
  }

  /** What was changed: everything but the lists. */
  get changes(): readonly (readonly [path: string, body: Json])[] {
    return this.asked.filter(([path]) => path !== "people" && path !== "organisation");
  }

  readonly ask: StaffApi["ask"] = async <T>(path: string, body: Json, read: (json: Json) => T) => {
    const turn = this.asked.filter(([before]) => before === path).length;
    this.asked.push([path, body]);
    const turns = [this.answers[path] ?? {}].flat() as readonly Answer[];
    const answer = turns[Math.min(turn, turns.length - 1)] ?? {};
    await Promise.resolve();
    if (typeof answer === "string") {
      const refused: Outcome<T> = { ok: false, code: answer, retryAfter: 0 };
      return refused;
    }
    return { ok: true, value: read(answer) } as Outcome<T>;
  };
}
