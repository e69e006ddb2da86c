/** Where one writes. The button says who will read it whenever that has changed. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../../counsel/client/i18n.ts";
import { sends } from "./enter.ts";

/** UTF-8 bytes of one message: what one outer frame holds, with room to spare. */
const MAX_BYTES = 8_000;

/** Pixels the field may grow to before it scrolls: the talk must stay visible above it. */
const MAX_HEIGHT = 168;

export interface ComposerProps {
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  /** Gets the text without blanks around it. The field is emptied by `onDraft("")` at once. */
  readonly onSend: (text: string) => void;
  /** "发出", "发给林和周", "先存着". */
  readonly button: string;
  /** Enter does not send then: a changed set of readers is agreed to with the named button only. */
  readonly buttonOnly?: boolean;
  readonly placeholder?: string;
  /** For the console: several fields, one page. */
  readonly id?: string;
}

function tooLong(text: string): boolean {
  return text.length > MAX_BYTES / 4 && new TextEncoder().encode(text).length > MAX_BYTES;
}

export function Composer(props: ComposerProps) {
  const { draft, button, buttonOnly = false, placeholder = t("talk.write"), id = "write" } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const long = tooLong(draft);
  const text = draft.trim();
  useLayoutEffect(() => {
    const area = field.current;
    if (area !== null) {
      area.style.height = "auto";
      area.style.height = `${Math.min(area.scrollHeight + 2, MAX_HEIGHT)}px`;
    }
  }, [draft]);
  const send = (): void => {
    if (text !== "" && !long) {
      props.onDraft("");
      props.onSend(text);
      field.current?.focus();
    }
  };
  const pressed = (event: KeyboardEvent): void => {
    if (sends(event) && !buttonOnly) {
      event.preventDefault();
      send();
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="unseen" for={id}>
        {placeholder}
      </label>
      <textarea
        id={id}
        ref={field}
        rows={1}
        value={draft}
        placeholder={placeholder}
        enterkeyhint={buttonOnly ? "enter" : "send"}
        autocomplete="off"
        onInput={(event) => props.onDraft(event.currentTarget.value)}
        onKeyDown={pressed}
      />
      <button type="submit" class="send" aria-disabled={text === "" || long}>
        {button}
      </button>
      {buttonOnly && <p class="hint">{t("talk.readers_changed", { button })}</p>}
      {long && (
        <p class="hint" role="alert">
          {t("talk.too_long")}
        </p>
      )}
    </form>
  );
}
