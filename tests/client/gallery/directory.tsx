/** The directory's page, with a server that answers what a scene says and a browser that may sign. */

import { sha256 } from "@noble/hashes/sha2.js";
import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { concat, source, toBase64url } from "../../../counsel/client/bytes.ts";
import { t } from "../../../counsel/client/i18n.ts";
import { useBook } from "../../../counsel/client/office/speaking.tsx";
import type { Json, Me } from "../../../counsel/client/staffApi.ts";
import { DirectoryBook } from "../../../triage/client/directory/directoryBook.ts";
import { DirectoryDesk } from "../../../triage/client/directory/directoryPage.tsx";
import type { Entrance } from "./entrances.tsx";
import { answering } from "./office.tsx";
import { type Said, WANG, ZHOU } from "./officeStates.ts";
import { BEFORE, BODY } from "./places.ts";
import { NOW } from "./states.ts";

const service = (id: string, name: string, more: Json = {}): Json => ({
  id,
  name,
  organisation: "样例市总工会",
  kind: "legal-aid",
  status: "active",
  assured: "2026-11-01",
  called: "",
  in_plant: false,
  sample: true,
  ...more,
});

const LIST: Json = {
  services: [
    service("aid", "工会法律援助站"),
    service("old", "社区帮扶窗口", { kind: "hardship", assured: "2026-08-01" }),
    service("gone", "旧的门诊", { kind: "outpatient", assured: "2026-03-01", status: "inactive" }),
    service("new", "新的驿站", { kind: "station", assured: "", in_plant: true, sample: false }),
  ],
  more: 12,
};

const REGIONS: Json = {
  regions: [
    { region: "", services: 4, version: 0, entries: 0, made: null, by: null },
    {
      region: "44",
      services: 16,
      version: 2,
      entries: 14,
      made: "2026-11-20T02:00Z",
      by: { working_name: "周", role: "supervisor", person: "p2" },
    },
  ],
};

const FORM: Json = {
  service: {
    ...{ id: "aid", name: "工会法律援助站", description: "讨薪、工伤，先问再说", alert: "" },
    ...{ eligibility_description: "在本市上班的职工", application_process: "先打电话约" },
    ...{ fees_description: "不收费", wait_time: "", id_documents: "申请时要身份证", source: "" },
    ...{ ambulance_cost: "", organisation: "样例市总工会", address: "样例路1号", city: "样例市" },
    ...{ way: "", needs_real_name: "yes", accepts_anonymous_first_contact: "yes" },
    ...{ kind: "legal-aid", region: "44", status: "active", in_plant: false, minutes: 1440 },
    phones: [{ id: "p", number: "12348", description: "全国热线" }],
    hours: [
      { id: "h", byday: "MO,TU,WE,TH,FR", opens_at: "09:00", closes_at: "12:00", description: "" },
    ],
    ...{ assured: "2026-11-01", called: "2026-11-01T02:00Z", sample: true },
  },
};

interface ShownProps {
  readonly who: Me;
  readonly answers: Readonly<Record<string, Said | readonly Said[]>>;
}

function Shown({ who, answers }: ShownProps): VNode {
  const [book] = useState(
    () =>
      new DirectoryBook(
        answering(answers),
        { ...who },
        {
          sign: async () =>
            who === ZHOU
              ? { ok: true, value: new Uint8Array(1) }
              : { ok: false, code: "no-issuer", retryAfter: 0 },
          fetchFile: async (name) =>
            name === "44" ? concat(new Uint8Array(2 * 66), BEFORE) : source(BODY),
        },
      ),
  );
  return (
    <div class="console">
      <main id="main" class="under">
        <div class="tab-panel" role="region" aria-label={t("nav.directory")}>
          <DirectoryDesk book={book} view={useBook(book)} now={NOW} />
        </div>
      </main>
    </div>
  );
}

const DRAFT: Json = { digest: toBase64url(sha256(BODY)), version: 3 };

const directory = (
  steps: NonNullable<Entrance["steps"]> = [],
  answers: ShownProps["answers"] = {},
  who = ZHOU,
): Entrance => ({
  view: (
    <Shown
      who={who}
      answers={{
        directory: REGIONS,
        "directory/list": LIST,
        "directory/service": FORM,
        "directory/save": { id: "aid" },
        "directory/draft": DRAFT,
        ...answers,
      }}
    />
  ),
  steps,
});

export const DIRECTORY: Readonly<Record<string, Entrance>> = {
  directory: directory(),
  "directory-empty": directory([], {
    directory: { regions: [] },
    "directory/list": { services: [], more: 0 },
  }),
  "directory-offline": directory([], { directory: "offline" }),
  "directory-service": directory(["#open-aid"]),
  "directory-saved": directory(["#open-aid", "form .answers .firm"]),
  "directory-refused": directory(["#open-aid", "form .answers .firm"], {
    "directory/save": "bad-value",
  }),
  "directory-assured": directory(["#open-aid", "#assure"]),
  "directory-fresh": directory(["#begin-service"]),
  "directory-packed": directory(["#pack"]),
  "directory-altered": directory(["#pack"], {
    "directory/draft": { ...DRAFT, digest: toBase64url(new Uint8Array(32)) },
  }),
  "directory-sign": directory(["#pack", "#sign-directory"]),
  "directory-signed": directory(["#pack", "#sign-directory", ".ask .firm"]),
  "directory-administrator": directory(["#pack"], {}, WANG),
};
