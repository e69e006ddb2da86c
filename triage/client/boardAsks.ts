/** What a desk asks of its board beside the next person. Each rejects with a `code`. */

import type { BoardLink } from "./boardLink.ts";

export type BoardAsks = Pick<
  BoardLink,
  | "accept"
  | "pass"
  | "takeOver"
  | "letGo"
  | "offerMe"
  | "lower"
  | "setCap"
  | "danger"
  | "beside"
  | "visit"
  | "side"
  | "help"
  | "helpCode"
  | "handing"
>;
