import { createHash } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { layoutMarkerAlone } from "../marker/layout.ts";
import { createPlanes, type Planes } from "./planes.ts";
import { createPlainScene, createScene, shotAt } from "./scene.ts";

function fingerprint(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

function painted(seed: number, widthPx: number, heightPx: number, frameIds: readonly number[]): Planes {
  const planes = createPlanes({ widthPx, heightPx });
  const scene = createScene({ seed, widthPx, heightPx });
  for (const frameId of frameIds) scene.paint(frameId, planes);
  return planes;
}

describe("the built-in scene", () => {
  it.each([
    [1, 640, 360, [0, 149, 150, 500], "b47a09c61cb3ad28", "985317f288d0b038"],
    [1, 1280, 720, [75], "17e0c3f27f990bb7", "90647fe48e3bf6fc"],
    [2, 426, 240, [0, 200, 400, 99_999_999], "0b56eb62a4dd25be", "21756a1a0dcae605"],
    [3, 130, 130, [10, 160, 300], "f971dba7f0bc992f", "abd0e735bc4040d5"],
    [4, 202, 358, [20, 290, 590], "8c387f1879ee2386", "4831aac9dbd778c0"],
  ])(
    "of seed %i at %ix%i is the same to the bit on every machine (frames %j)",
    (seed, widthPx, heightPx, frameIds, luma, all) => {
      const scene = createScene({ seed, widthPx, heightPx });
      const planes = createPlanes({ widthPx, heightPx });
      const lumas = createHash("sha256");
      const wholes = createHash("sha256");
      for (const frameId of frameIds) {
        scene.paint(frameId, planes);
        lumas.update(planes.luma);
        wholes.update(planes.bytes);
      }
      expect(lumas.digest("hex").slice(0, 16)).toBe(luma);
      expect(wholes.digest("hex").slice(0, 16)).toBe(all);
    },
  );

  it("paints a frame alike whatever was painted before it", () => {
    const inOrder = Array.from({ length: 251 }, (_, index) => index * 2);
    expect(fingerprint(painted(7, 256, 144, inOrder).bytes)).toBe(
      fingerprint(painted(7, 256, 144, [500]).bytes),
    );
  });

  it("keeps to limited range", () => {
    const scene = createScene({ seed: 5, widthPx: 320, heightPx: 180 });
    const planes = createPlanes({ widthPx: 320, heightPx: 180 });
    for (let frameId = 0; frameId < 600; frameId += 37) {
      scene.paint(frameId, planes);
      expect(planes.luma.every((value) => value >= 16 && value <= 235)).toBe(true);
    }
  });

  it("paints over every byte that was there before", () => {
    const planes = createPlanes({ widthPx: 320, heightPx: 180 });
    const scene = createScene({ seed: 6, widthPx: 320, heightPx: 180 });
    for (const frameId of [10, 200, 350, 500]) {
      planes.bytes.fill(0);
      scene.paint(frameId, planes);
      const first = fingerprint(planes.bytes);
      planes.bytes.fill(255);
      scene.paint(frameId, planes);
      expect(fingerprint(planes.bytes)).toBe(first);
    }
  });

  it("differs from seed to seed and from frame to frame", () => {
    const shown = [painted(1, 256, 144, [5]), painted(2, 256, 144, [5]), painted(1, 256, 144, [6])];
    expect(new Set(shown.map((planes) => fingerprint(planes.luma))).size).toBe(3);
  });

  it("cuts every four to six seconds at 30 frames a second, for ever", () => {
    fc.assert(
      fc.property(fc.nat(99_999_998), (frameId) => {
        const here = shotAt(frameId);
        const next = shotAt(frameId + 1);
        expect(here.frameCount).toBeGreaterThanOrEqual(120);
        expect(here.frameCount).toBeLessThanOrEqual(180);
        expect(here.step).toBeLessThan(here.frameCount);
        const goesOn = next.shotIndex === here.shotIndex && next.step === here.step + 1;
        const cuts = next.shotIndex === here.shotIndex + 1 && next.step === 0;
        expect(goesOn !== cuts).toBe(true);
      }),
    );
  });

  it("refuses planes of another size as a bug", () => {
    const scene = createScene({ seed: 1, widthPx: 128, heightPx: 128 });
    expect(() => {
      scene.paint(0, createPlanes({ widthPx: 130, heightPx: 128 }));
    }).toThrow(RangeError);
    expect(() => createPlanes({ widthPx: 129, heightPx: 128 })).toThrow(RangeError);
  });
});

describe("the plain ground", () => {
  it("is one grey without colour", () => {
    const planes = createPlanes(layoutMarkerAlone({ widthPx: 640, heightPx: 360 }).picture);
    createPlainScene().paint(3, planes);
    expect(new Set(planes.luma).size).toBe(1);
    expect(new Set(planes.u)).toStrictEqual(new Set([128]));
  });
});
