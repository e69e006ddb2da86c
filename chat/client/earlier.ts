/** What the seeker said before somebody new came in a fresh group. Pure. */

import type { Line } from "./view.ts";

/**
 * Their own words from then, in one text under `title`; "" where there are none, or where they were told
 * since. What the other one said is not theirs to vouch for.
 */
export function earlierWords(lines: readonly Line[], title: string): string {
  const came = lines.map(isFresh).lastIndexOf(true);
  const mine = lines.flatMap((line, place) =>
    line.kind === "words" && line.mine && line.state !== "waiting-tap" ? [{ ...line, place }] : [],
  );
  const said = mine.filter(({ place, text }) => place < came && !text.startsWith(title));
  const told = mine.some(({ place, text }) => place > came && text.startsWith(title));
  return said.length === 0 || told ? "" : [title, ...said.map(({ text }) => text)].join("\n");
}

function isFresh(line: Line): boolean {
  return line.kind === "notice" && line.code === "fresh-start";
}
