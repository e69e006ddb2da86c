// What the built files must satisfy: browser floor, licences, size. Called by build.mjs.

import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";

// --- the floor: Chrome 80 and Safari 14 --------------------------------------------------------
// Syntax is lowered by esbuild; what it cannot know is which functions those browsers lack. Our
// own code may use one behind a test for it: then the line says `floor:` and why.

const NEWER_SCRIPT = [
  [/\bstructuredClone\s*\(/, "structuredClone"],
  [/\.at\(/, "Array.prototype.at"],
  [/\bObject\.(hasOwn|groupBy)\b/, "Object.hasOwn, Object.groupBy"],
  [/\.randomUUID\b/, "crypto.randomUUID"],
  [/\bAbortSignal\.(timeout|any)\b/, "AbortSignal.timeout, AbortSignal.any"],
  [/\.replaceAll\(/, "String.prototype.replaceAll"],
  [/\.(findLast|findLastIndex|toSorted|toReversed|toSpliced)\(/, "newer array methods"],
  [/\bPromise\.(any|withResolvers|try)\b/, "Promise.any, withResolvers, try"],
  [/\bArray\.fromAsync\b/, "Array.fromAsync"],
  [/\b(WeakRef|FinalizationRegistry)\b/, "WeakRef, FinalizationRegistry"],
  [/\bIntl\.(Segmenter|ListFormat|DisplayNames)\b/, "newer parts of Intl"],
  [/\.(showModal|showPopover)\(/, "dialog.showModal, popovers"],
  [/\b(requestIdleCallback|BroadcastChannel|CompressionStream|DecompressionStream)\b/, "$&"],
  [
    /\bnavigator\.(locks|userActivation|storage|wakeLock|setAppBadge)\b/,
    "newer parts of navigator",
  ],
  [/\.(toHex|toBase64|setFromHex|setFromBase64)\(\)|\.(fromHex|fromBase64)\(/, "bytes as text"],
  [/\b[gs]etBig(Ui|I)nt64\b/, "64-bit numbers in a DataView"],
  [/\.(arrayBuffer|bytes|stream)\(\)(?=.*[Bb]lob)/, "Blob.prototype.arrayBuffer and kin"],
];
const NEWER_STYLE = [
  [/:has\(/, ":has()"],
  [/:(is|where)\(/, ":is(), :where()"],
  [/@(layer|container|scope|starting-style)\b/, "newer at-rules"],
  [/\b(color-mix|light-dark|oklch|lch|lab)\(/, "newer colour functions"],
  [/\baspect-ratio\s*:/, "aspect-ratio"],
];

/** Files with lines that use something newer only after asking for it, or that bring it. */
const GUARDED = [
  [/^node_modules\/@noble\/[a-z]+\/utils\.js$/, /Hex/], // `typeof Uint8Array.from([]).toHex`
  [/^node_modules\/@hpke\/common\/.*\/noble\.js$/, /Hex/], // a copy of the same
  [/^node_modules\/@noble\/curves\/abstract\//, /toHex/], // a method of its own points
  [/^node_modules\/(ts-mls|@hpke|@noble)\//, /\.at\(|Big(Ui|I)nt64/], // chat/client/mls/floor.ts
  [/^chat\/client\/mls\/floor\.ts$/, /Big(Ui|I)nt64/],
];

/** Everything newer than the floor in these source files, one sentence each. */
export async function checkFloor(root, used) {
  const problems = [];
  for (const path of [...used].sort()) {
    const rules = /\.(m?[jt]sx?)$/.test(path)
      ? NEWER_SCRIPT
      : path.endsWith(".css")
        ? NEWER_STYLE
        : [];
    const lines = (await readFile(join(root, path), "utf8")).split("\n");
    lines.forEach((line, index) => {
      for (const [pattern, name] of rules) {
        if (!pattern.test(stripComment(line)) || isGuarded(path, line, lines[index - 1])) continue;
        problems.push(`${path}:${index + 1}: ${name} is newer than Chrome 80 and Safari 14`);
      }
    });
  }
  return problems;
}

function stripComment(line) {
  return /^\s*(\/\/|\*|\/\*)/.test(line) ? "" : line;
}

function isGuarded(path, line, before = "") {
  if (GUARDED.some(([file, text]) => file.test(path) && text.test(line))) return true;
  return !path.startsWith("node_modules/") && `${before}\n${line}`.includes("floor:");
}

// --- licences: everything that ends in a browser is permissive ---------------------------------

const PERMISSIVE = new Set(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"]);

/** The licence texts of all packages in the result, and a sentence for each that may not be. */
export async function gatherLicences(root, used) {
  const problems = [];
  const listed = [];
  const parts = ["The service itself: AGPL-3.0-or-later. Parts of it by others:\n"];
  const packages = new Set(
    [...used].map((path) => /^(node_modules\/(@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean),
  );
  for (const path of [...packages].sort()) {
    const { name, version, license } = JSON.parse(
      await readFile(join(root, path, "package.json"), "utf8"),
    );
    if (!PERMISSIVE.has(license)) problems.push(`${name} ${version}: ${license} may not ship`);
    const file = readdirSync(join(root, path)).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) problems.push(`${name} ${version} brings no licence text`);
    const text = file ? await readFile(join(root, path, file), "utf8") : "";
    parts.push(`--- ${name} ${version} (${license})\n\n${text.trim()}\n`);
    listed.push(`${name} ${version} (${license})`);
  }
  console.log(`  in the pages, by others: ${listed.join(", ")}`);
  return { problems, text: parts.join("\n") };
}

// --- size: performance.md's budget, in brotli bytes ---------------------------------------------

const KIB = 1024;
/** performance.md allows 38 and 110 KiB; the HTML of a page takes its share of that. */
const BUDGET = { landing: 32 * KIB, seeker: 107 * KIB };

/** What comes after the page and is not needed to talk: each part has a budget of its own. */
const [CARD, LOOKUP] = ["chat/client/view/cardView.tsx", "triage/client/directory/lookingUp.ts"];
const BACK = ["landed.tsx", "part.tsx", "kept.ts"].map((name) => `triage/client/followup/${name}`);
const ASIDE = [
  { name: "cues", most: 12 * KIB, begins: ["triage/client/cues/ear.ts"] },
  { name: "looking up", most: 12 * KIB, begins: [CARD, LOOKUP] },
  { name: "coming back", most: 8 * KIB, begins: BACK },
  { name: "help", most: 6 * KIB, begins: ["triage/client/dispatch/helpPage.tsx"] },
  { name: "next person", most: 2 * KIB, begins: ["triage/client/handover/nextPerson.tsx"] },
  { name: "referrals", most: 14 * KIB, begins: ["triage/client/referral/part.tsx"] },
  { name: "stories", most: 1 * KIB, begins: ["triage/client/stories/shown.ts"] },
];

/** Prints what each page loads and says what is over its budget. */
export function checkBudget(metafiles, sizes) {
  const problems = [];
  for (const [language, metafile] of Object.entries(metafiles)) {
    const style = entrySize(metafile, sizes, "style");
    const landing = style + entrySize(metafile, sizes, "landing");
    const aside = asideOf(metafile, sizes);
    const seeker = style + sizeOf(sizes, aside.needed);
    const staff = style + sizeOf(sizes, loadedBy(metafile, ["desk", "console"], true));
    console.log(
      `  ${language}: landing ${kib(landing)}, seeker's talk ${kib(seeker)}, console ${kib(staff)}, ${aside.says}`,
    );
    problems.push(...aside.over.map((name) => `${language}: ${name} over its own budget`));
    if (landing > BUDGET.landing)
      problems.push(`${language}: landing is over ${kib(BUDGET.landing)}`);
    if (seeker > BUDGET.seeker)
      problems.push(`${language}: the talk is over ${kib(BUDGET.seeker)}`);
  }
  return problems;
}

/** The parts that come later: what each brings that the page does not have already. */
function asideOf(metafile, sizes) {
  const found = ({ begins }) =>
    Object.keys(metafile.outputs).filter((path) =>
      begins.includes(metafile.outputs[path].entryPoint),
    );
  const needed = loadedBy(metafile, ["landing"], true, new Set(ASIDE.flatMap(found)));
  const parts = ASIDE.map(({ name, most, begins }) => {
    const brought = [...closure(metafile, found({ begins }), true)].filter(
      (one) => !needed.has(one),
    );
    return { name, most, size: sizeOf(sizes, brought) };
  });
  return {
    needed,
    says: parts.map(({ name, size }) => `${name} ${kib(size)}`).join(", "),
    over: parts.filter(({ size, most }) => size > most).map(({ name }) => name),
  };
}

function entrySize(metafile, sizes, name) {
  return sizeOf(sizes, loadedBy(metafile, [name], false));
}

function sizeOf(sizes, paths) {
  return [...paths].reduce((sum, path) => sum + (sizes.get(basename(path)) ?? 0), 0);
}

/** Files the entries load by themselves, and with `later` also what they load when needed. */
function loadedBy(metafile, names, later, without = new Set()) {
  const entries = Object.keys(metafile.outputs).filter(
    (path) =>
      metafile.outputs[path].entryPoint && names.includes(basename(path).replace(/-[^-]*$/, "")),
  );
  return closure(metafile, entries, later, without);
}

function closure(metafile, entries, later, without = new Set()) {
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path) || without.has(path) || !metafile.outputs[path]) return;
    seen.add(path);
    for (const { path: next, kind } of metafile.outputs[path].imports) {
      if (kind === "import-statement" || later) visit(next);
    }
  };
  for (const path of entries) visit(path);
  return seen;
}

function kib(bytes) {
  return `${(bytes / KIB).toFixed(1)} KiB`;
}
