import type { Result } from "../../core/failure.ts";
import type { MarkerReading, Observation } from "../../core/timeline/observation.ts";

/** Options of a frame reader. */
export type FrameReaderOptions = {
  /** The element that displays the stream: its display times count. The caller owns it. */
  readonly video: HTMLVideoElement;
  /** Whether markers are read; where not, frames are only counted as displayed, and unread as "unavailable". */
  readonly isReading: boolean;
  /** Called on the main thread for every displayed frame, in display order. Must return at once. */
  readonly onObservation: (observation: Observation) => void;
  /** Called on the main thread with what `askLuma` asked for. */
  readonly onLuma?: (sample: LumaSample) => void;
};

/** A received picture's luma with its marker. */
export type LumaSample = {
  readonly reading: MarkerReading;
  /** When the reader got the frame: ms since the epoch. */
  readonly arrivedAtMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** 8 bit, rows without padding. */
  readonly bytes: ArrayBuffer;
  /** What taking it cost the reader, ms. */
  readonly tookMs: number;
};

/** What the reader itself counts. */
export type ReaderReport = {
  /** rVFC `presentedFrames` of the element, cumulative over reconnects. */
  readonly presentedCount: number;
  /** Frames taken from the track; 0 where frames come from the element. */
  readonly takenCount: number;
  /** How frames are had in this browser. */
  readonly from: "track" | "element";
};

/** Reads the marker of every displayed frame off the main thread. Whoever made it closes it. */
export type FrameReader = {
  /** Read this track from now on (after each reconnect the new one); null: take frames from the element. */
  readonly readTrack: (track: MediaStreamTrack | null) => void;
  /** Asks for the luma of the next frame, or of the next whose marker is read; asking again before it came changes nothing. */
  readonly askLuma: (of: "any" | "read") => void;
  readonly report: () => ReaderReport;
  readonly close: () => void;
};

/** Makes a frame reader, or says why this browser cannot have one. */
export type CreateFrameReader = (options: FrameReaderOptions) => Promise<Result<FrameReader>>;
