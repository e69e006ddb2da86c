/** One referral in the seeker's mailbox: how it stands, what was said, and what can be done. */

import { useState } from "preact/hooks";
import { language, t, tCode } from "../../../counsel/client/i18n.ts";
import type { DeskCode } from "../../../counsel/client/referralContract.ts";
import type { Kept, Said } from "./kept.ts";
import { spell } from "./letter.ts";
import type { Mailbox } from "./mailbox.ts";
import { CHARACTERS_AT_MOST, daysOf, goesOn } from "./words.ts";

export interface OneProps {
  readonly one: Kept;
  readonly mailbox: Mailbox;
  /** The same lines, to be approved once more for another desk. */
  readonly onElsewhere: (desk: DeskCode) => void;
  readonly onVisit: () => void;
}

const DAY = 86_400_000;

function dayOf(at: number): string {
  return new Date(at).toLocaleDateString(language, { month: "long", day: "numeric" });
}

export function OneReferral(props: OneProps) {
  const { one } = props;
  const desk = t(`referral.desks.${one.desk}`);
  const id = `referral-${spell(one.ref)}`;
  return (
    <section class="card referral" aria-labelledby={id} data-state={one.state}>
      <h2 id={id}>{desk}</h2>
      <p role="status">{standing(one)}</p>
      <ol class="said">
        {one.said.map((said) => (
          <SaidLine key={said.number} said={said} desk={desk} />
        ))}
      </ol>
      <Leaving one={one} />
      {!one.broken && <Acts {...props} />}
    </section>
  );
}

function standing(one: Kept): string {
  if (one.broken) return t("referral.broken");
  if (one.state === "sent") {
    return t("referral.states.sent", { day: dayOf(one.sentAt + daysOf(one.desk) * DAY) });
  }
  return t(`referral.states.${one.state}`);
}

function SaidLine({ said, desk }: { said: Said; desk: string }) {
  const who = said.mine ? t("referral.me") : t("referral.from", { name: said.who, desk });
  return (
    <li class={said.mine ? "mine" : "theirs"}>
      <p class="by">
        <b>{who}</b> <span>{dayOf(said.at)}</span>
        {!said.mine && <span> · {t(`referral.acts.${said.kind}`)}</span>}
      </p>
      <p class="text" dir="auto">
        {said.text}
      </p>
    </li>
  );
}

function Leaving({ one }: { one: Kept }) {
  if (one.leaving === null) return null;
  const { letter, failed = "" } = one.leaving;
  if (failed !== "") {
    const why = failed === "no-desk" ? t("referral.nobody") : tCode("errors", failed);
    return <p class="attention">{t("referral.stuck", { why })}</p>;
  }
  return <p class="hint">{t(letter === null ? "referral.leaves" : "referral.held")}</p>;
}

function Acts({ one, mailbox, onElsewhere, onVisit }: OneProps) {
  const [failed, setFailed] = useState("");
  const ref = spell(one.ref);
  const last = one.said[one.said.length - 1];
  const untold = mailbox.untold(one).length > 0;
  const takeBack = (): void => {
    mailbox.takeBack(ref).catch((error: { code?: string }) => setFailed(error.code ?? "internal"));
  };
  return (
    <>
      {goesOn(one.state) && one.sentAt > 0 && one.leaving === null && (
        <Reply onSay={(text) => void mailbox.say(ref, text)} />
      )}
      {one.state === "redirected" && last !== undefined && last.to !== "" && (
        <button type="button" class="other" onClick={() => last.to !== "" && onElsewhere(last.to)}>
          {t("referral.elsewhere", { desk: t(`referral.desks.${last.to}`) })}
        </button>
      )}
      {one.state === "appointed" && (
        <button type="button" class="other" onClick={onVisit}>
          {t("referral.remind")}
        </button>
      )}
      {untold && (
        <button type="button" class="other tell" onClick={() => void mailbox.tellNow(ref)}>
          {t("referral.tell")}
        </button>
      )}
      <label class="tick">
        <input
          type="checkbox"
          checked={one.tells}
          onChange={() => void mailbox.setTells(ref, !one.tells)}
        />
        {t("referral.approve.tells")}
      </label>
      <button type="button" class="quiet" onClick={takeBack}>
        {t(goesOn(one.state) || one.sentAt === 0 ? "referral.take_back" : "referral.put_away")}
      </button>
      {failed !== "" && (
        <p class="attention" role="status">
          {tCode("errors", failed)}
        </p>
      )}
    </>
  );
}

function Reply({ onSay }: { onSay: (text: string) => void }) {
  const [text, setText] = useState("");
  const words = text.trim();
  return (
    <form
      class="reply"
      onSubmit={(event) => {
        event.preventDefault();
        if (words !== "") {
          onSay(words);
          setText("");
        }
      }}
    >
      <label>
        {t("referral.reply")}
        <textarea
          rows={3}
          maxLength={CHARACTERS_AT_MOST}
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="other" aria-disabled={words === ""}>
        {t("referral.reply_send")}
      </button>
    </form>
  );
}
