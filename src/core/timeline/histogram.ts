/** A percentile as the histogram knows it: the true order statistic lies within `value` +- `bound`, ms. */
export type Quantile = { readonly valueMs: number; readonly boundMs: number };

/** One run of equal-width bins over whole cells: exact counts. */
export type Bins = {
  readonly lowMs: number;
  readonly widthMs: number;
  readonly counts: readonly number[];
  readonly underCount: number;
  readonly overCount: number;
};

/** Counts durations, positive or negative, in constant memory. */
export type Histogram = {
  readonly add: (valueMs: number) => void;
  readonly count: () => number;
  /** Order statistics (nearest rank) for ascending ratios 0..1; null while empty. */
  readonly quantiles: (ratios: readonly number[]) => readonly Quantile[] | null;
  /** What lies between two ratios, in at most `maxBinCount` equally wide bins; null while empty. */
  readonly bins: (lowRatio: number, highRatio: number, maxBinCount: number) => Bins | null;
};

/** Cells per doubling: a cell is at most 1/256 of its value wide, so its middle is within 0.2 %. */
const cellsPerOctave = 256;
const octaveBits = 8;
const linearCells = 2 * cellsPerOctave;
/** Beyond 2^30 us (18 minutes) values share the last cell. */
const greatestUs = 2 ** 30 - 1;
const sideCells = linearCells + (30 - octaveBits - 1) * cellsPerOctave;

/** The cell of a whole number of microseconds, 0 and up. Below 512 us each has its own. */
function cellOf(us: number): number {
  if (us < linearCells) return us;
  const shift = 31 - Math.clz32(us) - octaveBits;
  return shift * cellsPerOctave + (us >>> shift);
}

/** First microsecond of a cell. */
function cellStartUs(cell: number): number {
  if (cell < linearCells) return cell;
  const shift = Math.floor(cell / cellsPerOctave) - 1;
  return (cell - shift * cellsPerOctave) * 2 ** shift;
}

function cellWidthUs(cell: number): number {
  return cell < linearCells ? 1 : 2 ** (Math.floor(cell / cellsPerOctave) - 1);
}

/** Index in one ascending row: mirrored cells of the negatives, then the positives. */
function indexOf(valueMs: number): number {
  const us = Math.min(greatestUs, Math.round(Math.abs(valueMs) * 1000));
  return valueMs < 0 ? sideCells - 1 - cellOf(us) : sideCells + cellOf(us);
}

/** The whole microseconds that share an index: first and last. */
function spanUs(index: number): { readonly firstUs: number; readonly lastUs: number } {
  const cell = index < sideCells ? sideCells - 1 - index : index - sideCells;
  const startUs = cellStartUs(cell);
  const endUs = startUs + cellWidthUs(cell) - 1;
  return index < sideCells ? { firstUs: -endUs, lastUs: -startUs } : { firstUs: startUs, lastUs: endUs };
}

/** Half a microsecond goes to rounding. */
function quantileAt(index: number): Quantile {
  const { firstUs, lastUs } = spanUs(index);
  return { valueMs: (firstUs + lastUs) / 2000, boundMs: (lastUs - firstUs + 1) / 2000 };
}

/** Indices of the cells that hold the given nearest ranks, in one walk. */
function walk(counts: Uint32Array, total: number, ratios: readonly number[]): readonly number[] {
  const found: number[] = [];
  let passed = 0;
  let index = -1;
  for (const ratio of ratios) {
    const rank = Math.min(total, Math.max(1, Math.ceil(ratio * total)));
    while (passed < rank) {
      index += 1;
      passed += counts[index] ?? 0;
    }
    found.push(index);
  }
  return found;
}

/** The narrowest power of two, us, that no cell between the two indices exceeds and that needs few enough bins. */
function binWidthUs(lowIndex: number, highIndex: number, maxBinCount: number): number {
  const low = spanUs(lowIndex);
  const high = spanUs(highIndex);
  let widthUs = Math.max(low.lastUs - low.firstUs, high.lastUs - high.firstUs) + 1;
  while (Math.floor(high.lastUs / widthUs) - Math.floor(low.firstUs / widthUs) + 1 > maxBinCount)
    widthUs *= 2;
  return widthUs;
}

function binsBetween(counts: Uint32Array, lowIndex: number, highIndex: number, maxBinCount: number): Bins {
  const widthUs = binWidthUs(lowIndex, highIndex, maxBinCount);
  const firstBin = Math.floor(spanUs(lowIndex).firstUs / widthUs);
  const lastBin = Math.floor(spanUs(highIndex).lastUs / widthUs);
  const binCounts = Array.from({ length: lastBin - firstBin + 1 }, () => 0);
  let underCount = 0;
  let overCount = 0;
  for (const [index, count] of counts.entries()) {
    if (count === 0) continue;
    const bin = Math.floor(spanUs(index).firstUs / widthUs) - firstBin;
    if (bin < 0) underCount += count;
    else if (bin >= binCounts.length) overCount += count;
    else binCounts[bin] = (binCounts[bin] ?? 0) + count;
  }
  return {
    lowMs: (firstBin * widthUs) / 1000,
    widthMs: widthUs / 1000,
    counts: binCounts,
    underCount,
    overCount,
  };
}

/**
 * Makes an empty histogram: linear cells of 1 us up to 0.5 ms, then 256 per doubling (the layout of HdrHistogram), the
 * same for negatives. Relative error of a quantile: at most 0.5 % from 0.1 ms, 0.2 % from 0.5 ms, up to 17 minutes.
 * Up to 2^32 - 1 values per cell: years.
 */
export function createHistogram(): Histogram {
  const counts = new Uint32Array(2 * sideCells);
  let total = 0;
  return {
    add: (valueMs) => {
      const index = indexOf(valueMs);
      counts[index] = (counts[index] ?? 0) + 1;
      total += 1;
    },
    count: () => total,
    quantiles: (ratios) => (total === 0 ? null : walk(counts, total, ratios).map(quantileAt)),
    bins: (lowRatio, highRatio, maxBinCount) => {
      const [low, high] = total === 0 ? [] : walk(counts, total, [lowRatio, highRatio]);
      if (low === undefined || high === undefined) return null;
      return binsBetween(counts, low, high, maxBinCount);
    },
  };
}
