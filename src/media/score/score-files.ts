import type { Result } from "../../core/failure.ts";
import type { PictureSize } from "../../core/marker/layout.ts";
import type { FrameSource } from "../../core/quality/frame-source.ts";
import type { Alignment } from "../../core/quality/pairing.ts";
import type { ScoreProgress } from "../../core/quality/score-dispatch.ts";
import type { ScoreReport } from "../../core/quality/score-report.ts";
import { scoreRun } from "../../core/quality/score-run.ts";
import type { ScoreMap } from "../../core/quality/vmaf.ts";
import type { DecoderChoice } from "./decode.protocol.ts";
import { openVideo } from "./open-video.ts";
import { createScorePool } from "./pool.ts";

/** How two files are scored. */
export type ScoreFilesOptions = {
  readonly alignment: Alignment;
  readonly map: ScoreMap;
  readonly decoder: DecoderChoice;
  readonly withMsSsim: boolean;
  /** Workers that score side by side, at least 1. */
  readonly workerCount: number;
  readonly onProgress: (progress: ScoreProgress) => void;
  /** Ends everything at once; the call then rejects with its reason. */
  readonly signal: AbortSignal;
};

/** Where references come from when they are not in a file. */
export type ReferenceOpener = (received: FrameSource) => Promise<Result<FrameSource>>;

/** Scores frames that come from two sources, in a pool of its own. Closes both. */
async function scoreSources(
  reference: FrameSource,
  received: FrameSource,
  options: ScoreFilesOptions,
): Promise<Result<ScoreReport>> {
  const { signal, workerCount } = options;
  const pool = createScorePool({ workerCount });
  try {
    return await scoreRun({
      ...options,
      reference,
      received,
      score: (request) => pool.score(request, { signal }),
      parallelCount: workerCount + 1,
    });
  } finally {
    pool.close();
    reference.close();
    received.close();
  }
}

/** Scores a video against its reference, both files of any kind that this browser or ffmpeg.wasm can decode. */
export async function scoreFiles(
  reference: File,
  distorted: File,
  options: ScoreFilesOptions,
): Promise<Result<ScoreReport>> {
  const { decoder, signal, alignment } = options;
  const made = await openVideo(reference, decoder, signal);
  if (!made.ok) return made;
  const got = await openVideo(distorted, decoder, signal);
  if (!got.ok) {
    made.value.close();
    return got;
  }
  const size: PictureSize = { widthPx: made.value.facts.widthPx, heightPx: made.value.facts.heightPx };
  const markers = { auto: "if-shown", marker: "always", index: "never" } as const;
  const wish = markers[alignment.kind];
  return scoreSources(made.value.decode(size, wish), got.value.decode(size, wish), options);
}
