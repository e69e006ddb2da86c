/** The answer: how each tier would fare, what more people change, the door, and what no order can do. */

import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { t } from "../../../counsel/client/i18n.ts";
import { type Found, type RotaFound, type Share, TIERS, type TierFound } from "./questions.ts";
import { percent, range, waitIn } from "./words.ts";

/** Within which somebody of each tier should be reached, minutes (QBENCH-1). */
const TARGETS: readonly number[] = [3, 10, 20, 45];
const SHAPES: readonly string[] = ["▲", "◆", "■", "○"];
/** Up to so many people it is said plainly that a red may wait. */
const SMALL = 5;

export function FoundView({ found }: { found: Found }): VNode {
  const { rota, withMore } = found;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [found]);
  return (
    <section class="found" aria-labelledby="found-title">
      <h3 id="found-title" ref={title} tabIndex={-1}>
        {t("staffing.found", { people: rota.people, come: rota.come })}
      </h3>
      <Door rota={rota} />
      <ul class="tiers-found">
        {TIERS.map((name, tier) => {
          const [now, then] = [rota.tiers[tier], withMore.tiers[tier]];
          return (
            now !== undefined &&
            then !== undefined && (
              <TierCard
                key={name}
                tier={tier}
                now={now}
                then={then}
                more={withMore.people - rota.people}
              />
            )
          );
        })}
      </ul>
      <Plainly rota={rota} />
      <p class="soft">
        {found.learntFrom === 0
          ? t("staffing.assumed")
          : t("staffing.learnt", { count: found.learntFrom })}{" "}
        {t("staffing.simulated", { evenings: rota.evenings })}
      </p>
    </section>
  );
}

interface CardProps {
  readonly tier: number;
  readonly now: TierFound;
  readonly then: TierFound;
  readonly more: number;
}

function TierCard({ tier, now, then, more }: CardProps): VNode {
  const name = TIERS[tier] ?? "green";
  return (
    <li class="tier-found">
      <h4 class="tier" data-tier={name}>
        {SHAPES[tier]} {t(`console.tier.${name}`)}
      </h4>
      <p class="big">{percent(now.within.value)}</p>
      <p>{t("staffing.within", { minutes: TARGETS[tier] ?? 0, range: range(now.within) })}</p>
      <Bar share={now.within} />
      <dl>
        <dt>{t("staffing.half")}</dt>
        <dd>{waitIn(now.median)}</dd>
        <dt>{t("staffing.longest")}</dt>
        <dd>{waitIn(now.p95)}</dd>
        <dt>{t("staffing.lost")}</dt>
        <dd>{t("staffing.share", { share: percent(now.lost.value), range: range(now.lost) })}</dd>
      </dl>
      <p class="with-more">
        {t("staffing.with_more", {
          more,
          within: percent(then.within.value),
          range: range(then.within),
          lost: percent(then.lost.value),
        })}
      </p>
      <Bar share={then.within} />
    </li>
  );
}

/** The share as a bar, its interval as a whisker; the numbers stand beside it. */
function Bar({ share }: { share: Share }): VNode {
  const [low, high] = [100 * share.low, 100 * share.high];
  return (
    <svg class="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="all" width="100" height="8" />
      <rect class="part" width={100 * share.value} height="8" />
      <path class="whisker" d={`M${low} 4H${high}M${low} 1V7M${high} 1V7`} />
    </svg>
  );
}

function Door({ rota }: { rota: RotaFound }): VNode {
  const { doorCloses, neverOpen, nobodyNewFrom } = rota;
  const bad = neverOpen || doorCloses !== null;
  return (
    <p class={bad ? "plainly-shut" : "door-open"}>
      {neverOpen
        ? t("staffing.door.never")
        : doorCloses === null
          ? t("staffing.door.open", { until: nobodyNewFrom })
          : t("staffing.door.closes", { at: doorCloses })}
    </p>
  );
}

/** What no order of the queue can change. */
function Plainly({ rota }: { rota: RotaFound }): VNode {
  const { hour, full, redWaits } = rota.theory;
  const small = rota.people <= SMALL;
  return (
    <div class="unchanged">
      <h4>{t("staffing.plainly")}</h4>
      {small && (
        <p>
          <b>
            {t(rota.supervisors > 0 ? "staffing.small" : "staffing.small_alone", {
              people: rota.people,
            })}
          </b>
        </p>
      )}
      <ul class="facts">
        <li>{t("staffing.red_finds_nobody", { share: percent(rota.redFindsNobody) })}</li>
        <li>{t("staffing.next_free", { wait: waitIn(rota.nextFree) })}</li>
        <li>{t("staffing.theory", { hour, full: percent(full), danger: percent(redWaits) })}</li>
      </ul>
    </div>
  );
}
