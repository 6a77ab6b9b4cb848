import type { Comparison } from "../../core/timeline/differential.ts";
import type { LineupEntry } from "./lineup-entry.ts";

/** Part of a distribution: the share of frames whose difference lies in it. */
export type DifferenceBin = { readonly lowMs: number; readonly highMs: number; readonly count: number };

/** How one stream's differences from the control are spread; `count` of a bin is in percent of its frames. */
export type Difference = { readonly id: number; readonly bins: readonly DifferenceBin[] };

/** The differences of every stream that has any. */
export function differencesOf(
  entries: readonly Pick<LineupEntry, "id">[],
  comparison: Pick<Comparison, "distribution">,
): readonly Difference[] {
  return entries.flatMap(({ id }) => {
    const bins = comparison.distribution(id);
    if (bins === null) return [];
    const all = bins.counts.reduce((sum, count) => sum + count, bins.underCount + bins.overCount);
    return {
      id,
      bins: bins.counts.map((count, index) => ({
        lowMs: bins.lowMs + index * bins.widthMs,
        highMs: bins.lowMs + (index + 1) * bins.widthMs,
        count: (100 * count) / all,
      })),
    };
  });
}

/** What a chart of all of them has to hold; null when there are none. The control itself stands at 0. */
export function spreadOf(
  differences: readonly Difference[],
): { readonly lowMs: number; readonly highMs: number; readonly tallestPct: number } | null {
  const bins = differences.flatMap((difference) => difference.bins);
  if (bins.length === 0) return null;
  return {
    lowMs: Math.min(0, ...bins.map(({ lowMs }) => lowMs)),
    highMs: Math.max(0, ...bins.map(({ highMs }) => highMs)),
    tallestPct: Math.max(...bins.map(({ count }) => count)),
  };
}
