/** What staff ask about stories, and what comes back. */

import {
  flagOf,
  type Json,
  jsonOf,
  listOf,
  numberOf,
  type Outcome,
  type StaffApi,
  textOf,
} from "../../../counsel/client/staffApi.ts";

export interface Story {
  readonly id: number;
  readonly language: string;
  readonly title: string;
  readonly state: string;
  /** Empty: nobody knows by whom. */
  readonly writer: string;
  readonly mine: boolean;
}

export interface List {
  readonly rows: readonly Story[];
  readonly more: number;
}

export interface Draft {
  readonly language: string;
  readonly title: string;
  readonly text: string;
}

export type Verdict = "publish" | "send-back";

export function askStories(api: StaffApi): Promise<Outcome<List>> {
  return api.ask("stories", {}, (said) => ({
    rows: listOf(said["rows"], storyOf),
    more: numberOf(said["more"]),
  }));
}

export function readStory(api: StaffApi, id: number): Promise<Outcome<string>> {
  return api.ask("stories/one", { id }, (said) => textOf(said["text"]));
}

export function writeStory(api: StaffApi, draft: Draft): Promise<Outcome<null>> {
  return api.ask("stories/write", { ...draft }, () => null);
}

export function judgeStory(api: StaffApi, id: number, event: Verdict): Promise<Outcome<null>> {
  return api.ask("stories/judge", { id, event }, () => null);
}

export function withdrawStory(api: StaffApi, id: number): Promise<Outcome<null>> {
  return api.ask("stories/withdraw", { id }, () => null);
}

function storyOf(value: unknown): Story {
  const json: Json = jsonOf(value);
  return {
    id: numberOf(json["id"]),
    language: textOf(json["language"]),
    title: textOf(json["title"]),
    state: textOf(json["state"]),
    writer: textOf(json["writer"]),
    mine: flagOf(json["mine"]),
  };
}
