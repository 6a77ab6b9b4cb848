import type { ReceiverUs } from "../../core/clock/instants.ts";
import { toReceiverUs, toSenderUs } from "../../core/clock/instants.ts";
import { succeed, type Failure } from "../../core/failure.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import type { FrameReaderOptions } from "../../media/frames/reader.ts";
import type { PlayListener, PlayState, PlayWay } from "../../media/play/way.ts";

/** A stream from a script, in place of a browser's: the way in, and the reader of its frames. */
export type FakePlay = {
  readonly way: PlayWay;
  readonly createReader: (options: FrameReaderOptions) => Promise<{
    readonly ok: true;
    readonly value: {
      readonly readTrack: (track: MediaStreamTrack | null) => void;
      readonly askLuma: () => void;
      readonly report: () => {
        readonly presentedCount: number;
        readonly takenCount: number;
        readonly from: "element";
      };
      readonly close: () => void;
    };
  }>;
  /** The stream changes its state. */
  readonly say: (state: PlayState) => void;
  /** Frames are displayed, one every `intervalMs`, each `latencyMs` after its capture on a clock that is the same. */
  readonly display: (
    count: number,
    pace: { readonly intervalMs: number; readonly latencyMs: number },
  ) => void;
  /** Time passes in which nothing is displayed. */
  readonly pass: (ms: number) => void;
  readonly end: (failure: Failure | null) => void;
  readonly nowUs: () => ReceiverUs;
  /** What was opened and closed, in order. */
  readonly log: readonly string[];
};

/** Makes a stream from a script. Its clock begins at one million seconds and moves only as frames are displayed. */
export function createFakePlay(options: { readonly refuse?: Failure } = {}): FakePlay {
  const log: string[] = [];
  let epochUs = 1e12;
  let frameId = 0;
  let listener: PlayListener | null = null;
  let reader: FrameReaderOptions | null = null;
  let settle = ignore;
  const ended = new Promise<Failure | null>((resolve) => {
    settle = resolve;
  });

  return {
    log,
    nowUs: () => toReceiverUs(epochUs),
    way: {
      id: "script",
      label: "A script",
      claims: () => 2,
      load: async () => async (_target, given) => {
        if (options.refuse !== undefined) return { ok: false, failure: options.refuse };
        log.push("play");
        ({ listener } = given);
        return succeed({ ended, sample: async () => ({ atMs: 0 }), close: () => log.push("close play") });
      },
    },
    createReader: async (given) => {
      reader = given;
      return {
        ok: true,
        value: {
          readTrack: () => log.push("read track"),
          askLuma: () => undefined,
          report: () => ({ presentedCount: frameId, takenCount: 0, from: "element" }),
          close: () => log.push("close reader"),
        },
      };
    },
    say: (state) => listener?.onState(state),
    display: (count, { intervalMs, latencyMs }) => {
      for (let shown = 0; shown < count; shown++) {
        epochUs += intervalMs * 1000;
        reader?.onObservation(toObservation(frameId, epochUs, latencyMs));
        frameId++;
      }
    },
    pass: (ms) => {
      epochUs += ms * 1000;
    },
    end: (failure) => settle(failure),
  };
}

function ignore(_failure: Failure | null): void {
  // Nothing waits yet.
}

function toObservation(frameId: number, displayTimeUs: number, latencyMs: number): Observation {
  const captureTimeUs = toSenderUs(displayTimeUs - latencyMs * 1000);
  return {
    displayTimeUs: toReceiverUs(displayTimeUs),
    displayTimeSource: "reported",
    reading: { read: true, marker: { runNumber: 1, frameId, captureTimeUs }, by: "tracked" },
    presentationTimeUs: frameId * 33_333,
    widthPx: 1280,
    heightPx: 720,
    readMs: 0.4,
  };
}
