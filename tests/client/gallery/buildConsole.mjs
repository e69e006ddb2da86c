// Builds the console's gallery for both languages: `node buildConsole.mjs FOLDER` writes
// FOLDER/<language>/console.js, style.css and desk.css. Same target as the product's own build.

import { join } from "node:path";
import * as esbuild from "esbuild";
import { catalogue } from "../../../catalogue.mjs";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const OUT = process.argv[2];

for (const language of ["zh", "en"]) {
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: {
      console: "tests/client/gallery/console.tsx",
      style: "counsel/client/style.css",
      desk: "counsel/client/console.css",
    },
    outdir: join(OUT, language),
    bundle: true,
    format: "esm",
    target: ["es2020", "chrome80", "safari14"],
    supported: { destructuring: true },
    minify: true,
    charset: "utf8",
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { "process.env.NODE_ENV": '"production"', __LANGUAGE__: JSON.stringify(language) },
    plugins: [catalogue(ROOT, language)],
  });
}
