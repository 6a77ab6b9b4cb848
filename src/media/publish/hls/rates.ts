import type { EncodeCounts } from "../encode/encode.protocol.ts";
import type { EncoderSample } from "../way.ts";

/** Counts of what was put, since the start. */
export type PutCounts = {
  /** Frames of the highest rung that viewers can have, and the bytes of all rungs' frames. */
  readonly frameCount: number;
  readonly mediaBytes: number;
  readonly roundTripCount: number;
  readonly roundTripSumMs: number;
};

/** All that rates are made of, at one instant. */
export type RateCounts = { readonly atMs: number; readonly encode: EncodeCounts; readonly put: PutCounts };

/** What was encoded and put between two instants. Without an earlier one there are no rates. */
export function toSample(before: RateCounts | null, after: RateCounts): EncoderSample {
  if (before === null || after.atMs <= before.atMs) return {};
  const seconds = (after.atMs - before.atMs) / 1000;
  const roundTripCount = after.put.roundTripCount - before.put.roundTripCount;
  const roundTripSumMs = after.put.roundTripSumMs - before.put.roundTripSumMs;
  return {
    encodedFps: (encodedCount(after.encode) - encodedCount(before.encode)) / seconds,
    sentFps: (after.put.frameCount - before.put.frameCount) / seconds,
    bitrateKbps: ((after.put.mediaBytes - before.put.mediaBytes) * 8) / 1000 / seconds,
    droppedCount: after.encode.droppedCount,
    // Frames are thrown away where the encoder does not keep up.
    limitation: after.encode.droppedCount > before.encode.droppedCount ? "cpu" : "none",
    ...(roundTripCount > 0 ? { roundTripMs: roundTripSumMs / roundTripCount } : {}),
  };
}

function encodedCount(counts: EncodeCounts): number {
  return counts.rungs[0]?.encodedCount ?? 0;
}
