/** What the cast needs of `node:assert` in a page, where there is none. */

function fail(message = "failed"): never {
  throw new Error(message);
}

function equal(found: unknown, expected: unknown): void {
  if (!Object.is(found, expected)) fail(`${String(found)} is not ${String(expected)}`);
}

export default { fail, equal };
