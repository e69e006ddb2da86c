/** Today's waits: a line for each tier through the medians, a whisker up to what nine in ten had. */

import type { VNode } from "preact";

import type { WaitPoint } from "../../../counsel/client/contract.ts";
import { t } from "../../../counsel/client/i18n.ts";

const WIDTH = 480;
const HEIGHT = 200;
const LEFT = 36;
const BOTTOM = 24;
const TOP = 8;
const QUARTERS_AN_HOUR = 4;
const TIERS: readonly string[] = ["red", "orange", "yellow", "green"];
/** A mark for each tier, so that no line is known by its colour alone. */
const SHAPES: readonly string[] = ["▲", "◆", "■", "○"];

/** `20:15` of a quarter of the day. */
export function clockOf(quarter: number): string {
  const hour = Math.floor(quarter / QUARTERS_AN_HOUR);
  const minute = (quarter % QUARTERS_AN_HOUR) * 15;
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

interface Scale {
  x(quarter: number): number;
  y(minutes: number): number;
  readonly from: number;
  readonly to: number;
  readonly most: number;
}

/** Whole hours below, and a top that is a multiple of ten minutes. */
export function scaleOf(points: readonly WaitPoint[]): Scale {
  const quarters = points.map((point) => point.quarter);
  const from = Math.floor(Math.min(...quarters) / QUARTERS_AN_HOUR) * QUARTERS_AN_HOUR;
  const to = (Math.floor(Math.max(...quarters) / QUARTERS_AN_HOUR) + 1) * QUARTERS_AN_HOUR;
  const most = Math.max(10, Math.ceil(Math.max(...points.map((point) => point.p90)) / 10) * 10);
  return {
    from,
    to,
    most,
    x: (quarter) => LEFT + ((quarter + 0.5 - from) / (to - from)) * (WIDTH - LEFT),
    y: (minutes) => TOP + (1 - minutes / most) * (HEIGHT - TOP - BOTTOM),
  };
}

export function WaitsPlot({ points }: { points: readonly WaitPoint[] }): VNode {
  return (
    <figure class="waits-plot">
      <figcaption>{t("console.plot.title")}</figcaption>
      {points.length === 0 ? (
        <p class="soft">{t("console.plot.none")}</p>
      ) : (
        <>
          <Plot points={points} />
          <Legend points={points} />
          <details>
            <summary>{t("console.plot.table")}</summary>
            <Table points={points} />
          </details>
        </>
      )}
    </figure>
  );
}

function Plot({ points }: { points: readonly WaitPoint[] }): VNode {
  const scale = scaleOf(points);
  const hours = Array.from(
    { length: (scale.to - scale.from) / QUARTERS_AN_HOUR + 1 },
    (_, hour) => scale.from + hour * QUARTERS_AN_HOUR,
  );
  const bottom = scale.y(0);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("console.plot.title")}>
      {[0, scale.most / 2, scale.most].map((minutes) => (
        <g key={minutes} class="grid">
          <line x1={LEFT} x2={WIDTH} y1={scale.y(minutes)} y2={scale.y(minutes)} />
          <text x={LEFT - 6} y={scale.y(minutes) + 4} text-anchor="end">
            {minutes}
          </text>
        </g>
      ))}
      {hours.map((quarter) => (
        <text key={quarter} x={scale.x(quarter - 0.5)} y={bottom + 18} text-anchor="middle">
          {clockOf(quarter % 96)}
        </text>
      ))}
      {TIERS.map((word, tier) => (
        <Line key={word} word={word} tier={tier} points={points} scale={scale} />
      ))}
    </svg>
  );
}

interface LineProps {
  readonly word: string;
  readonly tier: number;
  readonly points: readonly WaitPoint[];
  readonly scale: Scale;
}

function Line({ word, tier, points, scale }: LineProps): VNode {
  const own = points.filter((point) => point.tier === tier);
  const path = own.map((point) => `${scale.x(point.quarter)},${scale.y(point.median)}`).join(" ");
  return (
    <g class="series" data-tier={word}>
      <polyline points={path} />
      {own.map((point) => (
        <g key={point.quarter}>
          <line
            x1={scale.x(point.quarter)}
            x2={scale.x(point.quarter)}
            y1={scale.y(point.median)}
            y2={scale.y(point.p90)}
          />
          <text x={scale.x(point.quarter)} y={scale.y(point.median) + 5} text-anchor="middle">
            {SHAPES[tier]}
          </text>
        </g>
      ))}
    </g>
  );
}

function Legend({ points }: { points: readonly WaitPoint[] }): VNode {
  const shown = TIERS.filter((_, tier) => points.some((point) => point.tier === tier));
  return (
    <p class="legend">
      {shown.map((word) => (
        <span key={word} class="tier" data-tier={word}>
          {SHAPES[TIERS.indexOf(word)]} {t(`console.tier.${word}`)}
        </span>
      ))}
      <span class="soft">{t("console.plot.whisker")}</span>
    </p>
  );
}

function Table({ points }: { points: readonly WaitPoint[] }): VNode {
  const head = ["when", "tier", "count", "median", "p90"];
  return (
    <table>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {t(`console.plot.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {points.map((point) => (
          <tr key={`${point.tier} ${point.quarter}`}>
            <th scope="row">{clockOf(point.quarter)}</th>
            <td>{t(`console.tier.${TIERS[point.tier] ?? "green"}`)}</td>
            <td>{point.count}</td>
            <td>{point.median}</td>
            <td>{point.p90}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
