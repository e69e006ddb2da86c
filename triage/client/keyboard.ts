/**
 * Which keys do what in the console, besides writing (`chat/client/view/enter.ts` says what sends).
 * Pure: what happens then is the desk's business.
 */

/** What this file needs of a `KeyboardEvent`. */
export interface Press {
  readonly key: string;
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
  readonly repeat: boolean;
}

export type Act = "take" | "next" | "previous" | "write" | "numbers" | "end" | "list" | "escape";

/** Shown in the visible list, in this order. The letters are places on the board, not characters. */
export const SHORTCUTS: readonly {
  readonly act: Act;
  readonly code: string;
  readonly shown: string;
}[] = [
  { act: "take", code: "KeyN", shown: "Alt N" },
  { act: "next", code: "KeyJ", shown: "Alt J" },
  { act: "previous", code: "KeyK", shown: "Alt K" },
  { act: "write", code: "KeyM", shown: "Alt M" },
  { act: "numbers", code: "KeyU", shown: "Alt U" },
  { act: "end", code: "KeyQ", shown: "Alt Q" },
  { act: "list", code: "Slash", shown: "Alt /" },
];

/**
 * While an input method composes, no key is ours. Safari ends the composition before it reports
 * the Enter that confirmed it; that Enter carries key code 229.
 */
function composing(press: Press): boolean {
  return press.isComposing || press.keyCode === 229;
}

/**
 * The act a key asks for, or null. `writing`: the focus is in a field; `single`: "?" alone may open
 * the list (WCAG 2.1.4: a one-character shortcut can be switched off).
 */
export function actOf(press: Press, writing: boolean, single: boolean): Act | null {
  if (composing(press) || press.repeat || press.ctrlKey || press.metaKey) {
    return null;
  }
  if (press.key === "Escape") {
    return "escape";
  }
  if (press.altKey) {
    return press.shiftKey ? null : (SHORTCUTS.find((s) => s.code === press.code)?.act ?? null);
  }
  return press.key === "?" && single && !writing ? "list" : null;
}
