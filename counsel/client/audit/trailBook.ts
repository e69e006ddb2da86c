/** The page of the trail while somebody reads it: what is looked for, what was found, whether it fits. */

import { Book, type Page, QUIET } from "../office/book.ts";
import type { Colleague, Me, StaffApi } from "../staffApi.ts";
import {
  askOlder,
  askTrail,
  askVerdict,
  type Entry,
  EVERYTHING,
  exportTrail,
  type Filter,
  type Verdict,
} from "./trailQuestions.ts";

export interface TrailView extends Page {
  /** Null until the first answer. */
  readonly entries: readonly Entry[] | null;
  readonly total: number;
  readonly before: number;
  readonly people: readonly Colleague[];
  /** What is typed, and what was looked for. */
  readonly draft: Filter;
  readonly filter: Filter;
  readonly verdict: Verdict | null;
}

/** Places on the page where something is said. */
export const AT = { list: "list", verdict: "verdict", file: "file" } as const;

export const UNREAD: TrailView = {
  ...QUIET,
  entries: null,
  total: 0,
  before: 0,
  people: [],
  draft: EVERYTHING,
  filter: EVERYTHING,
  verdict: null,
};

export class TrailBook extends Book<TrailView> {
  constructor(api: StaffApi, me: Me) {
    super(api, me, UNREAD);
  }

  /** The newest entries; what was shown stays when this fails. */
  async load(): Promise<void> {
    const { filter } = this.view;
    const answer = await askTrail(this.api, filter);
    if (this.view.filter !== filter) {
      return; // something else is looked for by now
    }
    if (!answer.ok) {
      this.change({ failure: answer.code });
      return;
    }
    const { entries, before, total, people } = answer.value;
    this.change({ entries, before, total, people, failure: "" });
  }

  write(part: Partial<Filter>): void {
    this.change({ draft: { ...this.view.draft, ...part } });
  }

  async find(): Promise<void> {
    const { draft } = this.view;
    const filter = { ...draft, caseCode: draft.caseCode.trim().toUpperCase() };
    this.change({ filter, said: null });
    await this.load();
  }

  async findAll(): Promise<void> {
    this.change({ draft: EVERYTHING });
    await this.find();
  }

  async older(): Promise<void> {
    const { filter, before, entries } = this.view;
    if (before === 0 || this.view.busy !== "") {
      return;
    }
    this.change({ busy: AT.list });
    const answer = await askOlder(this.api, filter, before);
    this.change({ busy: "" });
    if (this.view.filter !== filter) {
      return;
    }
    if (answer.ok) {
      const all = [...(entries ?? []), ...answer.value.entries];
      this.change({ entries: all, before: answer.value.before, failure: "" });
    } else {
      this.change({ failure: answer.code });
    }
  }

  async verify(): Promise<void> {
    if (this.view.busy !== "") {
      return;
    }
    this.change({ busy: AT.verdict, said: null });
    const answer = await askVerdict(this.api);
    this.change(
      answer.ok
        ? { busy: "", verdict: answer.value }
        : { busy: "", verdict: null, said: refusal(AT.verdict, answer.code) },
    );
  }

  /** The entries that are looked for, as many as a file takes; null when they could not be had. */
  async export(): Promise<readonly Entry[] | null> {
    if (this.view.busy !== "") {
      return null;
    }
    this.change({ busy: AT.file, said: null });
    const answer = await exportTrail(this.api, this.view.filter);
    if (!answer.ok) {
      this.change({ busy: "", said: refusal(AT.file, answer.code) });
      return null;
    }
    const { entries, whole } = answer.value;
    const name = String(entries.length);
    this.change({
      busy: "",
      said: { at: AT.file, done: whole ? "file" : "part", name, code: "", until: 0 },
    });
    return entries;
  }
}

function refusal(at: string, code: string): TrailView["said"] {
  return { at, done: "", name: "", code, until: 0 };
}
