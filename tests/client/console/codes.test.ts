import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromBase64url } from "../../../counsel/client/bytes.ts";
import { type Request, requestCode } from "../../../counsel/client/keys/codes.ts";
import { digitsOfKey } from "../../../counsel/client/keys/digits.ts";

interface Case {
  name: string;
  request: Omit<Request, "key"> & { key: string };
  code: string;
  digits: string;
}

const cases = JSON.parse(
  readFileSync(new URL("../../vectors/codes.json", import.meta.url), "utf8"),
) as Case[];

for (const { name, request, code, digits } of cases) {
  test(`the offline machine reads what this browser writes: ${name}`, async () => {
    const key = fromBase64url(request.key) ?? assert.fail();
    assert.equal(await requestCode({ ...request, key }), code);
    assert.equal(await digitsOfKey(key), digits);
  });
}
