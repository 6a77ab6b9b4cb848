import { toSenderUs } from "../../core/clock/instants.ts";
import type { Failure } from "../../core/failure.ts";
import { drawMarker } from "../../core/marker/draw.ts";
import { layoutMarker, layoutMarkerAlone } from "../../core/marker/layout.ts";
import { createPlanes } from "../../core/scene/planes.ts";
import type { RenderOptions } from "./render-options.ts";
import type { Pictures } from "./render-pictures.ts";
import type { PictureSink } from "./render-write.ts";

/** What came of a rendering. */
export type Rendered = {
  readonly frameCount: number;
  /** Frames that left later than half an interval after they were due; 0 unless they were to leave at their own pace. */
  readonly lateCount: number;
  /** Null when it is whole. */
  readonly failure: Failure | null;
};

/** What rendering needs beside pictures and sink. */
export type FrameRun = {
  readonly options: RenderOptions;
  readonly runNumber: number;
  /** Capture time of frame 0, epoch microseconds; not used where frames carry the time they left at. */
  readonly startUs: number;
  readonly onFrame: (doneCount: number) => void;
  readonly signal: AbortSignal;
  readonly nowUs: () => number;
};

/** Capture time of a frame of a file: as if frame i had been taken i/fps after the first. */
export function captureTimeOf(
  startUs: number,
  frameId: number,
  { frameRate }: Pick<Pictures, "frameRate">,
): number {
  return startUs + Math.round((frameId * frameRate.perS * 1_000_000) / frameRate.frameCount);
}

/** Marks every picture and hands it on. Two buffers: one is painted while the other is taken. */
export async function renderFrames(pictures: Pictures, sink: PictureSink, run: FrameRun): Promise<Rendered> {
  const { options, runNumber, startUs, signal, nowUs } = run;
  const layout = options.scene === "marker" ? layoutMarkerAlone(pictures.size) : layoutMarker(pictures.size);
  const buffers = [createPlanes(pictures.size), createPlanes(pictures.size)] as const;
  let taken: Promise<boolean> = Promise.resolve(true);
  let frameId = 0;
  let lateCount = 0;
  const beganUs = nowUs();
  for (;;) {
    const planes = buffers[frameId % 2 === 0 ? 0 : 1];
    if (signal.aborted || !(await pictures.next(frameId, planes))) break;
    if (options.realtime) {
      const dueUs = captureTimeOf(beganUs, frameId, pictures);
      await untilUs(dueUs, nowUs);
      if (nowUs() - dueUs > (pictures.frameRate.perS * 500_000) / pictures.frameRate.frameCount)
        lateCount += 1;
    }
    const capturedUs = options.realtime ? nowUs() : captureTimeOf(startUs, frameId, pictures);
    drawMarker(planes, layout, { runNumber, frameId, captureTimeUs: toSenderUs(capturedUs) });
    if (!(await taken)) break;
    taken = sink.write(planes.bytes);
    frameId += 1;
    run.onFrame(frameId);
  }
  if (signal.aborted) {
    sink.abort();
    return { frameCount: frameId, lateCount, failure: interrupted };
  }
  await taken;
  const failure = (await sink.finish()) ?? (await pictures.failure());
  return { frameCount: frameId, lateCount, failure };
}

async function untilUs(dueUs: number, nowUs: () => number): Promise<void> {
  const waitMs = (dueUs - nowUs()) / 1000;
  if (waitMs > 0) await new Promise((resolve) => void setTimeout(resolve, waitMs));
}

const interrupted: Failure = {
  kind: "ended-early",
  what: "Rendering",
  where: "this command",
  next: "It was interrupted, and the unfinished file removed. Start again.",
};
