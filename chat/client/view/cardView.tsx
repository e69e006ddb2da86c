/** A place that helps: what it is, how to reach it, and what it asks of whoever comes. */

import texts from "catalogue/place_card";

import { useState } from "preact/hooks";

import { learn, t } from "../../../counsel/client/i18n.ts";
import { type Card, type CardHours, decodeCard } from "../card.ts";

learn(texts);

export interface CardViewProps {
  readonly card: Card;
  /** Open, shut, grey: what only the directory knows at this hour, in words. */
  readonly standing?: string | undefined;
  /** Shown in grey: nobody has vouched for it for long. */
  readonly stale?: boolean;
}

const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** 周一到周五 · 周六、周日 · 每天 */
export function daysInWords(days: string): string {
  const places = days
    .split(",")
    .map((day) => DAYS.indexOf(day))
    .filter((place) => place !== -1)
    .sort();
  const [first, last] = [places[0], places[places.length - 1]];
  if (first === undefined || last === undefined || places.length === DAYS.length) {
    return t("place_card.every_day");
  }
  const day = (place: number): string => t(`place_card.days.${DAYS[place]}`);
  if (places.length > 2 && last - first === places.length - 1) {
    return t("place_card.day_range", { from: day(first), to: day(last) });
  }
  return places.map(day).join(t("talk.and_last"));
}

/** Without days and hours, what somebody wrote about them. */
function hoursInWords({ days, opens, closes, note }: CardHours): string {
  if (opens === "" && closes === "") return note;
  const whole = opens === closes || (opens === "00:00" && closes === "24:00");
  const times = whole ? t("place_card.whole_day") : `${opens.slice(0, 5)}–${closes.slice(0, 5)}`;
  return `${daysInWords(days)} ${times}${note === "" ? "" : ` · ${note}`}`;
}

/** What it asks of whoever comes, in the order in which it keeps people away. */
function asked(card: Card): readonly string[] {
  const said: string[] = [];
  if (card.realName === true) said.push(t("place_card.real_name"));
  if (card.realName === false) said.push(t("place_card.no_name"));
  if (card.anonymous === true && card.realName !== false)
    said.push(t("place_card.anonymous_first"));
  if (card.papers !== "") said.push(t("place_card.papers", { what: card.papers }));
  if (card.fees !== "") said.push(t("place_card.fees", { what: card.fees }));
  if (card.ambulance !== "") said.push(t("place_card.ambulance", { what: card.ambulance }));
  return said;
}

function told(card: Card): readonly string[] {
  const { who, how, wait, languages } = card;
  const said: string[] = [];
  if (who !== "") said.push(t("place_card.who", { what: who }));
  if (how !== "") said.push(t("place_card.how", { what: how }));
  if (wait !== "") said.push(t("place_card.wait", { what: wait }));
  if (languages.length > 0) said.push(t("place_card.languages", { what: languages.join("、") }));
  return said;
}

/** A map of the phone's own: the address goes to no page, only to what the person taps. */
function mapOf({ address, latitude, longitude }: Card): string {
  const at = latitude === null || longitude === null ? "0,0" : `${latitude},${longitude}`;
  return `geo:${at}?q=${encodeURIComponent(address || at)}`;
}

function Place({ card }: { card: Card }) {
  const { address, way } = card;
  if (address === "" && card.latitude === null) {
    return null;
  }
  return (
    <>
      {address !== "" && (
        <p>
          {address} <CopyAddress address={address} />
        </p>
      )}
      {way !== "" && <p class="hint">{way}</p>}
      <a class="map" href={mapOf(card)}>
        {t("place_card.map")}
      </a>
    </>
  );
}

function CopyAddress({ address }: { address: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        navigator.clipboard?.writeText(address).then(
          () => setCopied(true),
          () => undefined,
        );
      }}
    >
      {t(copied ? "talk.copied" : "place_card.copy_address")}
    </button>
  );
}

export interface SpelledCardProps {
  readonly text: string;
  /** Under a card that somebody sent: it stays where it is. */
  readonly stays?: boolean;
}

/** A card as it came: what cannot be read says so. */
export function SpelledCard({ text, stays }: SpelledCardProps) {
  const card = decodeCard(text);
  if (card === null) {
    return <p>{t("place_card.unreadable")}</p>;
  }
  return (
    <>
      <CardView card={card} />
      {stays === true && <p class="hint">{t("place_card.stays")}</p>}
    </>
  );
}

export function CardView({ card, standing, stale }: CardViewProps) {
  const { name, org, says, alert, phones, hours, assured } = card;
  const marks = [
    card.sample ? t("place_card.sample") : "",
    card.inPlant ? t("place_card.in_plant") : "",
    card.closed ? t("place_card.closed") : "",
  ].filter((mark) => mark !== "");
  const more = told(card);
  return (
    <article class={stale === true ? "place-card stale" : "place-card"}>
      <h2>{name}</h2>
      {org !== "" && <p class="hint">{org}</p>}
      {marks.map((mark) => (
        <p key={mark} class="attention">
          {mark}
        </p>
      ))}
      {standing !== undefined && <p class="standing">{standing}</p>}
      {alert !== "" && <p class="attention">{alert}</p>}
      {says !== "" && <p>{says}</p>}
      {phones.length > 0 && (
        <ul class="dials">
          {phones.map(([number, note]) => (
            <li key={number}>
              <a class="dial" href={`tel:${number.replace(/[ -]/g, "")}`}>
                <b>{number}</b> <span class="hours">{note}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <Place card={card} />
      {hours.map((one) => (
        <p key={JSON.stringify(one)}>{hoursInWords(one)}</p>
      ))}
      <ul class="asks">
        {asked(card).map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      {more.length > 0 && (
        <details>
          <summary>{t("place_card.more")}</summary>
          {more.map((one) => (
            <p key={one}>{one}</p>
          ))}
        </details>
      )}
      {assured !== "" && <p class="hint">{t("place_card.assured", { day: assured })}</p>}
    </article>
  );
}
