/**
 * What was asked in each talk I hold, in one sealed record of this browser. It goes with the talk: what
 * the board lists no more is not kept, and no message ever carries it.
 */

import type { Drawer } from "../drafts.ts";
import { NO_RISK, type Risk, readRisk } from "./risk.ts";

const NAME = "risks";

export class RiskNotes {
  private readonly drawer: Drawer;
  private readonly risks = new Map<string, Risk>();
  private readonly read: Promise<void>;
  private work: Promise<void>;

  constructor(drawer: Drawer) {
    this.drawer = drawer;
    this.read = this.open();
    this.work = this.read;
  }

  /** What was tapped for this talk, once the record is read. */
  async load(ref: string): Promise<Risk> {
    await this.read;
    return this.risks.get(ref) ?? NO_RISK;
  }

  async set(ref: string, risk: Risk): Promise<void> {
    await this.write(() => this.risks.set(ref, risk));
  }

  /** Forgets every talk but these. */
  async keepOnly(refs: readonly string[]): Promise<void> {
    await this.write(() => {
      for (const ref of this.risks.keys()) {
        if (!refs.includes(ref)) this.risks.delete(ref);
      }
    });
  }

  async drop(ref: string): Promise<void> {
    await this.write(() => this.risks.delete(ref));
  }

  private async open(): Promise<void> {
    try {
      const bytes = await this.drawer.read(NAME);
      const kept = bytes === null ? {} : JSON.parse(new TextDecoder().decode(bytes));
      for (const [ref, risk] of Object.entries(kept)) {
        this.risks.set(ref, readRisk(risk));
      }
    } catch {
      // Unreadable: it is asked again, and nothing else depends on it.
    }
  }

  /** One after the other, and the newest last. */
  private write(change: () => unknown): Promise<void> {
    const once = async (): Promise<void> => {
      const before = this.text();
      change();
      const after = this.text();
      if (after !== before) {
        await (this.risks.size === 0
          ? this.drawer.remove(NAME)
          : this.drawer.write(NAME, new TextEncoder().encode(after)));
      }
    };
    this.work = this.work.then(once, once);
    return this.work;
  }

  private text(): string {
    return JSON.stringify(Object.fromEntries(this.risks));
  }
}
