/** A back office's page as it stands at one moment, with a book that asks nobody. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { t } from "../../../counsel/client/i18n.ts";
import type { DeskCode } from "../../../counsel/client/referralContract.ts";
import type { Json, Me } from "../../../counsel/client/staffApi.ts";
import { Behalf } from "../../../triage/client/referral/behalfPage.tsx";
import { DeskBook, type DeskView } from "../../../triage/client/referral/deskBook.ts";
import { AtTheDesk } from "../../../triage/client/referral/deskPage.tsx";
import type { Listed } from "../../../triage/client/referral/deskQuestions.ts";
import type { Kept, Said } from "../../../triage/client/referral/kept.ts";
import type { Mailbox } from "../../../triage/client/referral/mailbox.ts";
import { MonthsPage } from "../../../triage/client/referral/monthsPage.tsx";
import type { Read } from "../../../triage/client/referral/reading.ts";
import type { Entrance } from "./entrances.tsx";
import { answering } from "./office.tsx";
import { EVENING } from "./standing.ts";

const zh = document.documentElement.lang.startsWith("zh");
const name = (chinese: string, english: string): string => (zh ? chinese : english);

const GUO: Me = {
  ...{ working_name: name("郭", "Guo"), role: "desk", person: "p9", desk: "hardship" },
};

const row = (ref: string, change: Partial<Listed> = {}): Listed => ({
  ...{ ref, state: "sent", last: 1, came: "2026-11-23", due: "2026-11-28" },
  ...change,
});
const LISTED: readonly Listed[] = [
  row("AAAA"),
  row("BBBB", { state: "silent", came: "2026-11-17", due: "" }),
  row("CCCC", { state: "appointed", last: 3, came: "2026-11-18", due: "2026-12-18" }),
];

const LINES = name("家里人住院，欠了钱", "Family in hospital, and in debt");
const letter = (number: number, change: Partial<Read> = {}): Read => ({
  ...{ number, by: "seeker", who: "", kind: "lines", text: LINES },
  ...change,
});
const ASKS = name("有没有住院的单子？", "Have you got the hospital bill?");
const TALKED = [
  letter(1),
  letter(2, { by: "desk", who: GUO.working_name, kind: "say", text: ASKS }),
  letter(3, { kind: "say", text: name("有照片", "A photo of it") }),
];
const OPEN = {
  open: "AAAA",
  reading: {
    letters: TALKED,
    lines: { kind: "lines", lines: [LINES], key: "", signer: "" },
    before: new Uint8Array(32),
  },
} as const;

class Still extends DeskBook {
  constructor(view: Partial<DeskView>) {
    super(answering({}), GUO);
    this.view = { ...this.view, ...view };
  }
  override async load(): Promise<void> {}
}

function Shown({ view }: { view: Partial<DeskView> }): VNode {
  const [book] = useState(() => new Still(view));
  const [shown, setShown] = useState(book.view);
  useEffect(() => book.subscribe(setShown), [book]);
  return (
    <Panel name="referrals">
      <AtTheDesk book={book} view={shown} />
    </Panel>
  );
}

function Panel({ name, children }: { name: string; children: VNode }): VNode {
  return (
    <div class="console">
      <main id="main" class="under">
        <div class="tab-panel" role="region" aria-label={t(`nav.${name}`)}>
          {children}
        </div>
      </main>
    </div>
  );
}

const desk = (view: Partial<DeskView>, steps: readonly string[] = []): Entrance => ({
  view: <Shown view={view} />,
  steps,
});

const written = (last: number, change: Partial<Kept>): Kept => ({
  ...{ ref: new Uint8Array(16).fill(last), token: new Uint8Array(32), desk: "hardship", last },
  ...{ publicKey: new Uint8Array(32), privateKey: new Uint8Array(32), before: new Uint8Array(32) },
  ...{ lines: [LINES], state: "sent", said: [], leaving: null, sentAt: EVENING - 86_400_000 },
  ...{ lookAt: EVENING, tells: false, toldTo: 0, tellAt: 0, toldSilent: false, broken: false },
  ...change,
});
const theirs: Said = {
  ...{ number: 1, mine: true, kind: "lines", text: LINES, to: "", who: "", at: EVENING },
};
const ours: Said = {
  ...theirs,
  number: 2,
  mine: false,
  kind: "say",
  text: ASKS,
  who: GUO.working_name,
};
const WRITTEN: readonly Kept[] = [
  written(2, { said: [theirs, ours] }),
  written(1, { state: "approved", sentAt: 0, leaving: { text: "", dueAt: EVENING, letter: null } }),
];

/** For somebody at one's side, with a mailbox that answers nobody. */
function ForSomebody({ all, desks }: { all: readonly Kept[]; desks: readonly DeskCode[] }): VNode {
  const nothing = async (): Promise<void> => undefined;
  const mailbox = {
    ...{ all, subscribe: () => () => undefined, desks: async () => desks },
    ...{ approve: nothing, say: nothing, takeBack: nothing, lookNow: nothing },
  } as unknown as Mailbox;
  return (
    <Panel name="behalf">
      <Behalf mailbox={mailbox} api={answering({ "desk/behalf": {} })} />
    </Panel>
  );
}

const behalf = (
  steps: Entrance["steps"] = [],
  all: readonly Kept[] = [],
  desks: readonly DeskCode[] = ["legal-aid", "hardship"],
): Entrance => ({ view: <ForSomebody all={all} desks={desks} />, ...(steps ? { steps } : {}) });

const cell = (month: string, desk: string, event: string, count: number): Json => ({
  ...{ month, desk, event, count },
});
const MONTHS: Json = {
  from: 10,
  counts: [
    cell("2026-10", "legal-aid", "accept", 41),
    cell("2026-10", "hardship", "accept", 17),
    cell("2026-10", "", "accept", 13),
    cell("2026-10", "", "decline", 0),
    cell("2026-10", "legal-aid", "silent", 12),
    cell("2026-09", "", "behalf", 0),
  ],
};
const months = (answer: Json | string): Entrance => ({
  view: (
    <Panel name="desks">
      <MonthsPage me={GUO} mode="rehearsal" api={answering({ "desk/counts": answer })} />
    </Panel>
  ),
});

export const DESK_PAGES: Readonly<Record<string, Entrance>> = {
  "desk-none": desk({ referrals: [] }),
  "desk-list": desk({ referrals: LISTED }),
  "desk-open": desk({ referrals: LISTED, ...OPEN }),
  "desk-no-words": desk({ referrals: LISTED, ...OPEN }, ["[data-act=decline]"]),
  "desk-not-here": desk({
    ...{ referrals: LISTED, ...OPEN },
    reading: {
      letters: [letter(1, { by: "", kind: "unread", text: "" })],
      lines: null,
      before: new Uint8Array(32),
    },
  }),
  "desk-no-card": desk({ referrals: LISTED, noCard: "waiting" }),
  "desk-written-for": desk({
    ...{ referrals: LISTED, ...OPEN },
    reading: { ...OPEN.reading, lines: { ...OPEN.reading.lines, behalf: true } },
  }),
  "desk-behalf": behalf(),
  "desk-behalf-ready": behalf([
    ["#behalf-desk", "hardship"],
    [".behalf-lines textarea", LINES],
    ".behalf-lines input",
    "#beside",
  ]),
  "desk-behalf-written": behalf([], WRITTEN),
  "desk-behalf-none": behalf([], [], []),
  "desk-months": months(MONTHS),
  "desk-months-none": months({ counts: [], from: 10 }),
  "desk-months-offline": months("offline"),
};
