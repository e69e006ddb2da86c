/**
 * Calling looks like vanishing (people.md 4): a dial link is noticed before the phone leaves the
 * page, and when the person is back there is one question. A map of the phone's own takes it away
 * just so.
 */

const MARK = "calling";

/** A device that cannot dial never leaves the page; then the question comes after this long (ms). */
const NOT_LEFT_AFTER = 4_000;

export interface Calls {
  /** A dial or map link was touched; the page is still in front. */
  readonly left: () => void;
  /** The person is back in front of the page. */
  readonly back: () => void;
}

/** Watches every dial and map link of the page, also those written later. Returns the way to stop. */
export function watchCalls(calls: Calls): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const returned = (): void => {
    clearTimeout(timer);
    if (sessionStorage.getItem(MARK) !== null) {
      sessionStorage.removeItem(MARK);
      calls.back();
    }
  };
  const touched = (event: Event): void => {
    if ((event.target as Element | null)?.closest?.('a[href^="tel:"], a[href^="geo:"]')) {
      sessionStorage.setItem(MARK, "1");
      calls.left();
      timer = setTimeout(returned, NOT_LEFT_AFTER);
    }
  };
  const turned = (): void => {
    if (document.visibilityState === "hidden") {
      clearTimeout(timer);
    } else {
      returned();
    }
  };
  document.addEventListener("click", touched, true);
  document.addEventListener("visibilitychange", turned);
  if (document.visibilityState === "visible") {
    returned(); // The page was put away during the call and has just been loaded again.
  }
  return () => {
    clearTimeout(timer);
    document.removeEventListener("click", touched, true);
    document.removeEventListener("visibilitychange", turned);
  };
}
