/** Who works here and what is listed, made up by hand: what the office must be able to show. */

import type { Json, Me } from "../../../counsel/client/staffApi.ts";
import { EVENING, PEOPLE } from "./standing.ts";

/** An answer, the code of a refusal, or `never`. */
export type Said = Json | string;

const zh = document.documentElement.lang.startsWith("zh");
const DAY = 86_400_000;

const name = (chinese: string, english: string): string => (zh ? chinese : english);
const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

export const { lin: LIN, chen: CHEN, zhou: ZHOU, wang: WANG } = PEOPLE;
export const SUN: Me = { working_name: name("孙", "Sun"), role: "auditor", person: "p5" };

const member = (who: Me, change: Json = {}): Json => ({
  ...who,
  active: true,
  cleared: false,
  region: "",
  industry: "",
  in_plant: false,
  passkeys: 0,
  ...change,
});

const STAFF: readonly Json[] = [
  member(LIN, { cleared: true, region: "44", industry: "electronics" }),
  member(CHEN, { in_plant: true, region: "32" }),
  member(ZHOU, { cleared: true, passkeys: 2 }),
  member(WANG),
  member(SUN, { passkeys: 1 }),
  member(
    { working_name: name("何", "He"), role: "counsellor", person: "p6" },
    { active: false, cleared: true },
  ),
  member(
    {
      working_name: name(
        "一个很长很长很长的工作名也要排得下才行，三十二个字正好到头",
        "A working name of thirty-two l.",
      ),
      role: "supervisor",
      person: "p7",
    },
    { cleared: true },
  ),
];

const pending = (id: number, change: Json): Json => ({
  id,
  kind: "join",
  working_name: name("李", "Li"),
  role: "counsellor",
  person: "",
  expires: instant(EVENING + 2 * DAY),
  asked_by: WANG,
  mine: false,
  agreed: true,
  ...change,
});

const PENDING: readonly Json[] = [
  pending(1, {}),
  pending(2, { kind: "reset", ...LIN, asked_by: WANG, agreed: false, mine: false }),
  pending(3, { kind: "reset", ...SUN, asked_by: ZHOU, agreed: true }),
  pending(4, { working_name: name("赵", "Zhao"), role: "administrator", asked_by: null }),
];

export const SOME: Json = { people: STAFF, invitations: PENDING, after: "" };

const SURNAMES = [..."王李张刘陈杨黄赵吴周徐孙马朱胡"];
const GIVEN = [..."安宁和平静文明华玉兰"];
const LATIN = "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu".split(" ");
const ROLES: readonly Me["role"][] = ["counsellor", "counsellor", "counsellor", "supervisor"];

/** 150 people, as the largest union that has asked for this may have. */
export const MANY: Json = {
  people: Array.from({ length: 150 }, (_, at) =>
    member(
      {
        working_name: `${SURNAMES[at % 15]}${GIVEN[Math.floor(at / 15)]} ${LATIN[at % 15]}`,
        role: at === 0 ? "administrator" : (ROLES[at % 4] ?? "counsellor"),
        person: `m${at}`,
      },
      {
        cleared: at % 5 > 0,
        passkeys: at % 3,
        active: at % 29 !== 28,
        in_plant: at % 11 === 10,
        region: at % 7 === 0 ? "44" : "",
      },
    ),
  ),
  invitations: [],
  after: "",
};

/** As a real one looks, and leads nowhere. */
const PICTURE = Array.from({ length: 41 }, (_, y) =>
  Array.from({ length: 41 }, (_, x) => (isDark(x, y) ? "1" : "0")).join(""),
);

function isDark(x: number, y: number): boolean {
  const corner = (left: number, top: number): number =>
    Math.max(Math.abs(x - left - 3), Math.abs(y - top - 3));
  const ring = Math.min(corner(0, 0), corner(34, 0), corner(0, 34));
  return ring <= 4 ? ring === 3 || ring <= 1 : (x * 5 + y * 11 + ((x * y) % 7)) % 3 === 0;
}

export const LINK: Json = { token: "ONCE", pictures: { zh: PICTURE, en: PICTURE } };

const line = (number: string, days: number | null, change: Json = {}): Json => ({
  number,
  name: "",
  hours: "",
  national: true,
  called: days === null ? null : instant(EVENING - days * DAY),
  called_by: days === null ? null : ZHOU,
  ...change,
});

export const NUMBERS: readonly Json[] = [
  line("120", 0),
  line("110", 1),
  line("12356", 27),
  line("12351", 31),
  line("12338", null),
  line("12355", 3),
  line("0769-1234567", 12, {
    national: false,
    name: name("市总援助热线", "Help line of our city"),
    hours: name("每天8点到22点", "every day from 8 to 22"),
  }),
];

export const ORGANISATION: Json = {
  name: "",
  level: name("市总工会", "The city trade union"),
  zone: "Asia/Shanghai",
  languages: ["zh", "en"],
  hotlines: NUMBERS,
};
