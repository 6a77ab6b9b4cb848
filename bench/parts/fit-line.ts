/** A straight line through points. */
export type Line = {
  readonly slope: number;
  /** The slope is off by more than this in 1 of 20 cases, where what is around the line is chance. */
  readonly slopeBound95: number;
};

/** Fits a line by least squares; null with fewer than three points or all at one place. */
export function fitLine(points: readonly { readonly x: number; readonly y: number }[]): Line | null {
  const count = points.length;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / count;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / count;
  const spreadX = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (count < 3 || spreadX === 0) return null;
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spreadX;
  const rest = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, slopeBound95: 1.96 * Math.sqrt(rest / (count - 2) / spreadX) };
}
