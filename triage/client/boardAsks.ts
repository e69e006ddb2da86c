/** What a desk asks of its board beside the next person. Each rejects with a `code`. */

import type { BoardLink } from "./boardLink.ts";

export type BoardAsks = Omit<BoardLink, "open" | "close" | "hurry" | "cut" | "take">;
