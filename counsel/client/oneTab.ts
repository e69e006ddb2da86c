/** One tab at a time holds the desk: two would answer the same person twice. */

const NAME = "staff desk";

interface Hold {
  lost: () => void;
  release: () => void;
}

let hold: Hold | null = null;

/**
 * True when this tab holds the desk from now on; `lost` is called when another tab takes it. Where
 * browsers cannot tell (before Safari 15.4), every tab holds it.
 */
export function claimDesk(steal: boolean, lost: () => void): Promise<boolean> {
  const { locks } = globalThis.navigator; // floor: asked for in the next line
  if (locks === undefined) {
    return Promise.resolve(true);
  }
  if (hold !== null) {
    hold.lost = lost;
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    let mine: Hold | null = null;
    const given = (lock: Lock | null): Promise<void> | undefined => {
      resolve(lock !== null);
      if (lock === null) {
        return undefined;
      }
      return new Promise<void>((release) => {
        mine = hold = { lost, release };
      });
    };
    locks.request(NAME, steal ? { steal: true } : { ifAvailable: true }, given).catch(() => {
      resolve(false);
      if (mine !== null && hold === mine) {
        hold = null;
        mine.lost();
      }
    });
  });
}

/** Gives the desk back, if this tab holds it. */
export function leaveDesk(): void {
  hold?.release();
  hold = null;
}
