import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { cipherSuite, nativeCurves, scriptSuite } from "../../../chat/client/mls/provider.ts";
import { nameOf, RUNNERS, runFile } from "./vectors.ts";

/** The vectors lie beside the project, not in it: they are not ours to ship. */
const FOLDER = new URL("../../../../shared/vectors/mls/", import.meta.url);
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((one) => one.endsWith(".json")) : [];
const suites = { native: cipherSuite, script: scriptSuite };

if (files.length === 0) {
  console.log("RFC 9420 vectors: ../shared/vectors/mls is not here, so nothing of them was run.");
} else {
  test("every official file has somebody who runs it", () => {
    assert.deepEqual(files.map(nameOf).sort(), Object.keys(RUNNERS).sort());
  });
  test("native means native here: otherwise both runs would be the same one", async () => {
    assert.deepEqual(await nativeCurves(), { ed25519: true, x25519: true });
  });
  for (const [name, suite] of Object.entries(suites)) {
    test(`RFC 9420, suite 1, ${name} curves`, async (context) => {
      const sum = { vectors: 0, compared: 0 };
      for (const file of files) {
        const content: unknown = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
        const result = await runFile(file, content, await suite());
        assert.deepEqual(result.failures, []);
        assert.ok(result.vectors > 0 && result.compared >= result.vectors, file);
        sum.vectors += result.vectors;
        sum.compared += result.compared;
        context.diagnostic(`${file}: ${result.vectors} vectors, ${result.compared} compared`);
      }
      console.log(
        `RFC 9420, ${name} curves: ${files.length} files, ${sum.vectors} vectors of suite 1, ` +
          `${sum.compared} values compared, all equal`,
      );
    });
  }
}
