/**
 * The listening desk of whoever is signed in: this browser's card, the talks on this computer, the
 * shift. It says what stands where the desk should be when there is none.
 */

import { attendTalk } from "../../chat/client/attending.ts";
import { type StaffKeys, staffKeys } from "../../chat/client/mls/keys.ts";
import { Pairing } from "../../chat/client/pairing.ts";
import { makePapers, openAfter } from "../../chat/client/succeeding.ts";
import { sweepTalks } from "../../chat/client/talk.ts";
import { makeWish } from "../../chat/client/wishes.ts";
import type { Bell } from "../../triage/client/attention.ts";
import { fromHex, toHex } from "../../triage/client/boardView.ts";
import { noteAsked } from "../../triage/client/followup/questions.ts";
import type { NoticeProps } from "../../triage/client/notice.tsx";
import { Shift } from "../../triage/client/shift.ts";
import type { Trust } from "./certificates.ts";
import { chime } from "./chime.ts";
import {
  askDuty,
  CertifyError,
  type Device,
  type DeviceParts,
  openDevice,
  RENEW_BEFORE,
  renewDevice,
} from "./device.ts";
import { t } from "./i18n.ts";
import { digitsOfKey } from "./keys/digits.ts";
import { staffStore, staffTrust } from "./keys/staffTrust.ts";
import { claimDesk, leaveDesk } from "./oneTab.ts";
import type { Me, StaffApi } from "./staffApi.ts";
import {
  destroyTalks,
  keepSettings,
  openTalks,
  readSettings,
  type Settings,
} from "./staffStore.ts";
import type { Vault } from "./vault.ts";

export type { NoticeProps };

export type DeskState =
  | { readonly kind: "opening" }
  /** `onDuty`: somebody has put this person on duty, so that joining and sending go. */
  | { readonly kind: "shift"; readonly shift: Shift; readonly onDuty: boolean }
  | ({ readonly kind: "notice" } & NoticeProps);

export interface WorkplaceParts {
  readonly api: StaffApi;
  show(state: DeskState): void;
  /** The server closed the board because the login it was opened with is over. */
  signedOut(): void;
  outdated(): void;
}

/** Milliseconds between two tries to renew the statement. */
const TRY_AGAIN = 2 * 60_000;
/** Milliseconds between two looks while somebody waits for a card, or for being put on duty. */
const WAITS = 5_000;
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
  private device: Device | null = null;
  /** What this page asked to come in with, by the talk; the private part is nowhere else. */
  private readonly asked = new Map<string, StaffKeys>();
  /** Checked in: then a duty statement is waited for, and looked for often. */
  private standing = false;
  private lookForDuty: () => void = () => undefined;

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
      const trust = await staffTrust();
      const store = await staffStore();
      const parts: DeviceParts = { store, api: this.parts.api, trust, me };
      const device = await openDevice(parts);
      if (round === this.round) {
        this.work(vault, trust, parts, device);
      }
    } catch (error) {
      if (round === this.round) {
        await this.withoutCard(me, error);
      }
    }
  }

  /** This person stands on duty by the rota, or no more: what the bar has just found out. */
  dutyLooked(standing: boolean): void {
    const began = standing && !this.standing;
    this.standing = standing;
    if (began) {
      this.lookForDuty();
    }
  }

  /** There is no card: it is waited for with its digits in sight, or said why. */
  private async withoutCard(me: Me, error: unknown): Promise<void> {
    const { round } = this;
    const code = (error as { code?: unknown } | null)?.code;
    const said = typeof code === "string" ? code : "unknown";
    const again = (): void => void this.begin(me);
    const key = error instanceof CertifyError && said === "waiting" ? error.key : null;
    const digits = key === null ? "" : await digitsOfKey(key);
    if (round !== this.round) {
      return;
    }
    if (digits !== "") {
      this.renewal = setTimeout(again, WAITS);
      this.notice("waits", "", "console.certify.retry", again, digits);
    } else {
      this.notice("certify", said, "console.certify.retry", again);
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
    this.device = null;
    this.lookForDuty = () => undefined;
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
    this.device = first;
    const shift = new Shift({
      drawer: {
        read: async (name) => (await vault.read(name))?.bytes ?? null,
        write: (name, bytes) => vault.put(name, bytes),
        remove: (name) => vault.put(name, null),
      },
      bell: this.bell(),
      title: t("meta.title"),
      url: `${location.origin.replace(/^http/, "ws")}/board`,
      attend: (ref, since) => {
        const asked = since > 0 ? this.asked.get(ref) : undefined;
        return attendTalk({
          vault,
          ref: fromHex(ref),
          staff: asked ?? this.own(first),
          trust,
          since,
          token: () => this.parts.api.token(),
        });
      },
      wish: async ({ ref, groupId, epoch }) => {
        const own = this.own(first);
        const { keys, keyPackage, proof } = await makeWish(own, groupId, epoch, trust);
        this.asked.set(toHex(ref), keys);
        return { kind: "AskIn", ref, groupId, epoch, keyPackage, statement: own.duty, proof };
      },
      papers: (groupId) => makePapers(this.own(first), groupId),
      openAfter: (ref, { group: before, keyPackage }) => {
        const next = { before, keyPackage, now: Date.now() };
        return openAfter(vault, fromHex(ref), this.own(first), trust, next);
      },
      pairing: new Pairing(() => this.own(first), trust),
      followUp: async (caseCode, wanted, days) =>
        (await noteAsked(this.parts.api, { case: caseCode, wanted, days })).ok,
      signedOut: () => this.parts.signedOut(),
      outdated: () => this.parts.outdated(),
      changed: () => this.draw(),
    });
    this.shift = shift;
    this.lookForDuty = () => void this.renew(parts, shift);
    this.renewLater(parts, shift);
    if (this.standing) {
      this.lookForDuty();
    }
    const sweep = (): void => void sweepTalks(vault, Date.now()).catch(() => undefined);
    sweep();
    this.sweeping = setInterval(sweep, SWEEP_EVERY);
    shift.start();
  }

  /** This browser's own keys, by the card it has now. */
  private own(first: Device): StaffKeys {
    const { identity, duty, signer } = this.device ?? first;
    return staffKeys(identity, duty, signer);
  }

  /**
   * A fresh statement before the old one ends, and often while somebody waits for one; tried again
   * and again, the shift goes on meanwhile.
   */
  private renewLater(parts: DeviceParts, shift: Shift): void {
    clearTimeout(this.renewal);
    const until = this.device?.dutyUntil ?? 0;
    const due = until - Date.now() - RENEW_BEFORE;
    const wait = until > Date.now() || !this.standing ? Math.max(TRY_AGAIN, due) : WAITS;
    this.renewal = setTimeout(() => void this.renew(parts, shift), Math.min(LONGEST_TIMER, wait));
  }

  private async renew(parts: DeviceParts, shift: Shift): Promise<void> {
    clearTimeout(this.renewal);
    const { device } = this;
    if (device === null || this.shift !== shift) {
      return;
    }
    const waits = device.dutyUntil === 0 && !parts.trust.demo;
    const fresh = await (waits ? askDuty : renewDevice)(parts, device).catch(() => device);
    if (this.shift !== shift) {
      return;
    }
    this.device = fresh;
    if (fresh.duty.length > 0 && fresh.dutyUntil !== device.dutyUntil) {
      void shift.desk.hands.sitAnew();
    }
    this.draw();
    this.renewLater(parts, shift);
  }

  private async standAside(me: Me): Promise<void> {
    await this.stop();
    const here = (): void => void this.begin(me, true);
    this.notice("elsewhere", "", "console.elsewhere.here", here);
  }

  private notice(
    section: string,
    code: string,
    action: string,
    act: () => void,
    digits = "",
  ): void {
    this.parts.show({ kind: "notice", section: `console.${section}`, code, action, act, digits });
  }

  /** Shows the desk once more, because something on it or beside it changed. */
  private draw(): void {
    if (this.shift !== null) {
      const onDuty = (this.device?.dutyUntil ?? 0) > Date.now();
      this.parts.show({ kind: "shift", shift: this.shift, onDuty });
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
