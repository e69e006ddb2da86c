/**
 * A login ends when nobody has been at the page for half an hour. What an open page asks by itself
 * does not count on the server, so the page tells it now and then that a person is still here: one
 * who watches over others may touch nothing but the mouse all evening.
 */

/** Milliseconds between two tellings: well below the half-hour, and hardly ever a question more. */
export const TELL_EVERY = 5 * 60_000;

const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

/** What of a document is used. */
export type Touched = Pick<Document, "addEventListener" | "removeEventListener">;

/** Calls `tell` when somebody touches the page, `TELL_EVERY` at most. Returns the way to stop. */
export function watchTouches(
  page: Touched,
  tell: () => void,
  now: () => number = Date.now,
): () => void {
  let told = now(); // whoever has just come in has been heard
  const touched = (): void => {
    if (now() - told >= TELL_EVERY) {
      told = now();
      tell();
    }
  };
  const quietly = { capture: true, passive: true };
  for (const name of TOUCHES) {
    page.addEventListener(name, touched, quietly);
  }
  return () => {
    for (const name of TOUCHES) {
      page.removeEventListener(name, touched, quietly);
    }
  };
}
