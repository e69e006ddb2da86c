/** A square code a phone's camera reads. Drawn as one path: nothing of it is ever parsed as HTML. */

import type { VNode } from "preact";

/** Light modules around it; below four some cameras do not find it (ISO/IEC 18004). */
const QUIET = 4;

/** The dark modules as a path in units of one module; a run of them in a row is one bar. */
export function pathOf(rows: readonly string[]): string {
  const bars: string[] = [];
  rows.forEach((row, y) => {
    for (const run of row.matchAll(/1+/g)) {
      const x = (run.index ?? 0) + QUIET;
      bars.push(`M${x} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`);
    }
  });
  return bars.join("");
}

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
