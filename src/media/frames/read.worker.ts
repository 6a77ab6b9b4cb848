import { reason } from "../../core/failure.ts";
import type { PictureRect } from "../../core/marker/layout.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import type { MarkerReading } from "../../core/timeline/observation.ts";
import { createFinder, type Finder } from "./find.shared.ts";
import { createLumaTaker, visibleSizeOf } from "./luma.shared.ts";
import { createMarkerReader, type MarkerReader } from "./read-marker.shared.ts";
import {
  unread,
  type LumaReport,
  type LumaWish,
  type ReadAnswer,
  type ReadReport,
  type ReadRequest,
} from "./read.protocol.ts";
import { rtpTimestampOf } from "./rtp.shared.ts";
import { warmUp } from "./warm-up.shared.ts";

let finder: Finder | null = null;
/** A frame that comes sooner after it is asked for was there already, ms. */
const queuedWithinMs = 1;
const taker = createLumaTaker();
/** Takes whole pictures, so that the buffer of the other one stays small. */
const wholeTaker = createLumaTaker();
/** A picture that was asked for; null when none is. */
let wish: LumaWish | null = null;
let reader = newReader();
/** The stream whose frames count; frames of earlier ones are closed unread. */
let streamId = -1;
let cancelTrack: (() => void) | null = null;
/** Single frames are read one after the other, in the order they came. */
let queue: Promise<void> = Promise.resolve();

function newReader(): MarkerReader {
  return createMarkerReader({ find: () => finder, nowMs: () => performance.now() });
}

function post(report: ReadReport): void {
  self.postMessage(report);
}

function nowEpochMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Reads one frame's marker. Rejects only for a bug or a search that broke: the page then starts another worker. */
async function readingOf(frame: VideoFrame): Promise<MarkerReading> {
  const pixels = { areRefused: false };
  const luma = async (part: PictureRect): Promise<LumaPlane> => {
    try {
      return await taker.take(frame, part);
    } catch (thrown) {
      pixels.areRefused = true;
      throw thrown;
    }
  };
  try {
    return await reader.read({ ...visibleSizeOf(frame), luma });
  } catch (thrown) {
    // A protected stream, or a graphics process that went away: the observation says so, frame by frame.
    if (pixels.areRefused) return unread("unavailable");
    throw thrown;
  }
}

/** What goes back with a frame's answer. */
type FrameNames = Pick<ReadAnswer, "streamId" | "frameKey" | "presentationTimeUs" | "wasQueued">;

/** Gives a frame's luma, once it was read: what measures comes first. */
async function giveLuma(
  frame: VideoFrame,
  named: Pick<LumaReport, "streamId" | "reading" | "arrivedAtMs">,
): Promise<void> {
  wish = null;
  const { widthPx, heightPx } = visibleSizeOf(frame);
  const beganAtMs = nowEpochMs();
  let plane: LumaPlane;
  try {
    plane = await wholeTaker.take(frame, { xPx: 0, yPx: 0, widthPx, heightPx });
  } catch {
    // A protected stream: the observation has said so already, and whoever asked asks again.
    return;
  }
  const luma = new Uint8Array(widthPx * heightPx);
  for (let row = 0; row < heightPx; row += 1) {
    const at = row * plane.strideBytes;
    luma.set(plane.data.subarray(at, at + widthPx), row * widthPx);
  }
  const bytes = luma.buffer;
  const tookMs = nowEpochMs() - beganAtMs;
  self.postMessage({ kind: "luma", ...named, widthPx, heightPx, bytes, tookMs } satisfies LumaReport, [
    bytes,
  ]);
}

/** Reads one frame and tells; closes it whatever happens. */
async function readFrame(
  frame: VideoFrame,
  { streamId: ofStream, frameKey, presentationTimeUs, wasQueued }: FrameNames,
): Promise<void> {
  try {
    const arrivedAtMs = nowEpochMs();
    const reading = await readingOf(frame);
    post({
      kind: "read",
      streamId: ofStream,
      frameKey,
      presentationTimeUs,
      wasQueued,
      arrivedAtMs,
      widthPx: frame.displayWidth,
      heightPx: frame.displayHeight,
      reading,
      readMs: nowEpochMs() - arrivedAtMs,
    });
    if (wish === "any" || (wish === "read" && reading.read))
      await giveLuma(frame, { streamId: ofStream, reading, arrivedAtMs });
  } finally {
    frame.close();
  }
}

/** Pulls frames as fast as they are read; what the browser drops meanwhile shows as displayed frames that were not taken. */
async function readTrack(frames: ReadableStream<VideoFrame>, ofStream: number): Promise<void> {
  const pull = frames.getReader();
  cancelTrack = () => void pull.cancel().catch(() => {});
  for (;;) {
    const askedAtMs = performance.now();
    const { value: frame, done } = await pull.read();
    const wasQueued = performance.now() - askedAtMs < queuedWithinMs;
    if (done) return;
    const frameKey = rtpTimestampOf(frame);
    if (streamId !== ofStream || frameKey === null) {
      frame.close();
      if (streamId === ofStream) post({ kind: "keyless", streamId: ofStream });
      void pull.cancel().catch(() => {});
      return;
    }
    await readFrame(frame, { streamId: ofStream, frameKey, presentationTimeUs: frame.timestamp, wasQueued });
  }
}

async function start(finderWasmUrl: string): Promise<void> {
  try {
    const loaded = await createFinder({ url: finderWasmUrl });
    if (!(await warmUp(loaded))) throw new Error("a marker drawn for proof could not be read");
    finder = loaded;
    post({ kind: "ready" });
  } catch (thrown) {
    post({ kind: "no-finder", why: reason(thrown) });
  }
}

/** Forgets the place of the marker of the stream before. */
function beginStream(next: number): void {
  if (next === streamId) return;
  streamId = next;
  cancelTrack?.();
  cancelTrack = null;
  reader = newReader();
}

// A promise that fails unheard would leave a worker that reads nothing; thrown here, it reaches the page as a crash.
self.onunhandledrejection = (event): void => {
  throw event.reason;
};

self.onmessage = (event: MessageEvent<ReadRequest>): void => {
  const request = event.data;
  switch (request.kind) {
    case "start":
      void start(request.finderWasmUrl);
      return;
    case "track":
      beginStream(request.streamId);
      void readTrack(request.frames, request.streamId);
      return;
    case "want-luma":
      wish = request.of;
      return;
    case "frame":
      beginStream(request.streamId);
      queue = queue.then(() => readFrame(request.frame, { ...request, wasQueued: true }));
  }
};
