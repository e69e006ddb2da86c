import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { REFUSALS } from "../../../counsel/client/refusal.ts";

for (const language of ["zh", "en"]) {
  test(`every refusal has a sentence a person can read, ${language}`, () => {
    const file = new URL(`../../../counsel/locale/${language}.json`, import.meta.url);
    const { refusals } = JSON.parse(readFileSync(file, "utf8")) as { refusals: object };
    const texts = refusals as Record<string, string | undefined>;
    for (const code of REFUSALS) {
      const text = texts[code] ?? assert.fail(`no sentence for ${code}`);
      assert.match(text, language === "zh" ? /。$/ : /^[A-Z].*\.$/, code);
      assert.doesNotMatch(
        text,
        /会话|用户|系统异常|红色|\b(user|session|error|MLS|epoch)\b/i,
        code,
      );
    }
  });
}
