/** Numbers people can dial. They come with the page, so they are there without a network. */

import { t } from "../../../counsel/client/i18n.ts";
import numbers from "../../../counsel/numbers.json";

export interface NumbersCardProps {
  /** The three for danger, or all of them with what to do when nobody answers. */
  readonly extent?: "first" | "all";
  readonly title?: string;
  /** Whether the mark stands there that nobody has signed these numbers yet. */
  readonly showSignature?: boolean;
  /** One more sentence under the numbers: what calling does to the place, to the talk. */
  readonly note?: string;
}

/** The numbers for danger, in their order. */
export const firstNumbers: readonly string[] = numbers
  .filter((entry) => entry.place === "first")
  .map((entry) => entry.number);

interface Entry {
  readonly number: string;
}

function Dial({ number }: Entry) {
  const line = (part: string): string => t(`numbers.lines.${number}.${part}`);
  return (
    <li>
      <a class="dial" href={`tel:${number}`}>
        <span class="when">{line("when")}</span> <b>{number}</b>{" "}
        <span class="hours">
          {line("name")} · {line("hours")}
        </span>
      </a>
    </li>
  );
}

function Dials({ entries }: { entries: readonly Entry[] }) {
  return (
    <ul class="dials">
      {entries.map((entry) => (
        <Dial key={entry.number} number={entry.number} />
      ))}
    </ul>
  );
}

function Unanswered() {
  return (
    <dl class="unanswered">
      {numbers.map(({ number }) => (
        <div key={number}>
          <dt>
            <b>{number}</b> {t(`numbers.lines.${number}.name`)}
          </dt>
          <dd>{t(`numbers.lines.${number}.unanswered`)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function NumbersCard({ extent = "first", title, showSignature, note }: NumbersCardProps) {
  const unsigned = showSignature === true && numbers.some((entry) => entry.signed_off === null);
  return (
    <section class="numbers">
      <h2>{title ?? t("numbers.safety")}</h2>
      <Dials entries={numbers.filter((entry) => entry.place === "first")} />
      {note !== undefined && <p class="note">{note}</p>}
      {extent === "all" && (
        <>
          <p>{t("numbers.say")}</p>
          <p>{t("numbers.cannot")}</p>
          <h2>{t("numbers.more_title")}</h2>
          <Dials entries={numbers.filter((entry) => entry.place === "more")} />
          <h2>{t("numbers.unanswered_title")}</h2>
          <Unanswered />
        </>
      )}
      {unsigned && <p class="unsigned">{t("mode.unsigned")}</p>}
    </section>
  );
}
