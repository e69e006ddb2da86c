/** An entry of the directory as a card that can be passed on. Pure. */

import type { Card, CardHours } from "../../../chat/client/card.ts";
import { t } from "../../../counsel/client/i18n.ts";
import type { Entry } from "./entry.ts";
import type { Schedule } from "./hours.ts";

function said(schedule: Schedule, key: string): string {
  const value = schedule[key];
  return value === undefined || value === null ? "" : String(value);
}

/** Days and hours of a plain week; of any other rule only what was written about it. */
function hoursOf(schedule: Schedule): CardHours {
  const [days, note] = [said(schedule, "byday"), said(schedule, "description")];
  const rule = said(schedule, "freq") || (days === "" ? "DAILY" : "WEEKLY");
  const plain =
    (rule === "DAILY" || rule === "WEEKLY") &&
    /^[A-Z,]*$/.test(days) &&
    ["", "1"].includes(said(schedule, "interval")) &&
    ["", "0"].includes(said(schedule, "count")) &&
    (rule === "DAILY" || days !== "") &&
    said(schedule, "bymonthday") === "";
  if (!plain) {
    return { days: "", opens: "", closes: "", note: note || t("directory.other_hours") };
  }
  // Either may end it; whichever day comes first does.
  const ends = [said(schedule, "valid_to"), said(schedule, "until")].filter((day) => day !== "");
  const [from, to] = [said(schedule, "valid_from"), ends.sort()[0] ?? ""];
  const span = from === "" && to === "" ? "" : t("directory.valid", { from, to });
  return {
    days,
    opens: said(schedule, "opens_at") || "00:00",
    closes: said(schedule, "closes_at") || "24:00",
    note: [span, note].filter((part) => part !== "").join(" · "),
  };
}

export function cardOf(entry: Entry, region: string, version: number): Card {
  return {
    id: entry.id,
    region,
    version,
    name: entry.name,
    org: entry.org,
    says: entry.says ?? "",
    address: [entry.city, entry.address].filter((part) => part !== null).join(" "),
    way: entry.way ?? "",
    latitude: entry.latitude,
    longitude: entry.longitude,
    phones: entry.phones,
    hours: entry.hours.map(hoursOf),
    who: entry.who ?? "",
    how: entry.how ?? "",
    papers: entry.papers ?? "",
    fees: entry.fees ?? "",
    ambulance: entry.ambulance ?? "",
    wait: entry.wait ?? "",
    alert: entry.alert ?? "",
    languages: entry.languages,
    realName: entry.real_name,
    anonymous: entry.anonymous,
    inPlant: entry.in_plant === true,
    sample: entry.sample === true,
    closed: entry.status !== null,
    assured: entry.assured ?? "",
  };
}
