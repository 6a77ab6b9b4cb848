import type { RungRate } from "../../../core/wire/automation.ts";
import type { EncodeCounts, EncodeRung } from "../encode/encode.protocol.ts";
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

/** What was encoded of each rung between two instants; empty without an earlier one. */
export function toRungRates(
  rungs: readonly EncodeRung[],
  before: RateCounts | null,
  after: RateCounts,
): readonly RungRate[] {
  if (before === null || after.atMs <= before.atMs) return [];
  const seconds = (after.atMs - before.atMs) / 1000;
  return rungs.map(({ widthPx, heightPx }, index) => {
    const was = before.encode.rungs[index] ?? nothing;
    const is = after.encode.rungs[index] ?? nothing;
    return {
      widthPx,
      heightPx,
      encodedFps: (is.encodedCount - was.encodedCount) / seconds,
      bitrateKbps: ((is.encodedBytes - was.encodedBytes) * 8) / 1000 / seconds,
    };
  });
}

const nothing: EncodeCounts["rungs"][number] = { encodedCount: 0, encodedBytes: 0 };

function encodedCount(counts: EncodeCounts): number {
  return counts.rungs[0]?.encodedCount ?? 0;
}
