/**
 * The one thing the first page must know before anything is loaded: is there a talk to go back to?
 * A single mark without content: in the tab's own storage, or, if the seeker chose to keep the talk
 * on this phone, in the phone's.
 */

const MARK = "back";
/** Beside it, and apart from any talk: there is a day to come back on. */
const LATER = "later";

function storages(): readonly Storage[] {
  try {
    return [window.sessionStorage, window.localStorage];
  } catch {
    return []; // A browser that forbids storage forbids coming back, nothing else.
  }
}

export function hasTalk(): boolean {
  return storages().some((storage) => storage.getItem(MARK) !== null);
}

/** Whether the seeker chose to keep the talk that is marked. */
export function isKept(): boolean {
  return storages()[1]?.getItem(MARK) != null;
}

export function markTalk(keep: boolean): void {
  storages()[keep ? 1 : 0]?.setItem(MARK, "1");
}

export function forgetTalk(): void {
  for (const storage of storages()) {
    storage.removeItem(MARK);
  }
}

export function hasLater(): boolean {
  return storages()[1]?.getItem(LATER) != null;
}

export function markLater(): void {
  storages()[1]?.setItem(LATER, "1");
}

export function unmarkLater(): void {
  storages()[1]?.removeItem(LATER);
}
