import { blackLuma, neutralChroma, type Planes } from "./planes.ts";

/** One plane of a strip: bytes, and the same bytes four at a time, with eight to spare at the end. */
export type StripPlane = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly words: Int32Array<ArrayBuffer>;
};

/** Opaque stretches of each row: row `y` has those from `first[y]` to `first[y + 1]`. */
export type Spans = {
  readonly first: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
};

/** A picture wider than the frame, along which the frame pans. */
export type Strip = {
  /** A multiple of eight. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly luma: StripPlane;
  readonly u: StripPlane;
  readonly v: StripPlane;
  /** Null: opaque everywhere. */
  readonly lumaSpans: Spans | null;
  readonly chromaSpans: Spans | null;
};

function createStripPlane(byteCount: number, ground: number): StripPlane {
  const buffer = new ArrayBuffer((byteCount + 11) & ~3);
  const bytes = new Uint8Array(buffer).fill(ground);
  return { bytes, words: new Int32Array(buffer) };
}

function spansBelow(topPx: Int32Array, heightPx: number, step: 1 | 2): Spans {
  const first = new Int32Array(heightPx / step + 1);
  const from: number[] = [];
  const to: number[] = [];
  for (let row = 0; row * step < heightPx; row += 1) {
    first[row] = from.length;
    let start = -1;
    for (let column = 0; column * step <= topPx.length; column += 1) {
      const inside = column * step < topPx.length && topPx[column * step]! <= row * step;
      if (inside && start < 0) start = column;
      if (!inside && start >= 0) {
        from.push(start);
        to.push(column);
        start = -1;
      }
    }
  }
  first[heightPx / step] = from.length;
  return { first, from: Int32Array.from(from), to: Int32Array.from(to) };
}

/**
 * Makes a strip to be filled in.
 * @param topPx for each column the first opaque row; null: opaque everywhere
 */
export function createStrip(widthPx: number, heightPx: number, topPx: Int32Array | null): Strip {
  const area = widthPx * heightPx;
  return {
    widthPx,
    heightPx,
    luma: createStripPlane(area, blackLuma),
    u: createStripPlane(area / 4, neutralChroma),
    v: createStripPlane(area / 4, neutralChroma),
    lumaSpans: topPx === null ? null : spansBelow(topPx, heightPx, 1),
    chromaSpans: topPx === null ? null : spansBelow(topPx, heightPx, 2),
  };
}

const allButLowBits = 0xfefefefe | 0;

/** The mean of two words byte by byte, rounded down. */
function meanOf(one: number, other: number): number {
  return ((one & other) + (((one ^ other) & allButLowBits) >>> 1)) | 0;
}

/** The scalar form of the words below, for the ends of a row. */
function mixByte(here: number, beside: number, quarters: number): number {
  const mean = (here + beside) >> 1;
  if (quarters === 2) return mean;
  return (mean + (quarters === 1 ? here : beside)) >> 1;
}

/** Writes words `toWord` to `lastWord` from the bytes at `at`, half a pixel on. */
function mixHalf(out: Int32Array, toWord: number, lastWord: number, from: Int32Array, at: number): void {
  const right = (at & 3) * 8;
  const left = 24 - right;
  const lead = (at >> 2) + 1 - toWord;
  let now = from[at >> 2]! >>> right;
  for (let word = toWord; word < lastWord; word += 1) {
    const next = from[word + lead]! | 0;
    const spill = next << left;
    out[word] = meanOf(now | (spill << 8), (now >>> 8) | spill);
    now = next >>> right;
  }
}

/** As `mixHalf`, a quarter pixel on; three quarters where `pick` is all ones. */
function mixQuarter(
  out: Int32Array,
  toWord: number,
  lastWord: number,
  from: Int32Array,
  at: number,
  pick: 0 | -1,
): void {
  const right = (at & 3) * 8;
  const left = 24 - right;
  const lead = (at >> 2) + 1 - toWord;
  let now = from[at >> 2]! >>> right;
  for (let word = toWord; word < lastWord; word += 1) {
    const next = from[word + lead]! | 0;
    const spill = next << left;
    const here = now | (spill << 8);
    const beside = (now >>> 8) | spill;
    out[word] = meanOf(meanOf(here, beside), here ^ ((here ^ beside) & pick));
    now = next >>> right;
  }
}

/**
 * Copies `count` bytes shifted by `quarters` of a pixel (0 to 3), interpolated by halving twice, four at a time in one 32 bit
 * word. Words are little-endian, as on every machine that browsers and Node run on.
 */
export function copyShifted(
  target: { readonly bytes: Uint8Array; readonly words: Int32Array },
  targetStart: number,
  count: number,
  source: StripPlane,
  sourceStart: number,
  quarters: number,
): void {
  const out = target.bytes;
  const from = source.bytes;
  const end = targetStart + count;
  const lead = sourceStart - targetStart;
  if (quarters === 0) {
    if (count > 32) out.set(from.subarray(sourceStart, sourceStart + count), targetStart);
    else for (let to = targetStart; to < end; to += 1) out[to] = from[to + lead]!;
    return;
  }
  const wordsFrom = Math.min(end, (targetStart + 3) & ~3);
  const wordsTo = Math.max(wordsFrom, end & ~3);
  for (let to = targetStart; to < wordsFrom; to += 1) {
    out[to] = mixByte(from[to + lead]!, from[to + lead + 1]!, quarters);
  }
  const at = wordsFrom + lead;
  if (quarters === 2) mixHalf(target.words, wordsFrom >> 2, wordsTo >> 2, source.words, at);
  else mixQuarter(target.words, wordsFrom >> 2, wordsTo >> 2, source.words, at, quarters === 1 ? 0 : -1);
  for (let to = wordsTo; to < end; to += 1) {
    out[to] = mixByte(from[to + lead]!, from[to + lead + 1]!, quarters);
  }
}

function paintPlane(
  planes: Planes,
  start: number,
  step: 1 | 2,
  source: StripPlane,
  strip: Strip,
  xQuarters: number,
  yPx: number,
): void {
  const widthPx = planes.widthPx / step;
  const stripWidthPx = strip.widthPx / step;
  const spans = step === 1 ? strip.lumaSpans : strip.chromaSpans;
  const leftPx = xQuarters >> 2;
  const quarters = xQuarters & 3;
  const rowCount = Math.min(planes.heightPx, strip.heightPx - yPx) / step;
  for (let row = 0; row < rowCount; row += 1) {
    const sourceRow = row + yPx / step;
    const out = start + row * widthPx;
    const from = sourceRow * stripWidthPx + leftPx;
    if (spans === null) {
      copyShifted(planes, out, widthPx, source, from, quarters);
      continue;
    }
    for (let span = spans.first[sourceRow]!; span < spans.first[sourceRow + 1]!; span += 1) {
      const begin = Math.max(0, spans.from[span]! - leftPx);
      const end = Math.min(widthPx, spans.to[span]! - leftPx);
      if (end > begin) copyShifted(planes, out + begin, end - begin, source, from + begin, quarters);
    }
  }
}

/**
 * Paints the part of a strip that the frame shows: luma to a quarter pixel, chroma to a whole one.
 * @param xQuarters how far the frame's left edge stands in the strip, quarters of a pixel; the frame must lie within the strip
 * @param yPx how far its upper edge stands in the strip; even
 */
export function paintStrip(planes: Planes, strip: Strip, xQuarters: number, yPx: number): void {
  const chromaQuarters = (xQuarters >> 3) << 2;
  paintPlane(planes, 0, 1, strip.luma, strip, xQuarters, yPx);
  paintPlane(planes, planes.uStart, 2, strip.u, strip, chromaQuarters, yPx);
  paintPlane(planes, planes.vStart, 2, strip.v, strip, chromaQuarters, yPx);
}
