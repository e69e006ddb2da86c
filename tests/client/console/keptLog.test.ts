/** A staff browser is not shown yesterday's log after a reload: it remembers how far today's went. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Trust } from "../../../counsel/client/certificates.ts";
import { keepLog } from "../../../counsel/client/keys/keptLog.ts";
import { EVENING, minute, Organisation } from "../mls/cast.ts";
import type { Issued } from "../mls/issued.ts";

class Browser {
  private readonly records = new Map<string, Uint8Array>();
  readonly store = {
    read: async (name: string) => {
      const bytes = this.records.get(name);
      return bytes === undefined ? null : { bytes };
    },
    put: async (name: string, bytes: Uint8Array | null) => {
      if (bytes !== null) this.records.set(name, bytes);
    },
  };

  /** A page that was just loaded, and is shown this log. */
  async load(home: Organisation, log: Issued, at = EVENING): Promise<Trust> {
    const file = (): Promise<Uint8Array> => log.file(home.issuers.office, minute(EVENING));
    const trust = await home.trust({ at, log: file });
    await keepLog(trust, this.store);
    return trust;
  }
}

test("rolled back, or another history, behind a reload: nothing is believed and nothing signed upon", async () => {
  const [home, browser] = [await Organisation.found(), new Browser()];
  await home.certify("林", "counsellor");
  const yesterday = home.issued.fork();
  await home.certify("陈", "counsellor");
  assert.equal((await (await browser.load(home, home.issued)).log.atLeast(0)).size, 4);
  const rolledBack = await browser.load(home, yesterday);
  await assert.rejects(rolledBack.log.atLeast(0), { code: "log-behind" });
  const other = yesterday.fork();
  for (const byte of [1, 2]) await other.add(new Uint8Array(100).fill(byte));
  const forked = await browser.load(home, other);
  await assert.rejects(forked.log.atLeast(0), { code: "log-split" });
  await home.certify("吴", "counsellor");
  assert.equal((await (await browser.load(home, home.issued)).log.atLeast(0)).size, 5);
});

test("the newest signed date is kept too; under another root both are forgotten", async () => {
  const [home, browser] = [await Organisation.found(), new Browser()];
  await (await browser.load(home, home.issued)).log.atLeast(0);
  const slow = await browser.load(home, home.issued, EVENING - 9 * 86_400_000);
  assert.equal(slow.now(), EVENING);
  const next = await Organisation.found();
  assert.equal((await (await browser.load(next, next.issued)).log.atLeast(0)).size, 2);
});
