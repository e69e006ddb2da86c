/** Open or not, as the clock of the place says it: the same on server and phone. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { look, type Opening, type Schedule } from "../../../triage/client/directory/hours.ts";

interface Case {
  readonly claim: string;
  readonly schedules: readonly Schedule[];
  readonly looks: Readonly<Record<string, Opening>>;
}

const CHINA = 480;
const FILE = new URL("../../vectors/hours.json", import.meta.url);

for (const { claim, schedules, looks } of JSON.parse(readFileSync(FILE, "utf8")) as Case[]) {
  test(claim, () => {
    for (const [at, expected] of Object.entries(looks)) {
      assert.equal(look(schedules, Date.parse(at), CHINA), expected, at);
    }
  });
}
