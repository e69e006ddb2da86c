/**
 * The one-time link of an invitation: `/zh/staff/#join=TOKEN`. A fragment is never sent to any
 * server; still it is taken out of the address bar and the history at once, where the next person
 * at this computer would find it. Until it is used it stays with this tab alone, because a phone
 * that goes to its authenticator and back may load the page anew.
 */

const MARK = "staff-join";

export interface Place {
  readonly location: { readonly hash: string; readonly pathname: string };
  readonly history: { replaceState(data: unknown, title: string, url: string): void };
  /** Null where browsers let a tab remember nothing. */
  readonly kept: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;
}

export function here(): Place {
  return { location, history, kept: kept() };
}

function kept(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

/** The token this tab was opened with, or empty. Afterwards the address bar has none. */
export function takeJoinToken({ location, history, kept }: Place): string {
  const token = /^#join=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1];
  if (location.hash.startsWith("#join")) {
    history.replaceState(null, "", location.pathname);
  }
  if (token === undefined) {
    return kept?.getItem(MARK) ?? "";
  }
  kept?.setItem(MARK, token);
  return token;
}

/** It was used, is worth nothing, or is not meant for whoever sits here. */
export function forgetJoinToken({ kept }: Place): void {
  kept?.removeItem(MARK);
}
