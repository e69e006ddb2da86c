/**
 * What the staff page goes through: signed in or not, this browser's card, the shift, and out again.
 * The card stays when somebody signs out (a new one needs a person elsewhere); the talks go.
 */

import { staffKeys } from "../../chat/client/mls/keys.ts";
import { attendTalk, sweepTalks } from "../../chat/client/talk.ts";
import type { Bell } from "../../triage/client/attention.ts";
import { fromHex } from "../../triage/client/boardLink.ts";
import { Shift } from "../../triage/client/shift.ts";
import { Trust } from "./certificates.ts";
import { chime } from "./chime.ts";
import { type Device, type DeviceParts, openDevice, RENEW_BEFORE, renewDevice } from "./device.ts";
import { t } from "./i18n.ts";
import { claimDesk, leaveDesk } from "./oneTab.ts";
import { type Me, openStaffApi, type Refusal } from "./staffApi.ts";
import {
  destroyTalks,
  dropForgottenTalks,
  keepSettings,
  openTalks,
  readSettings,
  type Settings,
} from "./staffStore.ts";
import { Vault } from "./vault.ts";

declare const __ORG_ROOT__: string;

export type SignInNote = "" | "again" | "done";

export type Screen =
  | { readonly name: "opening" }
  | { readonly name: "sign-in"; readonly note: SignInNote; readonly failure: string }
  | { readonly name: "desk"; readonly shift: Shift; readonly me: Me }
  | {
      readonly name: "notice";
      /** `console.<section>`, see `Notice`. */
      readonly section: string;
      readonly code: string;
      readonly action: string;
      act(): void;
    };

const CARD = "staff-device";
/** Milliseconds between two tries to renew the statement. */
const TRY_AGAIN = 2 * 60_000;
/** Talks that ended long ago go from this computer by its own clock too; ms. */
const SWEEP_EVERY = 3_600_000;
/** `setTimeout` counts in 32 bits; nothing here is due later than that anyway. */
const LONGEST_TIMER = 2 ** 31 - 1;

export class StaffPage {
  private readonly show: (screen: Screen) => void;
  private readonly api = openStaffApi();
  private shift: Shift | null = null;
  private vault: Vault | null = null;
  private settings: Settings = { calling: true, single: true };
  /** Shows the present screen once more, because something beside the desk changed. */
  private again: () => void = () => undefined;
  private sweeping: ReturnType<typeof setInterval> | undefined;
  private renewal: ReturnType<typeof setTimeout> | undefined;

  constructor(show: (screen: Screen) => void) {
    this.show = show;
  }

  get calling(): "on" | "off" | "blocked" {
    if (!this.settings.calling) {
      return "off";
    }
    const able = typeof Notification === "function" && Notification.permission !== "denied";
    return able ? "on" : "blocked";
  }

  get single(): boolean {
    return this.settings.single;
  }

  async open(): Promise<void> {
    this.show({ name: "opening" });
    const answer = await this.api.me();
    if (answer.ok) {
      await this.begin(answer.value.me);
      return;
    }
    if (answer.code === "signed-out") {
      await dropForgottenTalks();
    }
    this.askSignIn("", answer.code === "signed-out" ? "" : answer.code);
  }

  /** Null when it worked. */
  async signIn(name: string, password: string, code: string): Promise<Refusal | null> {
    const answer = await this.api.signIn(name, password, code);
    if (!answer.ok) {
      return answer;
    }
    askForNotices();
    const now = await this.api.me();
    if (!now.ok) {
      return now;
    }
    await this.begin(now.value.me);
    return null;
  }

  /** The talks on this computer go first, whatever the network says. */
  async signOut(): Promise<void> {
    await this.stop();
    leaveDesk();
    await destroyTalks();
    const answer = await this.api.signOut();
    if (answer.ok || answer.code === "signed-out") {
      this.askSignIn("done", "");
    } else {
      this.notice("not_signed_out", "", "console.not_signed_out.again", () => void this.signOut());
    }
  }

  toggleCalling(): void {
    this.change({ ...this.settings, calling: !this.settings.calling });
    if (this.settings.calling) {
      askForNotices();
    }
  }

  setSingle(single: boolean): void {
    this.change({ ...this.settings, single });
  }

  private askSignIn(note: SignInNote, failure: string): void {
    this.show({ name: "sign-in", note, failure });
  }

  private notice(section: string, code: string, action: string, act: () => void): void {
    this.show({ name: "notice", section: `console.${section}`, code, action, act });
  }

  /** One tab at a time, the talks of this person only, a card that holds; then the desk. */
  private async begin(me: Me, steal = false): Promise<void> {
    await this.stop();
    if (!(await claimDesk(steal, () => void this.standAside(me)))) {
      await this.standAside(me);
      return;
    }
    try {
      const vault = await openTalks(me.person);
      this.vault = vault;
      this.settings = await readSettings(vault);
      const trust = await Trust.open({ root: __ORG_ROOT__, hostname: location.hostname, built: 0 });
      const store = await Vault.open(CARD, { keep: true });
      const parts: DeviceParts = { store, api: this.api, trust, me };
      this.work(vault, trust, parts, await openDevice(parts));
    } catch (error) {
      const code = (error as { code?: unknown } | null)?.code;
      const again = (): void => void this.begin(me);
      this.notice(
        "certify",
        typeof code === "string" ? code : "unknown",
        "console.certify.retry",
        again,
      );
    }
  }

  private work(vault: Vault, trust: Trust, parts: DeviceParts, first: Device): void {
    let device = first;
    const shift = new Shift({
      drawer: {
        read: async (name) => (await vault.read(name))?.bytes ?? null,
        write: (name, bytes) => vault.put(name, bytes),
        remove: (name) => vault.put(name, null),
      },
      bell: this.bell(),
      title: t("meta.title"),
      url: `${location.origin.replace(/^http/, "ws")}/board`,
      attend: (ref) =>
        attendTalk({
          vault,
          ref: fromHex(ref),
          staff: staffKeys(device.identity, device.duty, device.signer),
          trust,
          token: () => this.api.token(),
        }),
      signedOut: () => void this.stop().then(() => this.askSignIn("again", "")),
      outdated: () =>
        void this.stop().then(() =>
          this.notice("old", "", "console.old.reload", () => location.reload()),
        ),
      changed: () => this.again(),
    });
    this.shift = shift;
    this.again = () => this.show({ name: "desk", shift, me: parts.me });
    this.renewLater(parts, first, (fresh) => {
      device = fresh;
      void shift.desk.hands.sitAnew();
    });
    const sweep = (): void => void sweepTalks(vault, Date.now()).catch(() => undefined);
    sweep();
    this.sweeping = setInterval(sweep, SWEEP_EVERY);
    shift.start();
  }

  /** A fresh statement before the old one ends; tried again and again, the shift goes on meanwhile. */
  private renewLater(parts: DeviceParts, device: Device, renewed: (device: Device) => void): void {
    clearTimeout(this.renewal);
    const due = device.dutyUntil - Date.now() - RENEW_BEFORE;
    const wait = Math.min(LONGEST_TIMER, Math.max(TRY_AGAIN, due));
    this.renewal = setTimeout(() => {
      renewDevice(parts, device).then(
        (fresh) => {
          renewed(fresh);
          this.renewLater(parts, fresh, renewed);
        },
        () => this.renewLater(parts, device, renewed),
      );
    }, wait);
  }

  private async standAside(me: Me): Promise<void> {
    await this.stop();
    const here = (): void => void this.begin(me, true);
    this.notice("elsewhere", "", "console.elsewhere.here", here);
  }

  private async stop(): Promise<void> {
    clearTimeout(this.renewal);
    clearInterval(this.sweeping);
    const { shift, vault } = this;
    this.shift = null;
    this.vault = null;
    await shift?.stop();
    vault?.close();
  }

  private bell(): Bell {
    return {
      hidden: () => document.hidden,
      title: (text) => {
        document.title = text;
      },
      sound: () => {
        if (this.settings.calling) {
          chime();
        }
      },
      notice: (title) => {
        if (this.calling === "on" && Notification.permission === "granted") {
          const notice = new Notification(title, { tag: "staff", silent: true });
          notice.onclick = () => window.focus();
        }
      },
    };
  }

  private change(settings: Settings): void {
    this.settings = settings;
    if (this.vault !== null) {
      void keepSettings(this.vault, settings);
    }
    this.again();
  }
}

/** Browsers ask only after a touch; refusing is fine, then there is the sound. */
function askForNotices(): void {
  if (typeof Notification === "function" && Notification.permission === "default") {
    void Notification.requestPermission();
  }
}
