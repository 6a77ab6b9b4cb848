/** Numbers from the least to the greatest. */
export function sorted(values: readonly number[]): readonly number[] {
  return values.toSorted((one, other) => one - other);
}

/**
 * The value below which a share of the values lies, between neighbours by straight line: type 7 of Hyndman and Fan, Sample
 * Quantiles in Statistical Packages (1996), as R, NumPy and spreadsheets have it.
 * @param ascending at least one value, in order
 * @param share 0..1
 */
export function quantileOf(ascending: readonly number[], share: number): number {
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below];
  const high = ascending[Math.min(below + 1, ascending.length - 1)];
  if (low === undefined || high === undefined) throw new RangeError("a quantile needs at least one value");
  return low + (place - below) * (high - low);
}

/** The value in the middle; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantileOf(sorted(values), 0.5);
}

/** Arithmetic mean of at least one value. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("a mean needs at least one value");
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
