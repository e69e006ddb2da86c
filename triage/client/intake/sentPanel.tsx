/** What leaves the phone for the queue, read from the very bytes and said in plain words. */

import { t } from "../../../counsel/client/i18n.ts";
import { type ReadRequest, readRequest } from "./request.ts";

function rowsOf(request: ReadRequest): readonly (readonly [name: string, value: string])[] {
  const { urgency, topics, region, industry, language } = request;
  const named = (section: string, code: string): string =>
    code === "" ? t("intake.sent.none") : t(`${section}.${code}`);
  return [
    ["urgency", t(`intake.sent.urgencies.${urgency}`)],
    [
      "topics",
      topics.length === 0
        ? named("", "")
        : topics.map((one) => t(`topics.${one}`)).join(t("talk.and")),
    ],
    ["region", named("places", region)],
    ["industry", named("places", industry)],
    ["language", t(`intake.sent.languages.${language}`)],
    ...(request.noPlants ? ([["plants", t("intake.sent.no_plants")]] as const) : []),
    ...(request.sameListener ? ([["listener", t("intake.sent.same")]] as const) : []),
  ];
}

export function SentPanel({ request }: { request: Uint8Array }) {
  return (
    <section class="sent">
      <p>{t("intake.sent.lead", { bytes: request.length })}</p>
      <dl>
        {rowsOf(readRequest(request)).map(([name, value]) => (
          <div key={name}>
            <dt>{t(`intake.sent.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">{t("intake.sent.rest")}</p>
    </section>
  );
}
