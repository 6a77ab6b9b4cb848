import {
  BinaryBitmap,
  DecodeHintType,
  GlobalHistogramBinarizer,
  QRCodeReader,
  RGBLuminanceSource,
} from "@zxing/library";

import { cleanSymbol, equalise } from "../../core/marker/equalise.kernel.ts";
import { refineCorners } from "../../core/marker/lock.ts";
import { readPayload, type Marker } from "../../core/marker/payload.ts";
import { meanSidePx, projectionOf, type MarkerCorners } from "../../core/marker/projection.ts";
import { markerSideCount } from "../../core/marker/qr.ts";
import { expectedCorners } from "../../core/marker/region.ts";
import { sampleModules, type LumaPlane } from "../../core/marker/sample.kernel.ts";

const reader = new QRCodeReader();
const hints: Map<DecodeHintType, unknown> = new Map<DecodeHintType, unknown>([
  [DecodeHintType.PURE_BARCODE, true],
]);

function textOf(symbol: Uint8ClampedArray): string | null {
  try {
    const source = new RGBLuminanceSource(symbol, markerSideCount, markerSideCount);
    return reader.decode(new BinaryBitmap(new GlobalHistogramBinarizer(source)), hints).getText();
  } catch {
    // One class of error for each way in which a symbol is no QR.
    return null;
  }
}

function readWithin(plane: LumaPlane, corners: MarkerCorners): Marker | null {
  const pointCount = meanSidePx(corners) < 4 * markerSideCount ? 1 : 2;
  const text = textOf(cleanSymbol(equalise(sampleModules(plane, projectionOf(corners), pointCount, 0.4))));
  const payload = text === null ? null : readPayload(text);
  return payload?.kind === "marker" ? payload.marker : null;
}

/**
 * Reads the marker where a sender draws it, null where there is none. Pictures that can be scored at all have it in its place: they
 * are as their references, apart from their size.
 */
export function readMarkerInPlace(plane: LumaPlane): Marker | null {
  const corners = expectedCorners(plane);
  return readWithin(plane, corners) ?? readWithin(plane, refineCorners(plane, corners, 0.5).corners);
}
