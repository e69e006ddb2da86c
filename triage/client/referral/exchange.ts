/**
 * The phone's one question about a referral. It carries nothing of a talk, no cookie, and is 8,192
 * bytes long either way, whether it posts, looks, finds something or nothing.
 */

import { fromBase64url, toBase64url } from "../../../counsel/client/bytes.ts";
import { SIZES } from "../../../counsel/client/contract.ts";

const SIZE = SIZES[3];

export interface Name {
  readonly ref: Uint8Array;
  readonly token: Uint8Array;
}

export type Asked =
  | {
      readonly act: "post";
      readonly desk: string;
      readonly number: number;
      readonly letter: Uint8Array;
    }
  | { readonly act: "look"; readonly after: number }
  | { readonly act: "close" };

/** `wait`: seconds until the letter, held and not written yet, is to be posted again; 0: it is written. */
export interface Answer {
  readonly wait: number;
  readonly number: number;
  readonly letter: Uint8Array;
}

/** A code of the server; `offline`: it did not come back. */
export class ExchangeError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export type Exchange = (name: Name, asked: Asked) => Promise<Answer>;

/** Throws `ExchangeError`. */
export const exchange: Exchange = async (name, asked) => {
  let json: Record<string, unknown>;
  let ok: boolean;
  try {
    const answer = await fetch("/api/referral", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: bodyOf(name, asked),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    ok = answer.ok;
    json = (await answer.json()) as Record<string, unknown>;
  } catch {
    throw new ExchangeError("offline"); // also where a gate of the network answers in our place
  }
  if (!ok) throw new ExchangeError(typeof json["code"] === "string" ? json["code"] : "internal");
  return {
    wait: Number(json["wait"]) || 0,
    number: Number(json["number"]) || 0,
    letter: fromBase64url(String(json["letter"])) ?? new Uint8Array(0),
  };
};

/** Exactly as long as every other. */
export function bodyOf(name: Name, asked: Asked): Uint8Array<ArrayBuffer> {
  const said = {
    ref: toBase64url(name.ref),
    token: toBase64url(name.token),
    act: asked.act,
    desk: asked.act === "post" ? asked.desk : "",
    number: asked.act === "post" ? asked.number : 0,
    letter: asked.act === "post" ? toBase64url(asked.letter) : "",
    after: asked.act === "look" ? asked.after : 0,
    fill: "",
  };
  const bare = new TextEncoder().encode(JSON.stringify(said)).length;
  const filled = JSON.stringify({ ...said, fill: " ".repeat(SIZE - bare) });
  return new TextEncoder().encode(filled) as Uint8Array<ArrayBuffer>;
}
