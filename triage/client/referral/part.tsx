/** What a seeker's page fetches when somebody wants a desk: the mailbox, its page and its sentences. */

import texts from "catalogue/referral";

import { learn, t } from "../../../counsel/client/i18n.ts";
import { Mailbox } from "./mailbox.ts";
import type { ReferralsParts } from "./referrals.ts";

learn(texts);

export { sealWith } from "./letter.ts";
export { ReferralPage } from "./referralPage.tsx";

export function openMailbox({ vault, trust, talk }: ReferralsParts): Promise<Mailbox> {
  return Mailbox.open({
    store: vault,
    trust,
    tell: async (text) => {
      if (talk.news === undefined || talk.view.phase !== "active") throw new Error("not now");
      await talk.news(text);
    },
    newsOf: ({ desk }, said) => {
      const kind = said === "silent" ? said : said.kind;
      if (kind === "lines" || kind === "unread") return "";
      return t(`referral.news.${kind}`, { desk: t(`referral.desks.${desk}`) });
    },
  });
}
