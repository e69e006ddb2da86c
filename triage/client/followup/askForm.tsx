/** A counsellor asks whether to agree on a time to come back, and notes what the person says. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../../counsel/client/i18n.ts";
import { firstDay, MOST_DAYS, writeQuestion } from "./days.ts";

type Kind = "red" | "orange" | "agreed";
const KINDS: readonly Kind[] = ["red", "orange", "agreed"];

export interface AskFormProps {
  /** As grave as this desk knows it to have been; the counsellor knows better. */
  readonly gravest: Kind;
  readonly send: (text: string) => Promise<boolean>;
  /** What they said, for the staff's list. False: it was not noted. */
  readonly note: (wanted: boolean, days: number) => Promise<boolean>;
}

export function AskForm({ gravest, send, note }: AskFormProps): VNode {
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState(gravest);
  useEffect(() => setKind(gravest), [gravest]);
  const [days, setDays] = useState(7);
  const [said, setSaid] = useState("");
  const [asked, setAsked] = useState(false);
  const ask = async (): Promise<void> => {
    const sent = await send(writeQuestion(kind, days));
    setSaid(sent ? "sent" : "failed");
    setAsked(asked || sent);
  };
  const keep = async (wanted: boolean): Promise<void> => {
    const kept = await note(wanted, kind === "agreed" ? days : firstDay(kind));
    setSaid(!kept ? "not_kept" : wanted ? "kept" : "kept_no");
  };
  return (
    <div class="help">
      <button
        type="button"
        id="ask-revisit"
        class="second"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t("follow.ask.open")}
      </button>
      {open && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void ask();
          }}
        >
          <label>
            {t("follow.ask.kind")}
            <select
              value={kind}
              onChange={(event) =>
                setKind(KINDS.find((one) => one === event.currentTarget.value) ?? gravest)
              }
            >
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {t(`follow.ask.kinds.${one}`)}
                </option>
              ))}
            </select>
          </label>
          {kind === "agreed" && <Days days={days} setDays={setDays} />}
          <button type="submit" class="second" id="send-revisit">
            {t("follow.ask.send")}
          </button>
          {asked && (
            <div class="answers" role="group" aria-label={t("follow.ask.said")}>
              <button type="button" class="firm" id="revisit-kept" onClick={() => void keep(true)}>
                {t("follow.ask.yes")}
              </button>
              <button type="button" class="second" onClick={() => void keep(false)}>
                {t("follow.ask.no")}
              </button>
            </div>
          )}
        </form>
      )}
      <p class="soft" role="status">
        {t(said === "" ? "follow.ask.hint" : `follow.ask.${said}`)}
      </p>
    </div>
  );
}

function Days({ days, setDays }: { days: number; setDays: (days: number) => void }): VNode {
  return (
    <>
      <p class="soft">{t("follow.ask.hint_days")}</p>
      <label>
        {t("follow.ask.days")}
        <input
          type="number"
          min={1}
          max={MOST_DAYS}
          value={days}
          onInput={(event) => {
            const count = Math.round(Number(event.currentTarget.value));
            if (count >= 1 && count <= MOST_DAYS) setDays(count);
          }}
        />
      </label>
    </>
  );
}
