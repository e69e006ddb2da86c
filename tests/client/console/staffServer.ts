/** A server of staff in memory: gives its answers in turn and writes down what it was asked. */

import assert from "node:assert/strict";

export interface Call {
  readonly path: string;
  readonly body: unknown;
  readonly size: number;
  readonly headers: Record<string, string>;
}

export type Answer = readonly [status: number, body: unknown] | "cut";

export function server(...answers: readonly Answer[]): { calls: Call[]; ask: typeof fetch } {
  const calls: Call[] = [];
  const left = [...answers];
  const ask = async (url: unknown, init?: RequestInit): Promise<Response> => {
    const bytes = init?.body as Uint8Array;
    const headers = init?.headers as Record<string, string>;
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    calls.push({ path: String(url), body, size: bytes.length, headers });
    assert.equal(init?.method, "POST");
    const answer = left.shift() ?? "cut";
    if (answer === "cut") {
      throw new TypeError("failed to fetch");
    }
    return new Response(JSON.stringify(answer[1]).padEnd(384), { status: answer[0] });
  };
  return { calls, ask: ask as typeof fetch };
}
