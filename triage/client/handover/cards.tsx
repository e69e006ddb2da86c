/** What a desk shows of a talk that goes to the next person: to whoever has it, and to who is asked. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { MAX_SUMMARY } from "../../../chat/client/release.ts";
import type { Colleague } from "../../../counsel/client/contract.ts";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import { type DeskTalk, refusalOf } from "../deskTalk.ts";
import { TierMark, Topics } from "../marks.tsx";
import type { Passage } from "./handing.ts";

export interface HandActs {
  whoCould(ref: string): Promise<readonly Colleague[]>;
  handOver(ref: string, staff: number): void;
  tell(handover: number, summary: string): void;
  keep(handover: number): void;
  goAnyway(handover: number): void;
}

export interface ComeActs {
  come(handover: number): void;
  notMe(handover: number): void;
}

const AWAY: readonly string[] = ["hidden", "calling", "gone"];

/** Beside a talk of mine: asking a colleague to go on with it, and how far that is. */
export function HandOn(props: { talk: DeskTalk; passage: Passage | null; acts: HandActs }): VNode {
  const { talk, passage, acts } = props;
  const open = passage !== null && ["asked", "accepted", "ready"].includes(passage.state);
  if (passage !== null && open) {
    return (
      <section class="help hand-on" aria-labelledby="hand-on-title">
        <h3 id="hand-on-title">{t("handing.begin")}</h3>
        <UnderWay talk={talk} passage={passage} acts={acts} />
        {passage.state !== "ready" && (
          <button type="button" class="second" onClick={() => acts.keep(passage.handover)}>
            {t("handing.close")}
          </button>
        )}
      </section>
    );
  }
  return (
    <div class="help hand-on">
      <p class="soft" role="status">
        {passage !== null && passage.state !== "done"
          ? t(`handing.over.${passage.state}`, { name: passage.name })
          : ""}
      </p>
      <WhomToAsk talk={talk} acts={acts} />
    </div>
  );
}

function WhomToAsk({ talk, acts }: { talk: DeskTalk; acts: HandActs }): VNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        id="hand-on"
        class="second"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t(open ? "handing.close" : "handing.begin")}
      </button>
      {open && <Colleagues key={talk.ref} talk={talk} acts={acts} />}
    </>
  );
}

function Colleagues({ talk, acts }: { talk: DeskTalk; acts: HandActs }): VNode {
  const [rows, setRows] = useState<readonly Colleague[] | null>(null);
  const [failed, setFailed] = useState("");
  const [staff, setStaff] = useState(0);
  useEffect(() => {
    let wanted = true;
    acts.whoCould(talk.ref).then(
      (found) => wanted && setRows(found),
      (error: unknown) => wanted && setFailed(refusalOf(error).code),
    );
    return () => {
      wanted = false;
    };
  }, [talk.ref]);
  if (failed !== "") {
    return <p class="attention">{tCode("console.failed", failed)}</p>;
  }
  if (rows === null || rows.length === 0) {
    return <p role="status">{t(rows === null ? "handing.looking" : "handing.none")}</p>;
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        acts.handOver(talk.ref, staff);
      }}
    >
      <p class="soft">{t("handing.says")}</p>
      <label for="hand-to">{t("handing.whom")}</label>
      <select
        id="hand-to"
        value={String(staff)}
        onChange={(event) => setStaff(Number(event.currentTarget.value))}
      >
        <option value="0">{t("handing.anybody")}</option>
        {rows.map((one) => (
          <option key={one.staff} value={String(one.staff)}>
            {one.name}
          </option>
        ))}
      </select>
      <button type="submit" class="firm">
        {t("handing.ask")}
      </button>
    </form>
  );
}

interface UnderWayProps {
  readonly talk: DeskTalk;
  readonly passage: Passage;
  readonly acts: HandActs;
}

function UnderWay({ talk, passage, acts }: UnderWayProps): VNode {
  const { state, coming, unproved, name: said } = passage;
  const told = talk.view?.handover;
  if (state === "asked") {
    return <p role="status">{t("handing.asked", { name: said })}</p>;
  }
  if (state === "ready") {
    const key =
      told?.answer === "yes" || told?.answer === "self" ? `said_${told.answer}` : "opening";
    return <p role="status">{t(`handing.${key}`, { name: coming?.name ?? said })}</p>;
  }
  if (unproved) {
    return <p class="attention">{t("handing.unproved")}</p>;
  }
  if (coming === null) {
    return <p role="status">{t("handing.looking_up", { name: said })}</p>;
  }
  if (told?.certificate !== coming.certificate) {
    return <Summary key={passage.handover} passage={passage} name={coming.name} acts={acts} />;
  }
  const away = told.answer === "" && AWAY.includes(talk.view?.presence ?? "");
  return (
    <>
      <p role="status">
        {t(told.answer === "" ? "handing.shown" : `handing.said_${told.answer}`, {
          name: coming.name,
        })}
      </p>
      {away && (
        <>
          <p class="soft">{t("handing.away", { name: coming.name })}</p>
          <button type="button" class="second" onClick={() => acts.goAnyway(passage.handover)}>
            {t("handing.go_anyway", { name: coming.name })}
          </button>
        </>
      )}
    </>
  );
}

/** What matters, in a few lines. It goes to the seeker first, and further only with a yes. */
function Summary(props: { passage: Passage; name: string; acts: HandActs }): VNode {
  const { passage, name, acts } = props;
  const [text, setText] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        acts.tell(passage.handover, text);
      }}
    >
      <p role="status">{t("handing.comes", { name })}</p>
      <label for="hand-summary">{t("handing.write")}</label>
      <textarea
        id="hand-summary"
        rows={5}
        maxLength={MAX_SUMMARY}
        value={text}
        aria-describedby="hand-hint"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p id="hand-hint" class="soft">
        {t("handing.write_hint")}
      </p>
      <button type="submit" class="firm">
        {t("handing.show")}
      </button>
    </form>
  );
}

/** I am asked to go on with somebody's talk: two answers of the same weight, and then it waits. */
export function AskedToCome(props: { passages: readonly Passage[]; acts: ComeActs }): VNode {
  const { passages, acts } = props;
  return (
    <div role="status">
      {passages
        .filter((one) => !one.mine)
        .map((one) => (
          <section key={one.handover} class="offer come" aria-labelledby="come-title">
            <h3 id="come-title">{t("handing.wants", { name: one.name, code: one.caseCode })}</h3>
            <p>
              <TierMark tier={one.tier} /> · <Topics topics={one.topics} />
            </p>
            <Answers passage={one} acts={acts} />
          </section>
        ))}
    </div>
  );
}

function Answers({ passage, acts }: { passage: Passage; acts: ComeActs }): VNode {
  const { handover, state, name, caseCode: code } = passage;
  if (state === "ready") {
    return <p>{t("handing.sits_down", { code })}</p>;
  }
  const asked = state === "asked";
  return (
    <>
      <p class="soft">{t(asked ? "handing.wants_says" : "handing.waits", { name, code })}</p>
      <div class="answers">
        {asked && (
          <button type="button" class="firm" onClick={() => acts.come(handover)}>
            {t("handing.come")}
          </button>
        )}
        <button type="button" class="second" onClick={() => acts.notMe(handover)}>
          {t(asked ? "handing.not_me" : "handing.after_all_not")}
        </button>
      </div>
    </>
  );
}
