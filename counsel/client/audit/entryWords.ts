/** An entry of the trail in one sentence, and many of them as a file for a table. */

import { language, t, tCode } from "../i18n.ts";
import type { Entry } from "./trailQuestions.ts";

const DATE: Intl.DateTimeFormatOptions = { year: "numeric", month: "2-digit", day: "2-digit" };
const DAY = new Intl.DateTimeFormat(language, { ...DATE, timeZone: "UTC" });
const MINUTE = new Intl.DateTimeFormat(language, {
  ...DATE,
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

/** By the clock of this computer; of a talk the day only. */
export function whenOf({ at, dayOnly }: Entry): string {
  return dayOnly ? DAY.format(at) : MINUTE.format(at);
}

export function minuteOf(at: number): string {
  return MINUTE.format(at);
}

/** Who did it, with the role they had then. */
export function whoOf({ by, role }: Entry): string {
  if (by === null) {
    return tCode("audit.nobody", role === "" ? "outside" : role);
  }
  return t("audit.who", { name: by.working_name, role: tCode("audit.roles", role) });
}

/** What was done, to whom or to what. */
export function sentenceOf(entry: Entry): string {
  const about = entry.about === null ? t("audit.somebody") : entry.about.working_name;
  if (entry.noun === "shift" && entry.what === "shift-step") {
    const [place, event] = entry.thing.split(" ");
    return tCode("audit.shift", event ?? "", { thing: place ?? "" });
  }
  return tCode("audit.what", entry.what, { about, thing: thingOf(entry) });
}

function thingOf({ noun, thing }: Entry): string {
  switch (noun) {
    case "case":
      return thing === "" ? t("audit.erased") : t("audit.case", { code: thing });
    case "role":
      return tCode("audit.roles", thing);
    case "right":
      return tCode("audit.rights", thing);
    case "edition": {
      const [region = "", version = ""] = thing.split(" ");
      return t("audit.edition", { region: t(`places.${region}`), version });
    }
    case "signed":
      return tCode("audit.signed", thing);
    default:
      return thing;
  }
}

/** The same as rows of a table, the first one its head. */
export function rowsOf(entries: readonly Entry[]): readonly (readonly string[])[] {
  const columns = ["when", "who", "role", "what", "about", "thing"];
  const rows = entries.map((entry) => [
    entry.dayOnly ? new Date(entry.at).toISOString().slice(0, 10) : isoMinute(entry.at),
    entry.by?.working_name ?? whoOf(entry),
    tCode("audit.roles", entry.role),
    sentenceOf(entry),
    entry.about?.working_name ?? "",
    entry.noun === "case" ? thingOf(entry) : entry.thing,
  ]);
  return [columns.map((column) => t(`audit.columns.${column}`)), ...rows];
}

function isoMinute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
