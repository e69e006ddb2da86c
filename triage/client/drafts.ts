/** What a counsellor has begun to write, each with its own talk, sealed at rest. */

/** Where sealed records live: the vault, or a map in a test. */
export interface Drawer {
  read(name: string): Promise<Uint8Array | null>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

const SAVE_AFTER = 400;
/** Milliseconds of a pause in typing; less would write at every key. */

const name = (ref: string): string => `draft:${ref}`;

export class Drafts {
  private readonly drawer: Drawer;
  private readonly texts = new Map<string, string>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private writes: Promise<void> = Promise.resolve();

  constructor(drawer: Drawer) {
    this.drawer = drawer;
  }

  /** What is written for this talk now; empty before `load`. */
  get(ref: string): string {
    return this.texts.get(ref) ?? "";
  }

  /** Reads the sealed draft. What was typed in the meantime wins. */
  async load(ref: string): Promise<string> {
    const bytes = await this.drawer.read(name(ref));
    if (!this.texts.has(ref)) {
      this.texts.set(ref, bytes === null ? "" : new TextDecoder().decode(bytes));
    }
    return this.get(ref);
  }

  set(ref: string, text: string): void {
    this.texts.set(ref, text);
    clearTimeout(this.timers.get(ref));
    this.timers.set(
      ref,
      setTimeout(() => void this.save(ref), SAVE_AFTER),
    );
  }

  /** Writes everything that still waits for a pause. */
  async flush(): Promise<void> {
    for (const ref of [...this.timers.keys()]) {
      void this.save(ref);
    }
    await this.writes;
  }

  /** This talk's draft is gone, here and at rest. */
  async drop(ref: string): Promise<void> {
    this.set(ref, "");
    await this.flush();
    this.texts.delete(ref);
  }

  /** One write after the other: a slow one must not overtake a newer one. */
  private save(ref: string): Promise<void> {
    clearTimeout(this.timers.get(ref));
    this.timers.delete(ref);
    this.writes = this.writes.then(
      () => this.write(ref),
      () => this.write(ref),
    );
    return this.writes;
  }

  private write(ref: string): Promise<void> {
    const text = this.get(ref);
    return text === ""
      ? this.drawer.remove(name(ref))
      : this.drawer.write(name(ref), new TextEncoder().encode(text));
  }
}
