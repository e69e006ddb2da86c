/** What the console's tabs and the pages in them are given. `<Tabs>` draws the one that is open. */

import type { VNode } from "preact";

import type { Me, Mode, StaffApi } from "./staffApi.ts";

/** What every page inside is given. A login that is over is seen to outside of them. */
export interface PageProps {
  readonly me: Me;
  readonly mode: Mode;
  readonly api: StaffApi;
}

export type InsidePage = (props: PageProps) => VNode;

export type TabName =
  | "desk"
  | "referrals"
  | "follow"
  | "behalf"
  | "stories"
  | "desks"
  | "rota"
  | "keys"
  | "people"
  | "organisation"
  | "directory"
  | "gate"
  | "own"
  | "trail"
  | "review";

export interface TabsProps extends PageProps {
  /** The listening desk; it stays mounted under every tab. Null for those who never take anybody. */
  readonly desk: VNode | null;
  /** What there is besides the desk; a tab without an entry is not drawn. */
  readonly pages: InsidePages;
  /** Drawn between the tabs and the page: something that can be put off. It may open a tab. */
  notice(open: (tab: TabName) => void): VNode | null;
  /** Drawn above the tabs: who works here, the line, the way out. Keys of the desk open the desk. */
  bar(open: (tab: TabName) => void): VNode;
  /** People who wait, and words not read: seen from every tab. */
  readonly waiting: number;
  readonly unread: number;
  /** Whether this person is checked in, each time the duty bar has looked. */
  dutyLooked(standing: boolean): void;
  /** The desk is in front, or lies under another tab. */
  onDesk(seen: boolean): void;
}

export type InsidePages = Readonly<
  Partial<Record<Exclude<TabName, "desk">, () => Promise<InsidePage>>>
>;
