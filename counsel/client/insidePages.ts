/**
 * The pages inside the console beside the listening desk. Each is loaded when somebody opens it, so
 * that the desk waits for none of them. `<Tabs>` draws the names and the one that is open.
 */

import type { VNode } from "preact";

import type { Me, Mode, StaffApi } from "./staffApi.ts";

/** What every page inside is given. A login that is over is seen to outside of them. */
export interface PageProps {
  readonly me: Me;
  readonly mode: Mode;
  readonly api: StaffApi;
}

export type InsidePage = (props: PageProps) => VNode;

export type TabName = "desk" | "rota" | "people" | "organisation" | "gate" | "own";

export interface TabsProps extends PageProps {
  /** The listening desk; it stays mounted under every tab. Null for those who never take anybody. */
  readonly desk: VNode | null;
  /** What there is besides the desk; a tab without an entry is not drawn. */
  readonly pages: InsidePages;
  /** Drawn between the tabs and the page: something that can be put off. It may open a tab. */
  notice(open: (tab: TabName) => void): VNode | null;
  /** For those without a desk, whose bar is not drawn; the desk's own bar has its own. */
  signOut(): void;
}

export type InsidePages = Readonly<
  Partial<Record<Exclude<TabName, "desk">, () => Promise<InsidePage>>>
>;

export const INSIDE_PAGES: InsidePages = {};
