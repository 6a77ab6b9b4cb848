import { ALL_FORMATS, BlobSource, CanvasSink, Input } from "mediabunny";

import { fail, reason, succeed, type Failure, type Result } from "../../../core/failure.ts";
import type { Marker } from "../../../core/marker/payload.ts";
import type { DrawPlan } from "../../draw/draw.protocol.ts";
import { bt709, createPaintedMaker } from "../../draw/maker.shared.ts";
import { createOverlayMaker } from "../../draw/overlay.shared.ts";
import { toPlanes, toRgba } from "./planar.shared.ts";
import type { RenderPlan } from "./render.protocol.ts";

/** Marked frames of a file, one after the other. Whoever opened them closes them. */
export type FilePictures = {
  readonly frameCount: number;
  /** The next frame, with its marker; null after the last one. The caller closes it. */
  readonly next: (marker: Marker, timestampUs: number) => Promise<VideoFrame | null>;
  readonly close: () => void;
};

/** Opens what a plan draws. Refuses a video that this browser cannot read. */
export async function openFilePictures(plan: RenderPlan): Promise<Result<FilePictures>> {
  const { widthPx, heightPx, fps, runNumber } = plan;
  const frameCount = Math.max(1, Math.round(plan.durationS * fps));
  const shared = { widthPx, heightPx, fps, runNumber, holdMs: 0 };
  if (plan.pictures.from === "video")
    return openVideo({ ...shared, scene: "file", seed: 0 }, frameCount, plan.pictures.video);
  const maker = createPaintedMaker({ ...shared, scene: plan.pictures.from, seed: plan.pictures.seed });
  return succeed({
    frameCount,
    next: async (marker, timestampUs) => {
      if (marker.frameId >= frameCount) return null;
      await maker.prepare(marker.frameId);
      return maker.finish(marker, timestampUs);
    },
    close: maker.close,
  });
}

/** Pictures of a video at the times of a plan's frames, turned as its file asks, with the marker over them. */
async function openVideo(plan: DrawPlan, longest: number, video: Blob): Promise<Result<FilePictures>> {
  const maker = createOverlayMaker(plan, () => undefined);
  if (maker === null) return fail(noCanvas);
  const input = new Input({ source: new BlobSource(video), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (track === null) return fail(unreadable("there is no video in it"));
    if (!(await track.canDecode())) return fail(unreadable("this browser has no decoder for it"));
    const [startS, endS] = [await track.getFirstTimestamp(), await track.computeDuration()];
    const frameCount = Math.max(1, Math.min(longest, Math.floor((endS - startS) * plan.fps)));
    const timesS = Array.from({ length: frameCount }, (_, frameId) => startS + frameId / plan.fps);
    const size = { width: plan.widthPx, height: plan.heightPx, fit: "contain" } as const;
    const shown = new CanvasSink(track, { ...size, poolSize: 2 }).canvasesAtTimestamps(timesS);
    return succeed({
      frameCount,
      next: async (marker, timestampUs) => {
        const { done, value } = await shown.next();
        if (done === true) return null;
        if (value !== null) maker.take(new VideoFrame(value.canvas, { timestamp: timestampUs }));
        maker.lay();
        return toPlanar(maker.finish(marker, timestampUs), plan, timestampUs);
      },
      close: () => {
        void shown.return();
        maker.close();
        input.dispose();
      },
    });
  } catch (error) {
    input.dispose();
    return fail(unreadable(reason(error)));
  }
}

/** The same picture as the planes an encoder takes as they are. */
async function toPlanar(
  drawn: VideoFrame | null,
  { widthPx, heightPx }: DrawPlan,
  timestampUs: number,
): Promise<VideoFrame | null> {
  if (drawn === null) return null;
  try {
    const planes = toPlanes(await toRgba(drawn, widthPx, heightPx), widthPx, heightPx);
    const shape = { format: "I420", codedWidth: widthPx, codedHeight: heightPx } as const;
    return new VideoFrame(planes, { ...shape, timestamp: timestampUs, colorSpace: bt709 });
  } finally {
    drawn.close();
  }
}

const noCanvas: Failure = {
  kind: "unsupported",
  what: "Laying the marker over a video",
  where: "this browser",
  next: "It gives workers no canvas to draw on: use a current Chromium, Chrome, Edge, Firefox or Safari.",
};

function unreadable(cause: string): Failure {
  return {
    kind: "refused-input",
    what: "Reading the video to lay the marker over",
    where: "the chosen file",
    next: "Choose a video this browser can decode (H.264 in MP4 and VP9 in WebM are in most), or use the command line: streamgauge render --over.",
    cause,
  };
}
