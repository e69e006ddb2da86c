/** Cards: an issuer's page, and what a browser says of its own, as they stand at one moment. */

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { t } from "../../../counsel/client/i18n.ts";
import { KeysBook, type KeysView } from "../../../counsel/client/keys/keysBook.ts";
import { Keys } from "../../../counsel/client/keys/keysPage.tsx";
import { BrowserState, type Here, OwnCards } from "../../../counsel/client/keys/ownBrowsers.tsx";
import type {
  Card,
  DutyWait,
  ListedCard,
  Request,
} from "../../../counsel/client/keys/questions.ts";
import type { Colleague, Me, StaffApi, StaffRole } from "../../../counsel/client/staffApi.ts";
import type { Entrance } from "./entrances.tsx";
import { SUN, WANG, ZHOU } from "./officeStates.ts";

const EVENING = Date.UTC(2026, 10, 24, 12, 5);
const HOUR = 3_600_000;
const BYTES = new Uint8Array(32);
const CODE =
  "eyJ3aGF0IjoiaXNzdWVyIiwia2V5IjoiSUNFaUl5UWxKaWNvS1NvckxDMHVMekF4TWpNME5UWTNPRGs2T3p3OVBqOCIsInBl";

const one = (name: string, role: StaffRole = "counsellor"): Colleague => ({
  working_name: name,
  role,
  person: `p ${name}`,
});

const card = (name: string, more: Partial<ListedCard> = {}): ListedCard => ({
  card: `card of ${name}`,
  key: "",
  who: one(name),
  issued: "2026-10-02",
  until: "2026-12-31",
  lost: false,
  revoked: false,
  due: false,
  identity: BYTES,
  ...more,
});

const WAITS: readonly DutyWait[] = [
  { id: 1, who: one("林 Lin"), identity: BYTES, key: BYTES, until: EVENING + 4 * HOUR },
  { id: 2, who: ZHOU, identity: BYTES, key: BYTES, until: EVENING + 4 * HOUR },
];
const ASKING: readonly Request[] = [
  { id: 3, who: one("陈 Chen"), key: BYTES, asked: "2026-11-24T12:01Z" },
  { id: 4, who: one("王 Wang", "administrator"), key: BYTES, asked: "2026-11-24T11:00Z" },
];
const CARDS: readonly ListedCard[] = [
  card("林 Lin", { card: "lost", lost: true, due: true }),
  card("吴 Wu", { due: true }),
  card("林 Lin"),
  card("周 Zhou", { who: ZHOU }),
  card("陈 Chen", { revoked: true }),
];

const QUIET: Partial<KeysView> = {
  standing: "issuer",
  until: EVENING + 200 * 24 * HOUR,
  left: 17,
  overview: { waiting: [], cards: [], more: 0, size: 12 },
  head: { size: 12, digits: "2237 6401 1609 8772", at: EVENING - HOUR },
};
const BUSY: Partial<KeysView> = {
  ...QUIET,
  waits: WAITS,
  overview: { waiting: ASKING, cards: CARDS, more: 3, size: 12 },
  requests: { 3: "8873 4246 7544 8175 2492", 4: "1907 3296 1268 9870 4331" },
};

/** A book that stands still: what is pressed opens questions and is refused. */
class Still extends KeysBook {
  constructor(api: StaffApi, me: Me, view: Partial<KeysView>) {
    super(api, me, () => new Promise(() => undefined));
    this.view = { ...this.view, ...view };
  }
  override async load(): Promise<void> {}
}

const OFFLINE = {
  ask: async () => ({ ok: false, code: "offline", retryAfter: 0 }),
} as unknown as StaffApi;

function Shown({ view, me }: { view: Partial<KeysView>; me: Me }): VNode {
  const [book] = useState(() => new Still(OFFLINE, me, view));
  const [shown, setShown] = useState(book.view);
  useEffect(() => book.subscribe(setShown), [book]);
  return (
    <Panel name="keys">
      <Keys book={book} view={shown} />
    </Panel>
  );
}

function Panel({ name, children }: { name: string; children: ComponentChildren }): VNode {
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

const keys = (view: Partial<KeysView>, steps: readonly string[] = [], me: Me = ZHOU): Entrance => ({
  view: <Shown view={view} me={me} />,
  steps,
});

const own = (here: Here, cards: readonly Card[] = []): Entrance => ({
  view: (
    <Panel name="own">
      <div class="inside own">
        <h1>{t("own.title")}</h1>
        <section class="card" aria-labelledby="own-browsers">
          <h2 id="own-browsers">{t("keys.own.title")}</h2>
          <p>{t("keys.own.says")}</p>
          <BrowserState here={here} ask={() => undefined} />
          <OwnCards cards={cards} here="here" lose={() => undefined} />
        </section>
      </div>
    </Panel>
  ),
});

const HOLDING: readonly Card[] = [
  card("林 Lin", { key: "here" }),
  card("林 Lin", { card: "old", key: "old", lost: true }),
];

export const CARDS_PAGES: Readonly<Record<string, Entrance>> = {
  "keys-loading": keys({}),
  "keys-none": keys({ ...QUIET, standing: "none" }),
  "keys-asked": keys({
    ...QUIET,
    standing: "asked",
    digits: "1907 3296 1268 9870 4331",
    code: CODE,
  }),
  "keys-over": keys({ ...QUIET, standing: "over" }),
  "keys-quiet": keys(QUIET),
  "keys-busy": keys(BUSY),
  "keys-no-issuer": keys({ ...BUSY, standing: "none" }),
  "keys-give": keys(BUSY, ["#give-3"]),
  "keys-revoke": keys(BUSY, ["[id='revoke-lost']"]),
  "keys-lose": keys(BUSY, ["[id='lose-card of 周 Zhou']"]),
  "keys-put-on-refused": keys({
    ...BUSY,
    said: { at: "duty", done: "", name: "林 Lin", code: "other-person", until: 0 },
  }),
  "keys-put-on-done": keys({
    ...BUSY,
    said: { at: "duty", done: "put_on", name: "林 Lin", code: "", until: 0 },
  }),
  "keys-offline": keys({ ...BUSY, failure: "offline" }),
  "keys-split": keys({ ...BUSY, failure: "log-split" }),
  "keys-administrator": keys(BUSY, [], WANG),
  "keys-auditor": keys(BUSY, [], SUN),
  "own-card-none": own({ kind: "none" }),
  "own-card-waiting": own({ kind: "waiting", digits: "8873 4246 7544 8175 2492", code: CODE }),
  "own-card": own(
    { kind: "card", until: EVENING + 60 * 24 * HOUR, dutyUntil: EVENING + 4 * HOUR },
    HOLDING,
  ),
  "own-card-revoked": own({ kind: "revoked" }),
};
