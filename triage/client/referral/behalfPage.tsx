/** For somebody at one's side who cannot use a phone: line by line, read aloud, and only what they nod to. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { language, t, tCode } from "../../../counsel/client/i18n.ts";
import type { PageProps } from "../../../counsel/client/insidePages.ts";
import { DESKS, type DeskCode } from "../../../counsel/client/referralContract.ts";
import type { StaffApi } from "../../../counsel/client/staffApi.ts";
import { countBehalf, openBehalf } from "./behalfBook.ts";
import type { Kept } from "./kept.ts";
import { spell } from "./letter.ts";
import type { Mailbox } from "./mailbox.ts";
import { CHARACTERS_AT_MOST, daysOf, goesOn, isDesk, LINES_AT_MOST, SIGNED } from "./words.ts";

export { sealWith } from "./letter.ts";

export function BehalfPage({ me, api }: PageProps): VNode {
  const [mailbox, setMailbox] = useState<Mailbox | null>(null);
  useEffect(() => {
    let [over, opened]: [boolean, Mailbox | null] = [false, null];
    void openBehalf(me).then((found) => {
      opened = found;
      if (over) return found.close();
      found.begin();
      setMailbox(found);
    });
    return () => {
      over = true;
      opened?.close();
    };
  }, [me]);
  return mailbox === null ? (
    <p role="status">{t("behalf.loading")}</p>
  ) : (
    <Behalf mailbox={mailbox} api={api} />
  );
}

/** The page as it stands. */
export function Behalf({ mailbox, api }: { mailbox: Mailbox; api: StaffApi }): VNode {
  const [all, setAll] = useState(mailbox.all);
  const [desks, setDesks] = useState<readonly DeskCode[] | null>(null);
  useEffect(() => mailbox.subscribe(setAll), [mailbox]);
  useEffect(() => {
    mailbox.desks(DESKS).then(setDesks, () => setDesks([]));
  }, [mailbox]);
  return (
    <div class="inside office behalf">
      <h1>{t("behalf.title")}</h1>
      <p class="soft">{t("behalf.says")}</p>
      {!SIGNED && <p class="unsigned">{t("mode.unsigned")}</p>}
      {desks?.length === 0 && <p class="attention">{t("behalf.none")}</p>}
      {desks !== null && desks.length > 0 && <Write mailbox={mailbox} api={api} desks={desks} />}
      {all.length === 0 && <p role="status">{t("behalf.empty")}</p>}
      <ul class="rows">
        {all.map((one) => (
          <Written key={spell(one.ref)} one={one} mailbox={mailbox} />
        ))}
      </ul>
    </div>
  );
}

interface Row {
  readonly text: string;
  readonly spoken: boolean;
}
const BLANK: readonly Row[] = [{ text: "", spoken: false }];

interface WriteProps {
  readonly mailbox: Mailbox;
  readonly api: StaffApi;
  readonly desks: readonly DeskCode[];
}

function Write({ mailbox, api, desks }: WriteProps): VNode {
  const [desk, setDesk] = useState<DeskCode | "">("");
  const [rows, setRows] = useState(BLANK);
  const [beside, setBeside] = useState(false);
  const [said, setSaid] = useState("");
  const chosen = rows.filter((row) => row.spoken && row.text.trim() !== "");
  const lines = chosen.map((row) => row.text.trim());
  const fits = lines.length > 0 && lines.join("").length <= CHARACTERS_AT_MOST;
  const ready = desk !== "" && beside && fits;
  const put = (at: number, part: Partial<Row>): void =>
    setRows(rows.map((row, place) => (place === at ? { ...row, ...part } : row)));
  const send = async (): Promise<void> => {
    if (!ready) return;
    if (!(await countBehalf(api, desk))) return setSaid("no_mark");
    await mailbox.approve(desk, lines, false, true);
    setSaid("");
    setDesk("");
    setRows(BLANK);
    setBeside(false);
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        {t("behalf.begin")}
        <select
          id="behalf-desk"
          value={desk}
          onChange={(event) => {
            const to = event.currentTarget.value;
            setDesk(isDesk(to) ? to : "");
          }}
        >
          <option value="">{t("behalf.choose")}</option>
          {desks.map((one) => (
            <option key={one} value={one}>
              {t(`referral.desks.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <ol class="behalf-lines">
        {rows.map((row, at) => (
          <Line key={at} row={row} at={at} put={(part) => put(at, part)} />
        ))}
      </ol>
      {rows.length < LINES_AT_MOST && (
        <button type="button" class="second" onClick={() => setRows([...rows, ...BLANK])}>
          {t("behalf.add")}
        </button>
      )}
      <label class="tick">
        <input type="checkbox" id="beside" checked={beside} onChange={() => setBeside(!beside)} />
        {t("behalf.beside")}
      </label>
      {desk !== "" && (
        <ul class="soft">
          <li>{t("behalf.gets", { desk: t(`referral.desks.${desk}`) })}</li>
          <li>{t("behalf.when", { count: daysOf(desk) })}</li>
        </ul>
      )}
      <p role="alert" class={said === "" ? "" : "attention"}>
        {said !== "" && t(`behalf.${said}`)}
      </p>
      <button type="submit" class="firm" id="behalf-send" aria-disabled={!ready}>
        {t("behalf.send", { count: lines.length })}
      </button>
    </form>
  );
}

/** What is changed after it was read aloud has to be read aloud again. */
function Line(props: { row: Row; at: number; put: (part: Partial<Row>) => void }): VNode {
  const { row, at, put } = props;
  return (
    <li>
      <textarea
        rows={2}
        aria-label={t("behalf.words", { number: at + 1 })}
        autocomplete="off"
        value={row.text}
        onInput={(event) => put({ text: event.currentTarget.value, spoken: false })}
      />
      <label class="tick">
        <input type="checkbox" checked={row.spoken} onChange={() => put({ spoken: !row.spoken })} />
        {t("behalf.spoken", { number: at + 1 })}
      </label>
    </li>
  );
}

function Written({ one, mailbox }: { one: Kept; mailbox: Mailbox }): VNode {
  const [text, setText] = useState("");
  const [looked, setLooked] = useState(false);
  const ref = spell(one.ref);
  const answers = goesOn(one.state) && one.sentAt > 0 && one.leaving === null;
  const reply = (): void => {
    if (text.trim() !== "") void mailbox.say(ref, text.trim()).then(() => setText(""));
  };
  const look = async (): Promise<void> => {
    setLooked(false);
    await mailbox.lookNow();
    setLooked(true);
  };
  return (
    <li class="card opened" data-state={one.state}>
      <h2>{t(`referral.desks.${one.desk}`)}</h2>
      <p role="status">{standing(one)}</p>
      <ol class="said">
        {one.said.map((said) => (
          <li key={said.number} class={said.mine ? "ours" : ""}>
            <p class="by">
              <b>{said.mine ? t("behalf.them") : said.who}</b>{" "}
              <span>{t(`referral.acts.${said.kind}`)}</span>
            </p>
            <p class="text" dir="auto">
              {said.text}
            </p>
          </li>
        ))}
      </ol>
      {one.leaving !== null && <p class="soft">{t("behalf.leaves")}</p>}
      {one.said.length > 1 && <p class="soft">{t("behalf.read")}</p>}
      {answers && (
        <>
          <label>
            {t("behalf.reply")}
            <textarea
              rows={2}
              maxLength={CHARACTERS_AT_MOST}
              autocomplete="off"
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          <button type="button" class="second" aria-disabled={text.trim() === ""} onClick={reply}>
            {t("referral.reply_send")}
          </button>
        </>
      )}
      <p class="soft" role="status">
        {looked &&
          (mailbox.failure === "" ? t("referral.looked") : tCode("errors", mailbox.failure))}
      </p>
      <div class="answers">
        <button type="button" class="second" onClick={() => void look()}>
          {t("referral.look")}
        </button>
        <button type="button" class="second" onClick={() => void mailbox.takeBack(ref)}>
          {t(answers || one.sentAt === 0 ? "referral.take_back" : "referral.put_away")}
        </button>
      </div>
    </li>
  );
}

function standing(one: Kept): string {
  if (one.broken) return t("referral.broken");
  const day = new Date(one.sentAt + daysOf(one.desk) * 86_400_000);
  return t(`referral.desk.states.${one.state === "approved" ? "sent" : one.state}`, {
    day: day.toLocaleDateString(language, { month: "long", day: "numeric" }),
  });
}
