/**
 * The listening desk of whoever is signed in: this browser's card, the talks on this computer, the
 * shift. It says what stands where the desk should be when there is none.
 */

import { staffKeys } from "../../chat/client/mls/keys.ts";
import { attendTalk, sweepTalks } from "../../chat/client/talk.ts";
import type { Bell } from "../../triage/client/attention.ts";
import { fromHex } from "../../triage/client/boardView.ts";
import type { NoticeProps } from "../../triage/client/notice.tsx";
import { Shift } from "../../triage/client/shift.ts";
import { Trust } from "./certificates.ts";
import { chime } from "./chime.ts";
import { type Device, type DeviceParts, openDevice, RENEW_BEFORE, renewDevice } from "./device.ts";
import { t } from "./i18n.ts";
import { claimDesk, leaveDesk } from "./oneTab.ts";
import type { Me, StaffApi } from "./staffApi.ts";
import {
  destroyTalks,
  keepSettings,
  openTalks,
  readSettings,
  type Settings,
} from "./staffStore.ts";
import { Vault } from "./vault.ts";

export type { NoticeProps };

declare const __ORG_ROOT__: string;

export type DeskState =
  | { readonly kind: "opening" }
  | { readonly kind: "shift"; readonly shift: Shift }
  | ({ readonly kind: "notice" } & NoticeProps);

export interface WorkplaceParts {
  readonly api: StaffApi;
  show(state: DeskState): void;
  /** The server closed the board because the login it was opened with is over. */
  signedOut(): void;
  outdated(): void;
}

const CARD = "staff-device";
/** Milliseconds between two tries to renew the statement. */
const TRY_AGAIN = 2 * 60_000;
/** Talks that ended long ago go from this computer by its own clock too; ms. */
const SWEEP_EVERY = 3_600_000;
/** `setTimeout` counts in 32 bits; nothing here is due later than that anyway. */
const LONGEST_TIMER = 2 ** 31 - 1;

export class Workplace {
  private readonly parts: WorkplaceParts;
  private shift: Shift | null = null;
  private vault: Vault | null = null;
  private settings: Settings = { calling: true, single: true };
  /** Counts the beginnings: what an earlier one still waits for comes to nothing. */
  private round = 0;
  private sweeping: ReturnType<typeof setInterval> | undefined;
  private renewal: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: WorkplaceParts) {
    this.parts = parts;
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

  toggleCalling(): void {
    this.change({ ...this.settings, calling: !this.settings.calling });
    if (this.settings.calling) {
      askForNotices();
    }
  }

  setSingle(single: boolean): void {
    this.change({ ...this.settings, single });
  }

  /** One tab at a time, the talks of this person only, a card that holds; then the desk. */
  async begin(me: Me, steal = false): Promise<void> {
    await this.stop();
    const round = this.round;
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
      const parts: DeviceParts = { store, api: this.parts.api, trust, me };
      const device = await openDevice(parts);
      if (round === this.round) {
        this.work(vault, trust, parts, device);
      }
    } catch (error) {
      if (round === this.round) {
        const code = (error as { code?: unknown } | null)?.code;
        const again = (): void => void this.begin(me);
        const said = typeof code === "string" ? code : "unknown";
        this.notice("certify", said, "console.certify.retry", again);
      }
    }
  }

  /** The desk is put down; what lies in its drawers stays. */
  async stop(): Promise<void> {
    this.round += 1;
    clearTimeout(this.renewal);
    clearInterval(this.sweeping);
    const { shift, vault } = this;
    this.shift = null;
    this.vault = null;
    await shift?.stop();
    vault?.close();
  }

  /** The talks on this computer go, and another tab may have the desk. */
  async clear(): Promise<void> {
    await this.stop();
    leaveDesk();
    await destroyTalks();
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
          token: () => this.parts.api.token(),
        }),
      signedOut: () => this.parts.signedOut(),
      outdated: () => this.parts.outdated(),
      changed: () => this.draw(),
    });
    this.shift = shift;
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

  private notice(section: string, code: string, action: string, act: () => void): void {
    this.parts.show({ kind: "notice", section: `console.${section}`, code, action, act });
  }

  /** Shows the desk once more, because something on it or beside it changed. */
  private draw(): void {
    if (this.shift !== null) {
      this.parts.show({ kind: "shift", shift: this.shift });
    }
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
    this.draw();
  }
}

/** Browsers ask only after a touch; refusing is fine, then there is the sound. */
export function askForNotices(): void {
  if (typeof Notification === "function" && Notification.permission === "default") {
    void Notification.requestPermission();
  }
}
