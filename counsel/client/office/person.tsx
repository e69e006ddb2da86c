/** One person of the list: a line, and under it what is known of them and what can be done. */

import type { VNode } from "preact";

import { t } from "../i18n.ts";
import type { Me } from "../staffApi.ts";
import { AT, type PeopleBook, type PeopleView } from "./peopleBook.ts";
import type { Member } from "./peopleQuestions.ts";
import { Verbs } from "./personVerbs.tsx";
import { PlacesForm } from "./placesForm.tsx";
import { RoleForm } from "./roleForm.tsx";
import { isOf, needsClearing, offered, resetOf } from "./roster.ts";
import { Outcome } from "./speaking.tsx";

export interface PersonProps {
  readonly book: PeopleBook;
  readonly view: PeopleView;
  readonly me: Me;
  readonly member: Member;
}

export function PersonRow(props: PersonProps): VNode {
  const { book, view, me, member } = props;
  const open = view.opened === member.person;
  const id = `person-${member.person}`;
  return (
    <li class={member.active ? "staff-row" : "staff-row out"}>
      <button
        type="button"
        class="staff-line"
        id={id}
        aria-expanded={open}
        aria-controls={open ? `${id}-more` : undefined}
        onClick={() => book.open(open ? "" : member.person)}
      >
        <b class="name">
          {member.working_name}
          {member.person === me.person && <span class="soft"> {t("people.you")}</span>}
        </b>
        <span class="role">{t(`talk.roles.${member.role}`)}</span>
        <Marks member={member} />
      </button>
      {open && (
        <div class="staff-more" id={`${id}-more`}>
          <Detail {...props} />
        </div>
      )}
    </li>
  );
}

/** Each in words; a sign beside what needs somebody. */
function Marks({ member }: { member: Member }): VNode {
  const marks: readonly (readonly [word: string, due: boolean])[] = [
    ...(member.active ? [] : ([["suspended", true]] as const)),
    ...(needsClearing(member.role)
      ? ([[member.cleared ? "cleared" : "uncleared", !member.cleared && member.active]] as const)
      : []),
    ...(member.inPlant ? ([["in-plant", false]] as const) : []),
    [member.passkeys > 0 ? "passkey" : "no-passkey", isOf("no-passkey", member)],
  ];
  return (
    <span class="marks">
      {marks.map(([word, due]) => (
        <span key={word} class={due ? "mark-word due" : "mark-word"}>
          {due && <span aria-hidden="true">◆ </span>}
          {t(`people.marks.${word}`)}
        </span>
      ))}
    </span>
  );
}

function Detail(props: PersonProps): VNode {
  const { view, me, member } = props;
  const pending = view.roster?.pending ?? [];
  const offers = offered(me, member, pending);
  const reset = resetOf(member, pending);
  return (
    <>
      <Outcome page={view} at={AT.person(member.person)} section="people" />
      <Known member={member} />
      {reset !== null && !reset.agreed && <p class="due">{t("people.reset_waits")}</p>}
      {offers.length === 0 && <p class="soft">{t(whyNothing(me, member))}</p>}
      {offers.includes("role") && props.member.role !== "desk" && <RoleForm {...props} />}
      {offers.includes("mark") && <PlacesForm {...props} />}
      <Verbs {...props} offers={offers} />
    </>
  );
}

function whyNothing(me: Me, member: Member): string {
  return member.person === me.person ? "people.nothing_self" : "people.nothing";
}

function Known({ member }: { member: Member }): VNode {
  const { region, industry, inPlant } = member;
  const places = [
    region === "" ? "" : t(`places.${region}`),
    industry === "" ? "" : t(`places.${industry}`),
    inPlant ? t("people.marks.in-plant") : "",
  ].filter((word) => word !== "");
  return (
    <dl class="known">
      {needsClearing(member.role) && (
        <Line
          name="talks"
          says={t(member.cleared ? "people.known.cleared" : "people.known.uncleared")}
        />
      )}
      <Line
        name="passkeys"
        says={
          member.passkeys === 0
            ? t("people.known.no_passkeys")
            : t("people.known.has_passkeys", { count: member.passkeys })
        }
      />
      <Line
        name="places"
        says={places.length === 0 ? t("people.known.no_places") : places.join(t("people.comma"))}
      />
    </dl>
  );
}

function Line({ name, says }: { name: string; says: string }): VNode {
  return (
    <div>
      <dt>{t(`people.known.${name}`)}</dt>
      <dd>{says}</dd>
    </div>
  );
}
