/**
 * The bicubic filter of one direction as ffmpeg's swscale defines it (`flags=bicubic`: Mitchell & Netravali's family with
 * B = 0, C = 0.6): for every output sample the place of its first input sample and `tapCount` integer weights.
 */
export type ScaleFilter = {
  readonly tapCount: number;
  readonly places: Int32Array;
  readonly weights: Int16Array;
};

/** Weights of all outputs while they are made, in units of 2^-54 and finer than they end. */
type Draft = { readonly tapCount: number; readonly places: Int32Array; readonly weights: BigInt64Array };

const ONE_30 = 1n << 30n;
const B = 0n;
const C = BigInt(Math.trunc(0.6 * 2 ** 24));
const UNIT_24 = 1n << 24n;

/** The kernel at distance d (units of 2^-30), in units of 2^-54: whole numbers, as swscale has it. */
function bicubic(d: bigint): bigint {
  if (d >= ONE_30 << 1n) return 0n;
  const dd = (d * d) >> 30n;
  const ddd = (dd * d) >> 30n;
  if (d < ONE_30) {
    return (
      (12n * UNIT_24 - 9n * B - 6n * C) * ddd +
      (-18n * UNIT_24 + 12n * B + 6n * C) * dd +
      (6n * UNIT_24 - 2n * B) * ONE_30
    );
  }
  return (
    (-B - 6n * C) * ddd + (6n * B + 30n * C) * dd + (-12n * B - 48n * C) * d + (8n * B + 24n * C) * ONE_30
  );
}

/** Fraction bits that weights lose where many inputs make one output, so that their sums stay in range. */
function lostBits(fromCount: number, toCount: number): number {
  return Math.min(Math.max(0, Math.floor(Math.log2(Math.max(1, Math.trunc(fromCount / toCount))))), 8);
}

function draftUnscaled(count: number): Draft {
  return {
    tapCount: 1,
    places: Int32Array.from({ length: count }, (_, index) => index),
    weights: new BigInt64Array(count).fill(1n << 54n),
  };
}

function draft(fromCount: number, toCount: number, step: number): Draft {
  const spread = step <= 2 ** 16 ? 5 : 1 + Math.trunc((4 * fromCount + toCount - 1) / toCount);
  const tapCount = Math.max(1, Math.min(spread, fromCount - 2));
  const places = new Int32Array(toCount);
  const weights = new BigInt64Array(toCount * tapCount);
  const lost = BigInt(lostBits(fromCount, toCount));
  for (let index = 0; index < toCount; index += 1) {
    // Twice the output's centre in input samples, in units of 2^-16.
    const centre = step * (2 * index + 1) - 2 ** 16;
    const first = Math.trunc((centre - (tapCount - 2) * 2 ** 16) / 2 ** 17);
    places[index] = first;
    for (let tap = 0; tap < tapCount; tap += 1) {
      const distance = BigInt(Math.abs((first + tap) * 2 ** 17 - centre)) << 13n;
      const d = step > 2 ** 16 ? (distance * BigInt(toCount)) / BigInt(fromCount) : distance;
      weights[index * tapCount + tap] = bicubic(d) / (1n << lost);
    }
  }
  return { tapCount, places, weights };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Shifts negligible weights out of a row on the left, while its place stays before `next`. How many there were. */
function shiftLeft(row: BigInt64Array, place: number, next: number, cutoff: bigint): number {
  let cut = 0n;
  let moved = 0;
  while (moved < row.length) {
    cut += magnitude(row[0] ?? 0n);
    if (cut > cutoff || place + moved >= next) break;
    row.copyWithin(0, 1);
    row[row.length - 1] = 0n;
    moved += 1;
  }
  return moved;
}

/** How many weights of a row are left without the negligible ones on the right; at least 1. */
function usedCount(row: BigInt64Array, cutoff: bigint): number {
  let cut = 0n;
  let used = row.length;
  while (used > 1) {
    cut += magnitude(row[used - 1] ?? 0n);
    if (cut > cutoff) break;
    used -= 1;
  }
  return used;
}

/** Drops negligible weights on either side; the output that uses most sets the number of taps. */
function narrow({ tapCount, places, weights }: Draft, one: bigint): Draft {
  // 0.002 of the whole may be cut from either side.
  const cutoff = one / 500n;
  let widest = 0;
  // Places never go back from one output to the next.
  let next = Number.POSITIVE_INFINITY;
  for (let index = places.length - 1; index >= 0; index -= 1) {
    const row = weights.subarray(index * tapCount, (index + 1) * tapCount);
    const place = places[index] ?? 0;
    next = place + shiftLeft(row, place, next, cutoff);
    places[index] = next;
    widest = Math.max(widest, usedCount(row, cutoff));
  }
  const kept = new BigInt64Array(places.length * widest);
  for (let index = 0; index < places.length; index += 1) {
    kept.set(weights.subarray(index * tapCount, index * tapCount + widest), index * widest);
  }
  return { tapCount: widest, places, weights: kept };
}

/** Weights of inputs outside the picture go to the sample at its edge. */
function keepInside(row: BigInt64Array, place: number, count: number): number {
  const inside = Math.min(Math.max(0, place), Math.max(0, count - row.length));
  const moved = new BigInt64Array(row.length);
  for (const [tap, weight] of row.entries()) {
    const at = Math.min(Math.max(0, place + tap), count - 1) - inside;
    moved[at] = (moved[at] ?? 0n) + weight;
  }
  row.set(moved);
  return inside;
}

function roundedQuotient(value: bigint, by: bigint): bigint {
  return (value >= 0n ? value + (by >> 1n) : value - (by >> 1n)) / by;
}

/** Brings weights to the sum `whole`, each rounded with what the rounding before it left. */
function normalise(row: BigInt64Array, whole: number, to: Int16Array): void {
  const sum = row.reduce((total, weight) => total + weight, 0n);
  const unit = (sum + BigInt(whole / 2)) / BigInt(whole);
  const by = unit === 0n ? 1n : unit;
  let error = 0n;
  for (const [tap, weight] of row.entries()) {
    const value = weight + error;
    const quotient = roundedQuotient(value, by);
    to[tap] = Number(quotient);
    error = value - quotient * by;
  }
}

/** The filter that brings `fromCount` samples to `toCount`; its weights sum to `whole` (2^14 along, 2^12 down). */
export function createScaleFilter(fromCount: number, toCount: number, whole: number): ScaleFilter {
  const step = Math.trunc((fromCount * 2 ** 16 + Math.trunc(toCount / 2)) / toCount);
  const one = 1n << BigInt(54 - lostBits(fromCount, toCount));
  const first = Math.abs(step - 2 ** 16) < 10 ? draftUnscaled(toCount) : draft(fromCount, toCount, step);
  const { tapCount, places, weights } = narrow(first, one);
  const rounded = new Int16Array(toCount * tapCount);
  for (let index = 0; index < toCount; index += 1) {
    const row = weights.subarray(index * tapCount, (index + 1) * tapCount);
    places[index] = keepInside(row, places[index] ?? 0, fromCount);
    normalise(row, whole, rounded.subarray(index * tapCount, (index + 1) * tapCount));
  }
  return { tapCount, places, weights: rounded };
}
