import finderWasmPath from "zxing-wasm/reader/zxing_reader.wasm?url";

import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import { createFinder, type Finder } from "./find.shared.ts";
import { joinInText } from "./scan-text.ts";

/** Widest picture that is searched, px: a code that a person holds into the picture fills a good part of it. */
const searchedWidthPx = 640;
/** Pause between two looks, ms. */
const lookEveryMs = 120;

/**
 * Shows this device's camera in `video` (owned by the caller) and looks for a sender's QR. Resolves with its join code, or
 * with why the camera cannot be had; abort rejects with `signal.reason`. A QR of somebody else's is told to `onForeign`,
 * and the search goes on. The camera is released in every case.
 */
export async function scanJoin(
  video: HTMLVideoElement,
  signal: AbortSignal,
  onForeign: (failure: Failure) => void,
): Promise<Result<string>> {
  const camera = await openCamera();
  if (!camera.ok) return camera;
  try {
    signal.throwIfAborted();
    const find = await createFinder({ url: new URL(finderWasmPath, location.href).href });
    video.srcObject = camera.value;
    await video.play();
    return await look(video, find, signal, onForeign);
  } catch (error) {
    if (signal.aborted) throw error;
    return fail({ ...cameraFailure, kind: "unsupported", cause: reason(error) });
  } finally {
    for (const track of camera.value.getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function openCamera(): Promise<Result<MediaStream>> {
  try {
    // The phone's back camera where there are two.
    const constraints = { audio: false, video: { facingMode: "environment", width: { ideal: 1280 } } };
    return succeed(await navigator.mediaDevices.getUserMedia(constraints));
  } catch (error) {
    return fail({ ...cameraFailure, cause: reason(error) });
  }
}

async function look(
  video: HTMLVideoElement,
  find: Finder,
  signal: AbortSignal,
  onForeign: (failure: Failure) => void,
): Promise<Result<string>> {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return fail({ ...cameraFailure, kind: "unsupported" });
  while (!signal.aborted) {
    const texts = find(toLuma(video, canvas, context)).flatMap(({ text }) => text ?? []);
    const [join] = texts.flatMap((text) => joinInText(text) ?? []);
    if (join !== undefined) return succeed(join);
    const [foreign] = texts;
    if (foreign !== undefined) onForeign(notOurs(foreign));
    await pause(lookEveryMs);
  }
  throw signal.reason;
}

function toLuma(
  video: HTMLVideoElement,
  canvas: OffscreenCanvas,
  context: OffscreenCanvasRenderingContext2D,
) {
  const scale = Math.min(1, searchedWidthPx / Math.max(1, video.videoWidth));
  const widthPx = Math.max(1, Math.round(video.videoWidth * scale));
  const heightPx = Math.max(1, Math.round(video.videoHeight * scale));
  canvas.width = widthPx;
  canvas.height = heightPx;
  context.drawImage(video, 0, 0, widthPx, heightPx);
  const { data: rgba } = context.getImageData(0, 0, widthPx, heightPx);
  const data = new Uint8Array(widthPx * heightPx);
  // Green carries most of the luma (Rec. 709: 0.72), and a QR is black and white.
  for (let pixel = 0; pixel < data.length; pixel++) data[pixel] = rgba[pixel * 4 + 1] ?? 0;
  return { data, widthPx, heightPx, strideBytes: widthPx };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

const cameraFailure: Failure = {
  kind: "denied",
  what: "The camera cannot be had",
  where: "this device's camera",
  next: "Allow the camera for this page, free it from other programs, or type the join code.",
};

function notOurs(text: string): Failure {
  return {
    kind: "refused-input",
    what: "This QR is not of a Streamgauge sender",
    where: `QR "${text.slice(0, 40)}"`,
    next: "Scan the QR beside the join code on the sender's page.",
  };
}
