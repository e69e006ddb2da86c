/** The dark modules of a square code as one path. Pure. */

/** Light modules around it; below four some cameras do not find it (ISO/IEC 18004). */
export const QUIET = 4;

/** `rows`: one text of `0` and `1` for each line. In units of one module; a run in a row is one bar. */
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
