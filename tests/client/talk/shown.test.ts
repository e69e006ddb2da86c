import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { begun, closeAll, pause, resume, said, until } from "./cast.ts";

afterEach(closeAll);

test("the server is told once that words of a person were on the screen, and not before", async () => {
  const { stage, seeker, lin } = await begun();
  const told = (): number => stage.server.heard.filter((one) => one === "seeker Shown").length;
  seeker.markShown();
  await pause(50);
  assert.equal(told(), 0, "nobody has written yet");
  await lin.say("我在");
  await until(() => said(seeker).length === 1, "it came");
  await pause(50);
  assert.equal(told(), 0, "nobody has looked yet");
  seeker.markShown();
  await until(() => told() === 1, "the server knows");
  await lin.say("你慢慢说");
  await until(() => said(seeker).length === 2, "it came");
  seeker.markShown();
  await pause(50);
  assert.equal(told(), 1, "what else is read is told to nobody");
});

test("a phone that was cut says it when it is back", async () => {
  const { stage, seeker, lin } = await begun();
  const told = (): number => stage.server.heard.filter((one) => one === "seeker Shown").length;
  await lin.say("我在");
  await until(() => said(seeker).length === 1, "it came");
  const refused = {
    ...stage.server.luck,
    refuse: (_: string, frame: { kind: string }) => (frame.kind === "Shown" ? "slow-down" : null),
  };
  const before = stage.server.luck;
  stage.server.luck = refused as typeof before;
  seeker.markShown();
  await until(() => told() === 1, "it was said");
  stage.server.luck = before;
  const again = await resume(stage);
  assert(again);
  again.markShown();
  await until(() => told() >= 2, "said again");
});
