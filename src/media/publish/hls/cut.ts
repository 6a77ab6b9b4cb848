import type { Cadence } from "../../../core/hls/cadence.ts";
import type { EncodedChunk } from "../encode/encode.protocol.ts";

/** A frame in a piece: where it begins and how long it is shown, in places of the frame grid. */
export type PieceSample = {
  readonly chunk: EncodedChunk;
  readonly startSlot: number;
  readonly slotCount: number;
};

/** What is put out at once: a part, or a whole segment where there are no parts. */
export type Piece = {
  readonly samples: readonly PieceSample[];
  readonly startSlot: number;
  readonly slotCount: number;
  /** Begins a segment, hence with a key frame. */
  readonly isSegmentStart: boolean;
};

/** What becomes of the frames of one rung. */
export type CutEvent =
  | { readonly kind: "piece"; readonly piece: Piece }
  | { readonly kind: "segment-end" }
  /** Frames were missing for so long that the timeline begins anew; comes between segments. */
  | { readonly kind: "break" };

/** Cuts the frames of one rung into pieces. */
export type Cutter = {
  /** Takes the next frame and answers with what it completes. */
  readonly take: (chunk: EncodedChunk) => readonly CutEvent[];
};

/**
 * Makes a cutter. A piece is complete with the frame before its end on the grid, without waiting for the next one; where
 * frames are missing, the next ones are shown from where the last piece ended, so that no hole and no piece longer than
 * promised comes about. A gap between segments that would make a segment longer than promised breaks the timeline.
 */
export function createCutter(cadence: Cadence): Cutter {
  const { framesPerSegment } = cadence;
  const framesPerPart = cadence.framesPerPart ?? framesPerSegment;
  // RFC 8216bis 4.4.3.1: rounded to whole seconds, no segment is longer than the target duration.
  const maxGapS = cadence.targetDurationS + 0.5 - cadence.segmentS;
  const maxGapSlots = (maxGapS / cadence.segmentS) * framesPerSegment;
  let pending: EncodedChunk[] = [];
  let coveredSlot = 0;
  /** Grid end of the segment that is open; null before the first key frame and between segments. */
  let segmentEndSlot: number | null = null;
  let isFirst = true;
  let isSegmentStart = true;

  const pieceEnd = (endSlot: number): number => {
    const startSlot = endSlot - framesPerSegment;
    if (coveredSlot < startSlot) return Math.min(startSlot, coveredSlot + framesPerPart);
    const partIndex = Math.floor((coveredSlot - startSlot) / framesPerPart);
    return Math.min(endSlot, startSlot + (partIndex + 1) * framesPerPart);
  };

  const flush = (endSlot: number): CutEvent => {
    const samples = toSamples(pending, coveredSlot, endSlot);
    const piece = { samples, startSlot: coveredSlot, slotCount: endSlot - coveredSlot, isSegmentStart };
    pending = [];
    coveredSlot = endSlot;
    isSegmentStart = false;
    return { kind: "piece", piece };
  };

  const open = (slot: number): readonly CutEvent[] => {
    const groupStartSlot = Math.floor(slot / framesPerSegment) * framesPerSegment;
    const isBroken = !isFirst && groupStartSlot - coveredSlot >= maxGapSlots;
    if (isFirst || isBroken) coveredSlot = slot;
    isFirst = false;
    isSegmentStart = true;
    segmentEndSlot = groupStartSlot + framesPerSegment;
    return isBroken ? [{ kind: "break" }] : [];
  };

  const close = (endSlot: number): readonly CutEvent[] => {
    segmentEndSlot = null;
    const last = pending.length > 0 ? [flush(pieceEnd(endSlot))] : [];
    return [...last, { kind: "segment-end" }];
  };

  return {
    take: (chunk) => {
      const events: CutEvent[] = [];
      if (segmentEndSlot !== null && chunk.slot >= segmentEndSlot) events.push(...close(segmentEndSlot));
      // Without a key frame nothing can begin: what comes before it cannot be shown.
      if (segmentEndSlot === null && !chunk.isKey) return events;
      if (segmentEndSlot === null) events.push(...open(chunk.slot));
      const endSlot = segmentEndSlot ?? chunk.slot + 1;
      if (pending.length > 0 && chunk.slot >= pieceEnd(endSlot)) events.push(flush(pieceEnd(endSlot)));
      pending.push(chunk);
      if (chunk.slot >= pieceEnd(endSlot) - 1) events.push(flush(pieceEnd(endSlot)));
      if (coveredSlot >= endSlot) events.push(...close(endSlot));
      return events;
    },
  };
}

function toSamples(
  chunks: readonly EncodedChunk[],
  startSlot: number,
  endSlot: number,
): readonly PieceSample[] {
  const starts = chunks.map((chunk, index) => (index === 0 ? startSlot : chunk.slot));
  return chunks.map((chunk, index) => {
    const from = starts[index] ?? startSlot;
    return { chunk, startSlot: from, slotCount: (starts[index + 1] ?? endSlot) - from };
  });
}
