/**
 * Leave now: what is on screen goes first, in the same turn of the event loop; then whatever has to
 * be forgotten; then a neutral page takes this one's place in the history, so Back shows nothing.
 */

type Forget = () => Promise<void>;

/** What may be waited for before the page is left (milliseconds): the screen is empty meanwhile. */
const PATIENCE = 400;

let forget: Forget = () => Promise.resolve();

/** What leaving must forget from now on; the seeker's page says so once it knows the choice. */
export function onLeave(wipe: Forget): void {
  forget = wipe;
}

/** Empties the screen at once. */
export function clearScreen(): void {
  document.documentElement.className = "gone";
  document.body.textContent = "";
}

/** Empties the screen, forgets, and goes to `address`. `wipe` in place of the usual forgetting. */
export async function leave(address: string, wipe: Forget = forget): Promise<void> {
  clearScreen();
  const enough = new Promise<void>((done) => setTimeout(done, PATIENCE));
  await Promise.race([wipe().catch(() => undefined), enough]);
  window.location.replace(address);
}

/** Makes the corner link leave no trace, and links within the site take the page's place. */
export function guardLinks(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    if (link.id === "exit") {
      event.preventDefault();
      void leave(link.href);
    } else if (link.hasAttribute("data-replace")) {
      event.preventDefault();
      window.location.replace(link.href);
    }
  });
  // A page the browser kept alive in its history would show what was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      window.location.reload();
    }
  });
}
