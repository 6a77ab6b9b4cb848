import { type Picture, combine, filter, paint } from "./plain-picture.fake.kernel.ts";

/** Gaussians of deviation taps / 5 in units of 2^-16. */
const kernels = [
  [489, 935, 1640, 2640, 3896, 5274, 6547, 7455, 7784, 7455, 6547, 5274, 3896, 2640, 1640, 935, 489],
  [1244, 3663, 7925, 12590, 14692, 12590, 7925, 3663, 1244],
  [3571, 16004, 26386, 16004, 3571],
  [10904, 43728, 10904],
].map((taps) => taps.map((tap) => tap / 65536));

/** Numerator and denominator of one sample. */
function fidelity(s1: number, s2: number, s12: number, gainLimit: number): readonly [number, number] {
  if (s1 < 2) return [1 - (s2 * 4) / 255 ** 2, 1];
  let g = s12 / (s1 + 1e-10);
  let rest = s2 - g * s12;
  if (s2 < 1e-10) [g, rest] = [0, 0];
  if (g < 0) [g, rest] = [0, s2];
  g = Math.min(g, gainLimit);
  const whole = Math.log2(1 + s1 / 2);
  return [s12 < 0 ? 0 : Math.log2(1 + (g * g * s1) / (Math.max(rest, 1e-10) + 2)), whole];
}

function fidelityOf(
  reference: Picture,
  received: Picture,
  taps: readonly number[],
  gainLimit: number,
): number {
  const product = (a: Picture, b: Picture): Picture =>
    filter(
      combine(a, b, (p, q) => p * q),
      taps,
    );
  const mean = (picture: Picture): Picture => filter(picture, taps, [256, 0]);
  const means = [mean(reference), mean(received)] as const;
  const squares = [
    product(reference, reference),
    product(received, received),
    product(reference, received),
  ] as const;
  let kept = 0;
  let whole = 0;
  for (let at = 0; at < reference.samples.length; at += 1) {
    const m1 = means[0].samples[at]!;
    const m2 = means[1].samples[at]!;
    const s1 = Math.max(0, squares[0].samples[at]! - m1 * m1);
    const s2 = Math.max(0, squares[1].samples[at]! - m2 * m2);
    const [part, all] = fidelity(s1, s2, squares[2].samples[at]! - m1 * m2, gainLimit);
    kept += part;
    whole += all;
  }
  return whole === 0 ? 1 : kept / whole;
}

function halve(picture: Picture, taps: readonly number[]): Picture {
  const filtered = filter(picture, taps, [256, 256]);
  return paint(Math.floor(picture.across / 2), Math.floor(picture.down / 2), (x, y) => {
    return filtered.samples[2 * y * filtered.across + 2 * x]!;
  });
}

/** VIF of four scales by the book, in doubles, of samples 0..255. */
export function plainVif(reference: Picture, received: Picture, gainLimit: number): readonly number[] {
  let pair = [reference, received] as const;
  return kernels.map((taps, scale) => {
    if (scale > 0) pair = [halve(pair[0], taps), halve(pair[1], taps)];
    return fidelityOf(pair[0], pair[1], taps, gainLimit);
  });
}
