/** "Mine": what belongs to the person who is signed in, and what only they may change. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { useAsking } from "./asking.ts";
import { Told } from "./fields.tsx";
import { t } from "./i18n.ts";
import type { PageProps } from "./insidePages.ts";
import { OwnBrowsers } from "./keys/ownBrowsers.tsx";
import { askOwn, countOtherLogins, endOtherLogins, type Own } from "./own.ts";
import { PasswordCard, RecoveryCard } from "./ownFactors.tsx";
import { PasskeysCard } from "./ownPasskeys.tsx";
import { PlacesCard } from "./ownPlaces.tsx";
import { ReachCard } from "./reachCard.tsx";
import { may } from "./rights.ts";

export function OwnPage({ me, mode, api }: PageProps): VNode {
  const [own, setOwn] = useState<Own | null>(null);
  const asking = useAsking();
  const look = async (): Promise<void> => {
    const found = await asking.run(() => askOwn(api));
    if (found !== null) {
      setOwn(found);
    }
  };
  useEffect(() => void look(), []);

  return (
    <div class="inside own">
      <h1>{t("own.title")}</h1>
      <p>
        {t("talk.member", { name: me.working_name, role: t(`talk.roles.${me.role}`) })}
        {t("own.name_says")}
      </p>
      {own === null && asking.told === "" && <p role="status">{t("own.loading")}</p>}
      <Told asking={asking} section="own.failed" />
      {own === null && asking.told !== "" && (
        <button type="button" class="second" onClick={() => void look()}>
          {t("own.again")}
        </button>
      )}
      {own !== null && (
        <>
          {me.role === "counsellor" && <p class="standing">{t(clearance(own.cleared, mode))}</p>}
          {may(me.role, "carry") && <OwnBrowsers me={me} api={api} />}
          <PasskeysCard api={api} wanted={own.wantsPasskey} changed={look} />
          <PasswordCard api={api} />
          <RecoveryCard api={api} left={own.recovery} changed={look} />
          <OthersCard api={api} />
          <PlacesCard api={api} places={own.places} />
          {may(me.role, "stand") && <ReachCard api={api} whose="pages" />}
        </>
      )}
    </div>
  );
}

/** Whether a supervisor has said yes, in words that are true in this mode. */
function clearance(cleared: boolean, mode: PageProps["mode"]): string {
  if (cleared) {
    return "own.cleared";
  }
  return mode === "live" ? "own.not_cleared" : "own.not_cleared_practice";
}

/** Where else this person is signed in, and out with it. */
function OthersCard({ api }: Pick<PageProps, "api">): VNode {
  const asking = useAsking();
  const [others, setOthers] = useState<number | null>(null);
  const [done, setDone] = useState(false);
  useEffect(() => void asking.run(() => countOtherLogins(api)).then(setOthers), []);
  const end = async (): Promise<void> => {
    setDone(false);
    if ((await asking.run(() => endOtherLogins(api))) === true) {
      setDone(true);
      setOthers(0);
    }
  };
  return (
    <section class="card" aria-labelledby="own-others">
      <h2 id="own-others">{t("own.others.title")}</h2>
      <p>{t("own.others.says")}</p>
      {others !== null && !done && (
        <p class="soft">
          {t(others > 0 ? "own.others.count" : "own.others.none", { count: others })}
        </p>
      )}
      <Told asking={asking} section="own.failed" />
      <p role="status">{done && t("own.others.done")}</p>
      <button type="button" class="second" aria-disabled={asking.busy} onClick={() => void end()}>
        {t("own.others.end")}
      </button>
    </section>
  );
}
