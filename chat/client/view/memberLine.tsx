/** Who can read this, always on screen; computed from the group's own tree and nothing else. */

import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { t, tList } from "../../../counsel/client/i18n.ts";
import type { TalkView } from "../talk.ts";
import { until } from "./when.ts";

type Member = TalkView["members"][number];

/** 80 bits of a key, for two people to read to each other. */
const CODE_BYTES = 10;

/** 林（倾听员）; the seeker has no name. */
export function memberName(member: Member): string {
  const role = t(`talk.roles.${member.role}`);
  return member.name === "" ? role : t("talk.member", { name: member.name, role });
}

function checkCode(key: Uint8Array): string {
  const digits = [...key.subarray(0, CODE_BYTES)].map((byte) => byte.toString(16).padStart(2, "0"));
  return digits.join("").replace(/(.{4})(?=.)/g, "$1 ");
}

function Proof({ member, now }: { member: Member; now: number }) {
  if (member.role === "seeker") {
    return (
      <li>
        <b>{memberName(member)}</b> {t("talk.verify_seeker")}
      </li>
    );
  }
  return (
    <li class={member.role}>
      <b>{memberName(member)}</b>
      {member.dutyUntil !== null && (
        <span>
          {t(member.dutyUntil.getTime() > now ? "talk.verify_duty" : "talk.verify_duty_over", {
            until: until(member.dutyUntil, now),
          })}
        </span>
      )}
      {member.demo && <span class="mark">{t("talk.verify_demo")}</span>}
      <span class="code">{t("talk.verify_code", { code: checkCode(member.key) })}</span>
    </li>
  );
}

/** Each name keeps to one line, with what divides it from the next: no line begins with a comma. */
function Names({ names }: { names: readonly string[] }) {
  return names.map((name, i) => (
    <Fragment key={name}>
      {i > 0 && <wbr />}
      <span class="one">
        <span class="name">{name}</span>
        {i < names.length - 1 && t("talk.and")}
      </span>
    </Fragment>
  ));
}

export interface MemberLineProps {
  readonly members: readonly Member[];
  /** Milliseconds; says whether a shift ends today. */
  readonly now: number;
}

export function MemberLine({ members, now }: MemberLineProps) {
  const [open, setOpen] = useState(false);
  const others = members.filter((member) => !member.me);
  const names = [t("talk.you"), ...others.map(memberName)];
  return (
    <section class="members">
      <div class="members-now">
        <p>
          {t("talk.members")}
          <b>{others.length === 0 ? t("talk.nobody_yet") : <Names names={names} />}</b>
        </p>
        {others.length > 0 && (
          <button type="button" class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(open ? "talk.verify_close" : "talk.verify")}
          </button>
        )}
      </div>
      {open && (
        <div class="proof">
          <p>{t("talk.verify_lead")}</p>
          <ul>
            {others.map((member) => (
              <Proof key={member.leaf} member={member} now={now} />
            ))}
          </ul>
          <p>{t("talk.verify_how")}</p>
        </div>
      )}
    </section>
  );
}

/** 林和周: the names on buttons. */
export function readersOf(view: Pick<TalkView, "members">): string {
  return tList(view.members.filter((member) => !member.me).map((member) => member.name));
}
