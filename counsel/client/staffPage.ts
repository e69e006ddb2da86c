/**
 * What the staff page goes through: joining by a link, signed in or not, inside, and out again.
 * This browser's card stays when somebody signs out (a new one needs a person elsewhere); the talks go.
 */

import { type Chosen, type Joined, join, signInByPasskey } from "./entrance.ts";
import { forgetJoinToken, here, takeJoinToken } from "./joinLink.ts";
import { putOff, remindAgain, wasPutOff } from "./later.ts";
import { may } from "./rights.ts";
import { type Me, type Mode, type Outcome, openStaffApi } from "./staffApi.ts";
import { dropForgottenTalks } from "./staffStore.ts";
import { watchTouches } from "./touches.ts";
import { askForNotices, type DeskState, type NoticeProps, Workplace } from "./workplace.ts";

export type SignInNote = "" | "again" | "done";

export type Screen =
  | { readonly name: "opening" }
  | { readonly name: "sign-in"; readonly note: SignInNote; readonly failure: string }
  | { readonly name: "joining"; readonly token: string }
  | {
      readonly name: "inside";
      readonly me: Me;
      readonly mode: Mode;
      /** Null for those who never listen. */
      readonly desk: DeskState | null;
      /** Asked for a passkey, and has not put it off. */
      readonly wantsPasskey: boolean;
      /** Whether they know what is recorded about them. */
      readonly told: boolean;
    }
  | ({ readonly name: "notice" } & NoticeProps);

type Inside = Extract<Screen, { name: "inside" }>;

export class StaffPage {
  readonly api = openStaffApi(
    (...args) => fetch(...args),
    () => void this.lostLogin(),
  );
  readonly workplace = new Workplace({
    api: this.api,
    show: (desk) => this.change({ desk }),
    signedOut: () => void this.lostLogin(),
    outdated: () =>
      void this.leave().then(() =>
        this.notice("old", "console.old.reload", () => location.reload()),
      ),
  });
  private readonly show: (screen: Screen) => void;
  private inside: Inside | null = null;
  private asking = false;
  private unwatch: () => void = () => undefined;

  constructor(show: (screen: Screen) => void) {
    this.show = show;
  }

  /** From nothing: a link to join by, a login that still holds, or the sign-in page. */
  async open(): Promise<void> {
    await this.leave();
    const token = takeJoinToken(here());
    if (token !== "") {
      this.show({ name: "joining", token });
      return;
    }
    this.show({ name: "opening" });
    const code = await this.goIn();
    if (code === "signed-out") {
      await dropForgottenTalks();
    }
    if (code !== "") {
      this.askSignIn("", code === "signed-out" ? "" : code);
    }
  }

  async signIn(name: string, password: string, code: string): Promise<Outcome<Me>> {
    return this.welcome(await this.api.signIn(name, password, code));
  }

  async signInByPasskey(): Promise<Outcome<Me>> {
    return this.welcome(await signInByPasskey(this.api));
  }

  /** The link is good once: from here a reload of this page leads inside. */
  async join(token: string, chosen: Chosen): Promise<Outcome<Joined>> {
    const answer = await join(this.api, token, chosen);
    if (answer.ok) {
      forgetJoinToken(here());
      remindAgain();
    }
    return answer;
  }

  /** The link is used up, or not meant for whoever sits here: on to whatever is true then. */
  async leaveLink(): Promise<void> {
    forgetJoinToken(here());
    await this.open();
  }

  /** The talks on this computer go first, whatever the network says. */
  async signOut(): Promise<void> {
    this.unwatch();
    this.inside = null;
    await this.workplace.clear();
    const answer = await this.api.signOut();
    if (answer.ok || answer.code === "signed-out") {
      this.askSignIn("done", "");
    } else {
      this.notice("not_signed_out", "console.not_signed_out.again", () => void this.signOut());
    }
  }

  /** Not now: asked again after the next sign-in. */
  putOffPasskey(): void {
    putOff();
    this.change({ wantsPasskey: false });
  }

  /** They have read what is recorded about them. Not heard by the server: told again next time. */
  async knowsTrail(): Promise<void> {
    this.change({ told: true });
    await this.api.ask("me/told", {}, () => null);
  }

  private async welcome(answer: Outcome<Me>): Promise<Outcome<Me>> {
    if (!answer.ok) {
      return answer;
    }
    remindAgain();
    askForNotices();
    const code = await this.goIn();
    return code === "" ? answer : { ok: false, code, retryAfter: 0 };
  }

  /** Empty when they are inside; else the code of why not. */
  private async goIn(): Promise<string> {
    const answer = await this.api.me();
    if (!answer.ok) {
      return answer.code;
    }
    const { me, mode, wantsPasskey, told } = answer.value;
    const listens = may(me.role, "watch-board");
    this.inside = {
      name: "inside",
      me,
      mode,
      desk: listens ? { kind: "opening" } : null,
      wantsPasskey: wantsPasskey && !wasPutOff(),
      told,
    };
    this.show(this.inside);
    this.unwatch();
    this.unwatch = watchTouches(document, () => void this.api.ask("me", {}, () => true));
    if (listens) {
      await this.workplace.begin(me);
    }
    return "";
  }

  /**
   * A socket or a question of this page was told that its login is over. A changed password or
   * factor draws a new one for this very browser: then the work goes on.
   */
  private async lostLogin(): Promise<void> {
    if (this.inside === null || this.asking) {
      return;
    }
    this.asking = true;
    const answer = await this.api.me();
    this.asking = false;
    const { inside } = this;
    if (answer.ok && inside !== null && answer.value.me.person === inside.me.person) {
      await this.workplace.begin(inside.me);
      return;
    }
    await this.leave();
    this.askSignIn("again", "");
  }

  private async leave(): Promise<void> {
    this.unwatch();
    this.inside = null;
    await this.workplace.stop();
  }

  private change(change: Partial<Pick<Inside, "desk" | "wantsPasskey" | "told">>): void {
    if (this.inside !== null) {
      this.inside = { ...this.inside, ...change };
      this.show(this.inside);
    }
  }

  private askSignIn(note: SignInNote, failure: string): void {
    this.show({ name: "sign-in", note, failure });
  }

  private notice(section: string, action: string, act: () => void): void {
    this.show({ name: "notice", section: `console.${section}`, code: "", action, act });
  }
}
