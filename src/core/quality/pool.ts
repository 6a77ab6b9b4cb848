/** Scores of many frames brought to a few numbers, in the unit of the scores. */
export type Pooled = {
  readonly mean: number;
  /** libvmaf's harmonic mean, 1 / mean(1 / (x + 1)) - 1: low scores weigh more, and a 0 does not end it. */
  readonly harmonicMean: number;
  readonly min: number;
  /** Percentiles with linear interpolation between the two nearest scores: 1 % of frames score under `p1`. */
  readonly p1: number;
  readonly p5: number;
  readonly p10: number;
};

/** The score below which this part (0..1) of sorted scores lies, interpolated as NumPy's default does. */
function percentile(sorted: Float64Array, part: number): number {
  const place = part * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const over = sorted[Math.ceil(place)] ?? 0;
  return below + (over - below) * (place - Math.floor(place));
}

/** Pools scores of at least -1 each, in any order; null when there are none. */
export function pool(scores: readonly number[]): Pooled | null {
  if (scores.length === 0) return null;
  const sorted = Float64Array.from(scores).toSorted();
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const inverse = scores.reduce((sum, score) => sum + 1 / (score + 1), 0) / scores.length;
  return {
    mean,
    harmonicMean: 1 / inverse - 1,
    min: percentile(sorted, 0),
    p1: percentile(sorted, 0.01),
    p5: percentile(sorted, 0.05),
    p10: percentile(sorted, 0.1),
  };
}
