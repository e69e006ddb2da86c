/** Told to everybody who works here, before anything else about the trail: what is recorded of them. */

import type { VNode } from "preact";

import { t } from "../i18n.ts";

const YES = ["coming", "talks", "acts", "looks"] as const;
const NO = ["words", "erased", "address"] as const;

/** `folded`: for those who come to read the trail itself. */
export function WhatIsRecorded({ folded }: { folded: boolean }): VNode {
  if (folded) {
    return (
      <details class="card recorded">
        <summary>{t("audit.recorded.title")}</summary>
        <Lines />
      </details>
    );
  }
  return (
    <section class="card recorded" aria-labelledby="recorded-title">
      <h2 id="recorded-title">{t("audit.recorded.title")}</h2>
      <Lines />
    </section>
  );
}

function Lines(): VNode {
  return (
    <>
      <p>{t("audit.recorded.why")}</p>
      <ul class="plain-list">
        {YES.map((line) => (
          <li key={line}>{t(`audit.recorded.yes.${line}`)}</li>
        ))}
      </ul>
      <p>
        <b>{t("audit.recorded.not")}</b>
      </p>
      <ul class="plain-list">
        {NO.map((line) => (
          <li key={line}>{t(`audit.recorded.no.${line}`)}</li>
        ))}
      </ul>
      <p>{t("audit.recorded.readers")}</p>
      <p class="soft">{t("audit.recorded.limits")}</p>
    </>
  );
}
