/** What the parts of the directory's page have in common: what they are given, and how they name things. */

import type { VNode } from "preact";

import { t } from "../../../counsel/client/i18n.ts";
import type { DirectoryBook, DirectoryView } from "./directoryBook.ts";
import { assuranceOf } from "./entry.ts";

export interface DirectoryProps {
  readonly book: DirectoryBook;
  readonly view: DirectoryView;
  /** Milliseconds. */
  readonly now: number;
}

export function regionName(region: string): string {
  return region === "" ? t("directory_desk.country") : t(`places.${region}`);
}

export function kindName(kind: string): string {
  return t(`directory.kinds.${kind.split("-").join("_")}`);
}

/** When somebody vouched for it last, and what that means for the phones. */
export function Assured({ assured, now }: { assured: string; now: number }): VNode {
  const standing = assured === "" ? "never" : assuranceOf(assured, now);
  return (
    <p class={standing === "fresh" ? "called" : "called due"}>
      {standing !== "fresh" && <span aria-hidden="true">◆ </span>}
      {t(`directory_desk.assured.${standing}`, { day: assured })}
    </p>
  );
}
