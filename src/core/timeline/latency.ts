/** One bar of a histogram: values from `lowMs` up to, not including, `highMs`. */
export type LatencyBin = { readonly lowMs: number; readonly highMs: number; readonly count: number };

/** Latencies as a bar chart takes them: at most 60 equally wide bins over what lies between the 0.1th and 99.9th percentile. */
export type LatencyHistogram = {
  readonly bins: readonly LatencyBin[];
  /** Latencies below the first bin. */
  readonly underCount: number;
  /** Latencies at or above the end of the last bin. */
  readonly overCount: number;
  readonly totalCount: number;
};
