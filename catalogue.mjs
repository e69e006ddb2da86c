// Which sentences of counsel/locale/<language>.json end in which script. A seeker's phone loads
// those of a talk, and those of a place that helps when there is one to show; staff load theirs beside
// them; what stands on built pages is in no script.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

const IN_A_TALK = [
  "intake",
  ...["meta", "mode", "numbers", "calling", "topics", "places", "start", "waiting", "talk", "exit"],
  ...["menu", "end", "erase", "clear", "verbs", "refused", "lost", "errors", "refusals", "notices"],
  "cues",
  "card",
  "referred",
  "helped",
];
/** Refusals of what only staff ask. */
const TO_STAFF = new Set([
  ...["sign-in", "nobody-waits", "full-hands", "rest", "shift-ends", "kept-free", "name-taken"],
  ...["weak-password", "invitation", "passkey", "needs-two", "not-cleared", "off-duty"],
  ...["shift-too-long", "shift-clash", "open-danger", "nobody-free"],
]);
const LATER = ["place_card", "directory", "help", "later", "handover"];
const ON_BUILT_PAGES = ["reading", "landing", "promises", "plain", "notfound", "coming"];

const PARTS = {
  catalogue: (section) => IN_A_TALK.includes(section),
  "catalogue/place_card": (section) => section === "place_card",
  "catalogue/directory": (section) => section === "directory",
  "catalogue/help": (section) => section === "help",
  "catalogue/referral": (section) => section === "referral",
  "catalogue/later": (section) => section === "later",
  "catalogue/handover": (section) => section === "handover",
  "catalogue/staff": (section) =>
    section === "errors" || ![...IN_A_TALK, ...LATER, ...ON_BUILT_PAGES].includes(section),
};

function withoutStaffs(errors) {
  return Object.fromEntries(Object.entries(errors).filter(([code]) => !TO_STAFF.has(code)));
}

/** For esbuild: `import texts from "catalogue"` is the language of the page being built. */
export function catalogue(root, language) {
  const path = join(root, "counsel", "locale", `${language}.json`);
  return {
    name: "catalogue",
    setup(build) {
      build.onResolve(
        { filter: /^catalogue(\/(staff|directory|place_card|referral|help|later|handover))?$/ },
        (asked) => ({
          path: asked.path,
          namespace: "catalogue",
        }),
      );
      build.onLoad({ filter: /.*/, namespace: "catalogue" }, async (asked) => {
        const sections = Object.entries(JSON.parse(await readFile(path, "utf8")));
        const part = Object.fromEntries(sections.filter(([name]) => PARTS[asked.path](name)));
        if (asked.path === "catalogue") part.errors = withoutStaffs(part.errors);
        return {
          contents: JSON.stringify(part),
          loader: "json",
        };
      });
    },
  };
}
