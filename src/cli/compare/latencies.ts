import type { LatencyTrace } from "../../core/report/report.ts";
import type { ObservationColumns } from "../../core/runs/observation-columns.ts";
import { median } from "../../core/statistics/quantile.ts";

/** Latencies, ms, by the second of the receiver's clock in which they were displayed. */
export type LatenciesMs = Map<number, number[]>;

/** Most seconds of a trace: longer runs are charted by every so many seconds. */
const maxPoints = 600;

/** The points of a trace, second by second. */
export function pointsOf(latenciesMs: LatenciesMs): LatencyTrace["points"] {
  const [first = 0] = latenciesMs.keys();
  const seconds = [...latenciesMs];
  const stepS = Math.ceil(seconds.length / maxPoints);
  return seconds
    .filter((_, index) => index % stepS === 0)
    .map(([second, own]) => ({
      atS: second - first,
      leastMs: Math.min(...own),
      medianMs: median(own),
      mostMs: Math.max(...own),
    }));
}

/** Adds the latency of a frame displayed at that time. */
export function addLatency(latenciesMs: LatenciesMs, displayTimeUs: number, latencyMs: number): void {
  const second = Math.floor(displayTimeUs / 1e6);
  const own = latenciesMs.get(second) ?? [];
  own.push(latencyMs);
  latenciesMs.set(second, own);
}

/** Adds stored observations, in the order of display; those without a latency are left out. */
export function addLatencies(latenciesMs: LatenciesMs, columns: ObservationColumns): void {
  for (const [row, latencyMs] of columns.latencyMs.entries()) {
    if (!Number.isNaN(latencyMs)) addLatency(latenciesMs, columns.displayTimeUs[row] ?? 0, latencyMs);
  }
}
