/** Another role for somebody: chosen, asked once more with what it does, changed. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { t } from "../i18n.ts";
import { ROLES, type StaffRole } from "../staffApi.ts";
import { AT } from "./peopleBook.ts";
import type { PersonProps } from "./person.tsx";
import { AskFirst, goOnFrom, Outcome } from "./speaking.tsx";

export function RoleForm({ book, view, member }: PersonProps): VNode {
  const [role, setRole] = useState<StaffRole>(member.role);
  const id = `role-${member.person}`;
  if (view.asked === id) {
    return <AskRole book={book} view={view} member={member} role={role} />;
  }
  return (
    <form
      class="one-line"
      onSubmit={(event) => {
        event.preventDefault();
        if (role !== member.role) {
          book.askFirst(id);
        }
      }}
    >
      <label>
        {t("people.role.label")}
        <select value={role} onChange={(event) => setRole(event.currentTarget.value as StaffRole)}>
          {ROLES.filter((one) => one !== "desk").map((one) => (
            <option key={one} value={one}>
              {t(`talk.roles.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="second" id={id} aria-disabled={role === member.role}>
        {t("people.role.ask")}
      </button>
      <Outcome page={view} at={AT.role(member.person)} section="people" />
    </form>
  );
}

type AskProps = Pick<PersonProps, "book" | "view" | "member"> & { role: StaffRole };

function AskRole({ book, view, member, role }: AskProps): VNode {
  const id = `role-${member.person}`;
  const name = member.working_name;
  const change = (): void => {
    void book.changeRole(member, role).then(goOnFrom(id));
  };
  return (
    <AskFirst
      id={id}
      title={t("people.role.title", { name, role: t(`talk.roles.${role}`) })}
      yes={t("people.role.yes")}
      no={t("people.role.no")}
      page={view}
      at={AT.role(member.person)}
      section="people"
      onYes={change}
      onNo={() => book.askFirst("")}
    >
      <p>{t("people.role.says", { name })}</p>
    </AskFirst>
  );
}
