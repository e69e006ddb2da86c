/** What a desk shows of a supervisor beside a counsellor: a question with two answers, and the way out. */

import type { VNode } from "preact";

import { t } from "../../../counsel/client/i18n.ts";
import type { DeskTalk } from "../deskTalk.ts";
import type { Wish } from "./visiting.ts";

export interface WishActs {
  admit(visit: number): void;
  turnDown(visit: number): void;
}

/** Above the field: who wants to come into this talk. Nothing is let in by the page itself. */
export function AskedIn(props: { wishes: readonly Wish[]; acts: WishActs }): VNode {
  const { wishes, acts } = props;
  return (
    <div role="status">
      {wishes.map((wish) => (
        <div key={wish.visit} class="release wish">
          <Question wish={wish} acts={acts} />
        </div>
      ))}
    </div>
  );
}

function Question({ wish, acts }: { wish: Wish; acts: WishActs }): VNode {
  const { name, visit, admitted } = wish;
  if (name === null || name === "") {
    return <p>{t(name === null ? "beside.unproved" : "beside.looking")}</p>;
  }
  return (
    <>
      <p>{t(admitted ? "beside.admitting" : "beside.wants", { name })}</p>
      {!admitted && (
        <div class="answers">
          <button type="button" class="firm" onClick={() => acts.admit(visit)}>
            {t("beside.admit", { name })}
          </button>
          <button type="button" class="second" onClick={() => acts.turnDown(visit)}>
            {t("beside.not_now")}
          </button>
        </div>
      )}
    </>
  );
}

/** Whoever has the talk can send the supervisor out; the supervisor can go. */
export function WayOut(props: {
  talk: DeskTalk;
  takeOut(ref: string): void;
  stepOut(ref: string): void;
}): VNode | null {
  const { talk, takeOut, stepOut } = props;
  const guest = talk.view?.members.find((one) => one.role === "supervisor");
  if (talk.since > 0) {
    return (
      <button type="button" id="step-out" class="second" onClick={() => stepOut(talk.ref)}>
        {t("beside.step_out")}
      </button>
    );
  }
  if (guest === undefined || guest.me) {
    return null;
  }
  return (
    <button type="button" id="take-out" class="second" onClick={() => takeOut(talk.ref)}>
      {t("beside.take_out", { name: guest.name })}
    </button>
  );
}

const TALKING: readonly string[] = ["attended", "answered", "led", "assessed", "proposed"];

/** Whether somebody is with this person in danger whom one could ask. */
export function isTalking(row: { readonly state: string; readonly held: number }): boolean {
  return row.held === 0 && TALKING.includes(row.state);
}

/** Wherever a talk is named: a supervisor asks to come in, and reads what came of it. */
export function AskToComeIn(props: {
  caseCode: string;
  wishes: readonly Wish[];
  inside: boolean;
  askIn(caseCode: string): void;
}): VNode | null {
  const { caseCode, wishes, inside, askIn } = props;
  if (inside) {
    return null;
  }
  const wish = wishes.filter((one) => one.mine && one.caseCode === caseCode).pop();
  return (
    <>
      {wish?.state !== "asked" && (
        <button type="button" class="second ask-in" onClick={() => askIn(caseCode)}>
          {t("beside.ask")}
        </button>
      )}
      <p class="soft" role="status">
        {wish === undefined ? "" : t(`beside.wish.${wish.state}`)}
      </p>
    </>
  );
}
