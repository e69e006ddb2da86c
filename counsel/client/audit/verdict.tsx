/** Whether the trail is what was written: what stands, what is wrong, and what nobody can tell. */

import type { VNode } from "preact";

import { t, tCode } from "../i18n.ts";
import { Outcome } from "../office/speaking.tsx";
import { minuteOf } from "./entryWords.ts";
import { AT } from "./trailBook.ts";
import type { ReadingProps } from "./trailPage.tsx";
import type { Verdict } from "./trailQuestions.ts";

export function VerdictCard({ book, view }: ReadingProps): VNode {
  const { verdict } = view;
  const busy = view.busy === AT.verdict;
  return (
    <section class="card" aria-labelledby="verdict-title">
      <h2 id="verdict-title">{t("audit.verdict.title")}</h2>
      <div role="status">
        {busy && <p>{t("audit.verdict.busy")}</p>}
        {!busy && verdict !== null && <Found verdict={verdict} />}
      </div>
      <Outcome page={view} at={AT.verdict} section="audit" />
      <button
        type="button"
        class="second"
        id="verify"
        aria-disabled={view.busy !== ""}
        onClick={() => void book.verify()}
      >
        {t("audit.verdict.again")}
      </button>
    </section>
  );
}

function Found({ verdict }: { verdict: Verdict }): VNode {
  const { vouched, wrong, first, last, open } = verdict;
  return (
    <>
      {wrong !== "" && (
        <p class="attention">
          <span aria-hidden="true">⚠ </span>
          <b>{tCode("audit.verdict.wrong", wrong, { first, last })}</b>{" "}
          {t("audit.verdict.what_now")}
        </p>
      )}
      {wrong === "" && (
        <p class="done">
          <span aria-hidden="true">✓ </span>
          {t("audit.verdict.fits")}
        </p>
      )}
      {vouched !== null && (
        <p>{t("audit.verdict.vouched", { seq: vouched.seq, at: minuteOf(vouched.at) })}</p>
      )}
      <p class="soft">{t("audit.verdict.open", { count: open })}</p>
    </>
  );
}
