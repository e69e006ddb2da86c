/** The few things every page does to its document. */

/** The element with this id. Throws if the page was built without it. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}

/** Shows exactly one of the blocks marked `data-state` in `root`, or none. */
export function showState(root: ParentNode, state: string): void {
  for (const block of root.querySelectorAll<HTMLElement>("[data-state]")) {
    block.hidden = block.dataset["state"] !== state;
  }
}

/**
 * Keeps the height of the page at what the keyboard leaves free, so that the line being written is
 * never covered. Old web views know no `dvh`; they know the visual viewport.
 */
export function followKeyboard(): void {
  const port = window.visualViewport;
  if (port === null || port === undefined) {
    return;
  }
  const follow = (): void => {
    document.documentElement.style.setProperty("--page-height", `${Math.round(port.height)}px`);
    if (document.documentElement.classList.contains("talking")) {
      window.scrollTo(0, 0);
    }
  };
  port.addEventListener("resize", follow);
  follow();
}
