import { BinaryBitmap, HybridBinarizer, QRCodeReader, RGBLuminanceSource } from "@zxing/library";

import { toSenderUs } from "../src/core/clock/instants.ts";
import { drawMarker } from "../src/core/marker/draw.ts";
import { layoutMarker } from "../src/core/marker/layout.ts";
import { readPayload, writePayload, type Marker } from "../src/core/marker/payload.ts";
import { markerModules } from "../src/core/marker/qr.ts";
import { createPlanes, type Planes } from "../src/core/scene/planes.ts";
import type { Bench } from "./bench-type.ts";
import { timeCalls } from "./parts/time-calls.ts";

const sizes = [
  [640, 360],
  [1280, 720],
  [1920, 1080],
] as const;

function markerOf(index: number): Marker {
  return {
    runNumber: 123_456,
    frameId: index,
    captureTimeUs: toSenderUs(1_790_000_000_000_000 + index * 33_367),
  };
}

/** Reads the first `side` pixels square, where the marker is. */
function readCorner(planes: Planes, sidePx: number): string {
  const luma = new Uint8ClampedArray(sidePx * sidePx);
  for (let row = 0; row < sidePx; row += 1) {
    luma.set(planes.luma.subarray(row * planes.widthPx, row * planes.widthPx + sidePx), row * sidePx);
  }
  const source = new RGBLuminanceSource(luma, sidePx, sidePx);
  return new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(source))).getText();
}

/** How long a marker takes to be made, drawn and, undamaged and at full size, read. */
export const bench: Bench = {
  name: "marker",
  about: "one marker made (digits and QR), drawn over a picture (QR and caption), read back uncompressed",
  run: ({ quick }) => {
    const count = quick ? 300 : 3000;
    const made = timeCalls(count, (index) => markerModules(writePayload(markerOf(index))));
    const rows = sizes.map(([widthPx, heightPx]) => {
      const layout = layoutMarker({ widthPx, heightPx });
      const planes = createPlanes(layout.picture);
      const drawn = timeCalls(count, (index) => {
        drawMarker(planes, layout, markerOf(index));
      });
      let readCount = 0;
      const read = timeCalls(Math.floor(count / 10), () => {
        const { box } = layout;
        if (readPayload(readCorner(planes, box.xPx + box.widthPx)).kind === "marker") readCount += 1;
      });
      return {
        size: `${widthPx}x${heightPx}`,
        drawMedianMs: drawn.medianMs,
        drawP95Ms: drawn.p95Ms,
        readMedianMs: read.medianMs,
        readP95Ms: read.p95Ms,
        allRead: readCount >= Math.floor(count / 10),
      };
    });
    return Promise.resolve({ makeMedianMs: made.medianMs, makeP95Ms: made.p95Ms, rows });
  },
};
