/** Shares as whole hundredths, finer at both ends, and never rounded to all or nothing. Pure. */
export function rounded(share: number): string {
  const hundred = 100 * share;
  const fine = (hundred > 0 && hundred < 10) || (hundred > 90 && hundred < 100);
  return fine ? Math.min(99.9, Math.max(0.1, hundred)).toFixed(1) : hundred.toFixed(0);
}
