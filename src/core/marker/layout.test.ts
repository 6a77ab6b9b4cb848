import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { layoutMarker, layoutMarkerAlone, regionAt, type PictureRect, type PictureSize } from "./layout.ts";

const sizes: fc.Arbitrary<PictureSize> = fc.record({
  widthPx: fc.integer({ min: 64, max: 1920 }).map((half) => half * 2),
  heightPx: fc.integer({ min: 64, max: 1080 }).map((half) => half * 2),
});

function expectInside(area: PictureRect, picture: PictureSize): void {
  expect(area.xPx).toBeGreaterThanOrEqual(0);
  expect(area.yPx).toBeGreaterThanOrEqual(0);
  expect(area.xPx + area.widthPx).toBeLessThanOrEqual(picture.widthPx);
  expect(area.yPx + area.heightPx).toBeLessThanOrEqual(picture.heightPx);
  for (const px of [area.xPx, area.yPx, area.widthPx, area.heightPx]) expect(px % 2).toBe(0);
}

describe("the marker's place", () => {
  it.each([
    [640, 360, 4, 16],
    [1280, 720, 8, 32],
    [1920, 1080, 12, 48],
    [3840, 2160, 24, 96],
    [720, 1280, 8, 32],
    [426, 240, 3, 0],
    [128, 128, 3, 0],
  ])("in %ix%i has modules of %i px and begins at %i px", (widthPx, heightPx, modulePx, marginPx) => {
    const layout = layoutMarker({ widthPx, heightPx });
    expect(layout.modulePx).toBe(modulePx);
    expect([layout.box.xPx, layout.box.yPx]).toStrictEqual([marginPx, marginPx]);
  });

  it.each([
    ["in a scene", layoutMarker],
    ["alone", layoutMarkerAlone],
  ])("%s lies inside a picture of any size, clear of the digits", (_, layoutOf) => {
    fc.assert(
      fc.property(sizes, (picture) => {
        const { box, caption, modulePx } = layoutOf(picture);
        expectInside(box, picture);
        expect(box.widthPx).toBeGreaterThanOrEqual(33 * modulePx);
        expect(modulePx).toBeGreaterThanOrEqual(3);
        if (caption === null) return;
        expectInside(caption.area, picture);
        const isRight = caption.area.xPx >= box.xPx + box.widthPx;
        const isBelow = caption.area.yPx >= box.yPx + box.heightPx;
        expect(isRight || isBelow).toBe(true);
      }),
    );
  });

  it.each([
    [128, 128],
    [426, 240],
    [1280, 720],
    [720, 1280],
  ])("leaves room for the digits at %ix%i", (widthPx, heightPx) => {
    expect(layoutMarker({ widthPx, heightPx }).caption).not.toBeNull();
  });

  it("is found again in the picture received at another size", () => {
    const layout = layoutMarker({ widthPx: 1280, heightPx: 720 });
    expect(regionAt(layout, { widthPx: 640, heightPx: 360 })).toStrictEqual({
      xPx: 16,
      yPx: 16,
      widthPx: 132,
      heightPx: 132,
    });
    expect(regionAt(layout, layout.picture)).toStrictEqual(layout.box);
  });
});
