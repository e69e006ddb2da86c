// Builds the gallery for both languages: `node build.mjs FOLDER` writes FOLDER/<language>/gallery.js,
// landing.js and style.css. Same target and same plugin as the product's own build.

import { join } from "node:path";
import * as esbuild from "esbuild";
import { catalogue } from "../../../catalogue.mjs";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const OUT = process.argv[2];

for (const language of ["zh", "en"]) {
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: {
      gallery: "tests/client/gallery/gallery.tsx",
      style: "counsel/client/style.css",
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
