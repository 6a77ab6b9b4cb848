import { fail, reason, succeed } from "../../core/failure.ts";
import { drawMarker } from "../../core/marker/draw.ts";
import { layoutMarker } from "../../core/marker/layout.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import { createPlanes } from "../../core/scene/planes.ts";
import { serve } from "../workers/serve.ts";
import type { ClipGiven, ClipJobs, ClipPlan, ClipWish } from "./clip.protocol.ts";
import { createPaintedClip, type PaintedClip } from "./painted.shared.ts";
import { openClip, type ClipReader } from "./reader.shared.ts";

let reader: ClipReader | null = null;
let last: { readonly key: string; readonly painted: PaintedClip } | null = null;

function paintedFor(plan: ClipPlan): PaintedClip {
  if (reader === null) throw new Error("no file is open");
  const key = JSON.stringify(plan);
  if (last?.key !== key) last = { key, painted: createPaintedClip(reader, plan) };
  return last.painted;
}

/** Answers wishes one after the other, in the order they come. */
function give(port: MessagePort, painted: PaintedClip): void {
  let queue = Promise.resolve();
  const answer = async ({ frameId }: ClipWish): Promise<void> => {
    try {
      const { planes, colorSpace } = await painted.planesOf(frameId);
      const bytes = planes.bytes.slice();
      port.postMessage({ frameId, bytes, colorSpace } satisfies ClipGiven, [bytes.buffer]);
    } catch (error) {
      port.postMessage({ frameId, broken: reason(error) } satisfies ClipGiven);
    }
  };
  port.onmessage = ({ data }: MessageEvent<ClipWish>): void => {
    queue = queue.then(() => answer(data));
  };
}

async function lumaOf({ plan, markers }: ClipJobs["luma"]["request"]): Promise<ClipJobs["luma"]["answer"]> {
  const beganMs = performance.now();
  const painted = paintedFor(plan);
  const size = { widthPx: plan.widthPx, heightPx: plan.heightPx };
  const layout = layoutMarker(size);
  const marked = createPlanes(size);
  const planes: LumaPlane[] = [];
  for (const marker of markers) {
    const made = await painted.planesOf(marker.frameId);
    marked.luma.set(made.planes.luma);
    drawMarker(marked, layout, marker);
    planes.push({ data: marked.luma.slice(), ...size, strideBytes: size.widthPx });
  }
  return { planes, tookMs: performance.now() - beganMs };
}

serve<ClipJobs>(
  {
    listen: (onMessage) => {
      self.onmessage = (event: MessageEvent<unknown>): void => onMessage(event.data);
    },
    post: (answer, transfer) => self.postMessage(answer, { transfer: [...transfer] }),
  },
  {
    open: async ({ file }) => {
      const opened = await openClip(file);
      if (!opened.ok) return { result: fail(opened.failure) };
      reader = opened.value;
      return { result: succeed({ startUs: reader.startUs, lengthUs: reader.lengthUs }) };
    },
    connect: async ({ plan, port }) => {
      give(port, paintedFor(plan));
      return { result: succeed(null) };
    },
    luma: async (request) => {
      const answer = await lumaOf(request);
      const transfer = answer.planes.map(({ data }) => data.buffer as ArrayBuffer);
      return { result: succeed(answer), transfer };
    },
  },
  "decoding the video file",
);
