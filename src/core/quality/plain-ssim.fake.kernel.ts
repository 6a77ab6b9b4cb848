import {
  type Picture,
  combine,
  filter,
  gaussian,
  meanOf,
  paint,
  repeat,
  sampleAt,
} from "./plain-picture.fake.kernel.ts";

const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;
const WINDOW = gaussian(11, 1.5).map((tap) => Math.round(tap * 1e6) / 1e6);

function smooth(picture: Picture): Picture {
  return filter(picture, WINDOW);
}

function halve({ samples, across, down }: Picture): Picture {
  return paint(Math.floor(across / 2), Math.floor(down / 2), (x, y) => {
    const at = 2 * y * across + 2 * x;
    return (samples[at]! + samples[at + 1]! + samples[at + across]! + samples[at + across + 1]!) / 4;
  });
}

/** Means over the windows that fit: whole SSIM, and its contrast-structure part. */
function windows(reference: Picture, received: Picture): readonly [whole: number, contrast: number] {
  const product = (a: Picture, b: Picture): Picture => smooth(combine(a, b, (p, q) => p * q));
  const [m1, m2] = [smooth(reference), smooth(received)];
  const [q1, q2, q12] = [
    product(reference, reference),
    product(received, received),
    product(reference, received),
  ];
  const contrast = paint(reference.across - 10, reference.down - 10, (x, y) => {
    const at = (y + 5) * reference.across + x + 5;
    const s1 = Math.max(0, q1.samples[at]! - m1.samples[at]! ** 2);
    const s2 = Math.max(0, q2.samples[at]! - m2.samples[at]! ** 2);
    const s12 = q12.samples[at]! - m1.samples[at]! * m2.samples[at]!;
    return (2 * (s1 * s2 > 0 ? s12 : Math.max(0, s12)) + C2) / (s1 + s2 + C2);
  });
  const whole = paint(contrast.across, contrast.down, (x, y) => {
    const at = (y + 5) * reference.across + x + 5;
    const [a, b] = [m1.samples[at]!, m2.samples[at]!];
    return (contrast.samples[y * contrast.across + x]! * (2 * a * b + C1)) / (a * a + b * b + C1);
  });
  return [meanOf(whole), meanOf(contrast)];
}

function boxed(picture: Picture, f: number): Picture {
  const { across, down } = picture;
  return paint(Math.floor(across / f) + (across % 2), Math.floor(down / f) + (down % 2), (x, y) => {
    const first = -Math.floor(f / 2);
    let sum = 0;
    for (let k = 0; k < f * f; k += 1) {
      sum += sampleAt(picture, x * f + first + (k % f), y * f + first + Math.floor(k / f), repeat);
    }
    return sum / (f * f);
  });
}

/** SSIM by the book, in doubles, of samples 0..255. */
export function plainSsim(reference: Picture, received: Picture): number {
  const f = Math.max(1, Math.round(Math.min(reference.across, reference.down) / 256));
  return f === 1 ? windows(reference, received)[0] : windows(boxed(reference, f), boxed(received, f))[0];
}

/** MS-SSIM by the book, in doubles, of samples 0..255. */
export function plainMsSsim(reference: Picture, received: Picture): number {
  let pair = [reference, received] as const;
  return [0.0448, 0.2856, 0.3001, 0.2363, 0.1333].reduce((product, weight, scale) => {
    if (scale > 0) pair = [halve(pair[0]), halve(pair[1])];
    const [whole, contrast] = windows(pair[0], pair[1]);
    return product * Math.max(0, scale === 4 ? whole : contrast) ** weight;
  }, 1);
}

/** Mean absolute difference of blurred pictures by the book. */
export function plainMotion(a: Picture, b: Picture): number {
  const taps = [3571, 16004, 26386, 16004, 3571].map((tap) => tap / 65536);
  return meanOf(combine(filter(a, taps), filter(b, taps), (p, q) => Math.abs(p - q)));
}

/** Mean squared error by the book. */
export function plainSquaredError(a: Picture, b: Picture): number {
  return meanOf(combine(a, b, (p, q) => (p - q) ** 2));
}
