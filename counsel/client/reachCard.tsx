/** How I am called when I am needed, or how the lead is. An address is told once and never shown again. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { type Asking, useAsking } from "./asking.ts";
import { callThisBrowser } from "./callHere.ts";
import { Field, Told, typed } from "./fields.tsx";
import { t, tCode } from "./i18n.ts";
import {
  addReceiver,
  askReach,
  type Reach,
  type Receiver,
  removeReceiver,
  type Whose,
} from "./reach.ts";
import type { Outcome, StaffApi } from "./staffApi.ts";

export function ReachCard({ api, whose }: { api: StaffApi; whose: Whose }): VNode {
  const asking = useAsking();
  const [reach, setReach] = useState<Reach | null>(null);
  const [done, setDone] = useState("");
  const run = async (ask: () => Promise<Outcome<Reach>>, word: string): Promise<boolean> => {
    setDone("");
    const found = await asking.run(ask);
    if (found !== null) {
      setReach(found);
      setDone(word);
    }
    return found !== null;
  };
  useEffect(() => void run(() => askReach(api, whose), ""), []);
  return (
    <section class="card reach" aria-labelledby={`reach-${whose}`}>
      <h2 id={`reach-${whose}`}>{t(`reach.${whose}.title`)}</h2>
      <p>{t(`reach.${whose}.says`)}</p>
      {reach !== null && reach.receivers.length === 0 && (
        <p class="attention">{t(`reach.${whose}.none`)}</p>
      )}
      {reach !== null && (
        <ul class="passkeys">
          {reach.receivers.map((one) => (
            <Line
              key={one.id}
              one={one}
              remove={() => void run(() => removeReceiver(api, whose, one.id), "removed")}
            />
          ))}
        </ul>
      )}
      <Told asking={asking} section="reach.failed" />
      <p role="status">{done !== "" && t(`reach.${done}`)}</p>
      {reach !== null && (
        <AddForm
          channels={reach.channels}
          pushKey={reach.pushKey}
          asking={asking}
          add={(said) => run(() => addReceiver(api, whose, said), "added")}
        />
      )}
    </section>
  );
}

function Line({ one, remove }: { one: Receiver; remove: () => void }): VNode {
  const name = tCode("reach.channels", one.channel);
  return (
    <li>
      <span>
        {name} <b>{one.hint}</b>
      </span>
      <button
        type="button"
        class="plain"
        aria-label={t("reach.remove_label", { name, hint: one.hint })}
        onClick={remove}
      >
        {t("reach.remove")}
      </button>
    </li>
  );
}

interface AddProps {
  readonly channels: readonly string[];
  readonly pushKey: string;
  readonly asking: Asking;
  add(said: { channel: string; address: string }): Promise<boolean>;
}

function AddForm({ channels, pushKey, asking, add }: AddProps): VNode {
  const [channel, setChannel] = useState(channels[0] ?? "");
  const sent = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (channel === "push") {
      const here = await callThisBrowser(pushKey);
      await (typeof here === "string" ? asking.tell(here) : add({ channel, ...here }));
      return;
    }
    const form = event.currentTarget as HTMLFormElement;
    const address = typed(form, "address");
    if (address !== "" && !asking.busy && (await add({ channel, address }))) {
      form.reset();
    }
  };
  return (
    <form class="fold" noValidate onSubmit={(event) => void sent(event)}>
      <label>
        {t("reach.how")}
        <select
          name="channel"
          value={channel}
          onChange={(event) => setChannel(event.currentTarget.value)}
        >
          {channels.map((code) => (
            <option key={code} value={code}>
              {tCode("reach.channels", code)}
            </option>
          ))}
        </select>
      </label>
      {channel === "push" ? (
        <p class="soft">{t("reach.hints.push")}</p>
      ) : (
        <Field label={t("reach.where")} hint={tCode("reach.hints", channel)}>
          {(tied) => (
            <input
              {...tied}
              name="address"
              autoComplete="off"
              autoCapitalize="none"
              spellcheck={false}
              maxLength={200}
            />
          )}
        </Field>
      )}
      <button type="submit" class="second" aria-disabled={asking.busy}>
        {t(channel === "push" ? "reach.add_here" : "reach.add")}
      </button>
    </form>
  );
}
