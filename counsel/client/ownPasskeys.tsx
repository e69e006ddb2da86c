/** One's own passkeys: which there are, a new one, and one less. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { useAsking } from "./asking.ts";
import { PASSKEYS } from "./contract.ts";
import { addPasskey } from "./entrance.ts";
import { Field, Told, typed, typedCode } from "./fields.tsx";
import { Fold } from "./fold.tsx";
import { language, t } from "./i18n.ts";
import { askPasskeys, type Passkey, removePasskey } from "./own.ts";
import { ProofField } from "./ownFactors.tsx";
import { knowsPasskeys } from "./passkeys.ts";
import type { StaffApi } from "./staffApi.ts";

export interface PasskeysProps {
  readonly api: StaffApi;
  /** Their role is asked to have one, and they have none. */
  readonly wanted: boolean;
  /** How many there are has changed. */
  changed(): Promise<void>;
}

export function PasskeysCard({ api, wanted, changed }: PasskeysProps): VNode {
  const listing = useAsking();
  const [passkeys, setPasskeys] = useState<readonly Passkey[] | null>(null);
  const list = async (): Promise<void> => {
    const found = await listing.run(() => askPasskeys(api));
    if (found !== null) {
      setPasskeys(found);
    }
  };
  useEffect(() => void list(), []);
  const again = async (): Promise<void> => {
    await list();
    await changed();
  };
  const gone = async (): Promise<void> => {
    document.getElementById("own-passkeys")?.focus(); // its row, and the button in it, go
    await again();
  };
  return (
    <section class="card" aria-labelledby="own-passkeys">
      <h2 id="own-passkeys" tabIndex={-1}>
        {t("own.passkeys.title")}
      </h2>
      <p>{t("own.passkeys.says")}</p>
      {wanted && <p class="attention">{t("own.passkeys.wanted")}</p>}
      <Told asking={listing} section="own.failed" />
      {passkeys?.length === 0 && <p class="soft">{t("own.passkeys.none")}</p>}
      <ul class="passkeys">
        {passkeys?.map((passkey) => (
          <PasskeyRow key={passkey.id} api={api} passkey={passkey} gone={gone} />
        ))}
      </ul>
      <Room count={passkeys?.length ?? 0}>
        <NewPasskey api={api} made={again} />
      </Room>
    </section>
  );
}

/** The way to one more, or why there is none. */
function Room({ count, children }: { count: number; children: VNode }): VNode {
  if (!knowsPasskeys()) {
    return <p class="soft">{t("own.failed.passkey-unsupported")}</p>;
  }
  return count < PASSKEYS ? (
    children
  ) : (
    <p class="soft">{t("own.passkeys.full", { count: PASSKEYS })}</p>
  );
}

interface RowProps {
  readonly api: StaffApi;
  readonly passkey: Passkey;
  gone(): Promise<void>;
}

function PasskeyRow({ api, passkey, gone }: RowProps): VNode {
  const asking = useAsking();
  const remove = async (form: HTMLFormElement): Promise<boolean> => {
    const code = typedCode(form);
    if (code === "") {
      asking.tell("missing-code");
      return false;
    }
    const done = await asking.run(() => removePasskey(api, passkey.id, code));
    if (done) {
      await gone();
    }
    return done === true;
  };
  return (
    <li aria-label={passkey.name}>
      <p>
        <b>{passkey.name}</b>
        <span class="soft">
          {t("own.passkeys.created", { day: inWords(passkey.created) })}
          {passkey.used !== "" && t("own.passkeys.used", { day: inWords(passkey.used) })}
        </span>
      </p>
      <Fold
        name="passkeys.remove"
        label={t("own.passkeys.remove.label", { name: passkey.name })}
        asking={asking}
        submit={remove}
      >
        <p>{t("own.passkeys.remove.says")}</p>
        <ProofField />
      </Fold>
    </li>
  );
}

function NewPasskey({ api, made }: { api: StaffApi; made: () => Promise<void> }): VNode {
  const asking = useAsking();
  const add = async (form: HTMLFormElement): Promise<boolean> => {
    const name = typed(form, "passkey");
    const code = typedCode(form);
    if (name === "" || code === "") {
      asking.tell("missing");
      return false;
    }
    const done = await asking.run(() => addPasskey(api, name, code));
    if (done) {
      await made();
    }
    return done === true;
  };
  return (
    <Fold name="passkeys.add" asking={asking} submit={add}>
      <Field label={t("own.passkeys.name")} hint={t("own.passkeys.name_hint")}>
        {(tied) => <input {...tied} name="passkey" maxLength={32} autoComplete="off" required />}
      </Field>
      <ProofField />
    </Fold>
  );
}

/** 2026年10月2日: a day of the server's calendar, not an hour of ours. */
function inWords(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(language, {
    year: "numeric",
    month: "long",
    day: "numeric",
    timeZone: "UTC",
  });
}
