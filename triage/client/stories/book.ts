/** The stories as a page shows them: one's own or everybody's, and the one that is being read. */

import { Book, type Page, QUIET } from "../../../counsel/client/office/book.ts";
import type { Me, StaffApi } from "../../../counsel/client/staffApi.ts";
import {
  askStories,
  type Draft,
  judgeStory,
  type List,
  readStory,
  type Verdict,
  withdrawStory,
  writeStory,
} from "./questions.ts";

export interface StoriesView extends Page {
  readonly list: List | null;
  /** Words of the stories that were opened. A story never changes, so they stay as they are. */
  readonly texts: Readonly<Record<number, string>>;
  readonly draft: Draft;
  /** Ticked by hand for this draft alone. */
  readonly agreed: boolean;
}

export const WRITING = "write";
export const LIST = "list";
export const atStory = (id: number): string => `story ${id}`;

export class StoriesBook extends Book<StoriesView> {
  private readonly blank: Draft;

  constructor(api: StaffApi, me: Me, language: string) {
    const blank = { language, title: "", text: "" };
    super(api, me, { ...QUIET, list: null, texts: {}, draft: blank, agreed: false });
    this.blank = blank;
  }

  async load(): Promise<void> {
    const answer = await askStories(this.api);
    this.change(answer.ok ? { list: answer.value, failure: "" } : { failure: answer.code });
  }

  /** What is written anew was not agreed to yet. */
  write(part: Partial<Draft>): void {
    this.change({ draft: { ...this.view.draft, ...part }, agreed: false });
  }

  agree(agreed: boolean): void {
    this.change({ agreed });
  }

  async handIn(): Promise<void> {
    const { draft } = this.view;
    if (await this.do(WRITING, "write", "", () => writeStory(this.api, draft))) {
      this.change({ draft: this.blank, agreed: false });
    }
  }

  async open(id: number): Promise<void> {
    const answer = await readStory(this.api, id);
    if (answer.ok) {
      this.change({ texts: { ...this.view.texts, [id]: answer.value } });
      return;
    }
    const said = { at: atStory(id), done: "", name: "", code: answer.code, until: 0 };
    this.change({ said });
  }

  judge(id: number, event: Verdict): Promise<boolean> {
    return this.do(atStory(id), event, "", () => judgeStory(this.api, id, event));
  }

  /** The row is gone then: what came of it is said above the list. */
  withdraw(id: number): Promise<boolean> {
    return this.do(LIST, "withdraw", "", () => withdrawStory(this.api, id));
  }
}
