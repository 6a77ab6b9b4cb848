import { type Picture, fold, paint, sampleAt, toGrid } from "./plain-picture.fake.kernel.ts";

const LOW = [15826, 27411, 7345, -4240].map((tap) => tap / 32768);
const HIGH = [-4240, -7345, 27411, -15826].map((tap) => tap / 32768);
const SENSITIVITY = [
  [0.01738153, 0.00589069],
  [0.03198481, 0.01429907],
  [0.04337266, 0.02439691],
  [0.04567341, 0.03131274],
] as const;

/** Bands h, v, d and the low-passed picture. */
type Bands = { readonly low: Picture; readonly three: readonly [Picture, Picture, Picture] };

function pass(taps: readonly number[], sample: (k: number) => number): number {
  return taps.reduce((sum, tap, index) => sum + tap * sample(index - 1), 0);
}

function transform(picture: Picture, isFirst: boolean): Bands {
  const grids = isFirst ? [128, 64] : [0, 0];
  const across = Math.ceil(picture.across / 2);
  const down = Math.ceil(picture.down / 2);
  const downBy = (taps: readonly number[]): Picture =>
    paint(picture.across, down, (x, y) =>
      toGrid(
        pass(taps, (k) => sampleAt(picture, x, 2 * y + k, fold)),
        grids[0]!,
      ),
    );
  const alongBy = (rows: Picture, taps: readonly number[]): Picture =>
    paint(across, down, (x, y) =>
      toGrid(
        pass(taps, (k) => sampleAt(rows, 2 * x + k, y, fold)),
        grids[1]!,
      ),
    );
  const low = downBy(LOW);
  const high = downBy(HIGH);
  return { low: alongBy(low, LOW), three: [alongBy(high, LOW), alongBy(low, HIGH), alongBy(high, HIGH)] };
}

function isSameAngle(o: readonly number[], t: readonly number[]): boolean {
  const dot = o[0]! * t[0]! + o[1]! * t[1]!;
  const lengths = (o[0]! ** 2 + o[1]! ** 2) * (t[0]! ** 2 + t[1]! ** 2);
  return dot >= 0 && dot ** 2 >= Math.cos(Math.PI / 180) ** 2 * lengths;
}

/** Restored part of a received band sample. */
function restore(o: number, t: number, gain: number): number {
  const restored = Math.min(1, Math.max(0, t / (o + 1e-30))) * o;
  if (restored > 0) return Math.min(restored * gain, t);
  return restored < 0 ? Math.max(restored * gain, t) : restored;
}

function levelSums(
  reference: Bands,
  received: Bands,
  level: number,
  gainLimit: number,
): readonly [number, number] {
  const { across, down } = reference.low;
  const left = Math.max(0, Math.trunc(0.1 * across - 0.5));
  const top = Math.max(0, Math.trunc(0.1 * down - 0.5));
  const [sides, diagonal] = SENSITIVITY[level]!;
  const factors = [sides, sides, diagonal];
  const kept = factors.map(() => new Float64Array(across * down));
  const lost = paint(across, down, (x, y) => {
    const o = reference.three.map((band) => band.samples[y * across + x]!);
    const t = received.three.map((band) => band.samples[y * across + x]!);
    const gain = isSameAngle(o, t) ? gainLimit : 1;
    return factors.reduce((sum, factor, band) => {
      const restored = restore(o[band]!, t[band]!, gain);
      kept[band]![y * across + x] = Math.abs(factor * restored);
      return sum + factor * Math.abs(t[band]! - restored);
    }, 0);
  });
  const floor = Math.cbrt(((across - 2 * left) * (down - 2 * top)) / 32);
  const sums: [number, number] = [0, 0];
  for (const [band, factor] of factors.entries()) {
    let part = 0;
    let whole = 0;
    for (let y = top; y < down - top; y += 1) {
      for (let x = left; x < across - left; x += 1) {
        let threshold = sampleAt(lost, x, y, fold);
        for (let k = 0; k < 9; k += 1)
          threshold += sampleAt(lost, x + (k % 3) - 1, y + Math.floor(k / 3) - 1, fold);
        part += Math.max(0, kept[band]![y * across + x]! - threshold / 30) ** 3;
        whole += Math.abs(factor * reference.three[band]!.samples[y * across + x]!) ** 3;
      }
    }
    sums[0] += Math.cbrt(part) + floor;
    sums[1] += Math.cbrt(whole) + floor;
  }
  return sums;
}

function centred({ across, down, samples }: Picture): Picture {
  return paint(across, down, (x, y) => samples[y * across + x]! - 128);
}

/** adm2 by the book, in doubles, of samples 0..255. */
export function plainAdm(reference: Picture, received: Picture, gainLimit: number): number {
  const smallest = (1e-2 * (reference.across * reference.down)) / (1920 * 1080);
  let pair = [centred(reference), centred(received)] as const;
  let kept = 0;
  let whole = 0;
  for (let level = 0; level < 4; level += 1) {
    const bands = [transform(pair[0], level === 0), transform(pair[1], level === 0)] as const;
    const [part, all] = levelSums(bands[0], bands[1], level, gainLimit);
    kept += part;
    whole += all;
    pair = [bands[0].low, bands[1].low];
  }
  if (whole < smallest) return 1;
  return kept < smallest ? 0 : kept / whole;
}
