/**
 * Which tabs the console has for whom, and which keys lead to them. Pure.
 *
 * Arrows move along the row of tabs and open nothing, so that nobody is taken away from a talk by
 * looking around; Alt and a number open a tab from anywhere (the places on the board, not the
 * characters: with Alt many keyboards write something else).
 */

import type { TabName } from "../../counsel/client/insidePages.ts";
import { may } from "../../counsel/client/rights.ts";
import type { StaffRole } from "../../counsel/client/staffApi.ts";

const TABS: readonly { readonly name: TabName; readonly right: Parameters<typeof may>[1] }[] = [
  { name: "desk", right: "watch-board" },
  { name: "referrals", right: "answer-referrals" },
  { name: "rota", right: "see-rota" },
  { name: "follow", right: "follow-up" },
  { name: "keys", right: "see-people" },
  { name: "people", right: "see-people" },
  { name: "organisation", right: "see-gate" },
  { name: "directory", right: "run-directory" },
  { name: "gate", right: "see-gate" },
  { name: "behalf", right: "write-for" },
  { name: "stories", right: "tell-stories" },
  { name: "desks", right: "count-referrals" },
  { name: "own", right: "own" },
  { name: "trail", right: "own" },
  { name: "review", right: "lead" },
];

/** The tabs of this role, in their order; of those there are. */
export function tabsOf(role: StaffRole, there: (name: TabName) => boolean): readonly TabName[] {
  return TABS.filter(({ name, right }) => may(role, right) && there(name)).map(({ name }) => name);
}

/** Where the focus goes in a row of `count` tabs; null: this key is not for the row. */
export function moveOf(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/** Alt and a number: the place of the tab in the row, from 0; else null. */
export function numberOf(press: {
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}): number | null {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1];
  const alone = press.altKey && !press.ctrlKey && !press.metaKey && !press.shiftKey;
  return alone && digit !== undefined ? Number(digit) - 1 : null;
}
