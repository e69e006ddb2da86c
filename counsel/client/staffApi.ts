/**
 * The staff door of the server: JSON by POST, as long as everything else on the wire.
 *
 * A body is JSON with spaces behind it up to one of the five sizes, both ways, so that a wrong
 * password and a right one are as long as each other. Every answer is typed; nothing throws.
 */

import { fromBase64url, toBase64url } from "./bytes.ts";
import { SIZES } from "./contract.ts";

export const ROLES = ["counsellor", "supervisor", "administrator", "auditor", "desk"] as const;
export type StaffRole = (typeof ROLES)[number];

/** Somebody of the staff as every colleague may see them. */
export interface Colleague {
  readonly working_name: string;
  readonly role: StaffRole;
  readonly person: string;
  /** Which back office, for the role of that name. */
  readonly desk?: string;
}

export type Me = Colleague;

const MODES = ["demo", "rehearsal", "live"] as const;
export type Mode = (typeof MODES)[number];

export interface Refusal {
  readonly ok: false;
  /** A code of the server, or `offline`: the request did not come back. */
  readonly code: string;
  /** Seconds; 0 when there is nothing to wait for. */
  readonly retryAfter: number;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | Refusal;

export interface Signed {
  readonly me: Me;
  readonly mode: Mode;
  /** A role that ought to have a passkey, and has none yet. */
  readonly wantsPasskey: boolean;
  /** Whether they have said that they know what is recorded about them. */
  readonly told: boolean;
}

const CARD_STATES = ["certified", "waiting", "revoked"] as const;
const DUTY_STATES = ["on", "waiting", "off"] as const;

export interface Certified {
  readonly state: (typeof CARD_STATES)[number];
  readonly identity: Uint8Array;
  readonly statement: Uint8Array;
}

export interface OnDuty {
  readonly state: (typeof DUTY_STATES)[number];
  readonly statement: Uint8Array;
}

export type Json = Readonly<Record<string, unknown>>;

export interface StaffApi {
  /**
   * Any question: `read` takes the answer apart with the readers below. An answer it throws over is
   * the server's fault (`internal`). Where the login is over, the page has been told already.
   */
  ask<T>(path: string, body: Json, read: (json: Json) => T): Promise<Outcome<T>>;
  /** A question whose answer is a login: the server draws new tokens with it. */
  enter<T>(path: string, body: Json, read: (json: Json) => T): Promise<Outcome<T>>;
  signIn(name: string, password: string, code: string): Promise<Outcome<Me>>;
  signOut(): Promise<Outcome<null>>;
  /** Who is signed in; never tells the page that nobody is. */
  me(): Promise<Outcome<Signed>>;
  /** This browser's card, asked for if there is none; `statement` only where a demo puts on duty. */
  certify(key: Uint8Array): Promise<Outcome<Certified>>;
  /** The duty statement of this card for the shift that runs; asked for if need be. */
  duty(certificate: string): Promise<Outcome<OnDuty>>;
  /** What POSTs of others on this page show, as those of a talk. Rejects when there is none now. */
  token(): Promise<string>;
}

/** JSON as bytes, padded with spaces to the smallest size that holds it. */
export function paddedJson(value: Json): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const size = SIZES.find((candidate) => bytes.length <= candidate);
  if (size === undefined) {
    throw new RangeError(`${bytes.length} bytes do not fit`);
  }
  const padded = new Uint8Array(size).fill(0x20);
  padded.set(bytes);
  return padded;
}

const refused = (code: string, retryAfter = 0): Refusal => ({ ok: false, code, retryAfter });

/** `signedOut` is told whenever an answer to `ask` says that the login of this browser is over. */
export function openStaffApi(
  fetching: typeof fetch = (...args) => fetch(...args),
  signedOut: () => void = () => undefined,
): StaffApi {
  const caller = new Caller(fetching);
  const enter: StaffApi["enter"] = async (path, body, read) => {
    const answer = await caller.call(path, body);
    caller.forgetToken();
    return reading(answer, read);
  };
  return {
    ask: async (path, body, read) => {
      const answer = await caller.call(path, body);
      if (!answer.ok && answer.code === "signed-out") {
        signedOut();
      }
      return reading(answer, read);
    },
    enter,
    signIn: (name, password, code) =>
      enter("sign-in", { name, password, code }, (json) => colleagueOf(json["me"])),
    signOut: async () => {
      const answer = await caller.call("sign-out", {});
      caller.forgetToken();
      return reading(answer, () => null);
    },
    me: async () =>
      reading(await caller.call("me", {}), (json) => ({
        me: colleagueOf(json["me"]),
        mode: oneOf(json["mode"], MODES),
        wantsPasskey: flagOf(json["wants_passkey"]),
        told: flagOf(json["told"]),
      })),
    certify: async (key) =>
      reading(await caller.call("certify", { key: toBase64url(key) }), (json) => ({
        state: oneOf(json["state"], CARD_STATES),
        identity: bytesOf(json["identity"]),
        statement: bytesOf(json["statement"]),
      })),
    duty: async (card) =>
      reading(await caller.call("duty/statement", { card }), (json) => ({
        state: oneOf(json["state"], DUTY_STATES),
        statement: bytesOf(json["statement"]),
      })),
    token: async () => {
      caller.forgetToken(); // a sign-in in another tab has drawn a new one, and a talk asks once
      const token = await caller.token();
      if (!token.ok) {
        throw new Error(token.code);
      }
      return token.value;
    },
  };
}

/** One POST at a time would be safe too; the token is simply fetched when it is not there. */
class Caller {
  private readonly fetching: typeof fetch;
  private known: string | null = null;

  constructor(fetching: typeof fetch) {
    this.fetching = fetching;
  }

  forgetToken(): void {
    this.known = null;
  }

  async token(): Promise<Outcome<string>> {
    if (this.known === null) {
      const answer = await this.post("csrf", {}, "");
      if (!answer.ok) {
        return answer;
      }
      this.known = typeof answer.value["csrf"] === "string" ? answer.value["csrf"] : "";
    }
    return { ok: true, value: this.known };
  }

  /** A stale token looks like a strange origin: fetched anew once, then believed. */
  async call(path: string, body: Json): Promise<Outcome<Json>> {
    const first = await this.once(path, body);
    if (first.ok || first.code !== "origin") {
      return first;
    }
    this.forgetToken();
    return this.once(path, body);
  }

  private async once(path: string, body: Json): Promise<Outcome<Json>> {
    const token = await this.token();
    return token.ok ? this.post(path, body, token.value) : token;
  }

  private async post(path: string, body: Json, token: string): Promise<Outcome<Json>> {
    try {
      const response = await this.fetching(`/api/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": token },
        body: paddedJson(body),
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
        referrerPolicy: "no-referrer",
      });
      return outcomeOf(response.ok, await response.text());
    } catch {
      return refused("offline");
    }
  }
}

function outcomeOf(ok: boolean, text: string): Outcome<Json> {
  const json = parsed(text);
  if (ok && json !== null) {
    return { ok: true, value: json };
  }
  const code = json?.["code"];
  const after = json?.["retry_after"];
  return refused(
    typeof code === "string" ? code : "internal",
    typeof after === "number" && after > 0 ? after : 0,
  );
}

function parsed(text: string): Json | null {
  try {
    return jsonOf(JSON.parse(text));
  } catch {
    return null;
  }
}

/** An answer we cannot read is the server's fault: `internal`. */
function reading<T>(answer: Outcome<Json>, read: (json: Json) => T): Outcome<T> {
  if (!answer.ok) {
    return answer;
  }
  try {
    return { ok: true, value: read(answer.value) };
  } catch {
    return refused("internal");
  }
}

// --- readers: each returns what it was promised or throws ---------------------------------------

export function textOf(value: unknown): string {
  if (typeof value !== "string") {
    throw new TypeError("text expected");
  }
  return value;
}

/** A whole number, not below zero. */
export function numberOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new TypeError("a whole number expected");
  }
  return value;
}

export function flagOf(value: unknown): boolean {
  if (typeof value !== "boolean") {
    throw new TypeError("yes or no expected");
  }
  return value;
}

export function listOf<T>(value: unknown, read: (item: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) {
    throw new TypeError("a list expected");
  }
  return value.map(read);
}

export function jsonOf(value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("an object expected");
  }
  return value as Json;
}

/** One of the words of this build; another is as unreadable as a missing one. */
export function oneOf<T extends string>(value: unknown, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) {
    throw new TypeError("no such word");
  }
  return word;
}

export function colleagueOf(value: unknown): Colleague {
  const json = jsonOf(value);
  return {
    working_name: textOf(json["working_name"]),
    role: oneOf(json["role"], ROLES),
    person: textOf(json["person"]),
    ...(typeof json["desk"] === "string" ? { desk: json["desk"] } : {}),
  };
}

export function bytesOf(value: unknown): Uint8Array {
  const bytes = fromBase64url(textOf(value));
  if (bytes === null) {
    throw new TypeError("base64url expected");
  }
  return bytes;
}
