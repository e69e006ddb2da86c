/** The stories of the console, with a server that answers what a scene says. */

import type { Json, Me } from "../../../counsel/client/staffApi.ts";
import type { Entrance } from "./entrances.tsx";
import { type Answers, Shown, type Steps } from "./office.tsx";
import { LIN, ZHOU } from "./officeStates.ts";

const row = (id: number, change: Json = {}): Json => ({
  ...{ id, language: "zh", title: "三个月的工资讨回来了", state: "written" },
  ...{ writer: LIN.working_name, mine: false },
  ...change,
});
const ROWS: readonly Json[] = [
  row(1),
  row(2, { title: "I sleep again", language: "en", state: "sent-back" }),
  row(3, { title: "<b>夜里</b>打的那个电话", state: "published", writer: "", mine: false }),
];
const OWN: readonly Json[] = ROWS.map((one) => ({ ...one, mine: true }));
const TEXT = "厂里拖了三个月。\n\n<b>后来</b>一起去了一趟，要回来了。";

const story = (answers: Answers = {}, steps: Steps = [], who: Me = ZHOU): Entrance => ({
  view: (
    <Shown
      page="stories"
      who={who}
      answers={{
        stories: { rows: who === ZHOU ? ROWS : OWN, more: 2 },
        "stories/one": { row: ROWS[0] ?? {}, text: TEXT },
        ...answers,
      }}
    />
  ),
  steps,
});

export const STORY_PAGES: Readonly<Record<string, Entrance>> = {
  "story-own": story({}, [], LIN),
  "story-read": story({}, ["[data-act=open]"]),
  "story-withdraw": story({}, ["#story-3-withdraw"]),
};
