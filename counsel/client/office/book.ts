/**
 * What a page of the office knows and has been told. It outlives the page: a name half typed, a
 * link shown once and an answer just come are still there when somebody looks at another tab.
 */

import type { Me, Outcome, StaffApi } from "../staffApi.ts";

/** What came of the last thing that was done, told where it was asked for. */
export interface Said {
  /** The place on the page, see the books. */
  readonly at: string;
  /** Which sentence says that it is done; empty: it was refused. */
  readonly done: string;
  /** Whom or what the sentence names. */
  readonly name: string;
  /** Why it was refused. */
  readonly code: string;
  /** Until when asking again is pointless, milliseconds; 0: not at all. */
  readonly until: number;
}

/** What every book shows. */
export interface Page {
  /** Why there is no list, or why it is an old one; empty: it is as it is now. */
  readonly failure: string;
  /** The place something is being asked from; empty: nothing is under way. */
  readonly busy: string;
  readonly said: Said | null;
  /** A question that stands open in place: what would be done, and to whom; or empty. */
  readonly asked: string;
}

/** Nothing was asked, because something else still is. */
const BUSY = { ok: false, code: "busy", retryAfter: 0 } as const;

export const QUIET: Page = { failure: "", busy: "", said: null, asked: "" };

export abstract class Book<V extends Page> {
  view: V;
  protected readonly api: StaffApi;
  readonly me: Me;
  /** Refusals with a sentence of their own where this was asked, as `<done>-<code>`. */
  protected readonly particular: readonly string[] = [];
  private readonly listeners = new Set<(view: V) => void>();

  constructor(api: StaffApi, me: Me, first: V) {
    this.api = api;
    this.me = me;
    this.view = first;
  }

  /** How things are now. What was shown stays when this fails. */
  abstract load(): Promise<void>;

  subscribe(listener: (view: V) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Opens a question in place, or closes it with nothing done. */
  askFirst(what: string): void {
    this.change({ asked: what, said: null } as Partial<V>);
  }

  protected change(part: Partial<V>): void {
    this.view = { ...this.view, ...part };
    for (const listener of this.listeners) {
      listener(this.view);
    }
  }

  /**
   * One thing at a time. Done or refused, it is said at `at`, and the page looks again at how things
   * are; only an open question and what was typed stay as they are when it was refused.
   */
  protected async act<T>(
    at: string,
    done: string,
    name: string,
    ask: () => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    if (this.view.busy !== "") {
      return BUSY;
    }
    this.change({ busy: at, said: null } as Partial<V>);
    const answer = await ask();
    if (answer.ok) {
      const said: Said = { at, done, name, code: "", until: 0 };
      this.change({ busy: "", asked: "", said } as Partial<V>);
      await this.load();
      return answer;
    }
    const { retryAfter } = answer;
    const own = `${done}-${answer.code}`;
    const code = this.particular.includes(own) ? own : answer.code;
    const until = retryAfter > 0 ? Date.now() + retryAfter * 1000 : 0;
    this.change({ busy: "", said: { at, done: "", name, code, until } } as Partial<V>);
    if (answer.code !== "offline") {
      await this.load();
    }
    return answer;
  }

  /** The same for what has no answer but done or not. */
  protected async do(...what: Parameters<typeof this.act<null>>): Promise<boolean> {
    return (await this.act(...what)).ok;
  }
}

/**
 * The book of whoever is signed in: made once for each sign-in, gone with it. Nothing of it lies
 * anywhere but in this page.
 */
export function shelfOf<B>(make: (api: StaffApi, me: Me) => B): (api: StaffApi, me: Me) => B {
  const kept = new WeakMap<Me, B>();
  return (api, me) => {
    const found = kept.get(me) ?? make(api, me);
    kept.set(me, found);
    return found;
  };
}
