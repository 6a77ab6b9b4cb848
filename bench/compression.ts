import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { BinaryBitmap, HybridBinarizer, QRCodeReader, RGBLuminanceSource } from "@zxing/library";

import { toSenderUs } from "../src/core/clock/instants.ts";
import { paintMarkedFrame } from "../src/core/marker/draw.ts";
import { layoutMarker, regionAt, type PictureRect } from "../src/core/marker/layout.ts";
import { readPayload } from "../src/core/marker/payload.ts";
import type { LumaPlane } from "../src/core/marker/sample.kernel.ts";
import { createPlanes } from "../src/core/scene/planes.ts";
import { createScene } from "../src/core/scene/scene.ts";
import { createFinder, type Finder } from "../src/media/frames/find.shared.ts";
import { createMarkerReader } from "../src/media/frames/read-marker.shared.ts";
import type { Bench } from "./bench-type.ts";
import { codecs, throughCodec, type RawVideo } from "./parts/ffmpeg.ts";

const widthPx = 1280;
const heightPx = 720;
const runNumber = 123_456;
/** Where the scene begins: shortly before a cut, which is where encoders smear. */
const firstFrameId = 120;

/** Lines received and bitrates: the full size, then the rungs that an adaptive stream falls to. */
const points: readonly (readonly [lines: number, bitrateKbps: number])[] = [
  [720, 150],
  [720, 300],
  [720, 800],
  [720, 1500],
  [360, 150],
  [360, 300],
  [360, 800],
  [240, 80],
  [240, 150],
  [240, 300],
];

/** One way to read a marker: the frame id, or null. */
type Read = (plane: LumaPlane) => Promise<number | null>;

function paint(frameCount: number): RawVideo {
  const scene = createScene({ seed: 1, widthPx, heightPx });
  const planes = createPlanes({ widthPx, heightPx });
  const layout = layoutMarker({ widthPx, heightPx });
  const frames: Uint8Array[] = [];
  for (let index = 0; index < frameCount; index += 1) {
    const frameId = firstFrameId + index;
    const captureTimeUs = toSenderUs(1_790_000_000_123_456 + index * 33_367);
    paintMarkedFrame(scene, planes, layout, { runNumber, frameId, captureTimeUs });
    frames.push(Buffer.concat([planes.luma, planes.u, planes.v]));
  }
  return { bytes: Buffer.concat(frames), widthPx, heightPx };
}

function frameIdOf(text: string | null): number | null {
  const payload = text === null ? null : readPayload(text);
  return payload?.kind === "marker" ? payload.marker.frameId : null;
}

function partOf(plane: LumaPlane, part: PictureRect): LumaPlane {
  return {
    data: plane.data.subarray(part.yPx * plane.strideBytes + part.xPx),
    widthPx: part.widthPx,
    heightPx: part.heightPx,
    strideBytes: plane.strideBytes,
  };
}

/** The page's own reader, as the worker runs it. */
function ownReader(find: Finder): Read {
  let clockMs = 0;
  // Frames come as fast as they are read here, so the budget for searching must go by frames.
  const reader = createMarkerReader({ find: () => find, nowMs: () => (clockMs += 1000 / 30) });
  return async (plane) => {
    const { widthPx: width, heightPx: height } = plane;
    const luma = (part: PictureRect): Promise<LumaPlane> => Promise.resolve(partOf(plane, part));
    const reading = await reader.read({ widthPx: width, heightPx: height, luma });
    return reading.read ? reading.marker.frameId : null;
  };
}

/** `@zxing/library` searching the place where the marker is drawn. */
function regionReader(): Read {
  const qrReader = new QRCodeReader();
  const layout = layoutMarker({ widthPx, heightPx });
  return async (plane) => {
    const region = regionAt(layout, plane);
    const part = partOf(plane, region);
    const packed = new Uint8ClampedArray(region.widthPx * region.heightPx);
    for (let line = 0; line < region.heightPx; line += 1) {
      const from = line * part.strideBytes;
      packed.set(part.data.subarray(from, from + region.widthPx), line * region.widthPx);
    }
    const source = new RGBLuminanceSource(packed, region.widthPx, region.heightPx);
    try {
      return frameIdOf(qrReader.decode(new BinaryBitmap(new HybridBinarizer(source))).getText());
    } catch {
      return null;
    }
  };
}

/** `zxing-wasm` searching the whole frame. */
function wholeReader(find: Finder): Read {
  return async (plane) => {
    const ids = find(plane).map(({ text }) => frameIdOf(text));
    return ids.find((id) => id !== null) ?? null;
  };
}

async function score(video: RawVideo, read: Read) {
  const lumaBytes = video.widthPx * video.heightPx;
  const frameBytes = (lumaBytes * 3) / 2;
  const frameCount = Math.floor(video.bytes.byteLength / frameBytes);
  const costs: number[] = [];
  let readCount = 0;
  // Another frame's id: the encoder left the marker as it was. Not a wrong reading, since check digits agree.
  let staleCount = 0;
  for (let index = 0; index < frameCount; index += 1) {
    const data = video.bytes.subarray(index * frameBytes, index * frameBytes + lumaBytes);
    const plane = { data, widthPx: video.widthPx, heightPx: video.heightPx, strideBytes: video.widthPx };
    const startMs = performance.now();
    const frameId = await read(plane);
    costs.push(performance.now() - startMs);
    if (frameId === firstFrameId + index) readCount += 1;
    else if (frameId !== null) staleCount += 1;
  }
  const medianMs = costs.toSorted((one, other) => one - other)[frameCount >> 1] ?? 0;
  return { readPct: (100 * readCount) / frameCount, medianMs, staleCount };
}

async function loadFinder(): Promise<Finder> {
  const path = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
  const file = await readFile(path);
  return createFinder({
    bytes: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength),
  });
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** How many markers survive real encoders, and what reading them costs, by way of reading. */
export const bench: Bench = {
  name: "compression",
  about:
    "markers read after x264, VP8 and VP9 at 150 to 1500 kbit/s, at 720 lines and on the rungs of 360 and 240 (scene of 720p30 with a cut)",
  run: async ({ quick, progress }) => {
    const source = paint(quick ? 30 : 60);
    const find = await loadFinder();
    const rows: Record<string, string | number>[] = [];
    for (const codec of codecs) {
      for (const [lines, bitrateKbps] of points) {
        const video = await throughCodec(source, codec, lines, bitrateKbps);
        const own = await score(video, ownReader(find));
        const region = await score(video, regionReader());
        const whole = await score(video, wholeReader(find));
        rows.push({
          codec: codec.name,
          lines,
          bitrateKbps,
          sentKbps: video.sentKbps,
          readerPct: round(own.readPct, 1),
          readerMs: round(own.medianMs, 2),
          zxingLibraryPct: round(region.readPct, 1),
          zxingLibraryMs: round(region.medianMs, 2),
          zxingWasmPct: round(whole.readPct, 1),
          zxingWasmMs: round(whole.medianMs, 2),
          staleCount: own.staleCount,
        });
        progress(`${codec.name} ${lines} lines ${bitrateKbps} kbit/s: ${round(own.readPct, 1)} % read`);
      }
    }
    return { frameCount: quick ? 30 : 60, rows };
  },
};
