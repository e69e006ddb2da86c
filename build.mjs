// Builds what browsers load: `node build.mjs` writes counsel/static/, `--check` only judges.
//
// The result is a function of the source, the locked packages and ORG_ROOT: no paths of this
// machine, no time, no address. Pages find their files in counsel/static/manifest.json:
// { "zh": { "landing": "/static/assets/landing-….js", "style": … }, "en": { … } }.

import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import * as esbuild from "esbuild";
import { catalogue } from "./catalogue.mjs";
import { checkBudget, checkFloor, gatherLicences } from "./gates.mjs";

const ROOT = dirname(fileURLToPath(import.meta.url));
const OUT = process.env.STATIC || join(ROOT, "counsel", "static");
const LANGUAGES = ["zh", "en"];
const ENTRIES = {
  landing: "counsel/client/landing.ts", // loads seeker.tsx when somebody starts
  console: "counsel/client/console.tsx",
  caller: "counsel/client/caller.ts", // a worker: it stands alone and imports nothing
  coming: "triage/client/dispatch/coming.ts", // whoever goes to meet somebody
  style: "counsel/client/style.css",
  desk: "counsel/client/console.css",
  icon: "counsel/client/icon.svg",
};
const TARGET = ["es2020", "chrome80", "safari14"];
const UNUSED_PEERS =
  /^(@hpke\/(chacha20poly1305|hybridkem-x-wing|dhkem-x448|ml-kem)|@noble\/post-quantum)(\/|$)/;

/** Suites we never use: ts-mls loads their packages on demand, and we ship none of them. */
const withoutUnusedPeers = {
  name: "without-unused-peers",
  setup(build) {
    build.onResolve({ filter: UNUSED_PEERS }, () => ({ path: "unused", namespace: "unused" }));
    build.onLoad({ filter: /.*/, namespace: "unused" }, () => ({
      contents: 'throw new Error("this suite is not part of the service");',
    }));
  },
};

function entryPoints() {
  return Object.entries(ENTRIES).map(([name, path]) => ({ in: path, out: name }));
}

function build(language, root) {
  return esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: entryPoints(),
    outdir: "assets",
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".svg": "copy" },
    bundle: true,
    preserveSymlinks: true, // where packages really lie is no part of their name
    splitting: true,
    format: "esm",
    platform: "browser",
    target: TARGET,
    // esbuild's table doubts Safari 14.0 for a fault (rest of an array) seen only up to 13.1.
    supported: { destructuring: true },
    minify: true,
    charset: "utf8",
    legalComments: "none", // all of them are in licences.txt
    jsx: "automatic",
    jsxImportSource: "preact",
    define: {
      __ORG_ROOT__: JSON.stringify(root),
      __LANGUAGE__: JSON.stringify(language),
      "process.env.NODE_ENV": '"production"',
    },
    plugins: [withoutUnusedPeers, catalogue(ROOT, language)],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
}

/** The root statement the pages trust. A demo root is never built into a live service. */
function orgRoot() {
  const root = process.env.ORG_ROOT || "";
  if (!/^[A-Za-z0-9_-]+$/.test(root)) {
    throw new Error("ORG_ROOT is no root statement: `make run` draws a demo root and passes it.");
  }
  const statement = Buffer.from(root, "base64url");
  const payload = JSON.parse(statement.subarray(2, 2 + statement.readUInt16BE(0)).toString());
  if (payload.demo && process.env.MODE === "live") {
    throw new Error("MODE=live with a demo root: draw the organisation's own root first.");
  }
  return root;
}

/** Which built file each entry of one language became: `landing` → `landing-ABC.js`. */
function namesOf(metafile) {
  const byName = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    const name = basename(path).replace(/-[^-]*$/, "");
    // What is loaded on demand is an entry point too, but no page names it.
    if (output.entryPoint && name in ENTRIES) byName[name] = basename(path);
  }
  // Copied files (the icon) are no entry points in esbuild's words.
  for (const path of Object.keys(metafile.outputs)) {
    if (path.endsWith(".svg")) byName.icon = basename(path);
  }
  return byName;
}

function brotliSize(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  return brotliCompressSync(bytes, { params }).length;
}

async function write(files, manifest, licences) {
  await rm(OUT, { recursive: true, force: true });
  await mkdir(join(OUT, "assets"), { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(OUT, "assets", name), bytes);
  await writeFile(join(OUT, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(OUT, "licences.txt"), licences);
}

async function main() {
  const check = process.argv.includes("--check");
  const root = check ? "" : orgRoot();
  const files = new Map();
  const manifest = {};
  const metafiles = {};
  for (const language of LANGUAGES) {
    const result = await build(language, root);
    for (const file of result.outputFiles) files.set(basename(file.path), file.contents);
    metafiles[language] = result.metafile;
    const names = Object.entries(namesOf(result.metafile)).sort();
    manifest[language] = Object.fromEntries(
      names.map(([name, file]) => [name, `/static/assets/${file}`]),
    );
  }
  const sizes = new Map([...files].map(([name, bytes]) => [name, brotliSize(bytes)]));
  const used = new Set(Object.values(metafiles).flatMap((meta) => usedInputs(meta)));
  const licences = await gatherLicences(ROOT, used);
  const problems = [
    ...licences.problems,
    ...(await checkFloor(ROOT, used)),
    ...checkBudget(metafiles, sizes),
  ];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
  if (!check) await write(files, manifest, licences.text);
}

/** Source files that put at least one byte into the result; what a plugin made up is none. */
function usedInputs(metafile) {
  return Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs)
      .filter(([path, input]) => input.bytesInOutput > 0 && !/^\w+:/.test(path))
      .map(([path]) => path),
  );
}

main().catch((error) => {
  if (!error.errors) console.error(error.message); // esbuild has said its own already
  process.exit(1);
});
