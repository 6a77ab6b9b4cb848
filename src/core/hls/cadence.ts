/** How many frames go into a part and a segment, and the durations a playlist promises for them. */
export type Cadence = {
  /** Null: whole segments only. */
  readonly framesPerPart: number | null;
  /** A key frame comes every so many frames. */
  readonly framesPerSegment: number;
  /** Null: whole segments only. */
  readonly partTargetS: number | null;
  readonly segmentS: number;
  /** Whole seconds. */
  readonly targetDurationS: number;
};

/**
 * Fits the durations asked for to whole frames, so that what the playlist promises can be kept: no part longer than
 * the part target, and every part but a segment's last of exactly that length (RFC 8216bis 4.4.3.7 asks for 85 %).
 * @param partS null for plain HLS without parts
 */
export function planCadence(asked: {
  readonly fps: number;
  readonly segmentS: number;
  readonly partS: number | null;
}): Cadence {
  const framesPerSegment = Math.max(1, Math.round(asked.segmentS * asked.fps));
  const segmentS = framesPerSegment / asked.fps;
  const framesPerPart =
    asked.partS === null
      ? null
      : Math.min(framesPerSegment, Math.max(1, Math.round(asked.partS * asked.fps)));
  return {
    framesPerPart,
    framesPerSegment,
    partTargetS: framesPerPart === null ? null : framesPerPart / asked.fps,
    segmentS,
    targetDurationS: Math.max(1, Math.round(segmentS)),
  };
}
