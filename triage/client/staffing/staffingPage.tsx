/** Whether a rota has enough people: asked in hours and heads, answered by the queue's own rules. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { useAsking } from "../../../counsel/client/asking.ts";
import { t, tCode } from "../../../counsel/client/i18n.ts";
import type { PageProps } from "../../../counsel/client/insidePages.ts";
import type { Week } from "../rota/questions.ts";
import { FoundView } from "./foundView.tsx";
import { askStaffing, type Found } from "./questions.ts";
import { type Draft, FIRST, wantedOf } from "./wanted.ts";
import { WantedFields } from "./wantedFields.tsx";

export interface StaffingProps extends PageProps {
  /** The week the rota shows, and its first day: whose shifts can be taken over. */
  readonly week: Week;
  readonly first: string;
}

interface Progress {
  readonly done: number;
  readonly of: number;
}

export function StaffingPage({ api, week, first }: StaffingProps): VNode {
  const [draft, setDraft] = useState<Draft>(FIRST);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [found, setFound] = useState<Found | null>(null);
  const asking = useAsking();
  const here = useRef(true);
  useEffect(
    () => () => {
      here.current = false;
    },
    [],
  );
  const write = (part: Partial<Draft>): void => {
    setDraft({ ...draft, ...part });
    setFound(null); // what is shown answers what is typed
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const wanted = wantedOf(draft);
    if (wanted === null) {
      asking.tell("missing");
      return;
    }
    setFound(null);
    setProgress({ done: 0, of: 0 });
    const answer = await asking.run(() =>
      askStaffing(
        api,
        wanted,
        (done, of) => setProgress({ done, of }),
        () => here.current,
      ),
    );
    setProgress(null);
    setFound(answer);
  };
  return (
    <section class="staffing" aria-labelledby="staffing-title">
      <h2 id="staffing-title">{t("staffing.title")}</h2>
      <p class="soft" id="staffing-hint">
        {t("staffing.hint")}
      </p>
      <form class="plan" noValidate onSubmit={(event) => void submit(event)}>
        <fieldset class="typed" disabled={asking.busy}>
          <WantedFields draft={draft} write={write} week={week} first={first} />
        </fieldset>
        <div role="alert">
          {asking.told !== "" && <p class="attention">{tCode("staffing.failed", asking.told)}</p>}
        </div>
        <button type="submit" class="firm" id="ask-staffing" aria-disabled={asking.busy}>
          {t(asking.busy ? "staffing.asking" : "staffing.ask")}
        </button>
        <div role="status">{progress !== null && <Doing {...progress} />}</div>
      </form>
      {found !== null && <FoundView found={found} />}
    </section>
  );
}

/** The bar fills with every group of evenings; before the first it says that it has begun. */
function Doing({ done, of }: Progress): VNode {
  return (
    <p class="doing">
      <progress aria-label={t("staffing.doing")} max={of || 1} value={done} />
      <span>{of === 0 ? t("staffing.begun") : t("staffing.done_of", { done, of })}</span>
    </p>
  );
}
