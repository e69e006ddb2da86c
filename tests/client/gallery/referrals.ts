/** A seeker's errands as they stand on a phone: a mailbox that answers nobody, and what lies in it. */

import type { DeskCode } from "../../../counsel/client/referralContract.ts";
import type { Kept, Said } from "../../../triage/client/referral/kept.ts";
import type { Mailbox } from "../../../triage/client/referral/mailbox.ts";
import * as part from "../../../triage/client/referral/part.tsx";
import type { Referrals } from "../../../triage/client/referral/referrals.ts";
import { NOW } from "./states.ts";

const zh = document.documentElement.lang.startsWith("zh");
const DAY = 86_400_000;
const HOUR = 3_600_000;
const name = (chinese: string, english: string): string => (zh ? chinese : english);

const LINES = zh
  ? ["三月起没发工资", "有二十个人", "合同在手里"]
  : ["No pay since March", "There are twenty of us", "I have the contract"];
const DESKS: readonly DeskCode[] = ["legal-aid", "hardship"];

const kept = (change: Partial<Kept>): Kept => ({
  ...{ ref: new Uint8Array(16).fill(change.last ?? 0), token: new Uint8Array(32) },
  ...{ publicKey: new Uint8Array(32), privateKey: new Uint8Array(32), before: new Uint8Array(32) },
  ...{ desk: "legal-aid", lines: LINES, state: "sent", said: [], last: 1, leaving: null },
  ...{ sentAt: NOW - DAY, lookAt: NOW + HOUR, tells: false, toldTo: 0, tellAt: 0 },
  ...{ toldSilent: false, broken: false },
  ...change,
});

const mine: Said = {
  ...{ number: 1, mine: true, kind: "lines", text: LINES.join("\n"), to: "", who: "" },
  at: NOW - DAY,
};
const theirs = (number: number, kind: Said["kind"], text: string, change: Partial<Said> = {}) => ({
  ...{ number, mine: false, kind, text, to: "" as const, at: NOW - 2 * HOUR },
  who: name("方", "Fang"),
  ...change,
});
const guo = { who: name("郭", "Guo") };

const WHY = name(
  "这个月名额满了，下个月三号再报。",
  "This month is full. Apply again on the third.",
);
const WHERE = name(
  "欠薪的事法律援助能管，不收钱。",
  "Legal aid deals with unpaid wages, at no cost.",
);
const YES = name("可以接，不收钱。", "We can take it, at no cost.");
const WHEN = name(
  "星期四下午两点，三楼，带上合同。",
  "Thursday at two, third floor. Bring the contract.",
);

const LEAVES = { text: "", dueAt: NOW + HOUR, letter: null };
const APPOINTED = [mine, theirs(2, "accept", YES), theirs(3, "appoint", WHEN)];

const POST: Readonly<Record<string, readonly Kept[]>> = {
  "referral-none": [],
  "referral-approve": [],
  "referral-leaves": [kept({ state: "approved", sentAt: 0, last: 0, leaving: LEAVES })],
  "referral-sent": [kept({ said: [mine] })],
  "referral-declined": [
    kept({
      desk: "hardship",
      state: "declined",
      said: [mine, theirs(2, "decline", WHY, guo)],
      last: 2,
    }),
  ],
  "referral-redirected": [
    kept({
      ...{ desk: "hardship", state: "redirected", last: 2 },
      said: [mine, theirs(2, "redirect", WHERE, { ...guo, to: "legal-aid" })],
    }),
  ],
  "referral-appointed": [kept({ state: "appointed", said: APPOINTED, last: 3, toldTo: 3 })],
  "referral-silent": [kept({ state: "silent", said: [mine], sentAt: NOW - 5 * DAY })],
};

/** The names of all states of this page. */
export const ERRANDS: readonly string[] = Object.keys(POST);

const nothing = async (): Promise<void> => undefined;

/** What the page is given, by the name of a state. */
export function errands(state: string): Referrals {
  const all = POST[state] ?? [];
  const mailbox = {
    ...{ all, failure: "", subscribe: () => () => undefined, desks: async () => DESKS },
    untold: (one: Kept) => (one.toldTo < one.last || one.state === "silent" ? [WHY] : []),
    ...{ approve: nothing, say: nothing, setTells: nothing, takeBack: nothing, lookNow: nothing },
    tellNow: nothing,
  } as unknown as Mailbox;
  const proposal = JSON.stringify({ desk: "legal-aid", lines: LINES });
  return {
    proposal: state === "referral-approve" ? proposal : "",
    proposing: () => () => undefined,
    load: async () => ({ part, mailbox }),
  } as unknown as Referrals;
}
