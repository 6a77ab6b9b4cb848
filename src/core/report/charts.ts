import type { CellAnalysis, Spread } from "../runs/analysis.ts";
import { measureFor } from "../runs/measure-kinds.ts";
import { showNumber, unitWord } from "./figures.ts";
import type { LatencyTrace } from "./report.ts";
import { escapeXml } from "./xml.ts";

/** Where a value stands on a line of pixels. */
type Scale = { readonly at: (value: number) => number; readonly ticks: readonly number[] };

const widthPx = 460;
const labelPx = 96;
const rightPx = 16;
const rowPx = 34;

/** Round steps, about `count` of them, from at or below `low` to at or above `high`. */
function roundTicks(low: number, high: number, count: number): readonly number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((one) => one * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

function scaleOver(values: readonly number[], fromPx: number, toPx: number): Scale {
  const least = Math.min(0, ...values);
  const most = Math.max(...values);
  const ticks = roundTicks(least, most > least ? most : least + 1, 4);
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  return { at: (value) => fromPx + ((value - low) / (high - low)) * (toPx - fromPx), ticks };
}

function px(value: number): string {
  return value.toFixed(1);
}

type Row = { readonly provider: string; readonly spread: Spread };

function spreadRow({ provider, spread }: Row, index: number, { at }: Scale, streamIndex: number): string {
  const y = 14 + index * rowPx + rowPx / 2;
  const show = (value: number): string => showNumber(value, spread.unit);
  const dots = spread.values.map(
    (value) =>
      `<circle class="run" cx="${px(at(value))}" cy="${px(y)}" r="4"><title>${show(value)}</title></circle>`,
  );
  const { interval } = spread;
  const bar =
    interval === null
      ? ""
      : `<line class="interval" x1="${px(at(interval.low))}" x2="${px(at(interval.high))}" y1="${px(y)}" y2="${px(y)}"/>`;
  const middle = px(at(spread.median));
  return `<g class="s${streamIndex}"><text class="name" x="${labelPx - 10}" y="${px(y + 4)}">${escapeXml(provider)}</text>${bar}${dots.join("")}<line class="median" x1="${middle}" x2="${middle}" y1="${px(y - 11)}" y2="${px(y + 11)}"><title>median ${show(spread.median)}</title></line></g>`;
}

/**
 * One measure of all providers as inline SVG: a dot a run, the median as a stroke, its 95 % interval as a bar. Null where nobody
 * has a figure.
 */
export function spreadChart(cell: CellAnalysis, key: string): string | null {
  const rows = cell.providers.flatMap(
    ({ provider, spreads }, place): readonly (Row & { place: number })[] => {
      const spread = spreads.find((one) => one.key === key);
      return spread === undefined || spread.values.length === 0 ? [] : [{ provider, spread, place }];
    },
  );
  const [first] = rows;
  // Nothing but zeros is said by the table as well.
  if (first === undefined || rows.every(({ spread }) => spread.least === 0 && spread.most === 0)) return null;
  const reach = rows.flatMap(({ spread }) => [
    spread.most,
    spread.interval?.high ?? spread.most,
    spread.least,
  ]);
  const scale = scaleOver(reach, labelPx, widthPx - rightPx);
  const bottom = 14 + rows.length * rowPx;
  const ticks = scale.ticks.map(
    (tick) =>
      `<line class="grid" x1="${px(scale.at(tick))}" x2="${px(scale.at(tick))}" y1="10" y2="${bottom}"/><text class="tick" x="${px(scale.at(tick))}" y="${bottom + 16}">${tickText(tick, first.spread.unit)}</text>`,
  );
  const word = unitWord(first.spread.unit);
  const title = `${measureFor(key)?.label ?? key}${word === "" ? "" : `, ${word}`}`;
  const body = rows.map((row, index) => spreadRow(row, index, scale, (row.place % 6) + 1));
  return figure(title, bottom + 24, `${ticks.join("")}${body.join("")}`);
}

/** A tick in the unit that people read, without digits that say nothing. */
function tickText(tick: number, unit: string): string {
  return String(Number(Number(showNumber(tick, unit)).toPrecision(6)));
}

function figure(title: string, heightPx: number, body: string): string {
  const label = escapeXml(title);
  return `<figure><figcaption>${label}</figcaption><svg viewBox="0 0 ${widthPx} ${heightPx}" role="img" aria-label="${label}">${body}</svg></figure>`;
}

function tracePath({ points }: LatencyTrace, x: Scale, y: Scale): string {
  const line = points.map(({ atS, medianMs }) => `${px(x.at(atS))},${px(y.at(medianMs))}`);
  const over = points.map(({ atS, mostMs }) => `${px(x.at(atS))},${px(y.at(mostMs))}`);
  const under = points.toReversed().map(({ atS, leastMs }) => `${px(x.at(atS))},${px(y.at(leastMs))}`);
  return `<polygon class="band" points="${[...over, ...under].join(" ")}"/><polyline class="trace" points="${line.join(" ")}"/>`;
}

/** Latency over the seconds of every run as inline SVG: medians as lines, least to most as bands. Null without any. */
export function latencyChart(traces: readonly LatencyTrace[], providers: readonly string[]): string | null {
  const points = traces.flatMap((trace) => trace.points);
  if (points.length === 0) return null;
  const heightPx = 200;
  const x = scaleOver(
    points.map(({ atS }) => atS),
    56,
    widthPx - rightPx,
  );
  const y = scaleOver(
    points.map(({ mostMs }) => mostMs),
    heightPx - 30,
    12,
  );
  const across = y.ticks.map(
    (tick) =>
      `<line class="grid" x1="56" x2="${widthPx - rightPx}" y1="${px(y.at(tick))}" y2="${px(y.at(tick))}"/><text class="name" x="50" y="${px(y.at(tick) + 4)}">${tickText(tick, "ms")}</text>`,
  );
  const along = x.ticks.map(
    (tick) => `<text class="tick" x="${px(x.at(tick))}" y="${heightPx - 12}">${tick} s</text>`,
  );
  const drawn = traces.map(
    (trace) => `<g class="s${(providers.indexOf(trace.provider) % 6) + 1}">${tracePath(trace, x, y)}</g>`,
  );
  const body = `${across.join("")}${along.join("")}${drawn.join("")}`;
  return figure("Latency over the seconds of each run, ms", heightPx, body);
}
