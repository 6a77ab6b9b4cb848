/** A picture as plain numbers, for the reference implementation that the kernels are tried against. */
export type Picture = { readonly across: number; readonly down: number; readonly samples: Float64Array };

/** What stands at an index outside a line of so many samples. */
export type Edge = (index: number, count: number) => number;

/** Mirrors without repeating the edge sample: -1 -> 1, n -> n-2. */
export const mirror: Edge = (index, count) =>
  index < 0 ? -index : index >= count ? 2 * count - 2 - index : index;

/** Mirrors and repeats the edge sample: -1 -> 0, n -> n-1. */
export const repeat: Edge = (index, count) =>
  index < 0 ? -1 - index : index >= count ? 2 * count - 1 - index : index;

/** The wavelet's edges: -1 -> 1 at the start, n -> n-1 and n+1 -> n-2 at the end. */
export const fold: Edge = (index, count) =>
  index < 0 ? -index : index >= count ? 2 * count - 1 - index : index;

/** Makes a picture sample by sample. */
export function paint(across: number, down: number, sample: (x: number, y: number) => number): Picture {
  const samples = new Float64Array(across * down);
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) samples[y * across + x] = sample(x, y);
  }
  return { across, down, samples };
}

/** The sample at a place, which may lie outside by the rule of `edge`. */
export function sampleAt({ across, down, samples }: Picture, x: number, y: number, edge: Edge): number {
  return samples[edge(y, down) * across + edge(x, across)]!;
}

/** Two pictures made one, sample by sample. */
export function combine(a: Picture, b: Picture, make: (a: number, b: number) => number): Picture {
  return paint(a.across, a.down, (x, y) => make(a.samples[y * a.across + x]!, b.samples[y * a.across + x]!));
}

/** Nearest multiple of 1 / `grid`, upwards from the middle; 0 for no rounding. */
export function toGrid(value: number, grid: number): number {
  return grid === 0 ? value : Math.floor(value * grid + 0.5) / grid;
}

/** Filters down and then along by one symmetric kernel, rounding after either pass to a grid (0: not). */
export function filter(
  picture: Picture,
  taps: readonly number[],
  grids: readonly [down: number, along: number] = [0, 0],
): Picture {
  const half = (taps.length - 1) / 2;
  const sum = (sample: (k: number) => number): number =>
    taps.reduce((total, tap, index) => total + tap * sample(index - half), 0);
  const { across, down } = picture;
  const filtered = paint(across, down, (x, y) =>
    toGrid(
      sum((k) => sampleAt(picture, x, y + k, mirror)),
      grids[0],
    ),
  );
  return paint(across, down, (x, y) =>
    toGrid(
      sum((k) => sampleAt(filtered, x + k, y, mirror)),
      grids[1],
    ),
  );
}

/** A Gaussian of so many taps that sums to 1. */
export function gaussian(tapCount: number, deviation: number): readonly number[] {
  const half = (tapCount - 1) / 2;
  const taps = Array.from({ length: tapCount }, (_, index) =>
    Math.exp(-0.5 * ((index - half) / deviation) ** 2),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

/** Mean of all samples. */
export function meanOf({ samples }: Picture): number {
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
}
