/** What differs between two directories, for the eyes of whoever signs. Pure. */

import type { Directory } from "./entry.ts";

export interface Changes {
  /** Names, in the order of the directory they stand in. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly gone: readonly string[];
}

function entriesOf(directory: Directory | null): ReadonlyMap<string, readonly [string, string]> {
  const found = new Map<string, readonly [string, string]>();
  for (let place = 0; place < (directory?.size ?? 0); place++) {
    const entry = directory?.entry(place);
    if (entry !== undefined) {
      found.set(entry.id, [entry.name, JSON.stringify(entry)]);
    }
  }
  return found;
}

/** `before` null: phones have nothing yet. */
export function changesOf(before: Directory | null, after: Directory): Changes {
  const [old, fresh] = [entriesOf(before), entriesOf(after)];
  const added: string[] = [];
  const changed: string[] = [];
  for (const [id, [name, said]] of fresh) {
    const known = old.get(id);
    if (known === undefined) {
      added.push(name);
    } else if (known[1] !== said) {
      changed.push(name);
    }
  }
  const gone = [...old].filter(([id]) => !fresh.has(id)).map(([, [name]]) => name);
  return { added, changed, gone };
}
