/** When a key press means "send". */

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/**
 * Enter alone. Never while an input method composes: there Enter picks a word. Safari reports that
 * Enter after the composition has ended; it carries key code 229.
 */
export function sends(press: KeyPress): boolean {
  return (
    press.key === "Enter" &&
    !press.isComposing &&
    press.keyCode !== 229 &&
    !press.repeat &&
    !(press.shiftKey || press.altKey || press.ctrlKey || press.metaKey)
  );
}
