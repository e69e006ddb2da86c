/** Sentences by their place in the language file. A third language is one more such file. */

import common, { type Texts } from "catalogue";

export type Params = Readonly<Record<string, string | number>>;

let texts: Texts = common;

/** A page that shows more than a talk brings its own sections. */
export function learn(more: Texts): void {
  texts = { ...texts, ...more };
}

function find(path: string): string | undefined {
  let at: string | Texts | undefined = texts;
  for (const key of path.split(".")) {
    at = typeof at === "object" ? at[key] : undefined;
  }
  return typeof at === "string" ? at : undefined;
}

function fill(sentence: string, params: Params): string {
  return sentence.replace(/\{(\w+)\}/g, (hole, name: string) => String(params[name] ?? hole));
}

/** The sentence at `path` ("talk.send") with `{name}` filled in; the path itself if there is none. */
export function t(path: string, params: Params = {}): string {
  return fill(find(path) ?? path, params);
}

/** The sentence for a code that another build may have made, or that of `<section>.unknown`. */
export function tCode(section: string, code: string, params: Params = {}): string {
  const sentence = find(`${section}.${code}`);
  return sentence === undefined ? t(`${section}.unknown`) : fill(sentence, params);
}

/** 林 · 林和周 · 林、周和陈 */
export function tList(names: readonly string[]): string {
  const last = names[names.length - 1] ?? "";
  if (names.length < 2) {
    return last;
  }
  return `${names.slice(0, -1).join(t("talk.and"))}${t("talk.and_last")}${last}`;
}

/** The page's language as a tag: it orders dates and clocks. */
export const language = t("meta.tag");
