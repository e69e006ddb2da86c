/** A supervisor asks whether a rota has enough people, and what comes. */

import type { Json } from "../../../counsel/client/staffApi.ts";
import { PILOT_FOUND, TWELVE_FOUND } from "./staffingFound.ts";

const zhou = (press: string, answer: Json | string = {}) =>
  ({
    waiting: [],
    mine: [],
    who: "zhou",
    standing: { answers: { staffing: answer } },
    press: ["#tab-rota", "#reckon", press],
  }) as const;

const asks = (answer: Json | string) => zhou("#ask-staffing", answer);

export const STAFFING_SCENES = {
  "rota-staffing": zhou(".staffing .plan"),
  "rota-staffing-working": asks({ done: 168, of: 960, found: null }),
  "rota-staffing-two": asks({ done: 960, of: 960, found: PILOT_FOUND }),
  "rota-staffing-twelve": asks({ done: 400, of: 400, found: TWELVE_FOUND }),
  "rota-staffing-refused": asks("slow-down"),
};
