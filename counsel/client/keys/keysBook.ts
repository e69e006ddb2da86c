/**
 * An issuer's page while somebody uses it, and under every other tab: who waits, what there is, and
 * what this browser may sign. What was tapped in this shift goes on by itself.
 */

import { Book, type Page, QUIET } from "../office/book.ts";
import { may } from "../rights.ts";
import type { Me, Outcome, StaffApi } from "../staffApi.ts";
import { requestCode } from "./codes.ts";
import { digitsOfHash, digitsOfKey } from "./digits.ts";
import { Issuing, type IssuingParts } from "./issuing.ts";
import type { DirectoryEdition } from "./making.ts";
import {
  askDutyWaits,
  askOverview,
  type DutyWait,
  holderOf,
  type ListedCard,
  loseCard,
  type Overview,
  type Request,
  refuseCard,
} from "./questions.ts";

/** What this browser is: not known yet, no issuer, one that waits for the root's word, an issuer. */
export type Standing = "unknown" | "none" | "asked" | "issuer" | "over";

export interface KeysView extends Page {
  readonly standing: Standing;
  /** 20 digits of this browser's issuing key, and the key: for the ceremony. */
  readonly digits: string;
  readonly code: string;
  /** ms: the last day of the root's word; cards left today. */
  readonly until: number;
  readonly left: number;
  readonly overview: Overview | null;
  /** Digits of each browser that waits, by the number of its request. */
  readonly requests: Readonly<Record<number, string>>;
  readonly waits: readonly DutyWait[];
  /** The newest head verified here. */
  readonly head: { readonly size: number; readonly digits: string; readonly at: number } | null;
}

/** Places on the page where something is said: rows go when it is done, their lists stay. */
export const AT = {
  issuer: "issuer",
  duty: "duty",
  requests: "requests",
  due: "due",
  cards: "cards",
} as const;

const NOTHING_YET: KeysView = {
  ...QUIET,
  standing: "unknown",
  digits: "",
  code: "",
  until: 0,
  left: 0,
  overview: null,
  requests: {},
  waits: [],
  head: null,
};

const NOBODY_WAITS = { ok: true, value: [] } as const;

/** How often it looks by itself, ms: whoever checks in waits about so long at the most. */
const LOOK_EVERY = 5_000;

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "unknown";
}

export class KeysBook extends Book<KeysView> {
  private readonly opening: () => Promise<IssuingParts>;
  private parts: IssuingParts | null = null;
  private issuing: Issuing | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private looking: Promise<void> = Promise.resolve();
  private pending = 0;

  /** `opening` gives what the browser keeps; it may take a while, and may be refused. */
  constructor(api: StaffApi, me: Me, opening: () => Promise<IssuingParts>) {
    super(api, me, NOTHING_YET);
    this.opening = opening;
  }

  /** Looks now and again until it is stopped, also while another tab of the console lies in front. */
  start(): void {
    clearInterval(this.timer);
    this.timer = setInterval(() => void this.lookAgain(), LOOK_EVERY);
    void this.load();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Whether a browser of this person could ever issue; the others look on. */
  get issues(): boolean {
    return may(this.me.role, "issue");
  }

  /** Whether they say of somebody else's computer that it is lost. */
  get loses(): boolean {
    return this.issues || may(this.me.role, "run-people");
  }

  /** People who wait for a tap of this browser. */
  get waiting(): number {
    const { standing, waits, overview } = this.view;
    const due = overview?.cards.filter((card) => card.due).length ?? 0;
    return standing === "issuer" ? waits.length + (overview?.waiting.length ?? 0) + due : 0;
  }

  /** One after the other: what has just been done must be seen by the look that comes after it. */
  load(): Promise<void> {
    const next = this.looking.then(() => this.look());
    this.looking = next.catch(() => undefined);
    this.pending += 1;
    return next.finally(() => {
      this.pending -= 1;
    });
  }

  /** A browser that issues nothing need not look: the page asks when it is opened. */
  private async lookAgain(): Promise<void> {
    if (this.view.busy === "" && this.pending === 0 && this.view.standing === "issuer") {
      await this.load();
    }
  }

  private async look(): Promise<void> {
    const known = await this.open();
    if (known !== "") {
      this.change({ failure: known });
      return;
    }
    const [overview, waits] = await Promise.all([
      askOverview(this.api),
      this.issues ? askDutyWaits(this.api) : NOBODY_WAITS,
    ]);
    if (!overview.ok || !waits.ok) {
      const { code } = overview.ok ? (waits as { code: string }) : overview;
      this.change({ failure: code });
      return;
    }
    const requests: Record<number, string> = {};
    for (const request of overview.value.waiting) {
      requests[request.id] = await digitsOfKey(request.key);
    }
    const left = await this.goOn(waits.value);
    this.change({ failure: "", overview: overview.value, requests, waits: left });
    await this.showHead(overview.value.size);
  }

  /** Empty: this browser's keys and the log could be read. Else why not. */
  private async open(): Promise<string> {
    try {
      this.parts ??= await this.opening();
      if (this.issues) {
        this.issuing ??= await Issuing.open(this.parts);
      }
      await this.stand();
      return "";
    } catch (error) {
      return codeOf(error);
    }
  }

  private async stand(): Promise<void> {
    const { issuing } = this;
    if (issuing === null) {
      this.change({ standing: "none" });
      return;
    }
    if (issuing.issuer === null) {
      await issuing.look();
    }
    const { issuer, key, left } = issuing;
    const standing = issuer === null ? "asked" : (await issuing.holds()) ? "issuer" : "over";
    const code = await requestCode({ what: "issuer", key, ...holderOf(this.me) });
    this.change({
      standing,
      left,
      code,
      digits: await digitsOfKey(key),
      until: issuer?.until ?? 0,
    });
  }

  /** Whoever was tapped in this shift goes on without a word; the others are who is asked about. */
  private async goOn(waits: readonly DutyWait[]): Promise<readonly DutyWait[]> {
    if (this.issuing === null || this.view.standing !== "issuer") {
      return waits;
    }
    await this.issuing.date().catch(() => undefined);
    const left: DutyWait[] = [];
    for (const wait of waits) {
      const done = await this.issuing.putOn(wait, false);
      if (!done.ok) {
        left.push(wait);
      }
    }
    return left;
  }

  /** Fetched anew when the server says that there are more rows; fewer it may say, and is not believed. */
  private async showHead(size: number): Promise<void> {
    const log = await this.parts?.trust.log.atLeast(size).catch((error: unknown) => {
      // Before the first issuer there is no log; a line that is bad is said by the next question.
      if (codeOf(error) !== "unchecked") {
        this.change({ failure: codeOf(error) });
      }
      return null;
    });
    if (log !== null && log !== undefined) {
      const head = { size: log.size, digits: digitsOfHash(log.hash), at: log.signedAt };
      this.change({ head });
    }
  }

  // --- what is tapped -----------------------------------------------------------------------------

  async becomeIssuer(): Promise<void> {
    await this.do(AT.issuer, "asked", "", async () => {
      if (this.parts === null) {
        return { ok: false, code: "unknown", retryAfter: 0 };
      }
      this.issuing = await Issuing.draw(this.parts);
      return { ok: true, value: null };
    });
  }

  give(request: Request): Promise<boolean> {
    const name = request.who.working_name;
    return this.do(AT.requests, "give", name, () => this.by((one) => one.give(request)));
  }

  refuse({ id, who }: Request): Promise<boolean> {
    return this.do(AT.requests, "refuse", who.working_name, () => refuseCard(this.api, id));
  }

  putOn(wait: DutyWait): Promise<boolean> {
    const name = wait.who.working_name;
    return this.do(AT.duty, "put_on", name, () => this.by((one) => one.putOn(wait, true)));
  }

  lose({ card, who }: ListedCard): Promise<boolean> {
    return this.do(AT.cards, "lose", who.working_name, () => loseCard(this.api, card));
  }

  revoke(card: ListedCard): Promise<boolean> {
    const name = card.who.working_name;
    return this.do(AT.due, "revoke", name, () => this.by((one) => one.revoke(card)));
  }

  /** For what is signed on another page: the word of this browser's issuer for a directory. */
  async signDirectory(edition: DirectoryEdition): Promise<Outcome<Uint8Array>> {
    const failure = await this.open();
    if (failure !== "" || this.issuing === null || this.view.standing !== "issuer") {
      return { ok: false, code: failure || "no-issuer", retryAfter: 0 };
    }
    return { ok: true, value: await this.issuing.signDirectory(edition) };
  }

  private by(act: (issuing: Issuing) => Promise<Outcome<null>>): Promise<Outcome<null>> {
    const none: Outcome<null> = { ok: false, code: "no-issuer", retryAfter: 0 };
    return this.issuing?.issuer ? act(this.issuing) : Promise.resolve(none);
  }
}
