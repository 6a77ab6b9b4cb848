import type { Result } from "../../core/failure.ts";
import type { Measured } from "../../core/measured.ts";
import type { LiveReading, QualityHistory, ScoredFrame } from "../../core/quality/live-quality.ts";
import type { HistoryWindow } from "../../core/timeline/history.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { LumaSample } from "../../media/frames/reader.ts";
import type { Keep } from "../../media/record/keep.ts";
import type { ReceivedTap } from "../../media/record/received.ts";
import {
  createStreamKeep,
  type StreamKeep,
  type StreamKeepAdapters,
} from "../../media/record/stream-keep.ts";
import type { LiveScoring } from "../../media/score/live.ts";

/** What goes on beside the measuring of one stream: it is kept, and its quality is scored. Whoever made it closes it. */
export type Beside = {
  /** Null where nothing can be kept. */
  readonly keep: StreamKeep | null;
  readonly tap: ReceivedTap | null;
  /** Every displayed frame, after it was measured. */
  readonly see: (observation: Observation, latencyMs: Measured) => void;
  readonly takeLuma: (sample: LumaSample) => void;
  readonly setFacts: (facts: StreamFacts) => void;
  /** Takes the file that scoring waits for; refuses another, and says why. */
  readonly giveFile: (file: File) => Promise<Result<null>>;
  readonly quality: () => LiveReading;
  readonly qualityHistory: (windowMin: HistoryWindow, nowUs: number) => QualityHistory;
  readonly scoredFrames: () => readonly ScoredFrame[];
  readonly reset: () => void;
  /** The stream has ended: a recording of it ends, what was kept and scored stands. */
  readonly halt: () => void;
  readonly close: () => void;
};

/**
 * Makes what goes on beside a stream.
 * @param label what the user knows the stream by
 * @param askLuma asks the frame reader for a picture
 */
export type CreateBeside = (label: string, askLuma: (of: "any" | "read") => void) => Beside;

/** What the streams of a page share. */
export type BesideAdapters = {
  /** Null where this browser can keep nothing. */
  readonly keep: Keep | null;
  readonly scoring: LiveScoring;
} & Pick<StreamKeepAdapters, "nowUs" | "every" | "startTap">;

/** Makes the function that keeps and scores streams beside their measuring. */
export function createBesideOf({ keep, scoring, ...page }: BesideAdapters): CreateBeside {
  return (label, askLuma) => {
    const kept = keep === null ? null : createStreamKeep({ ...page, keep }, label);
    const live = scoring.join(() => askLuma("read"));
    return {
      keep: kept,
      tap: kept?.tap ?? null,
      see: (observation, latencyMs) => {
        kept?.addRow(observation, latencyMs);
        live.see(observation);
        if (kept?.wantsLuma() === true) askLuma("any");
      },
      takeLuma: (sample) => {
        if (kept?.wantsLuma() === true) {
          const { widthPx, heightPx, bytes, arrivedAtMs } = sample;
          kept.addLuma({ widthPx, heightPx, bytes: bytes.slice(0), atUs: Math.round(arrivedAtMs * 1000) });
        }
        live.take(sample);
      },
      setFacts: (facts) => {
        kept?.addFacts(facts);
        live.setFacts(facts);
      },
      giveFile: live.giveFile,
      quality: live.read,
      qualityHistory: live.history,
      scoredFrames: live.frames,
      reset: live.reset,
      halt: () => {
        kept?.halt();
        live.halt();
      },
      close: () => {
        kept?.close();
        live.close();
      },
    };
  };
}
