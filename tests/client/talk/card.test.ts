/** A place passed on in a talk: the same card on both sides, from staff alone, in one frame. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type Card, decodeCard, encodeCard, MAX_CARD } from "../../../chat/client/card.ts";
import type { Talk } from "../../../chat/client/talk.ts";
import { utf8 } from "../../../counsel/client/bytes.ts";
import { SIZES } from "../../../counsel/client/contract.ts";
import { begun, closeAll, notices, resume, until } from "./cast.ts";

afterEach(closeAll);

const AID: Card = {
  id: "aid",
  region: "44",
  version: 3,
  name: "工会法律援助站",
  org: "市总工会",
  says: "先问再说",
  address: "样例路1号",
  way: "",
  latitude: 22.5,
  longitude: null,
  phones: [["12348", "白天"]],
  hours: [{ days: "MO,TU", opens: "09:00", closes: "17:00", note: "" }],
  who: "",
  how: "",
  papers: "身份证",
  fees: "不收费",
  ambulance: "",
  wait: "",
  alert: "",
  languages: ["粤语"],
  realName: true,
  anonymous: null,
  inPlant: false,
  sample: false,
  closed: false,
  assured: "2026-11-01",
};

function cards(talk: Talk): readonly (Card | null)[] {
  return talk.view.lines.flatMap((line) => (line.kind === "card" ? [decodeCard(line.text)] : []));
}

test("what a counsellor passes on stands in both talks, and stays on the phone", async () => {
  const { stage, seeker, lin } = await begun();
  await lin.sendCard(encodeCard(AID));
  await until(() => cards(seeker).length === 1 && cards(lin).length === 1, "both see it");
  assert.deepEqual(cards(seeker), [AID]);
  assert.equal(seeker.view.unread, 1);
  seeker.close();
  assert.deepEqual(cards((await resume(stage)) as Talk), [AID]);
});

test("a card that comes from a seeker is none", async () => {
  const { seeker, lin } = await begun();
  await seeker.sendCard(encodeCard(AID));
  await until(() => notices(lin).includes("newer"), "lin is told of something unreadable");
  assert.deepEqual(cards(lin), []);
});

test("the fullest card fits one frame of the fourth size", async () => {
  const long = "厂".repeat(2_000);
  const full = Object.fromEntries(
    Object.entries(AID).map(([name, value]) => [name, value === "" ? long : value]),
  ) as unknown as Card;
  const phones = Array.from({ length: 40 }, (_, at) => [`1${at}`, long] as const);
  const text = encodeCard({ ...full, says: long, papers: long, fees: long, phones });
  assert.ok(utf8(text).length <= MAX_CARD, `${utf8(text).length} bytes`);
  assert.equal(decodeCard(text)?.name, AID.name);
  const { stage, lin } = await begun();
  const before = stage.server.rows.length;
  await lin.sendCard(encodeCard({ ...full, phones }));
  await until(() => stage.server.rows.length > before, "it is stored");
  const sealed = stage.server.rows[before]?.sealed.length ?? 0;
  assert.ok(sealed > 1_000 && sealed < (SIZES[3] as number) - 200, `${sealed} bytes sealed`);
});

test("what is no card is not drawn as one", () => {
  for (const text of ["", "1", "null", "[]", "{}", '{"name":7}', "{".repeat(9)]) {
    assert.equal(decodeCard(text), null, text);
  }
  const hostile = {
    name: "x",
    phones: [["javascript:alert(1)", ""], ["tel:1", ""], "12348", ["12348", { a: 1 }]],
    hours: [7, { days: 1, opens: "09:00" }],
    latitude: "22",
    languages: [{}, "粤语"],
    realName: "yes",
  };
  const card = decodeCard(JSON.stringify(hostile));
  assert.deepEqual(card?.phones, [["12348", ""]]);
  assert.deepEqual(card?.hours, [{ days: "", opens: "09:00", closes: "", note: "" }]);
  assert.deepEqual([card?.latitude, card?.realName, card?.languages], [null, null, ["粤语"]]);
});
