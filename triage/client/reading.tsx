/**
 * Pages to read while one waits. They came with the page, hidden in it, so they are there without a
 * network; here they are put where one looks, as the nodes they are.
 */

import { useLayoutEffect, useRef } from "preact/hooks";

export interface Reading {
  readonly name: string;
  readonly title: string;
}

const PREFIX = "read-";

/** What the page brought along, in its order. */
export function readings(): readonly Reading[] {
  const found = document.querySelectorAll<HTMLElement>("#readings > section");
  return Array.from(found, (section) => ({
    name: section.id.slice(PREFIX.length),
    title: section.querySelector("h2")?.textContent ?? "",
  }));
}

export function ReadingPage({ name }: { name: string }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const source = document.getElementById(PREFIX + name);
    const said = Array.from(source?.children ?? []).slice(1); // the title is the page's own here
    for (const node of said) {
      place.current?.appendChild(node.cloneNode(true));
    }
  }, [name]);
  return <div class="read" ref={place} />;
}
