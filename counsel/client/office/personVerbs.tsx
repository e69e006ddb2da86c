/** What can be done with one press or two; what takes something from somebody asks first. */

import type { VNode } from "preact";

import { t } from "../i18n.ts";
import { AT } from "./peopleBook.ts";
import type { PersonVerb } from "./peopleQuestions.ts";
import type { PersonProps } from "./person.tsx";
import type { Offer } from "./roster.ts";
import { AskFirst, goOnFrom } from "./speaking.tsx";

const ORDER: readonly PersonVerb[] = ["clear", "unclear", "reset", "restore", "suspend"];
/** These take something from somebody, or set two other people going. */
const ASKS: readonly PersonVerb[] = ["unclear", "reset", "suspend"];
/** These stand a line of help beside their button. */
const EXPLAINED: readonly PersonVerb[] = ["clear", "reset"];

export function Verbs(props: PersonProps & { offers: readonly Offer[] }): VNode {
  return (
    <div class="verbs-of">
      {ORDER.filter((verb) => props.offers.includes(verb)).map((verb) => (
        <Verb key={verb} {...props} verb={verb} />
      ))}
    </div>
  );
}

function Verb({ book, view, member, verb }: PersonProps & { verb: PersonVerb }): VNode {
  const id = `${verb}-${member.person}`;
  const name = member.working_name;
  const busy = view.busy === AT.person(member.person);
  const act = (): void => {
    void book.tell(verb, member).then(goOnFrom(`person-${member.person}`));
  };
  if (view.asked === id) {
    return <AskVerb book={book} view={view} member={member} verb={verb} act={act} />;
  }
  const explained = EXPLAINED.includes(verb);
  return (
    <div>
      <button
        type="button"
        class="second"
        id={id}
        aria-disabled={busy}
        aria-describedby={explained ? `${id}-hint` : undefined}
        onClick={ASKS.includes(verb) ? () => book.askFirst(id) : act}
      >
        {t(`people.${verb}.ask`)}
      </button>
      {explained && (
        <p class="soft" id={`${id}-hint`}>
          {t(`people.${verb}.hint`, { name })}
        </p>
      )}
    </div>
  );
}

type AskProps = Pick<PersonProps, "book" | "view" | "member"> & {
  readonly verb: PersonVerb;
  act(): void;
};

function AskVerb({ book, view, member, verb, act }: AskProps): VNode {
  const id = `${verb}-${member.person}`;
  const name = member.working_name;
  return (
    <AskFirst
      id={id}
      title={t(`people.${verb}.title`, { name })}
      yes={t(`people.${verb}.yes`)}
      no={t(`people.${verb}.no`)}
      page={view}
      at={AT.person(member.person)}
      section="people"
      onYes={act}
      onNo={() => book.askFirst("")}
    >
      <p>{t(`people.${verb}.says`, { name })}</p>
    </AskFirst>
  );
}
