/** The people page while somebody uses it: the list, what is typed, what was asked and said. */

import type { Me, Outcome, StaffApi, StaffRole } from "../staffApi.ts";
import { Book, type Page, QUIET } from "./book.ts";
import {
  agreeToReset,
  askRoster,
  changeRole,
  invite,
  type Link,
  type Member,
  mark,
  type Pending,
  type PersonVerb,
  type Places,
  type Roster,
  tell,
  withdraw,
} from "./peopleQuestions.ts";
import type { Filter } from "./roster.ts";

/** A link nobody can see again once it is put away. */
export interface ShownLink extends Link {
  readonly kind: "join" | "reset";
  readonly name: string;
}

export interface PeopleView extends Page {
  /** Null until the first answer. */
  readonly roster: Roster | null;
  readonly filter: Filter;
  /** The person whose acts are shown; empty: nobody. */
  readonly opened: string;
  /** What is typed into an invitation; null: the form is closed. */
  readonly draft: {
    readonly name: string;
    readonly role: StaffRole;
    /** Counts for the role of a desk alone. */
    readonly desk?: string;
  } | null;
  readonly links: readonly ShownLink[];
}

/** Places on the page where something is said. */
export const AT = {
  invite: "invite",
  pending: "pending",
  person: (person: string): string => `person ${person}`,
  role: (person: string): string => `role ${person}`,
  places: (person: string): string => `places ${person}`,
} as const;

export const NOBODY_YET: PeopleView = {
  ...QUIET,
  roster: null,
  filter: { words: "", kind: "all" },
  opened: "",
  draft: null,
  links: [],
};

export class PeopleBook extends Book<PeopleView> {
  protected override readonly particular = [
    ...["role-needs-two", "reset-needs-two", "agree-needs-two", "invite-slow-down"],
  ];
  private readonly language: string;

  /** `language`: of the page that links lead to. */
  constructor(api: StaffApi, me: Me, language: string) {
    super(api, me, NOBODY_YET);
    this.language = language;
  }

  async load(): Promise<void> {
    const answer = await askRoster(this.api);
    this.change(answer.ok ? { roster: answer.value, failure: "" } : { failure: answer.code });
  }

  setFilter(part: Partial<Filter>): void {
    this.change({ filter: { ...this.view.filter, ...part } });
  }

  open(person: string): void {
    this.change({ opened: person, asked: "", said: null });
  }

  write(draft: PeopleView["draft"]): void {
    const said = draft === null ? null : this.view.said;
    this.change({ draft, said });
  }

  async invite(): Promise<void> {
    const { draft } = this.view;
    const name = draft?.name.trim() ?? "";
    if (draft === null || this.view.busy !== "") {
      return;
    }
    if (name === "") {
      const said = { at: AT.invite, done: "", name: "", code: "missing", until: 0 };
      this.change({ said });
      return;
    }
    const { role } = draft;
    const desk = role === "desk" ? (draft.desk ?? "") : "";
    const link = await this.act(AT.invite, "invite", name, () =>
      invite(this.api, { name, role, desk }, this.language),
    );
    if (link.ok) {
      this.change({
        links: [{ ...link.value, kind: "join", name }, ...this.view.links],
        draft: null,
      });
    }
  }

  async agree(pending: Pending): Promise<void> {
    const name = pending.working_name;
    const link = await this.act(AT.pending, "agree", name, () =>
      agreeToReset(this.api, pending.id, this.language),
    );
    if (link.ok) {
      this.change({ links: [{ ...link.value, kind: "reset", name }, ...this.view.links] });
    }
  }

  putAway(link: ShownLink): void {
    this.change({ links: this.view.links.filter((one) => one !== link), asked: "", said: null });
  }

  async withdraw({ id, working_name }: Pending): Promise<boolean> {
    return this.do(AT.pending, "withdraw", working_name, () => withdraw(this.api, id));
  }

  async tell(verb: PersonVerb, { person, working_name }: Member): Promise<boolean> {
    return this.do(AT.person(person), verb, working_name, () => tell(this.api, verb, person));
  }

  async changeRole({ person, working_name }: Member, role: StaffRole): Promise<boolean> {
    const ask = (): Promise<Outcome<null>> => changeRole(this.api, person, role);
    return this.do(AT.role(person), "role", working_name, ask);
  }

  async mark({ person, working_name }: Member, places: Places): Promise<boolean> {
    const ask = (): Promise<Outcome<null>> => mark(this.api, person, places);
    return this.do(AT.places(person), "mark", working_name, ask);
  }
}
