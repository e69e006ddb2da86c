/** A counsellor proposes a desk inside the talk. The seeker decides on every line; nothing is sent here. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../../counsel/client/i18n.ts";
import { DESKS, type DeskCode } from "../../../counsel/client/referralContract.ts";
import { LINES_AT_MOST, writeProposal } from "./words.ts";

export function ProposeForm({ send }: { send: (text: string) => Promise<boolean> }): VNode {
  const [open, setOpen] = useState(false);
  const [desk, setDesk] = useState<DeskCode>("legal-aid");
  const [text, setText] = useState("");
  const [said, setSaid] = useState("");
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const propose = async (): Promise<void> => {
    if (lines.length === 0) return;
    const sent = await send(writeProposal({ desk, lines: lines.slice(0, LINES_AT_MOST) }));
    setSaid(sent ? "sent" : "failed");
    if (sent) {
      setText("");
      setOpen(false);
    }
  };
  return (
    <div class="help">
      <button
        type="button"
        id="propose-desk"
        class="second"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t("referral.propose.open")}
      </button>
      {open && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void propose();
          }}
        >
          <label>
            {t("referral.propose.desk")}
            <select
              value={desk}
              onChange={(event) => setDesk(event.currentTarget.value as DeskCode)}
            >
              {DESKS.map((one) => (
                <option key={one} value={one}>
                  {t(`referral.desks.${one}`)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t("referral.propose.lines")}
            <textarea
              id="propose-lines"
              rows={4}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="second" aria-disabled={lines.length === 0}>
            {t("referral.propose.send")}
          </button>
        </form>
      )}
      <p class="soft" role="status">
        {t(said === "" ? "referral.propose.hint" : `referral.propose.${said}`)}
      </p>
    </div>
  );
}
