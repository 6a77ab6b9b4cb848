import type { Planes } from "./planes.ts";
import { createRandom, hash } from "./random.ts";

/** Film grain, drawn once and laid over each frame in another order. */
export type Grain = { readonly words: Int32Array };

const wordCount = 1 << 15;
const runWords = 1 << 11;

/** What grain adds at most. A scene's own luma stays this much below white, so that four bytes can be added as one word. */
export const grainPeak = 9;

/** Draws the grain: sums of three dice, 0 to 9, a bell around 4.5 with a deviation of 1.9. */
export function createGrain(seed: number): Grain {
  const random = createRandom(seed);
  const bytes = new Uint8Array((wordCount + runWords) * 4);
  for (let index = 0; index < bytes.length; index += 1) {
    const noise = random.bits();
    bytes[index] = ((noise >>> 8) & 3) + ((noise >>> 16) & 3) + ((noise >>> 24) & 3);
  }
  return { words: new Int32Array(bytes.buffer) };
}

/** Lays grain over the luma; the pattern depends on the frame id alone. */
export function paintGrain(planes: Planes, grain: Grain, frameId: number): void {
  const out = planes.words;
  const { words } = grain;
  const end = planes.uStart >> 2;
  for (let begin = 0, run = 0; begin < end; begin += runWords, run += 1) {
    const offset = (hash(frameId, run) & (wordCount - 1)) - begin;
    const stop = Math.min(end, begin + runWords);
    let index = begin;
    for (; index + 4 <= stop; index += 4) {
      const from = index + offset;
      out[index] = (out[index]! + words[from]!) | 0;
      out[index + 1] = (out[index + 1]! + words[from + 1]!) | 0;
      out[index + 2] = (out[index + 2]! + words[from + 2]!) | 0;
      out[index + 3] = (out[index + 3]! + words[from + 3]!) | 0;
    }
    for (; index < stop; index += 1) out[index] = (out[index]! + words[index + offset]!) | 0;
  }
}
