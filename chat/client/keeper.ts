/**
 * One talk in the vault: the record of everything that changes, and the lines, which do not. What is
 * in memory is what was stored, because it is stored first.
 */

import type { Change, Vault } from "../../counsel/client/vault.ts";
import type { Held } from "./log.ts";
import { linesWithout, oldestPlace, outboxWithout, SOON } from "./places.ts";
import {
  decodeLine,
  decodeSaved,
  encodeRecord,
  type KeptLine,
  lineName,
  recordNames,
  type Saved,
} from "./saved.ts";

/** `elsewhere`: another page of this talk was first. `failed`: this device does not store. */
export type Kept = "kept" | "elsewhere" | "failed";

export class Keeper {
  held: Held;
  lines: readonly KeptLine[];
  private readonly vault: Vault;
  private readonly names: { talk: string; lines: string };
  private version: number;

  constructor(vault: Vault, ref: string, version: number, held: Held, lines: readonly KeptLine[]) {
    this.vault = vault;
    this.names = recordNames(ref);
    this.version = version;
    this.held = held;
    this.lines = lines;
  }

  /** What lies in the vault of this talk, or null. `ref` is hex, empty for a seeker. */
  static async find(
    vault: Vault,
    ref: string,
  ): Promise<{ saved: Saved; version: number; lines: readonly KeptLine[] } | null> {
    const names = recordNames(ref);
    const record = await vault.read(names.talk);
    const saved = record === null ? null : decodeSaved(record.bytes);
    if (record === null || saved === null) return null;
    const lines = (await vault.list(names.lines)).map((found) => decodeLine(found.bytes));
    return { saved, version: record.version, lines };
  }

  /** Removes a talk and its lines, in one write. */
  static async forget(vault: Vault, ref: string): Promise<void> {
    const { talk, lines } = recordNames(ref);
    await vault.forget([talk], lines);
  }

  /**
   * Stores what is held next and the lines it brought, in one transaction. Only then does it count;
   * otherwise it is thrown away, and nothing computed from it may be sent or shown.
   */
  async keep(next: Held, lines: readonly KeptLine[] = []): Promise<Kept> {
    const first = this.held.saved.lines;
    const saved: Saved = { ...next.saved, lines: first + lines.length };
    const changes: Change[] = lines.map((line, index) => ({
      name: lineName(this.names.lines, first + index + 1),
      version: 0,
      bytes: encodeRecord(line),
    }));
    changes.push({ name: this.names.talk, version: this.version, bytes: encodeRecord(saved) });
    try {
      if (!(await this.vault.write(changes))) return "elsewhere";
    } catch {
      return "failed";
    }
    this.version += 1;
    this.lines = [...this.lines, ...lines];
    this.replace({ ...next, saved });
    return "kept";
  }

  /** A change that may be lost with the page; it is stored with the next one that may not. */
  note(change: Partial<Saved>): void {
    this.held = { ...this.held, saved: { ...this.held.saved, ...change } };
  }

  /**
   * The words of every place older than `before` (ms), or over, go: from the lines and from what has not
   * left.
   * When the oldest one that stays was given; `SOON`: somebody else writes, it is tried again.
   */
  async forgetPlaces(before: number): Promise<number> {
    const { saved } = this.held;
    const first = saved.lines - this.lines.length + 1;
    const names = this.lines.map((_, index) => lineName(this.names.lines, first + index));
    const lines = linesWithout(this.lines, before);
    const outbox = outboxWithout(saved.outbox, before);
    const changes: Change[] = [];
    for (const [index, line] of lines.entries()) {
      if (line === this.lines[index]) continue;
      const name = names[index] as string;
      const version = (await this.vault.read(name))?.version ?? 0;
      changes.push({ name, version, bytes: encodeRecord(line) });
    }
    if (outbox !== saved.outbox) {
      const bytes = encodeRecord({ ...saved, outbox });
      changes.push({ name: this.names.talk, version: this.version, bytes });
    }
    if (changes.length > 0 && !(await this.vault.write(changes))) return SOON;
    if (outbox !== saved.outbox) {
      this.version += 1;
      this.held = { ...this.held, saved: { ...saved, outbox } };
    }
    this.lines = lines;
    return oldestPlace(lines, outbox);
  }

  /** Removes the lines; what is needed to finish stays. */
  async dropLines(): Promise<void> {
    this.lines = [];
    await this.vault.forget([], this.names.lines);
  }

  async forget(): Promise<void> {
    this.lines = [];
    await this.vault.forget([this.names.talk], this.names.lines);
  }

  private replace(next: Held): void {
    const { group } = this.held;
    // What only the group before needed is wiped, now that the one after it is safely kept.
    if (next.group !== group) next.group?.release();
    this.held = next;
  }
}
