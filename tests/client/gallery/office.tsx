/** The pages of people and organisation, with a server that answers what a scene says. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { TrailPage } from "../../../counsel/client/audit/trailPage.tsx";
import { t } from "../../../counsel/client/i18n.ts";
import { OrganisationPage } from "../../../counsel/client/office/organisation.tsx";
import { PeoplePage } from "../../../counsel/client/office/people.tsx";
import type { Me, StaffApi } from "../../../counsel/client/staffApi.ts";
import { ReviewPage } from "../../../triage/client/danger/reviewPage.tsx";
import { FollowPage } from "../../../triage/client/followup/followPage.tsx";
import { StoriesPage } from "../../../triage/client/stories/storiesPage.tsx";
import type { Entrance } from "./entrances.tsx";
import {
  LINK,
  MANY,
  NUMBERS,
  ORGANISATION,
  type Said,
  SOME,
  SUN,
  WANG,
  ZHOU,
} from "./officeStates.ts";

export type Answers = Readonly<Record<string, Said | readonly Said[]>>;
export type Steps = NonNullable<Entrance["steps"]>;

/** Answers by path; a text is the code of a refusal; of a list one each time, the last for good. */
export function answering(answers: Answers): StaffApi {
  const asked = new Map<string, number>();
  const ask: StaffApi["ask"] = async (path, _body, read) => {
    const turn = asked.get(path) ?? 0;
    asked.set(path, turn + 1);
    const turns = [answers[path] ?? {}].flat() as readonly Said[];
    const answer = turns[Math.min(turn, turns.length - 1)] ?? {};
    if (answer === "never") {
      return new Promise(() => undefined);
    }
    return typeof answer === "string"
      ? { ok: false, code: answer, retryAfter: answer === "slow-down" ? 300 : 0 }
      : { ok: true, value: read(answer) };
  };
  const nobody = (): never => {
    throw new Error("the gallery has no such question");
  };
  const never = { enter: nobody, signIn: nobody, signOut: nobody, me: nobody };
  return { ask, ...never, certify: nobody, duty: nobody, token: nobody };
}

const LEAD = {
  channels: ["mail", "sms", "wecom"],
  push_key: "",
  receivers: [{ id: 1, channel: "sms", hint: "…8000" }],
};

interface ShownProps {
  readonly page: "people" | "organisation" | "trail" | "review" | "follow" | "stories";
  readonly who: Me;
  readonly answers: Answers;
}

/** Signed in anew each time it is shown: nothing of another scene is left on the page. */
export function Shown({ page, who, answers }: ShownProps): VNode {
  const [me] = useState(() => ({ ...who }));
  const [api] = useState(() => answering(answers));
  const Page = {
    people: PeoplePage,
    organisation: OrganisationPage,
    trail: TrailPage,
    review: ReviewPage,
    follow: FollowPage,
    stories: StoriesPage,
  }[page];
  return (
    <div class="console">
      <main id="main" class="under">
        <div class="tab-panel" role="region" aria-label={t(`nav.${page}`)}>
          <Page me={me} mode="rehearsal" api={api} />
        </div>
      </main>
    </div>
  );
}

const people = (steps: Steps = [], answers: Answers = {}, who = WANG): Entrance => ({
  view: <Shown page="people" who={who} answers={{ people: SOME, ...answers }} />,
  steps,
});

const organisation = (steps: Steps = [], answers: Answers = {}, who = WANG): Entrance => ({
  view: (
    <Shown
      page="organisation"
      who={who}
      answers={{ organisation: ORGANISATION, lead: LEAD, ...answers }}
    />
  ),
  steps,
});

// --- people -------------------------------------------------------------------------------------

const CHEN = "#person-p2";
const OUT = "#person-p6";
const INVITING = ["#begin-invite", ["#invite-name", "李 Li"]] as const;
const SEND = ".card .firm";
const YES = ".ask .firm";

const PEOPLE: Readonly<Record<string, Entrance>> = {
  people: people(),
  "people-loading": people([], { people: "never" }),
  "people-offline": people([], { people: "offline" }),
  "people-150": people([], { people: MANY }),
  "people-150-found": people(
    [
      ["#find-people", "陈"],
      ["[role=search] select", "counsellor"],
    ],
    { people: MANY },
  ),
  "people-none-found": people([["#find-people", "zzz"]]),
  "people-opened": people([CHEN]),
  "people-myself": people(["#person-p4"]),
  "people-suspend": people([CHEN, "#suspend-p2"]),
  "people-suspend-done": people([CHEN, "#suspend-p2", YES]),
  "people-suspend-offline": people([CHEN, "#suspend-p2", YES], { "people/suspend": "offline" }),
  "people-suspended": people([OUT]),
  "people-role": people([CHEN, ["#person-p2-more select", "supervisor"], "#role-p2"]),
  "people-role-refused": people([CHEN, ["#person-p2-more select", "supervisor"], "#role-p2", YES], {
    "people/role": "needs-two",
  }),
  "people-marked": people([CHEN, "#places-p2"]),
  "people-invite": people(INVITING),
  "people-invite-missing": people(["#begin-invite", SEND]),
  "people-invite-taken": people([...INVITING, SEND], { "people/invite": "name-taken" }),
  "people-invite-slowed": people([...INVITING, SEND], { "people/invite": "slow-down" }),
  "people-link": people([...INVITING, SEND, ".link-once .second"], { "people/invite": LINK }),
  "people-link-scan": people([...INVITING, SEND, ".link-once summary"], { "people/invite": LINK }),
  "people-link-away": people([...INVITING, SEND, "#link-ONCE"], { "people/invite": LINK }),
  "people-withdraw": people(["#withdraw-1"]),
  "people-withdrawn": people(["#withdraw-1", YES]),
  "people-supervisor": people([CHEN], {}, ZHOU),
  "people-cleared": people([CHEN, "#clear-p2"], {}, ZHOU),
  "people-unclear": people(["#person-p1", "#unclear-p1"], {}, ZHOU),
  "people-reset": people([CHEN, "#reset-p2"], {}, ZHOU),
  "people-reset-asked": people([CHEN, "#reset-p2", YES], {}, ZHOU),
  "people-agree": people(["#agree-2"], {}, ZHOU),
  "people-agree-refused": people(["#agree-2", YES], { "people/reset/agree": "needs-two" }, ZHOU),
  "people-agreed": people(["#agree-2", YES], { "people/reset/agree": LINK }, ZHOU),
  "people-auditor": people([CHEN], {}, SUN),
  "people-stale": people(["#withdraw-1", YES], { people: [SOME, "offline"] }),
};

// --- organisation -------------------------------------------------------------------------------

const ADDING = [
  "#begin-number",
  ["#add-number", "0769-2211 3344"],
  ["#add-name", "本市援助热线"],
  ["#add-hours", "每天8点到22点"],
  ".inner .firm",
] as const;

const ORGANISATIONS: Readonly<Record<string, Entrance>> = {
  organisation: organisation(),
  "organisation-loading": organisation([], { organisation: "never" }),
  "organisation-offline": organisation([], { organisation: "offline" }),
  "organisation-unsaid": organisation([], {
    organisation: { ...ORGANISATION, name: "", level: "", zone: "Europe/Berlin", hotlines: [] },
  }),
  "organisation-saved": organisation([["#identity-name", "暖心热线"], "form .firm"]),
  "organisation-zone": organisation([["#identity-zone", "other"], "form .firm"]),
  "organisation-refused": organisation([["#identity-name", "暖心热线"], "form .firm"], {
    "organisation/change": "bad-value",
  }),
  "organisation-fresh": organisation([], {
    organisation: { ...ORGANISATION, hotlines: NUMBERS.slice(0, 2) },
  }),
  "organisation-rang": organisation(["#rang-12356"]),
  "organisation-rang-done": organisation(["#rang-12356", YES]),
  "organisation-rang-offline": organisation(["#rang-12356", YES], { "hotlines/called": "offline" }),
  "organisation-add": organisation(ADDING.slice(0, 4)),
  "organisation-add-missing": organisation(["#begin-number", ".inner .firm"]),
  "organisation-add-refused": organisation(ADDING, { "hotlines/add": "name-taken" }),
  "organisation-added": organisation(ADDING),
  "organisation-remove": organisation(["#remove-0769-1234567"]),
  "organisation-removed": organisation(["#remove-0769-1234567", YES]),
  "organisation-supervisor": organisation([], {}, ZHOU),
  "organisation-auditor": organisation([], {}, SUN),
};

export const OFFICE: Readonly<Record<string, Entrance>> = { ...PEOPLE, ...ORGANISATIONS };
