import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { promisify } from "node:util";

import { layoutMarker, type PictureSize } from "../src/core/marker/layout.ts";
import { readPayload, type Marker } from "../src/core/marker/payload.ts";
import { createFinder, type Finder } from "../src/media/frames/find.shared.ts";

const run = promisify(execFile);

/** A file of marked frames as a test knows it. */
export type MarkedFile = { readonly path: string; readonly size: PictureSize; readonly fps: number };

/** What a player was asked to do with a file. Plain data: it goes into a page. */
export type PlayRequest = {
  readonly url: string;
  readonly fps: number;
  readonly frameCount: number;
  readonly box: {
    readonly xPx: number;
    readonly yPx: number;
    readonly widthPx: number;
    readonly heightPx: number;
  };
};

/** What a player made of it. */
export type Played = {
  /** Luma of the marker's place in each frame, base64. */
  readonly boxes: readonly string[];
  readonly widthPx: number;
  readonly heightPx: number;
  /** Where it stood when it had played to its end, s. */
  readonly endS: number;
};

/** Made once: the decoder that shares no code with the one that reads known places. */
export async function createTestFinder(): Promise<Finder> {
  const path = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return createFinder({ bytes: buffer.slice(byteOffset, byteOffset + byteLength) });
}

function readBox(find: Finder, box: Uint8Array, size: PictureSize): Marker | null {
  const { widthPx, heightPx } = layoutMarker(size).box;
  const [code] = find({ data: box, widthPx, heightPx, strideBytes: widthPx });
  const read = readPayload(code?.text ?? "");
  return read.kind === "marker" ? read.marker : null;
}

/** Markers of all frames as ffmpeg decodes them, and how the video is coded. */
export async function readByFfmpeg(find: Finder, { path, size }: MarkedFile) {
  const { xPx, yPx, widthPx, heightPx } = layoutMarker(size).box;
  const crop = `crop=${widthPx}:${heightPx}:${xPx}:${yPx}:exact=1,format=gray`;
  const decode = ["-v", "error", "-i", path, "-vsync", "passthrough", "-vf", crop, "-f", "rawvideo", "-"];
  const { stdout } = await run("ffmpeg", decode, { encoding: "buffer", maxBuffer: 1e9 });
  const byteCount = widthPx * heightPx;
  const markers = Array.from({ length: stdout.length / byteCount }, (_, index) =>
    readBox(find, stdout.subarray(index * byteCount, (index + 1) * byteCount), size),
  );
  const show = ["-v", "error", "-show_entries", "stream=codec_name,pix_fmt", "-of", "csv=p=0", path];
  return { markers, coding: (await run("ffprobe", show)).stdout.trim() };
}

/** Markers of the boxes that a player gave. */
export function readPlayed(find: Finder, { boxes }: Played, size: PictureSize): readonly (Marker | null)[] {
  return boxes.map((box) => readBox(find, Buffer.from(box, "base64"), size));
}

/** Where a player finds the marker of a file. */
export function requestFor({ size, fps }: MarkedFile, url: string, frameCount: number): PlayRequest {
  return { url, fps, frameCount, box: layoutMarker(size).box };
}

/** Runs in a page: looks at every frame of a file one by one, then plays it to its end. */
export async function playInPage({ url, fps, frameCount, box }: PlayRequest): Promise<Played> {
  const video = Object.assign(document.createElement("video"), { crossOrigin: "anonymous", muted: true });
  const canvas = Object.assign(document.createElement("canvas"), {
    width: box.widthPx,
    height: box.heightPx,
  });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const mostTries = navigator.userAgent.includes("Chrome/") ? 60 : 0;
  const happened = (name: string) =>
    new Promise<void>((resolve, reject) => {
      video.addEventListener(name, () => resolve(), { once: true });
      video.addEventListener("error", () => reject(new Error(video.error?.message)), { once: true });
    });
  const loaded = happened("loadeddata");
  video.src = url;
  await loaded;
  const boxes: string[] = [];
  for (let index = 0; index < frameCount; index += 1) {
    const sought = happened("seeked");
    // Half way to the next frame, Chromium may take that one for the nearer.
    video.currentTime = (index + 0.2) / fps;
    await sought;
    // Chromium says that it has sought a moment before the frame can be drawn; Firefox gives frames no times of their own.
    for (let tries = 0; tries < mostTries; tries += 1) {
      const frame = new VideoFrame(video);
      const shownIndex = Math.floor((frame.timestamp * fps) / 1_000_000 + 0.01);
      frame.close();
      if (shownIndex === index) break;
      await new Promise((resolve) => void requestAnimationFrame(resolve));
    }
    context?.drawImage(video, -box.xPx, -box.yPx);
    const rgba = context?.getImageData(0, 0, box.widthPx, box.heightPx).data ?? [];
    let luma = "";
    for (let at = 1; at < rgba.length; at += 4) luma += String.fromCodePoint(rgba[at] ?? 0);
    boxes.push(btoa(luma));
  }
  video.currentTime = 0;
  const ended = happened("ended");
  await video.play();
  await ended;
  return { boxes, widthPx: video.videoWidth, heightPx: video.videoHeight, endS: video.currentTime };
}
