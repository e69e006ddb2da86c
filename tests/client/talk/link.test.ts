import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Link, type LinkState } from "../../../chat/client/link.ts";
import type { Ears, OpenWire } from "../../../chat/client/wires.ts";
import type { ChatFrame } from "../../../counsel/client/contract.ts";
import { until } from "./cast.ts";

const links: Link[] = [];
afterEach(() => {
  for (const link of links.splice(0)) link.close();
});

const SEATED: ChatFrame = {
  kind: "Seated",
  role: "seeker",
  ref: new Uint8Array(16),
  caseCode: "K7RM",
  keysLeft: 3,
};

interface Tried {
  readonly ears: Ears;
  readonly said: ChatFrame[];
  readonly correlations: number[];
}

function wire(tried: Tried[], works: (index: number) => boolean): OpenWire {
  return (options, ears) => {
    const one: Tried = { ears, said: [options.hello()], correlations: [1] };
    const index = tried.push(one) - 1;
    setTimeout(
      () => (works(index) ? ears.heard({ frame: SEATED, correlation: 1 }) : ears.down()),
      1,
    );
    return {
      kind: "socket",
      say({ frame, correlation }) {
        one.said.push(frame);
        one.correlations.push(correlation);
      },
      close: () => undefined,
    };
  };
}

function open(
  wires: readonly OpenWire[],
  staff = false,
): { link: Link; states: LinkState[]; refused: string[] } {
  const states: LinkState[] = [];
  const refused: string[] = [];
  const link = new Link({
    origin: "http://localhost",
    staff,
    hello: () => ({ kind: "Resume", version: 1, token: new Uint8Array(32), after: 7 }),
    heard: () => undefined,
    refused: (code, final) => refused.push(`${code} ${final}`),
    changed: (state) => states.push(state),
    presence: () => "here",
    wires,
    random: () => 0,
  });
  links.push(link);
  link.open();
  return { link, states, refused };
}

test("offline is an answer, never an exception", async () => {
  const { link } = open([wire([], () => false)]);
  assert.deepEqual(await link.ask({ kind: "End" }), { ok: false, code: "offline", retryAfter: 0 });
});

test("each question gets its own answer, whatever the order", async () => {
  const tried: Tried[] = [];
  const { link } = open([wire(tried, () => true)]);
  await until(() => link.state === "online", "online");
  const [end, read] = [link.ask({ kind: "End" }), link.ask({ kind: "Read", after: 1 })];
  const { ears, correlations } = tried[0] ?? assert.fail();
  const [a, b] = correlations.slice(-2) as [number, number];
  ears.heard({ frame: { kind: "Refused", code: "not-now", retryAfter: 3 }, correlation: b });
  ears.heard({ frame: { kind: "Done" }, correlation: a });
  assert.deepEqual(await end, { ok: true, frame: { kind: "Done" } });
  assert.deepEqual(await read, { ok: false, code: "not-now", retryAfter: 3 });
});

test("a broken line answers everything asked with offline, and comes back", async () => {
  const tried: Tried[] = [];
  const { link, states } = open([wire(tried, () => true)]);
  await until(() => link.state === "online", "online");
  const asked = link.ask({ kind: "End" });
  tried[0]?.ears.down();
  assert.equal((await asked).ok, false);
  await until(() => tried.length === 2 && link.state === "online", "back");
  assert.deepEqual(states, ["online", "connecting", "online"]);
});

test("two failures in a row: the other way of connecting, with the same greeting", async () => {
  const [sockets, polls]: [Tried[], Tried[]] = [[], []];
  const { link } = open([wire(sockets, () => false), wire(polls, () => true)]);
  await until(() => link.state === "online", "online by the other way");
  assert.equal(sockets.length, 2);
  assert.deepEqual(polls[0]?.said[0], sockets[0]?.said[0]);
});

test("a refusal that will not change is told and not asked again; others are", async () => {
  const tried: Tried[] = [];
  const { link, refused } = open([wire(tried, () => true)]);
  const first = tried[0] ?? assert.fail();
  first.ears.heard({
    frame: { kind: "Refused", code: "door-closed", retryAfter: 0 },
    correlation: 1,
  });
  await until(() => link.state === "online", "asked again");
  tried[1]?.ears.heard({
    frame: { kind: "Refused", code: "no-seat", retryAfter: 0 },
    correlation: 0,
  });
  assert.deepEqual(refused, ["door-closed false", "no-seat true"]);
  assert.equal(link.state, "offline");
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(tried.length, 2);
});

test("the waits grow, and jitter spreads those who come back", async () => {
  const waits: number[] = [];
  const real = globalThis.setTimeout;
  const tried: Tried[] = [];
  globalThis.setTimeout = ((work: () => void, ms: number) => {
    if (ms >= 100 && ms < 12_000) waits.push(ms);
    return real(work, Math.min(ms, 2));
  }) as typeof setTimeout;
  try {
    const { link } = open([wire(tried, () => false)]);
    await until(() => waits.length >= 5, "five waits");
    link.close();
  } finally {
    globalThis.setTimeout = real;
  }
  assert.deepEqual(waits.slice(0, 5), [240, 480, 960, 1920, 3840]);
});

test("a question nobody answers ends the line, whatever else is heard", async () => {
  const real = globalThis.setTimeout;
  globalThis.setTimeout = ((work: () => void, ms: number) => {
    return real(work, ms >= 10_000 ? 40 : ms);
  }) as typeof setTimeout;
  const tried: Tried[] = [];
  try {
    const { link } = open([wire(tried, () => true)]);
    await until(() => link.state === "online", "online");
    const chatter = setInterval(() => {
      tried[0]?.ears.heard({
        frame: { kind: "Typing", sealed: new Uint8Array(1) },
        correlation: 0,
      });
    }, 5);
    const outcome = await link.ask({ kind: "End" });
    clearInterval(chatter);
    assert.deepEqual(outcome, { ok: false, code: "offline", retryAfter: 0 });
    await until(() => tried.length >= 2, "connected again");
  } finally {
    globalThis.setTimeout = real;
  }
});

for (const [who, staff, beat] of [
  ["a console", true, 10_000],
  ["a phone", false, 15_000],
] as const) {
  test(`${who} says that it is here often enough, each time from the answer to the last`, async () => {
    const real = globalThis.setTimeout;
    const waits: number[] = [];
    globalThis.setTimeout = ((work: () => void, ms: number) => {
      waits.push(ms);
      return real(work, ms);
    }) as typeof setTimeout;
    const tried: Tried[] = [];
    try {
      const { link } = open([wire(tried, () => true)], staff);
      await until(() => link.state === "online", "online");
      const beats = (): number => waits.filter((ms) => ms === beat).length;
      assert.equal(beats(), 1);
      const { ears, said, correlations } = tried[0] ?? assert.fail();
      const place = said.findIndex((frame) => frame.kind === "Here");
      ears.heard({ frame: { kind: "Done" }, correlation: correlations[place] ?? 0 });
      await until(() => beats() === 2, "no browser slows down what an answer has set");
      const late = Math.max(...waits.filter((ms) => ms !== beat));
      if (staff)
        assert.ok(beat + late < 25_000, "a line that died is mended before the thirty seconds");
    } finally {
      globalThis.setTimeout = real;
    }
  });
}
