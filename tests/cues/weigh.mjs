// What the cues weigh and cost: bundles them as the product does and writes, as JSON, the bytes in
// brotli and the script itself, for a browser that measures how long one look takes.

import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import * as esbuild from "esbuild";

const built = await esbuild.build({
  absWorkingDir: join(import.meta.dirname, "..", ".."),
  stdin: { contents: 'export { hear } from "./triage/client/cues/rules.ts";', resolveDir: join(import.meta.dirname, "..", "..") },
  bundle: true,
  format: "iife",
  globalName: "cues",
  platform: "browser",
  target: ["es2020", "chrome80", "safari14"],
  supported: { destructuring: true },
  minify: true,
  charset: "utf8",
  legalComments: "none",
  write: false,
});
const script = built.outputFiles[0].text;
const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
process.stdout.write(JSON.stringify({ bytes: brotliCompressSync(script, { params }).length, script }));
