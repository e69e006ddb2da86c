import assert from "node:assert/strict";
import { test } from "node:test";

import {
  askOwn,
  askPasskeys,
  changePassword,
  changePlaces,
  countOtherLogins,
  renewRecovery,
} from "../../../counsel/client/own.ts";
import { openStaffApi } from "../../../counsel/client/staffApi.ts";
import { server } from "./staffServer.ts";

const TOKEN = [200, { csrf: "t" }] as const;
const ME = {
  me: { working_name: "林", role: "counsellor", person: "p1" },
  mode: "demo",
  factors: { passkeys: 1, recovery: 9 },
  cleared: true,
  wants_passkey: false,
  places: { region: "44", industry: "food", in_plant: true },
};

test("what is mine is read whole; half an answer is none", async () => {
  const { ask } = server(TOKEN, [200, ME], [200, { ...ME, places: {} }]);
  const api = openStaffApi(ask);
  assert.deepEqual(await askOwn(api), {
    ok: true,
    value: {
      passkeys: 1,
      recovery: 9,
      cleared: true,
      wantsPasskey: false,
      places: { region: "44", industry: "food", inPlant: true },
    },
  });
  assert.deepEqual(await askOwn(api), { ok: false, code: "internal", retryAfter: 0 });
});

test("passkeys: days are enough, and a key that was never used has none", async () => {
  const key = { id: "AA", name: "手机", created: "2026-11-24" };
  const { ask } = server(TOKEN, [
    200,
    {
      passkeys: [
        { ...key, used: null },
        { ...key, used: "2026-11-25" },
      ],
    },
  ]);
  const found = await askPasskeys(openStaffApi(ask));
  assert.deepEqual(found.ok && found.value.map(({ used }) => used), ["", "2026-11-25"]);
});

test("this browser is not one of the others", async () => {
  const logins = [{ mine: true }, { mine: false }, { mine: false }];
  const { ask } = server(TOKEN, [200, { logins }]);
  assert.deepEqual(await countOtherLogins(openStaffApi(ask)), { ok: true, value: 2 });
});

test("a renewed login has new tokens: asked for again after a factor changed", async () => {
  const { calls, ask } = server(
    ...([TOKEN, [200, {}], TOKEN, [200, { recovery: ["a", "b"] }], TOKEN, [200, {}]] as const),
  );
  const api = openStaffApi(ask);
  await changePassword(api, { old: "o", password: "p", code: "123456" });
  const fresh = await renewRecovery(api, "654321");
  assert.deepEqual(fresh.ok && fresh.value, ["a", "b"]);
  await changePlaces(api, { region: "11", industry: "", inPlant: false });
  assert.deepEqual(
    calls.map(({ path }) => path),
    [
      ...["/api/csrf", "/api/me/password", "/api/csrf", "/api/me/recovery"],
      ...["/api/csrf", "/api/me/places"],
    ],
  );
  assert.deepEqual(calls[5]?.body, { region: "11", industry: "", in_plant: false });
});
