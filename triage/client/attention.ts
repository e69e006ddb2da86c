/** Calls a counsellor who looks elsewhere: title, one soft sound, one notice without a word in it. */

export interface Calls {
  readonly waiting: number;
  readonly unread: number;
}

/** Nothing calls more often than this: it must not nag (milliseconds). */
export const CALL_EVERY = 15_000;

/** Whether to call now: only while hidden, only when there is more than before, and not too often. */
export function shouldCall(
  before: Calls,
  now: Calls,
  hidden: boolean,
  sinceLastMs: number,
): boolean {
  const more = now.waiting > before.waiting || now.unread > before.unread;
  return hidden && more && sinceLastMs >= CALL_EVERY;
}

/** The neutral title with a number before it, or alone. */
export function titled(title: string, calls: Calls): string {
  const count = calls.waiting + calls.unread;
  return count === 0 ? title : `(${count > 99 ? "99+" : count}) ${title}`;
}

/** What the page can do to be noticed. */
export interface Bell {
  hidden(): boolean;
  title(text: string): void;
  sound(): void;
  notice(title: string): void;
}

export class Attention {
  private readonly bell: Bell;
  private readonly title: string;
  private calls: Calls = { waiting: 0, unread: 0 };
  private lastAt = Number.NEGATIVE_INFINITY;

  /** `title` is the neutral one of the page: nothing else is ever shown outside it. */
  constructor(bell: Bell, title: string) {
    this.bell = bell;
    this.title = title;
  }

  /** `now` in milliseconds. Called on every change and on a slow beat. */
  update(calls: Calls, now: number): void {
    const hidden = this.bell.hidden();
    const call = shouldCall(this.calls, calls, hidden, now - this.lastAt);
    if (call) {
      this.lastAt = now;
      this.bell.sound();
      this.bell.notice(this.title);
    }
    // What came too soon after the last call stays owed until the next beat.
    this.calls = call || !hidden ? calls : least(this.calls, calls);
    this.bell.title(titled(this.title, calls));
  }
}

function least(a: Calls, b: Calls): Calls {
  return { waiting: Math.min(a.waiting, b.waiting), unread: Math.min(a.unread, b.unread) };
}
