/** Lengths of history a chart can ask for, minutes. */
export type HistoryWindow = 1 | 5 | 30;

/** Latency in one stretch of history. All figures null: no frame was measured for longer than the gap rule, so the line breaks. */
export type LatencyPoint = {
  /** Seconds before now, negative or 0: middle of the stretch. */
  readonly tS: number;
  readonly minMs: number | null;
  readonly maxMs: number | null;
  readonly meanMs: number | null;
  /** Greatest bound of any latency in the stretch, ms. */
  readonly boundMs: number | null;
};

/** Rates in one stretch of history; null where a rate was not known, 0 only where nothing came. */
export type RatePoint = {
  /** Seconds before now, negative or 0: middle of the stretch. */
  readonly tS: number;
  readonly displayedMinFps: number | null;
  readonly displayedMaxFps: number | null;
  readonly displayedMeanFps: number | null;
  readonly receivedFps: number | null;
  readonly bitrateKbps: number | null;
};

/** The last minutes, decimated by minimum and maximum, oldest first: at most 300 points each, whatever the frame rate. */
export type HistoryView = {
  readonly windowMin: HistoryWindow;
  /** Length of a stretch, s. */
  readonly bucketS: number;
  readonly latency: readonly LatencyPoint[];
  readonly rates: readonly RatePoint[];
};
