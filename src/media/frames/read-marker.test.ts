import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { beforeAll, describe, expect, it } from "vitest";

import { toSenderUs } from "../../core/clock/instants.ts";
import { writePayload } from "../../core/marker/payload.ts";
import {
  mapCorners,
  projectionOf,
  type MarkerCorners,
  type PicturePoint,
  type Projection,
} from "../../core/marker/projection.ts";
import { markerModules, qrModules, type ModuleGrid } from "../../core/marker/qr.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import type { MarkerReading } from "../../core/timeline/observation.ts";
import { createFinder, type Finder } from "./find.shared.ts";
import { createMarkerReader, type MarkerReader } from "./read-marker.shared.ts";

let find: Finder = () => [];

beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
  const file = await readFile(path);
  find = await createFinder({
    bytes: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength),
  });
});

/** A reader that is given a picture every 33 ms and takes no time to search. */
function newReader(): MarkerReader {
  let clockMs = 0;
  const reader = createMarkerReader({ find: () => find, nowMs: () => clockMs });
  return {
    place: reader.place,
    read: (picture) => {
      clockMs += 33;
      return reader.read(picture);
    },
  };
}

function symbolOf(frameId: number): ModuleGrid {
  const captureTimeUs = toSenderUs(1_790_000_000_000_000 + frameId);
  return markerModules(writePayload({ runNumber: 42, frameId, captureTimeUs }));
}

/** Texture that is no marker, the same on every call. */
function background(widthPx: number, heightPx: number): LumaPlane {
  const data = new Uint8Array(widthPx * heightPx);
  let seed = 1;
  for (let index = 0; index < data.length; index += 1) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    data[index] = 90 + (index % 97) / 2 + ((seed >> 16) % 40);
  }
  return { data, widthPx, heightPx, strideBytes: widthPx };
}

function project(map: Projection, u: number, v: number): PicturePoint {
  const depth = map.g * u + map.h * v + 1;
  return {
    xPx: (map.ax * u + map.bx * v + map.cx) / depth,
    yPx: (map.ay * u + map.by * v + map.cy) / depth,
  };
}

/** The map from the picture back to the unit square, as coefficients of its own. */
function inverseOf(corners: MarkerCorners): Projection {
  const { ax, bx, cx, ay, by, cy, g, h } = projectionOf(corners);
  const last = ax * by - bx * ay;
  return {
    ax: (by - cy * h) / last,
    bx: (cx * h - bx) / last,
    cx: (bx * cy - cx * by) / last,
    ay: (cy * g - ay) / last,
    by: (ax - cx * g) / last,
    cy: (cx * ay - ax * cy) / last,
    g: (ay * h - by * g) / last,
    h: (bx * g - ax * h) / last,
  };
}

/** Luma of a symbol with its quiet zone at a point of the unit square; null outside. */
function symbolLuma({ dark, sideCount }: ModuleGrid, u: number, v: number): number | null {
  const x = Math.floor(u * sideCount);
  const y = Math.floor(v * sideCount);
  if (Math.min(x, y) < -4 || Math.max(x, y) >= sideCount + 4) return null;
  const isInside = Math.min(x, y) >= 0 && Math.max(x, y) < sideCount;
  return isInside && dark[y * sideCount + x] === 1 ? 16 : 235;
}

/** Paints a symbol with its quiet zone into a plane: four looks a pixel, so edges are soft as in a real picture. */
function paint(plane: LumaPlane, corners: MarkerCorners, symbol: ModuleGrid): LumaPlane {
  const inverse = inverseOf(corners);
  const points = Object.values(corners);
  const xs = points.map(({ xPx }) => xPx);
  const ys = points.map(({ yPx }) => yPx);
  const marginPx = (Math.max(...xs) - Math.min(...xs)) / 2;
  const toX = Math.min(plane.widthPx, Math.max(...xs) + marginPx);
  const toY = Math.min(plane.heightPx, Math.max(...ys) + marginPx);
  for (let y = Math.max(0, Math.floor(Math.min(...ys) - marginPx)); y < toY; y += 1) {
    for (let x = Math.max(0, Math.floor(Math.min(...xs) - marginPx)); x < toX; x += 1) {
      const at = y * plane.strideBytes + x;
      const under = plane.data[at] ?? 0;
      let sum = 0;
      for (let look = 0; look < 4; look += 1) {
        const point = project(inverse, x + 0.25 + (look % 2) / 2, y + 0.25 + (look >> 1) / 2);
        sum += symbolLuma(symbol, point.xPx, point.yPx) ?? under;
      }
      plane.data[at] = sum / 4;
    }
  }
  return plane;
}

function square(xPx: number, yPx: number, sidePx: number): MarkerCorners {
  return {
    topLeft: { xPx, yPx },
    topRight: { xPx: xPx + sidePx, yPx },
    bottomRight: { xPx: xPx + sidePx, yPx: yPx + sidePx },
    bottomLeft: { xPx, yPx: yPx + sidePx },
  };
}

function turned(corners: MarkerCorners, degrees: number): MarkerCorners {
  const { topLeft, bottomRight } = corners;
  const centreX = (topLeft.xPx + bottomRight.xPx) / 2;
  const centreY = (topLeft.yPx + bottomRight.yPx) / 2;
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return mapCorners(corners, ({ xPx, yPx }) => ({
    xPx: centreX + (xPx - centreX) * cos - (yPx - centreY) * sin,
    yPx: centreY + (xPx - centreX) * sin + (yPx - centreY) * cos,
  }));
}

const askew: MarkerCorners = {
  topLeft: { xPx: 300, yPx: 160 },
  topRight: { xPx: 520, yPx: 190 },
  bottomRight: { xPx: 500, yPx: 400 },
  bottomLeft: { xPx: 310, yPx: 420 },
};

function read(reader: MarkerReader, plane: LumaPlane): Promise<MarkerReading> {
  return reader.read({
    widthPx: plane.widthPx,
    heightPx: plane.heightPx,
    luma: ({ xPx, yPx, widthPx, heightPx }) =>
      Promise.resolve({
        data: plane.data.subarray(yPx * plane.strideBytes + xPx),
        widthPx,
        heightPx,
        strideBytes: plane.strideBytes,
      }),
  });
}

/** Frame id and road, or why not. */
function brief(reading: MarkerReading): string {
  return reading.read ? `${reading.marker.frameId} ${reading.by}` : reading.why;
}

describe("a marker in a picture", () => {
  it.each([
    ["upright", square(64, 64, 200)],
    ["elsewhere", square(431, 205, 150)],
    ["turned by 20 degrees", turned(square(300, 150, 200), 20)],
    ["upside down", turned(square(300, 150, 200), 180)],
    ["filmed askew", askew],
    ["of 3 px modules", square(200, 100, 75)],
  ])("is found %s, and read there from then on", async (_, corners) => {
    const reader = newReader();
    const pictures = [1, 2, 3].map((id) => paint(background(640, 480), corners, symbolOf(id)));
    const readings: string[] = [];
    for (const picture of pictures) readings.push(brief(await read(reader, picture)));
    expect(readings).toEqual(["1 found", "2 tracked", "3 tracked"]);
  });

  it("is read at once where a sender of ours draws it, though its finders are beyond search", async () => {
    const reader = createMarkerReader({ find: () => () => [], nowMs: () => 0 });
    const picture = paint(background(426, 240), square(21.333, 21.333, 66.667), symbolOf(5));
    expect(brief(await read(reader, picture))).toBe("5 found");
  });

  it("is tracked through a change of size in the first picture of the new one", async () => {
    const reader = newReader();
    await read(reader, paint(background(960, 540), square(331, 205, 150), symbolOf(1)));
    const smaller = paint(background(640, 360), square(331 / 1.5, 205 / 1.5, 100), symbolOf(2));
    expect(brief(await read(reader, smaller))).toBe("2 tracked");
  });

  it.each([
    ["tracked", "a third of a module", 2],
    ["tracked", "one module", 6],
    ["found", "half the picture", 250],
  ])("is %s when it moved by %s", async (by, _, movePx) => {
    const reader = newReader();
    await read(reader, paint(background(640, 480), square(200, 150, 150), symbolOf(1)));
    const after = paint(background(640, 480), square(200 + movePx, 150, 150), symbolOf(2));
    expect(brief(await read(reader, after))).toBe(`2 ${by}`);
  });

  it("is absent where there is none, and found when it comes", async () => {
    const reader = newReader();
    expect(brief(await read(reader, background(640, 480)))).toBe("absent");
    expect(brief(await read(reader, paint(background(640, 480), askew, symbolOf(9))))).toBe("9 found");
  });

  it("is foreign when it is somebody else's", async () => {
    const picture = paint(background(640, 480), square(200, 150, 150), qrModules("https://gauge.example/"));
    expect(brief(await read(newReader(), picture))).toBe("foreign");
  });

  it("is broken when more of it is covered than its code can repair, and read again when it is not", async () => {
    const reader = newReader();
    const place = square(200, 150, 200);
    await read(reader, paint(background(640, 480), place, symbolOf(1)));
    const covered = paint(background(640, 480), place, symbolOf(2));
    for (let y = 215; y < 340; y += 1) covered.data.fill(16, y * 640 + 255, y * 640 + 400);
    expect(brief(await read(reader, covered))).toBe("broken");
    expect(brief(await read(reader, paint(background(640, 480), place, symbolOf(3))))).toBe("3 tracked");
  });

  it("is not tried while the search is still being loaded", async () => {
    const reader = createMarkerReader({ find: () => null, nowMs: () => 0 });
    expect(brief(await read(reader, background(64, 64)))).toBe("busy");
  });

  it("is searched for no more than a quarter of the time where there is none", async () => {
    let clockMs = 0;
    let searchCount = 0;
    const slowFind: Finder = () => {
      searchCount += 1;
      clockMs += 30;
      return [];
    };
    const reader = createMarkerReader({ find: () => slowFind, nowMs: () => clockMs });
    const picture = background(320, 240);
    for (let count = 0; count < 60; count += 1) {
      await read(reader, picture);
      clockMs += 10;
    }
    // The first one is free.
    expect(((searchCount - 1) * 30) / clockMs).toBeLessThanOrEqual(0.25);
    expect(searchCount).toBeGreaterThan(3);
  });
});
