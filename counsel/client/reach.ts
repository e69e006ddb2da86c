/** How somebody is called when they are needed: what is asked of the server, one's own or the lead's. */

import { jsonOf, listOf, numberOf, type Outcome, type StaffApi, textOf } from "./staffApi.ts";

/** Whose: the questions begin with this word. */
export type Whose = "pages" | "lead";

export interface Receiver {
  readonly id: number;
  readonly channel: string;
  /** As much of the address as its owner knows it by. */
  readonly hint: string;
}

export interface Reach {
  /** What this site has set up. */
  readonly channels: readonly string[];
  /** What a browser subscribes with to be called itself, base64url. */
  readonly pushKey: string;
  readonly receivers: readonly Receiver[];
}

export function askReach(api: StaffApi, whose: Whose): Promise<Outcome<Reach>> {
  return api.ask(whose, {}, reachOf);
}

export function addReceiver(
  api: StaffApi,
  whose: Whose,
  said: { readonly channel: string; readonly address: string },
): Promise<Outcome<Reach>> {
  return api.ask(`${whose}/add`, { ...said }, reachOf);
}

export function removeReceiver(api: StaffApi, whose: Whose, id: number): Promise<Outcome<Reach>> {
  return api.ask(`${whose}/remove`, { id }, reachOf);
}

function reachOf(json: Readonly<Record<string, unknown>>): Reach {
  return {
    channels: listOf(json["channels"], textOf),
    pushKey: textOf(json["push_key"]),
    receivers: listOf(json["receivers"], (item) => {
      const one = jsonOf(item);
      return {
        id: numberOf(one["id"]),
        channel: textOf(one["channel"]),
        hint: textOf(one["hint"]),
      };
    }),
  };
}
