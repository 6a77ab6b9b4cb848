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
  | { readonly kind: "break" }
  /** Nothing comes any more; comes between segments. */
  | { readonly kind: "end" };

/** How far the frames of one rung have come, in places of the frame grid. */
export type CutReach = {
  /** End of the pieces that are out. */
  readonly coveredSlot: number;
  /** End of the frames that there are; never before `coveredSlot`. */
  readonly frameEndSlot: number;
};

/** Cuts the frames of one rung into pieces. */
export type Cutter = {
  /** Takes the next frame and answers with what it completes. */
  readonly take: (chunk: EncodedChunk) => readonly CutEvent[];
  readonly reach: () => CutReach;
  /**
   * Takes nothing any more: the segment under way ends as it is, and frames from `endSlot` on are let go. A last frame before it
   * is shown up to there, as far as no piece becomes longer than promised.
   */
  readonly end: (endSlot: number) => readonly CutEvent[];
};

/** Where rungs can end together: none has to take back a piece, and none is without a frame to show. */
export function commonEndOf(reaches: readonly CutReach[]): number {
  const coveredSlot = Math.max(...reaches.map((reach) => reach.coveredSlot));
  return Math.max(coveredSlot, Math.min(...reaches.map(({ frameEndSlot }) => frameEndSlot)));
}

type Cut = {
  readonly cadence: Cadence;
  pending: readonly EncodedChunk[];
  coveredSlot: number;
  /** Grid end of the segment that is open; null before the first key frame and between segments. */
  segmentEndSlot: number | null;
  isFirst: boolean;
  isSegmentStart: boolean;
};

/**
 * Makes a cutter. A piece is complete with the frame before its end on the grid, without waiting for the next one; where
 * frames are missing, the next ones are shown from where the last piece ended, so that no hole and no piece longer than
 * promised comes about. A gap between segments that would make a segment longer than promised breaks the timeline.
 */
export function createCutter(cadence: Cadence): Cutter {
  const cut: Cut = {
    cadence,
    pending: [],
    coveredSlot: 0,
    segmentEndSlot: null,
    isFirst: true,
    isSegmentStart: true,
  };
  return {
    take: (chunk) => {
      const events: CutEvent[] = [];
      if (cut.segmentEndSlot !== null && chunk.slot >= cut.segmentEndSlot)
        events.push(...close(cut, cut.segmentEndSlot));
      // Without a key frame nothing can begin: what comes before it cannot be shown.
      if (cut.segmentEndSlot === null && !chunk.isKey) return events;
      if (cut.segmentEndSlot === null) events.push(...open(cut, chunk.slot));
      const endSlot = cut.segmentEndSlot ?? chunk.slot + 1;
      if (cut.pending.length > 0 && chunk.slot >= pieceEnd(cut, endSlot))
        events.push(flush(cut, pieceEnd(cut, endSlot)));
      cut.pending = [...cut.pending, chunk];
      if (chunk.slot >= pieceEnd(cut, endSlot) - 1) events.push(flush(cut, pieceEnd(cut, endSlot)));
      if (cut.coveredSlot >= endSlot) events.push(...close(cut, endSlot));
      return events;
    },
    reach: () => {
      const { coveredSlot, pending } = cut;
      return { coveredSlot, frameEndSlot: (pending.at(-1)?.slot ?? coveredSlot - 1) + 1 };
    },
    end: (endSlot) => end(cut, endSlot),
  };
}

function pieceEnd({ cadence, coveredSlot }: Cut, endSlot: number): number {
  const framesPerPart = cadence.framesPerPart ?? cadence.framesPerSegment;
  const startSlot = endSlot - cadence.framesPerSegment;
  if (coveredSlot < startSlot) return Math.min(startSlot, coveredSlot + framesPerPart);
  const partIndex = Math.floor((coveredSlot - startSlot) / framesPerPart);
  return Math.min(endSlot, startSlot + (partIndex + 1) * framesPerPart);
}

function flush(cut: Cut, endSlot: number): CutEvent {
  const { pending, coveredSlot, isSegmentStart } = cut;
  const samples = toSamples(pending, coveredSlot, endSlot);
  const piece = { samples, startSlot: coveredSlot, slotCount: endSlot - coveredSlot, isSegmentStart };
  cut.pending = [];
  cut.coveredSlot = endSlot;
  cut.isSegmentStart = false;
  return { kind: "piece", piece };
}

function open(cut: Cut, slot: number): readonly CutEvent[] {
  const { framesPerSegment, targetDurationS, segmentS } = cut.cadence;
  // RFC 8216bis 4.4.3.1: rounded to whole seconds, no segment is longer than the target duration.
  const maxGapS = targetDurationS + 0.5 - segmentS;
  const maxGapSlots = (maxGapS / segmentS) * framesPerSegment;
  const groupStartSlot = Math.floor(slot / framesPerSegment) * framesPerSegment;
  const isBroken = !cut.isFirst && groupStartSlot - cut.coveredSlot >= maxGapSlots;
  if (cut.isFirst || isBroken) cut.coveredSlot = slot;
  cut.isFirst = false;
  cut.isSegmentStart = true;
  cut.segmentEndSlot = groupStartSlot + framesPerSegment;
  return isBroken ? [{ kind: "break" }] : [];
}

function close(cut: Cut, endSlot: number): readonly CutEvent[] {
  cut.segmentEndSlot = null;
  const last = cut.pending.length > 0 ? [flush(cut, pieceEnd(cut, endSlot))] : [];
  return [...last, { kind: "segment-end" }];
}

function end(cut: Cut, endSlot: number): readonly CutEvent[] {
  const { segmentEndSlot } = cut;
  cut.pending = cut.pending.filter(({ slot }) => slot < endSlot);
  cut.segmentEndSlot = null;
  // A segment of which nothing is out and nothing is left was never begun.
  if (segmentEndSlot === null || (cut.isSegmentStart && cut.pending.length === 0)) return [{ kind: "end" }];
  const last = cut.pending.length > 0 ? [flush(cut, Math.min(endSlot, pieceEnd(cut, segmentEndSlot)))] : [];
  return [...last, { kind: "segment-end" }, { kind: "end" }];
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
