import { BinaryBitmap, HybridBinarizer, QRCodeReader, RGBLuminanceSource } from "@zxing/library";
import { describe, expect, it } from "vitest";

import { toSenderUs } from "../clock/instants.ts";
import { drawableCharacters } from "../scene/digits.ts";
import { createPlanes, type Planes } from "../scene/planes.ts";
import { createPlainScene, createScene } from "../scene/scene.ts";
import { captionLines, paintMarkedFrame } from "./draw.ts";
import { layoutMarker, layoutMarkerAlone, regionAt, type PictureRect } from "./layout.ts";
import { readPayload, type Marker } from "./payload.ts";

function readQr(planes: Planes, area: PictureRect): string {
  const luma = new Uint8ClampedArray(area.widthPx * area.heightPx);
  for (let row = 0; row < area.heightPx; row += 1) {
    const from = (area.yPx + row) * planes.widthPx + area.xPx;
    luma.set(planes.luma.subarray(from, from + area.widthPx), row * area.widthPx);
  }
  const source = new RGBLuminanceSource(luma, area.widthPx, area.heightPx);
  return new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(source))).getText();
}

const marker: Marker = {
  runNumber: 123_456,
  frameId: 4711,
  captureTimeUs: toSenderUs(1_790_000_000_123_456),
};

describe("a drawn marker", () => {
  it.each([
    [128, 128],
    [426, 240],
    [640, 360],
    [1280, 720],
    [720, 1280],
    [1920, 1080],
  ])("reads back from the picture's luma at %ix%i", (widthPx, heightPx) => {
    const layout = layoutMarker({ widthPx, heightPx });
    const planes = createPlanes(layout.picture);
    const scene = heightPx > 360 ? createPlainScene() : createScene({ seed: 9, widthPx, heightPx });
    paintMarkedFrame(scene, planes, layout, marker);
    const text = readQr(planes, regionAt(layout, layout.picture));
    expect(readPayload(text)).toStrictEqual({ kind: "marker", marker });
  });

  it.each([
    [128, 128],
    [640, 360],
    [1920, 1080],
  ])("reads back when it stands alone at %ix%i", (widthPx, heightPx) => {
    const layout = layoutMarkerAlone({ widthPx, heightPx });
    const planes = createPlanes(layout.picture);
    paintMarkedFrame(createPlainScene(), planes, layout, marker);
    const whole = { xPx: 0, yPx: 0, ...layout.picture };
    expect(readPayload(readQr(planes, whole))).toStrictEqual({ kind: "marker", marker });
  });

  it("leaves no colour and only black and white where it stands", () => {
    const layout = layoutMarker({ widthPx: 640, heightPx: 360 });
    const planes = createPlanes(layout.picture);
    paintMarkedFrame(createScene({ seed: 9, widthPx: 640, heightPx: 360 }), planes, layout, marker);
    let strayCount = 0;
    for (const area of [layout.box, layout.caption!.area]) {
      for (let y = area.yPx; y < area.yPx + area.heightPx; y += 1) {
        for (let x = area.xPx; x < area.xPx + area.widthPx; x += 1) {
          const luma = planes.luma[y * 640 + x];
          const chromaAt = (y >> 1) * 320 + (x >> 1);
          const isGrey = planes.u[chromaAt] === 128 && planes.v[chromaAt] === 128;
          if (!isGrey || (luma !== 16 && luma !== 235)) strayCount += 1;
        }
      }
    }
    expect(strayCount).toBe(0);
  });

  it("says the same in words, with UTC to the millisecond", () => {
    expect(captionLines(marker)).toStrictEqual(["FRAME 4711", "14:13:20.123 UTC", "RUN 123456"]);
    expect(captionLines({ ...marker, captureTimeUs: toSenderUs(1_790_000_000_123_999) })[1]).toBe(
      "14:13:20.123 UTC",
    );
  });

  it("has a glyph for every character it may say", () => {
    const said = captionLines({
      runNumber: 999_999,
      frameId: 99_999_999,
      captureTimeUs: toSenderUs(9_007_199_254_740_991),
    });
    for (const line of said) {
      expect(line.length).toBeLessThanOrEqual(16);
      for (const character of line) expect(drawableCharacters).toContain(character);
    }
  });
});
