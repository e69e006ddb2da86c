/** The follow-up list as a page shows it: whose turn it is, what was said of one, what came of saying it. */

import { Book, type Page, QUIET } from "../../../counsel/client/office/book.ts";
import type { Me, StaffApi } from "../../../counsel/client/staffApi.ts";
import { askFollowUps, handTo, type List, sayOutcome } from "./questions.ts";

export interface FollowView extends Page {
  readonly list: List | null;
}

export const atRow = (id: number): string => `row ${id}`;

export class FollowBook extends Book<FollowView> {
  constructor(api: StaffApi, me: Me) {
    super(api, me, { ...QUIET, list: null });
  }

  async load(): Promise<void> {
    const answer = await askFollowUps(this.api);
    this.change(answer.ok ? { list: answer.value, failure: "" } : { failure: answer.code });
  }

  say(id: number, outcome: string): Promise<boolean> {
    return this.do(atRow(id), "say", "", () => sayOutcome(this.api, id, outcome));
  }

  hand(id: number, person: string, name: string): Promise<boolean> {
    return this.do(atRow(id), "hand", name, () => handTo(this.api, id, person));
  }
}
