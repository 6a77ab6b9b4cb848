import { describe, expect, it } from "vitest";

import { createPlanes } from "../scene/planes.ts";
import { clipTimeUs, fitEven } from "./clip.ts";
import { createClipPainter, type ClipPicture } from "./paint.ts";

describe("the picture of a file that a frame shows", () => {
  /** Index of the picture shown, by times as a file of this rate has them, rounded to microseconds. */
  function shownIndex(frameId: number, fps: number, fileFps: number, fileFrameCount: number): number {
    const lengthUs = Math.round((fileFrameCount * 1e6) / fileFps);
    const atUs = clipTimeUs({ startUs: 0, lengthUs }, frameId, fps);
    const times = Array.from({ length: fileFrameCount }, (_, index) => Math.round((index * 1e6) / fileFps));
    return times.findLastIndex((timeUs) => timeUs <= atUs);
  }

  it.each([
    [30, 30],
    [25, 25],
    [60, 60],
    [24_000 / 1001, 24],
  ])("goes one by one where file (%s) and sender (%s) have one rate", (fileFps, fps) => {
    const shown = Array.from({ length: 200 }, (_, frameId) => shownIndex(frameId, fps, fileFps, 200));
    expect(shown).toEqual(shown.map((_, frameId) => frameId));
  });

  it("comes again from the start after the end", () => {
    const shown = Array.from({ length: 25 }, (_, frameId) => shownIndex(frameId, 30, 30, 10));
    expect(shown).toEqual(shown.map((_, frameId) => frameId % 10));
  });

  it("is shown twice by a sender of twice the rate, and every other one by one of half", () => {
    expect([0, 1, 2, 3].map((frameId) => shownIndex(frameId, 60, 30, 100))).toEqual([0, 0, 1, 1]);
    expect([0, 1, 2, 3].map((frameId) => shownIndex(frameId, 15, 30, 100))).toEqual([0, 2, 4, 6]);
  });

  it("keeps its shape in the middle, on even places", () => {
    expect(fitEven({ widthPx: 1920, heightPx: 1080 }, { widthPx: 1280, heightPx: 720 })).toEqual({
      xPx: 0,
      yPx: 0,
      widthPx: 1280,
      heightPx: 720,
    });
    expect(fitEven({ widthPx: 360, heightPx: 640 }, { widthPx: 640, heightPx: 360 })).toEqual({
      xPx: 218,
      yPx: 0,
      widthPx: 202,
      heightPx: 360,
    });
  });
});

describe("painting a picture of a file", () => {
  const plane = (data: readonly number[], widthPx: number, heightPx: number) => ({
    data: Uint8Array.from(data),
    widthPx,
    heightPx,
    strideBytes: widthPx,
  });
  const samples = Array.from({ length: 8 }, (_, index) => 30 + index);
  const picture: ClipPicture = {
    luma: plane(samples, 4, 2),
    u: plane([100, 110], 2, 1),
    v: plane([120, 130], 2, 1),
    isFullRange: false,
    rotationDegrees: 0,
    shown: { widthPx: 4, heightPx: 2 },
  };

  it("leaves samples as they are where nothing is to be done", () => {
    const planes = createPlanes({ widthPx: 4, heightPx: 2 });
    createClipPainter()(picture, planes);
    expect([...planes.bytes]).toEqual([...samples, 100, 110, 120, 130]);
  });

  it("turns it as its file asks, on black where it does not fill the frame", () => {
    const planes = createPlanes({ widthPx: 6, heightPx: 4 });
    const shown = { widthPx: 2, heightPx: 4 };
    createClipPainter()({ ...picture, rotationDegrees: 90, shown }, planes);
    const rows = Array.from({ length: 4 }, (_, row) => [...planes.luma.subarray(6 * row, 6 * row + 6)]);
    expect(rows).toEqual([
      [16, 16, 34, 30, 16, 16],
      [16, 16, 35, 31, 16, 16],
      [16, 16, 36, 32, 16, 16],
      [16, 16, 37, 33, 16, 16],
    ]);
    expect([...planes.u]).toEqual([128, 100, 128, 128, 110, 128]);
  });

  it("brings full range to the limited one", () => {
    const planes = createPlanes({ widthPx: 2, heightPx: 2 });
    const shown = { widthPx: 2, heightPx: 2 };
    const full = { luma: plane([0, 255, 128, 1], 2, 2), u: plane([255], 1, 1), v: plane([0], 1, 1), shown };
    createClipPainter()({ ...picture, ...full, isFullRange: true }, planes);
    expect([...planes.bytes]).toEqual([16, 235, 126, 17, 240, 16]);
  });
});
