/** "Not now", for this tab and this login: what was put off is not asked again by a reload. */

const MARK = "staff-later";

function kept(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

export function putOff(): void {
  kept()?.setItem(MARK, "1");
}

export function wasPutOff(): boolean {
  return kept()?.getItem(MARK) === "1";
}

/** Somebody has signed in anew. */
export function remindAgain(): void {
  kept()?.removeItem(MARK);
}
