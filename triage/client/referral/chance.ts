/** When things happen that must not lie beside a talk in time: between two moments, drawn by chance. */

const MINUTE = 60_000;

/** Milliseconds, least and most. */
export type Within = readonly [number, number];

/** Between a tap and its letter: so long that it does not lie beside the talk's own rows. */
export const LEAVES_WITHIN: Within = [10 * MINUTE, 90 * MINUTE];
/** Between two looks into the mailbox. */
export const LOOKS_WITHIN: Within = [20 * MINUTE, 60 * MINUTE];
/** Between news and the talk, where nobody taps. */
export const TELLS_WITHIN: Within = [5 * MINUTE, 30 * MINUTE];
/** Behind the time the server names, for a letter it still holds. */
export const AGAIN_WITHIN: Within = [0, 2 * MINUTE];
/** After something went wrong. */
export const STUMBLED_WITHIN: Within = [MINUTE, 5 * MINUTE];

/** Uniformly, from the browser's own randomness. */
export function drawn([least, most]: Within): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return least + (word / 2 ** 32) * (most - least);
}
