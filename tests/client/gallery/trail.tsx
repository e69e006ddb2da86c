/** The page of the trail, with a server that answers what a scene says. */

import { ToldFirst } from "../../../counsel/client/audit/toldFirst.tsx";
import type { Entrance } from "./entrances.tsx";
import { type Answers, Shown, type Steps } from "./office.tsx";
import { LIN, SUN, ZHOU } from "./officeStates.ts";
import { ALL, FITS, NOTHING, TRAIL, WRONG } from "./trailStates.ts";

const trail = (steps: Steps = [], answers: Answers = {}, who = SUN): Entrance => ({
  view: (
    <Shown page="trail" who={who} answers={{ audit: TRAIL, "audit/verdict": FITS, ...answers }} />
  ),
  steps,
});

const FIND = ".one-line button[type=submit]";

export const TRAIL_SCENES: Readonly<Record<string, Entrance>> = {
  trail: trail(),
  "trail-told": trail([], {}, LIN),
  "trail-told-first": {
    view: (
      <div class="console">
        <main id="main">
          <h1 class="unseen">·</h1>
          <ToldFirst read={() => undefined} known={() => undefined} />
        </main>
      </div>
    ),
    steps: [],
  },
  "trail-supervisor": trail([], { audit: ALL }, ZHOU),
  "trail-found": trail([["#trail-what", "suspended"], ["#trail-case", "k7rm"], FIND]),
  "trail-none": trail([["#trail-case", "zzzz"], FIND], { audit: [TRAIL, NOTHING] }),
  "trail-older": trail(["#trail-older"], { audit: [TRAIL, ALL] }),
  "trail-changed": trail([], { "audit/verdict": WRONG["changed"] ?? {} }),
  "trail-cut": trail([], { "audit/verdict": WRONG["cut"] ?? {} }),
  "trail-nobody-vouches": trail([], { "audit/verdict": WRONG["unknown"] ?? {} }),
  "trail-loading": trail([], { audit: "never", "audit/verdict": "never" }),
  "trail-offline": trail([], { audit: "offline", "audit/verdict": "offline" }),
  "trail-file-refused": trail(["#trail-file"], { "audit/export": "offline" }),
};
