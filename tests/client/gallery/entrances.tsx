/** The screens before the desk and the page "mine", with a server that answers what a scene says. */

import type { VNode } from "preact";

import type { Authenticator, Invited, Joined } from "../../../counsel/client/entrance.ts";
import { Joining } from "../../../counsel/client/joining.tsx";
import { OwnPage } from "../../../counsel/client/ownPage.tsx";
import { PasskeyWanted } from "../../../counsel/client/passkeyWanted.tsx";
import { SignIn } from "../../../counsel/client/signin.tsx";
import type { Json, Me, Outcome, StaffApi } from "../../../counsel/client/staffApi.ts";

export interface Entrance {
  readonly view: VNode;
  /** Pressed, or filled in as `[selector, text]`, one after the other, once it is drawn. */
  readonly steps?: readonly (string | readonly [string, string])[];
}

const zh = document.documentElement.lang.startsWith("zh");
const LIN: Me = { working_name: zh ? "林" : "Lin", role: "counsellor", person: "p1" };
const ZHOU: Me = { working_name: zh ? "周" : "Zhou", role: "supervisor", person: "p2" };

function refused<T>(code: string, retryAfter = 0): Promise<Outcome<T>> {
  return Promise.resolve({ ok: false, code, retryAfter });
}

const given = <T,>(value: T): Promise<Outcome<T>> => Promise.resolve({ ok: true, value });
const never = <T,>(): Promise<Outcome<T>> => new Promise(() => undefined);

// --- signing in ---------------------------------------------------------------------------------

const SIGNED = [
  ["[name=username]", "lin"],
  ["[name=password]", "secret"],
  ["[name=code]", "123456"],
  "button.act",
] as const;

function signIn(code: string, more: Partial<Parameters<typeof SignIn>[0]> = {}): VNode {
  return (
    <SignIn
      note=""
      failure=""
      submit={() => refused(code, code === "slow-down" ? 57 : 0)}
      passkey={() => refused("passkey-unmade")}
      {...more}
    />
  );
}

const SIGN_INS: Readonly<Record<string, Entrance>> = {
  "sign-in": { view: signIn("internal") },
  "sign-in-wrong": { view: signIn("sign-in"), steps: SIGNED },
  "sign-in-slowed": { view: signIn("slow-down"), steps: SIGNED },
  "sign-in-offline": { view: signIn("offline"), steps: SIGNED },
  "sign-in-missing": { view: signIn("offline"), steps: ["button.act"] },
  "sign-in-recovery": { view: signIn("sign-in"), steps: [".swap .quiet", ".lost summary"] },
  "sign-in-passkey": { view: signIn("", { passkey: never }), steps: [".by-passkey .other"] },
  "sign-in-passkey-refused": {
    view: signIn("", { passkey: () => refused("passkey") }),
    steps: [".by-passkey .other"],
  },
  "sign-in-done": { view: signIn("", { note: "done" }) },
  "sign-in-again": { view: signIn("", { note: "again" }) },
};

// --- joining ------------------------------------------------------------------------------------

const INVITED: Invited = {
  kind: "join",
  working_name: LIN.working_name,
  role: "counsellor",
  organisation: zh ? "市总工会" : "The city trade union",
};

/** Squares in its corners and a pattern between: looks like the real thing, says nothing. */
const PICTURE = Array.from({ length: 33 }, (_, y) =>
  Array.from({ length: 33 }, (_, x) => (isDark(x, y) ? "1" : "0")).join(""),
);

function isDark(x: number, y: number): boolean {
  for (const [left, top] of [
    [0, 0],
    [26, 0],
    [0, 26],
  ] as const) {
    const ring = Math.max(Math.abs(x - left - 3), Math.abs(y - top - 3));
    if (ring <= 4) {
      return ring === 3 || ring <= 1;
    }
  }
  return (x * 7 + y * 13 + ((x * y) % 5)) % 3 === 0;
}

const AUTHENTICATOR: Authenticator = {
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  uri: "otpauth://totp/staff?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  picture: PICTURE,
};

const RECOVERY = [
  ...["cdfg-hjkm-npqr", "tvwx-y346-79cd", "ghjk-mnpq-rtvw", "xy34-679c-dfgh", "jkmn-pqrt-vwxy"],
  ...["3467-9cdf-ghjk", "mnpq-rtvw-xy34", "679c-dfgh-jkmn", "pqrt-vwxy-3467", "9cdf-ghjk-mnpr"],
];

function joining(change: Partial<Parameters<typeof Joining>[0]> = {}): VNode {
  return (
    <Joining
      look={() => given(INVITED)}
      authenticator={() => given(AUTHENTICATOR)}
      finish={() => given<Joined>({ me: LIN, recovery: RECOVERY })}
      leave={() => undefined}
      {...change}
    />
  );
}

const JOINED = [
  ["[name=username]", "xiaolin"],
  ["[name=password]", "the river is quiet tonight"],
  ["[name=code]", "123 456"],
  "button.act",
] as const;
const failing = (code: string): Entrance => ({
  view: joining({ finish: () => refused(code) }),
  steps: JOINED,
});

const JOININGS: Readonly<Record<string, Entrance>> = {
  "joining-looking": { view: joining({ look: never }) },
  joining: {
    view: joining(),
    steps: [["[name=password]", "the river is quiet"], ".new-password .second"],
  },
  "joining-reset": { view: joining({ look: () => given({ ...INVITED, kind: "reset" }) }) },
  "joining-over": { view: joining({ look: () => refused("invitation") }) },
  "joining-offline": { view: joining({ look: () => refused("offline") }) },
  "joining-missing": { view: joining(), steps: ["button.act"] },
  "joining-weak": failing("weak-password"),
  "joining-taken": failing("name-taken"),
  "joining-wrong": failing("sign-in"),
  "joining-codes": { view: joining(), steps: [...JOINED, "button.act"] },
};

// --- mine ---------------------------------------------------------------------------------------

const OWN: Json = {
  factors: { passkeys: 2, recovery: 7 },
  cleared: true,
  wants_passkey: false,
  told: true,
  places: { region: "44", industry: "electronics", in_plant: true },
};

const PASSKEYS: Json = {
  passkeys: [
    {
      id: "AA",
      name: zh ? "家里的电脑" : "Laptop at home",
      created: "2026-10-02",
      used: "2026-11-23",
    },
    { id: "AB", name: zh ? "手机" : "Phone", created: "2026-11-20", used: null },
  ],
};

const LOGINS: Json = {
  logins: [
    { signed_in: "2026-11-24T11:58Z", seen: "2026-11-24T12:30Z", mine: true },
    { signed_in: "2026-11-24T07:02Z", seen: "2026-11-24T12:01Z", mine: false },
  ],
};

const REACH: Json = {
  channels: ["mail", "sms", "wecom", "push"],
  push_key: "BA",
  receivers: [
    { id: 1, channel: "mail", hint: "zh…@example.org" },
    { id: 2, channel: "sms", hint: "…8000" },
  ],
};

/** Answers by the path of the question; a text is the code of a refusal. */
function answering(answers: Readonly<Record<string, Json | string>>): StaffApi {
  const ask: StaffApi["ask"] = async (path, _body, read) => {
    const answer = answers[path] ?? "offline";
    return typeof answer === "string"
      ? { ok: false, code: answer, retryAfter: answer === "slow-down" ? 300 : 0 }
      : { ok: true, value: read(answer) };
  };
  return {
    ask,
    enter: ask,
    signIn: () => refused("offline"),
    signOut: () => refused("offline"),
    me: () => refused("offline"),
    certify: () => refused("offline"),
    duty: () => refused("offline"),
    token: () => Promise.reject(new Error("offline")),
  };
}

function own(
  answers: Readonly<Record<string, Json | string>>,
  me = LIN,
  notice: VNode | null = null,
): VNode {
  const every = { me: OWN, "me/passkeys": PASSKEYS, "me/logins": LOGINS, pages: REACH };
  const api = answering({ ...every, ...answers });
  return (
    <div class="console">
      {notice}
      <main id="main" class="under">
        <div class="tab-panel">
          <OwnPage me={me} mode="rehearsal" api={api} />
        </div>
      </main>
    </div>
  );
}

const section = (name: string): string => `[aria-labelledby=own-${name}]`;
const PROVEN = [
  `${section("password")} .second`,
  ["[name=old]", "an old sentence"],
  [`${section("password")} [name=password]`, "a new sentence"],
  [`${section("password")} [name=code]`, "123456"],
  `${section("password")} .firm`,
] as const;

const OWNS: Readonly<Record<string, Entrance>> = {
  own: { view: own({}) },
  "own-fresh": {
    view: own(
      {
        me: {
          ...OWN,
          wants_passkey: true,
          told: true,
          cleared: false,
          factors: { passkeys: 0, recovery: 2 },
          places: { region: "", industry: "", in_plant: false },
        },
        "me/passkeys": { passkeys: [] },
      },
      ZHOU,
    ),
    steps: [`${section("passkeys")} > .second`],
  },
  "own-offline": { view: own({ me: "offline" }) },
  "own-password-wrong": { view: own({ "me/password": "sign-in" }), steps: PROVEN },
  "own-password-slowed": { view: own({ "me/password": "slow-down" }), steps: PROVEN },
  "own-password-done": { view: own({ "me/password": {} }), steps: PROVEN },
  "own-passkey-removing": { view: own({}), steps: [`${section("passkeys")} li .second`] },
  "own-codes": {
    view: own({ "me/recovery": { recovery: RECOVERY } }),
    steps: [
      `${section("recovery")} .second`,
      [`${section("recovery")} [name=code]`, "123456"],
      `${section("recovery")} .firm`,
    ],
  },
  "own-wanted": {
    view: own({}, ZHOU, <PasskeyWanted now={() => undefined} later={() => undefined} />),
  },
};

export const ENTRANCES: Readonly<Record<string, Entrance>> = { ...SIGN_INS, ...JOININGS, ...OWNS };

/** Does what the scene says, as a hand would: one thing after the other, each once it is there. */
export async function play(entrance: Entrance, root: ParentNode): Promise<void> {
  for (const step of entrance.steps ?? []) {
    const [selector, text] = typeof step === "string" ? [step, null] : step;
    const found = await appeared(selector, root);
    if (text === null) {
      found.click();
    } else {
      (found as HTMLInputElement).value = text;
      found.dispatchEvent(
        new Event(found.matches("select") ? "change" : "input", { bubbles: true }),
      );
    }
  }
  await pause();
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

async function appeared(selector: string, root: ParentNode): Promise<HTMLElement> {
  for (let tries = 0; tries < 200; tries++) {
    await pause();
    const found = root.querySelector<HTMLElement>(selector);
    if (found !== null) {
      return found;
    }
  }
  throw new Error(`no ${selector} to touch`);
}
