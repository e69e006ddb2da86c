/** A square code a phone's camera reads. Drawn as one path: nothing of it is ever parsed as HTML. */

import type { VNode } from "preact";

import { pathOf, QUIET } from "./qrPath.ts";

/** `rows`: one text of `0` and `1` for each line; `label`: what it is, for those who do not see it. */
export function QrCode({ rows, label }: { rows: readonly string[]; label: string }): VNode {
  const side = rows.length + 2 * QUIET;
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label}>
      <rect class="qr-light" width={side} height={side} />
      <path class="qr-dark" d={pathOf(rows)} shape-rendering="crispEdges" />
    </svg>
  );
}
