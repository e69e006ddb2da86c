/** A back office's page as it stands at one moment, with a book that asks nobody. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { t } from "../../../counsel/client/i18n.ts";
import type { Me } from "../../../counsel/client/staffApi.ts";
import { DeskBook, type DeskView } from "../../../triage/client/referral/deskBook.ts";
import { AtTheDesk } from "../../../triage/client/referral/deskPage.tsx";
import type { Listed } from "../../../triage/client/referral/deskQuestions.ts";
import type { Read } from "../../../triage/client/referral/reading.ts";
import type { Entrance } from "./entrances.tsx";
import { answering } from "./office.tsx";

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

const COUNTS = [
  { desk: "hardship", month: "2026-11", event: "accept", count: 14 },
  { desk: "hardship", month: "2026-11", event: "decline", count: 0 },
];

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
    <div class="console">
      <main id="main" class="under">
        <div class="tab-panel" role="region" aria-label={t("nav.referrals")}>
          <AtTheDesk book={book} view={shown} />
        </div>
      </main>
    </div>
  );
}

const desk = (view: Partial<DeskView>, steps: readonly string[] = []): Entrance => ({
  view: <Shown view={view} />,
  steps,
});

export const DESK_PAGES: Readonly<Record<string, Entrance>> = {
  "desk-none": desk({ referrals: [] }),
  "desk-list": desk({ referrals: LISTED, counts: COUNTS }),
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
};
