import type { ClipFacts } from "../../core/clip/clip.ts";
import type { Failure, Result } from "../../core/failure.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import type { PaceReport } from "./pace.shared.ts";

export type { PaceReport };

/** Marked pictures as a video track. Whoever opened it closes it. */
export type PictureSource = {
  /** Owned by the source; consumers must not stop it (clone it if a lifetime of its own is needed). */
  readonly track: MediaStreamTrack;
  /**
   * Gives a copy of every finished frame, to be closed by `take`, until the answer is called. Null where a page can process
   * the track's own frames (`processTrack`), which passes none of them through the page's main thread.
   */
  readonly follow: ((take: (frame: VideoFrame) => void) => () => void) | null;
  readonly runNumber: number;
  /** The file that is shown, where it is known which of its pictures each frame shows; null for anything else. */
  readonly clip: ClipFacts | null;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pace: () => PaceReport;
  /** Settles once: null when closed, a failure when e.g. the camera was taken away. Never rejects. */
  readonly ended: Promise<Failure | null>;
  readonly close: () => void;
};

/** What a picture source may need from the user: the file to play, where the scene is `file`. */
export type PictureInput = { readonly file: File | null };

/** Opens a picture source for a setup. Implemented by `open.ts`; the type stands apart so that ways out need not load it. */
export type OpenPictures = (
  setup: SenderSetup,
  input: PictureInput,
  runNumber: number,
  signal: AbortSignal,
) => Promise<Result<PictureSource>>;
