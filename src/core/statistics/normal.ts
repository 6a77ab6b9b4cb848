const { exp, sqrt, log, PI } = Math;

/**
 * Share of a standard normal distribution below `z`, within 1e-7: W. J. Cody's and others' rational form as in Abramowitz and
 * Stegun, Handbook of Mathematical Functions, 26.2.17.
 */
export function normalShareBelow(z: number): number {
  const slope = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    (exp((-z * z) / 2) / sqrt(2 * PI)) *
    slope *
    (0.31938153 +
      slope * (-0.356563782 + slope * (1.781477937 + slope * (-1.821255978 + slope * 1.330274429))));
  return z >= 0 ? 1 - tail : tail;
}

/** Abramowitz and Stegun 26.2.23: within 4.5e-4, the start of the search below. */
function roughQuantile(share: number): number {
  const t = sqrt(-2 * log(Math.min(share, 1 - share)));
  const z =
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
  return share < 0.5 ? -z : z;
}

/** The z below which `share` (within 0 and 1, both excluded) of a standard normal distribution lies. */
export function normalQuantile(share: number): number {
  let z = roughQuantile(share);
  for (let step = 0; step < 3; step += 1)
    z -= (normalShareBelow(z) - share) / (exp((-z * z) / 2) / sqrt(2 * PI));
  return z;
}
