/** A whole number of 32 bits that looks random and depends only on the two given (finaliser of MurmurHash3). */
export function hash(seed: number, key: number): number {
  let mixed = Math.imul(seed ^ Math.imul(key, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x27d4eb2f);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** Random whole numbers, the same for the same seed on every machine. */
export type Random = {
  /** 32 random bits, signed. */
  readonly bits: () => number;
  /** From `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number;
};

/** Starts a sequence of random numbers (xorshift32, Marsaglia 2003). */
export function createRandom(seed: number): Random {
  let state = hash(seed, 0x5eed) | 1;
  const bits = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
  return { bits, between: (low, high) => low + ((bits() >>> 1) % (high - low + 1)) };
}

const turn = 1024;

/**
 * Sine in whole numbers, for pictures must not depend on a machine's `Math.sin`: the angle in 1024ths of a turn, the
 * result -4096 to 4096. Within 0.1 % by Bhaskara's formula.
 */
export function sine(angle: number): number {
  const inTurn = angle & (turn - 1);
  const inHalf = inTurn & 511;
  const product = inHalf * (512 - inHalf);
  const height = Math.floor((16 * 4096 * product) / (5 * 512 * 512 - 4 * product));
  return inTurn < 512 ? height : -height;
}

/** Cosine, as `sine`. */
export function cosine(angle: number): number {
  return sine(angle + turn / 4);
}

/** Back and forth between 0 and `range` as `step` grows, at constant speed. */
export function bounce(step: number, range: number): number {
  const inPeriod = ((step % (2 * range)) + 2 * range) % (2 * range);
  return inPeriod < range ? inPeriod : 2 * range - inPeriod;
}
