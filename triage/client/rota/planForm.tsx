/** Puts places on the rota: one evening, or the same hours for some weeks. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { useAsking } from "../../../counsel/client/asking.ts";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import type { PageProps } from "../../../counsel/client/insidePages.ts";
import { planOf } from "./plan.ts";
import { askPlan, STANDING } from "./questions.ts";

/** As the server allows (limits: places of one plan, weeks of a series). */
const MOST_PLACES = 9;
const MOST_WEEKS = 12;

export interface PlanProps extends PageProps {
  /** The first day of the week that is looked at. */
  readonly first: string;
  planned(): Promise<void>;
}

export function PlanForm(props: PlanProps): VNode {
  const asking = useAsking();
  const [count, setCount] = useState(0);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const plan = planOf(new FormData(event.currentTarget as HTMLFormElement));
    setCount(0);
    if (plan === null) {
      asking.tell("missing");
      return;
    }
    const planned = await asking.run(() => askPlan(props.api, plan));
    if (planned !== null) {
      setCount(planned);
      await props.planned();
    }
  };
  return (
    <form class="plan" noValidate onSubmit={(event) => void submit(event)}>
      <h2>{t("rota.plan.title")}</h2>
      <p class="soft" id="plan-hint">
        {t("rota.plan.hint")}
      </p>
      <div class="fields">
        <Fields first={props.first} />
      </div>
      <div role="alert">
        {asking.told !== "" && <p class="attention">{tCode("rota.failed", asking.told)}</p>}
      </div>
      <div role="status">{count > 0 && <p>{t("rota.plan.done", { count })}</p>}</div>
      <button type="submit" class="firm" aria-disabled={asking.busy}>
        {t("rota.plan.submit")}
      </button>
    </form>
  );
}

function Fields({ first }: { first: string }): VNode {
  const ends = { type: "time", required: true, "aria-describedby": "plan-hint" } as const;
  return (
    <>
      <label>
        {t("rota.plan.role")}
        <select name="role">
          {STANDING.map((role) => (
            <option key={role} value={role}>
              {t(`talk.roles.${role}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("rota.plan.day")}
        <input name="day" type="date" defaultValue={first} required />
      </label>
      <label>
        {t("rota.plan.from")}
        <input name="from" type="time" defaultValue="20:00" required />
      </label>
      <label>
        {t("rota.plan.to")}
        <input name="to" {...ends} defaultValue="23:30" />
      </label>
      <label>
        {t("rota.plan.places")}
        <input name="places" type="number" min={1} max={MOST_PLACES} defaultValue="1" required />
      </label>
      <label>
        {t("rota.plan.weeks")}
        <input name="weeks" type="number" min={1} max={MOST_WEEKS} defaultValue="1" required />
      </label>
    </>
  );
}
