/**
 * The directory's page while somebody uses it: which province, which service lies open, what would be
 * shipped. What is signed is what this browser has read itself and shown, never what it was told.
 */

import { equal, source } from "../../../counsel/client/bytes.ts";
import type { DirectoryEdition } from "../../../counsel/client/keys/making.ts";
import { Book, type Page, QUIET } from "../../../counsel/client/office/book.ts";
import type { Me, Outcome, StaffApi } from "../../../counsel/client/staffApi.ts";
import { type Changes, changesOf } from "./changes.ts";
import { Directory } from "./entry.ts";
import { fetchFile } from "./pocket.ts";
import {
  askList,
  askRegions,
  askService,
  assureService,
  blankForm,
  packRegion,
  publishDraft,
  type RegionRow,
  reportCall,
  type ServiceForm,
  type ServiceList,
  saveService,
} from "./questions.ts";

/** What is packed and was read here, and how it differs from what phones have. */
export interface Draft {
  readonly edition: DirectoryEdition;
  readonly entries: number;
  readonly changes: Changes;
}

export interface DirectoryView extends Page {
  readonly regions: readonly RegionRow[] | null;
  /** The province that is looked at; empty: the whole country. */
  readonly region: string;
  readonly words: string;
  readonly list: ServiceList | null;
  readonly form: ServiceForm | null;
  readonly draft: Draft | null;
}

export const AT = { list: "list", form: "form", ship: "ship" } as const;

/** Signs an edition, or says why not. */
export type Sign = (edition: DirectoryEdition) => Promise<Outcome<Uint8Array>>;

export interface BookParts {
  readonly sign: Sign;
  /** A signed file by province or a draft by its hash; tests bring their own. */
  readonly fetchFile?: (name: string) => Promise<Uint8Array>;
}

const NOTHING_YET: DirectoryView = {
  ...QUIET,
  regions: null,
  region: "",
  words: "",
  list: null,
  form: null,
  draft: null,
};

export class DirectoryBook extends Book<DirectoryView> {
  private readonly parts: BookParts;
  /** The list that is wanted; an answer to an older question is dropped. */
  private wish = 0;

  constructor(api: StaffApi, me: Me, parts: BookParts) {
    super(api, me, NOTHING_YET);
    this.parts = parts;
  }

  async load(): Promise<void> {
    const answer = await askRegions(this.api);
    if (!answer.ok) {
      this.change({ failure: answer.code });
      return;
    }
    const first = this.view.regions === null;
    const own = answer.value.find((row) => row.region !== "")?.region ?? "";
    this.change({ failure: "", regions: answer.value, ...(first ? { region: own } : {}) });
    await this.list(0);
  }

  async look(region: string, words: string): Promise<void> {
    this.change({ region, words, said: null, draft: null });
    await this.list(0);
  }

  /** More of the list. */
  more(): Promise<void> {
    return this.list(this.view.list?.services.length ?? 0);
  }

  private async list(after: number): Promise<void> {
    this.wish += 1;
    const mine = this.wish;
    const { region, words } = this.view;
    const answer = await askList(this.api, region, words, after);
    if (mine !== this.wish) {
      return;
    }
    if (!answer.ok) {
      this.change({ failure: answer.code });
      return;
    }
    const before = after === 0 ? [] : (this.view.list?.services ?? []);
    const { services, more } = answer.value;
    this.change({ failure: "", list: { services: [...before, ...services], more } });
  }

  // --- a service ----------------------------------------------------------------------------------

  begin(): void {
    this.change({ form: blankForm(this.view.region), said: null, asked: "" });
  }

  async open(id: string): Promise<void> {
    const answer = await askService(this.api, id);
    this.change(
      answer.ok
        ? { form: answer.value, said: null, asked: "" }
        : { said: { at: AT.list, done: "", name: "", code: answer.code, until: 0 } },
    );
  }

  write(form: ServiceForm | null): void {
    this.change({ form });
  }

  async save(): Promise<boolean> {
    const { form } = this.view;
    if (form === null) {
      return false;
    }
    const saved = await this.act(AT.form, "save", form.words["name"] ?? "", () =>
      saveService(this.api, form),
    );
    if (saved.ok) {
      await this.reopen(saved.value, form);
    }
    return saved.ok;
  }

  /** All of it was looked at today, and is so. */
  assure(form: ServiceForm): Promise<boolean> {
    return this.about(form, "assure", () => assureService(this.api, form.id));
  }

  called(form: ServiceForm, answered: boolean): Promise<boolean> {
    const done = answered ? "answered" : "unanswered";
    return this.about(form, done, () => reportCall(this.api, form.id, answered));
  }

  private async about(
    form: ServiceForm,
    done: string,
    ask: () => Promise<Outcome<null>>,
  ): Promise<boolean> {
    const found = await this.do(AT.form, done, form.words["name"] ?? "", ask);
    if (found) {
      await this.reopen(form.id, form);
    }
    return found;
  }

  /** As it is kept now. Whoever closed it meanwhile is not led back; what they typed meanwhile stays. */
  private async reopen(id: string, before: ServiceForm): Promise<void> {
    const answer = await askService(this.api, id);
    const { form } = this.view;
    if (answer.ok && form !== null && form.id === before.id) {
      this.change({ form: form === before ? answer.value : { ...form, id } });
    }
  }

  // --- shipping -----------------------------------------------------------------------------------

  /** Packs the province and reads what came of it. */
  async pack(): Promise<boolean> {
    const { region } = this.view;
    this.change({ draft: null });
    const packed = await this.act(AT.ship, "packed", "", () => this.readDraft(region));
    if (packed.ok) {
      this.change({ draft: packed.value });
    }
    return packed.ok;
  }

  private async readDraft(region: string): Promise<Outcome<Draft>> {
    const told = await packRegion(this.api, region);
    if (!told.ok) {
      return told;
    }
    const { digest, version } = told.value;
    const fetching = this.parts.fetchFile ?? fetchFile;
    try {
      const body = await fetching(hex(digest));
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", source(body)));
      const packed = equal(hash, digest) ? new Directory(body) : null;
      if (packed === null || packed.region !== region || packed.version !== version) {
        return { ok: false, code: "altered", retryAfter: 0 };
      }
      const before = await fetching(region).then(bodyOf, () => null);
      const edition = { region, version, hash };
      const changes = changesOf(before, packed);
      return { ok: true, value: { edition, entries: packed.size, changes } };
    } catch {
      return { ok: false, code: "offline", retryAfter: 0 };
    }
  }

  /** Signs what was read and shown, and ships it. */
  async ship(): Promise<boolean> {
    const { draft } = this.view;
    if (draft === null) {
      return false;
    }
    const { edition } = draft;
    const shipped = await this.do(AT.ship, "shipped", String(edition.version), async () => {
      const statement = await this.parts.sign(edition);
      return statement.ok ? publishDraft(this.api, edition.hash, statement.value) : statement;
    });
    if (shipped) {
      this.change({ draft: null });
    }
    return shipped;
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What phones have now, to compare with; whether they believe it is theirs to judge. */
function bodyOf(file: Uint8Array): Directory | null {
  let at = 0;
  for (let statement = 0; statement < 2; statement++) {
    at += 2 + (((file[at] ?? 0) << 8) | (file[at + 1] ?? 0)) + 64;
  }
  try {
    return new Directory(file.subarray(at));
  } catch {
    return null;
  }
}
