/**
 * Stories below the pages to read, as far as they can be had. They are words and never markup: whatever
 * a server sends is put in as text.
 */

interface Story {
  readonly title: string;
  /** Paragraphs apart by an empty line. */
  readonly text: string;
}

/** Puts them behind what `place` says of them and shows it; without any it stays hidden. */
export async function showStories(place: HTMLElement, language: string): Promise<void> {
  const answer = await fetch("/stories.json", { cache: "no-store", credentials: "omit" });
  const found = storiesOf(await answer.json(), language);
  for (const { title, text } of found) {
    const story = document.createElement("article");
    story.append(said("h3", title), ...text.split(/\n\n/).map((part) => said("p", part)));
    place.append(story);
  }
  place.hidden = found.length === 0;
}

/** As many as the server gives (`triage/stories/rows.py`), whatever else it sends. */
const MOST = 20;

/** What of it is stories in this language. */
export function storiesOf(value: unknown, language: string): readonly Story[] {
  const there = (value as Record<string, unknown> | null)?.[language];
  return (Array.isArray(there) ? there : []).slice(0, MOST).filter(isStory);
}

function isStory(value: unknown): value is Story {
  const { title, text } = (value ?? {}) as Partial<Story>;
  return typeof title === "string" && typeof text === "string";
}

function said(tag: "h3" | "p", words: string): HTMLElement {
  const found = document.createElement(tag);
  found.textContent = words;
  return found;
}
