/** A small directory for pictures: what a phone would have read, and a counsellor passed on. */

import type { Card } from "../../../chat/client/card.ts";
import { utf8 } from "../../../counsel/client/bytes.ts";
import { cardOf } from "../../../triage/client/directory/cardOf.ts";
import { Directory } from "../../../triage/client/directory/entry.ts";
import type { Held } from "../../../triage/client/directory/pocket.ts";

const WEEKDAYS = "MO,TU,WE,TH,FR";
const ROWS: readonly Record<string, unknown>[] = [
  {
    id: "aid",
    name: "工会法律援助站（样例）",
    org: "样例市总工会",
    kind: "legal-aid",
    says: "讨薪、工伤、解除合同，先问再说要不要申请",
    address: "样例路1号一楼",
    city: "样例市",
    way: "样例公交站下车走三分钟",
    latitude: 22.5,
    longitude: 114.1,
    phones: [["12348", "样例用的是全国热线"]],
    hours: [
      { freq: "WEEKLY", byday: WEEKDAYS, opens_at: "09:00", closes_at: "12:00" },
      { freq: "WEEKLY", byday: WEEKDAYS, opens_at: "14:00", closes_at: "17:30" },
    ],
    languages: ["普通话", "粤语"],
    who: "在本市上班的职工",
    how: "先打电话约，也可以直接去",
    papers: "申请时要身份证和工资记录；先咨询不用",
    fees: "不收费",
    wait: "当天就能问上",
    real_name: true,
    anonymous: true,
    sample: true,
    assured: "2026-11-01",
  },
  {
    id: "ward",
    name: "精神科急诊（样例）",
    org: "样例市第三医院",
    kind: "emergency",
    address: "样例路20号",
    city: "样例市",
    phones: [["120", "急的先打120"]],
    hours: [{ freq: "DAILY", opens_at: "00:00", closes_at: "24:00" }],
    real_name: true,
    ambulance: "叫救护车要自己出车费，各地不一样，先问120",
    sample: true,
    assured: "2026-11-10",
  },
  {
    id: "old",
    name: "社区帮扶窗口（样例）",
    org: "样例街道",
    kind: "hardship",
    phones: [["12351", ""]],
    real_name: false,
    sample: true,
    assured: "2026-08-01",
  },
  { id: "plant", name: "厂内服务点（样例）", in_plant: true, sample: true, assured: "2026-11-01" },
];

function bodyOf(rows: readonly Record<string, unknown>[], version: number): Uint8Array {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = names.map((name) => [name, { all: rows.map((row) => row[name] ?? null) }]);
  const head = { v: 1, region: "44", version, zone: "Asia/Shanghai" };
  return utf8(JSON.stringify({ ...head, columns: Object.fromEntries(columns) }));
}

export const BODY = bodyOf(ROWS, 3);
/** What phones had before: one place less, and another name. */
export const BEFORE = bodyOf(
  [...ROWS.slice(0, 2).map((row) => ({ ...row, fees: "" })), { id: "gone", name: "旧窗口" }],
  2,
);

export const HELD: Held = {
  signed: {
    directory: new Directory(BODY),
    hash: "",
    signedAt: Date.UTC(2026, 10, 20, 2),
    by: "周",
  },
  doubt: "",
};

export const CARD: Card = cardOf(HELD.signed.directory.entry(0), "44", 3);
