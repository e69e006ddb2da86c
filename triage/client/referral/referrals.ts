/**
 * What a seeker has with desks, as far as the talk's page carries it: whether there is anything, and
 * how to fetch the rest. Most people never need it, so it comes when it is opened.
 */

import type { Talk } from "../../../chat/client/talk.ts";
import type { Trust } from "../../../counsel/client/certificates.ts";
import type { Vault } from "../../../counsel/client/vault.ts";
import type { Mailbox } from "./mailbox.ts";
import { TOOLS } from "./tools.ts";

export type Part = typeof import("./part.tsx");

export interface ReferralsParts {
  readonly vault: Vault;
  readonly trust: Trust;
  readonly talk: Talk;
}

export interface Loaded {
  readonly part: Part;
  readonly mailbox: Mailbox;
}

const RECORD = "referrals";

export class Referrals {
  readonly parts: ReferralsParts;
  /** What a counsellor proposed and the seeker wants to look at, as it came; "" for nothing. */
  proposal = "";
  private loaded: Promise<Loaded> | null = null;
  private over = false;

  constructor(parts: ReferralsParts) {
    this.parts = parts;
  }

  /** Takes a proposal, and opens the page it is looked at on. */
  proposing(open: () => void): (text: string) => void {
    return (text) => {
      this.proposal = text;
      open();
    };
  }

  /** After a reload: what was approved goes on its way, and answers are looked for. */
  async wake(): Promise<void> {
    const found = await this.parts.vault.read(RECORD);
    if (found !== null) await this.load().catch(() => undefined); // no line: opened by hand then
  }

  /** Rejects when it could not be fetched; then the next call tries again. */
  load(): Promise<Loaded> {
    this.loaded ??= this.fetch().catch((error: unknown) => {
      this.loaded = null;
      throw error;
    });
    return this.loaded;
  }

  private async fetch(): Promise<Loaded> {
    const part = await import("./part.tsx");
    part.sealWith(TOOLS);
    const mailbox = await part.openMailbox(this.parts);
    if (!this.over) mailbox.begin();
    return { part, mailbox };
  }

  /** Nothing of it stays on this phone; what desks have runs out by their own days. */
  async forget(): Promise<void> {
    this.close();
    await this.parts.vault.put(RECORD, null);
  }

  close(): void {
    this.over = true;
    void this.loaded?.then(({ mailbox }) => mailbox.close()).catch(() => undefined);
  }
}
