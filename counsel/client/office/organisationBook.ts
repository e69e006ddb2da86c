/** The organisation page while somebody uses it. */

import type { Me, StaffApi } from "../staffApi.ts";
import { Book, type Page, QUIET } from "./book.ts";
import {
  addNumber,
  askOrganisation,
  changeIdentity,
  type Identity,
  type Organisation,
  type OwnNumber,
  removeNumber,
  reportCall,
} from "./organisationQuestions.ts";

export interface OrganisationView extends Page {
  readonly organisation: Organisation | null;
  /** What is typed about who we are; null: nothing that differs from what is stored. */
  readonly draft: Identity | null;
  /** A number being added; null: the form is closed. */
  readonly number: OwnNumber | null;
}

export const AT = {
  identity: "identity",
  add: "add",
  numbers: "numbers",
  number: (number: string): string => `number ${number}`,
} as const;

export const BLANK: OwnNumber = { number: "", name: "", hours: "" };

export class OrganisationBook extends Book<OrganisationView> {
  protected override readonly particular = ["identity-bad-value", "add-bad-value", "add-slow-down"];

  constructor(api: StaffApi, me: Me) {
    super(api, me, { ...QUIET, organisation: null, draft: null, number: null });
  }

  async load(): Promise<void> {
    const answer = await askOrganisation(this.api);
    this.change(answer.ok ? { organisation: answer.value, failure: "" } : { failure: answer.code });
  }

  write(draft: Identity): void {
    this.change({ draft });
  }

  writeNumber(number: OwnNumber | null): void {
    this.change(number === null ? { number, said: null } : { number });
  }

  async save(): Promise<boolean> {
    const { draft } = this.view;
    if (draft === null || this.view.busy !== "") {
      return false;
    }
    const missing = whatIsMissing(draft);
    if (missing !== "") {
      return this.refuse(AT.identity, missing);
    }
    return this.do(AT.identity, "identity", "", async () => {
      const answer = await changeIdentity(this.api, tidy(draft));
      if (answer.ok) {
        this.change({ draft: null });
      }
      return answer;
    });
  }

  async add(): Promise<boolean> {
    const { number: typed } = this.view;
    if (typed === null || this.view.busy !== "") {
      return false;
    }
    const own = tidyNumber(typed);
    if (own.number === "" || own.name === "" || own.hours === "") {
      return this.refuse(AT.add, "missing");
    }
    return this.do(AT.add, "add", own.number, async () => {
      const answer = await addNumber(this.api, own);
      if (answer.ok) {
        this.change({ number: null });
      }
      return answer;
    });
  }

  async remove(number: string): Promise<boolean> {
    return this.do(AT.numbers, "remove", number, () => removeNumber(this.api, number));
  }

  async reportCall(number: string): Promise<boolean> {
    return this.do(AT.number(number), "called", number, () => reportCall(this.api, number));
  }

  private refuse(at: string, code: string): false {
    this.change({ said: { at, done: "", name: "", code, until: 0 } });
    return false;
  }
}

/** Sent without the blanks around it, and with digits any phone dials. */
function tidyNumber({ number, name, hours }: OwnNumber): OwnNumber {
  return {
    number: number.normalize("NFKC").replace(/\s/g, ""),
    name: name.trim(),
    hours: hours.trim(),
  };
}

function tidy(identity: Identity): Identity {
  const { name, level, zone } = identity;
  return { ...identity, name: name.trim(), level: level.trim(), zone: zone.trim() };
}

function whatIsMissing({ zone, languages }: Identity): string {
  if (languages.length === 0) {
    return "no-language";
  }
  return zone.trim() === "" ? "no-zone" : "";
}
