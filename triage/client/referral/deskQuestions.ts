/** What a desk's page asks the server: sealed letters in, sealed letters out. */

import { toBase64url } from "../../../counsel/client/bytes.ts";
import {
  type DeskCode,
  REFERRAL_STATES,
  type ReferralState,
} from "../../../counsel/client/referralContract.ts";
import {
  bytesOf,
  jsonOf,
  listOf,
  numberOf,
  type Outcome,
  oneOf,
  type StaffApi,
  textOf,
} from "../../../counsel/client/staffApi.ts";

export interface Listed {
  /** base64url. */
  readonly ref: string;
  readonly state: ReferralState;
  readonly last: number;
  /** `YYYY-MM-DD`, or "". */
  readonly came: string;
  readonly due: string;
}

export interface Sealed {
  readonly number: number;
  readonly letter: Uint8Array;
}

export function askReferrals(
  api: StaffApi,
): Promise<Outcome<{ readonly referrals: readonly Listed[]; readonly more: number }>> {
  return api.ask("desk", {}, (json) => ({
    referrals: listOf(json["referrals"], listedOf),
    more: numberOf(json["more"]),
  }));
}

/** All letters of one, in their order, some at a time. */
export async function readReferral(
  api: StaffApi,
  ref: string,
): Promise<Outcome<{ readonly referral: Listed; readonly letters: readonly Sealed[] }>> {
  const letters: Sealed[] = [];
  for (;;) {
    const after = letters.length;
    const answer = await api.ask("desk/read", { ref, after }, (json) => ({
      referral: listedOf(json["referral"]),
      letters: listOf(json["letters"], (value) => {
        const row = jsonOf(value);
        return { number: numberOf(row["number"]), letter: bytesOf(row["sealed"]) };
      }),
    }));
    if (!answer.ok) return answer;
    letters.push(...answer.value.letters);
    const whole = letters.length >= answer.value.referral.last;
    if (whole || answer.value.letters.length === 0) {
      return { ok: true, value: { referral: answer.value.referral, letters } };
    }
  }
}

export function act(
  api: StaffApi,
  what: {
    readonly ref: string;
    readonly event: string;
    readonly number: number;
    readonly letter: Uint8Array;
  },
): Promise<Outcome<null>> {
  return api.ask("desk/act", { ...what, letter: toBase64url(what.letter) }, () => null);
}

export function keepKey(
  api: StaffApi,
  card: string,
  statement: Uint8Array,
): Promise<Outcome<null>> {
  return api.ask("desk/key", { card, statement: toBase64url(statement) }, () => null);
}

export interface Count {
  /** "": several desks together. */
  readonly desk: string;
  readonly month: string;
  readonly event: string;
  /** 0: fewer than are shown. */
  readonly count: number;
}

export interface Months {
  readonly counts: readonly Count[];
  /** The least number that is shown. */
  readonly from: number;
}

export function askCounts(api: StaffApi): Promise<Outcome<Months>> {
  return api.ask("desk/counts", {}, (json) => ({
    from: numberOf(json["from"]),
    counts: listOf(json["counts"], (value) => {
      const row = jsonOf(value);
      return {
        desk: textOf(row["desk"]),
        month: textOf(row["month"]),
        event: textOf(row["event"]),
        count: numberOf(row["count"]),
      };
    }),
  }));
}

export type { DeskCode };

function listedOf(value: unknown): Listed {
  const json = jsonOf(value);
  return {
    ref: textOf(json["ref"]),
    state: oneOf(json["state"], REFERRAL_STATES),
    last: numberOf(json["last"]),
    came: textOf(json["came"]),
    due: textOf(json["due"]),
  };
}
