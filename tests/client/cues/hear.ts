// The phone's own rules for whoever judges them: one implementation, judged as it ships.
//
// Reads { texts, without, phrases } as JSON from standard input. Writes what is heard in each text;
// `without` names phrases ("W 想死") to leave out of the tables. With `phrases`, it writes instead
// which phrases alone are found in each text, softened or not.

import { readFileSync } from "node:fs";
import { clauses, hearWith } from "../../../triage/client/cues/rules.ts";
import { CLASSES, LISTS, type Lists, prepare } from "../../../triage/client/cues/tables.ts";

interface Asked {
  readonly texts: readonly string[];
  readonly without: readonly string[];
  readonly phrases: boolean;
}

function leftOut(lists: Lists, without: ReadonlySet<string>): Lists {
  const kept = CLASSES.map((name) => [
    name,
    lists.classes[name].filter((phrase) => !without.has(`${name} ${phrase}`)),
  ]);
  return { ...lists, classes: Object.fromEntries(kept) as Lists["classes"] };
}

function alone(texts: readonly string[]): string[][] {
  const none = Object.fromEntries(CLASSES.map((name) => [name, []])) as unknown as Lists["classes"];
  const single = LISTS.flatMap((lists) =>
    CLASSES.flatMap((name) =>
      lists.classes[name].map((phrase) => {
        const classes = { ...none, [name]: [phrase] };
        return { name: `${name} ${phrase}`, found: prepare({ ...lists, classes }).classes[name] };
      }),
    ),
  );
  return texts.map((text) => {
    const said = clauses(text);
    return single
      .filter(({ found }) => said.some((one) => one.search(found) >= 0))
      .map((one) => one.name);
  });
}

const asked = JSON.parse(readFileSync(0, "utf8")) as Asked;
const tables = LISTS.map((lists) => prepare(leftOut(lists, new Set(asked.without))));
const answer = asked.phrases
  ? alone(asked.texts)
  : asked.texts.map((text) => hearWith(tables, text));
process.stdout.write(JSON.stringify(answer));
