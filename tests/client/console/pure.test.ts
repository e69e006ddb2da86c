import assert from "node:assert/strict";
import { test } from "node:test";

import { Attention, CALL_EVERY, shouldCall, titled } from "../../../triage/client/attention.ts";
import { Drafts } from "../../../triage/client/drafts.ts";
import { actOf, type Press, SHORTCUTS } from "../../../triage/client/keyboard.ts";
import { waitOf } from "../../../triage/client/waits.ts";
import { LIN, MapDrawer, WEI } from "./people.ts";

const key = (change: Partial<Press>): Press => ({
  key: "",
  code: "",
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 0,
  repeat: false,
  ...change,
});

test("shortcuts work while writing, one-character ones do not", () => {
  for (const { act, code } of SHORTCUTS) {
    assert.equal(actOf(key({ altKey: true, code }), true, true), act);
    assert.equal(actOf(key({ code }), true, true), null);
  }
  assert.equal(actOf(key({ key: "?", shiftKey: true }), true, true), null);
  assert.equal(actOf(key({ key: "?", shiftKey: true }), false, true), "list");
  assert.equal(actOf(key({ key: "?", shiftKey: true }), false, false), null, "switched off");
});

test("AltGr, a composing input method and held keys ask for nothing", () => {
  assert.equal(actOf(key({ altKey: true, ctrlKey: true, code: "KeyQ" }), false, true), null);
  assert.equal(actOf(key({ altKey: true, code: "KeyQ", isComposing: true }), true, true), null);
  assert.equal(actOf(key({ altKey: true, code: "KeyQ", keyCode: 229 }), true, true), null);
  assert.equal(actOf(key({ altKey: true, code: "KeyN", repeat: true }), true, true), null);
});

test("a wait moves in steps and grows on its own", () => {
  assert.deepEqual(waitOf(0, 59_000), { step: "now", hours: 0, long: false });
  assert.deepEqual(waitOf(0, 60_000), { step: "few", hours: 0, long: false });
  assert.deepEqual(waitOf(4, 60_000), { step: "five", hours: 0, long: false });
  assert.deepEqual(waitOf(10, 0), { step: "ten", hours: 0, long: false });
  assert.deepEqual(waitOf(15, 0), { step: "quarter", hours: 0, long: true });
  assert.deepEqual(waitOf(59, 0), { step: "half", hours: 0, long: true });
  assert.deepEqual(waitOf(125, 0), { step: "hours", hours: 2, long: true });
  assert.deepEqual(waitOf(1, -5_000), { step: "few", hours: 0, long: false });
});

test("it calls only when hidden, only for more, and not too often", () => {
  const none = { waiting: 0, unread: 0 };
  const one = { waiting: 1, unread: 0 };
  assert.equal(shouldCall(none, one, true, CALL_EVERY), true);
  assert.equal(shouldCall(none, { waiting: 0, unread: 1 }, true, CALL_EVERY), true);
  assert.equal(shouldCall(none, one, false, CALL_EVERY), false);
  assert.equal(shouldCall(one, none, true, CALL_EVERY), false);
  assert.equal(shouldCall(one, one, true, CALL_EVERY), false);
  assert.equal(shouldCall(none, one, true, CALL_EVERY - 1), false);
});

test("a call that came too soon is made later, not lost; the notice holds the neutral title only", () => {
  const said: string[] = [];
  let hidden = true;
  const attention = new Attention(
    {
      hidden: () => hidden,
      title: (text) => said.push(`title ${text}`),
      sound: () => said.push("sound"),
      notice: (title) => said.push(`notice ${title}`),
    },
    "在线服务",
  );
  attention.update({ waiting: 1, unread: 0 }, 0);
  assert.deepEqual(said.splice(0), ["sound", "notice 在线服务", "title (1) 在线服务"]);
  attention.update({ waiting: 1, unread: 1 }, 5_000);
  assert.deepEqual(said.splice(0), ["title (2) 在线服务"]);
  attention.update({ waiting: 1, unread: 1 }, 20_000);
  assert.deepEqual(said.splice(0), ["sound", "notice 在线服务", "title (2) 在线服务"]);
  hidden = false;
  attention.update({ waiting: 4, unread: 9 }, 90_000);
  assert.deepEqual(said.splice(0), ["title (13) 在线服务"]);
});

test("the title counts and stays neutral", () => {
  assert.equal(titled("在线服务", { waiting: 0, unread: 0 }), "在线服务");
  assert.equal(titled("在线服务", { waiting: 100, unread: 1 }), "(99+) 在线服务");
});

test("each talk keeps its own draft, sealed after a pause or at once when leaving", async () => {
  const drawer = new MapDrawer();
  const drafts = new Drafts(drawer);
  drafts.set(LIN, "甲");
  drafts.set(WEI, "乙");
  assert.equal(drawer.records.size, 0);
  await drafts.flush();
  assert.equal(drawer.text(`draft:${LIN}`), "甲");
  assert.equal(drawer.text(`draft:${WEI}`), "乙");
  drafts.set(LIN, "");
  await drafts.flush();
  assert.deepEqual([...drawer.records.keys()], [`draft:${WEI}`]);
  assert.equal(await new Drafts(drawer).load(WEI), "乙");
});
