import {
  BinaryBitmap,
  DecodeHintType,
  GlobalHistogramBinarizer,
  QRCodeReader,
  RGBLuminanceSource,
} from "@zxing/library";

import { cleanSymbol, equalise } from "../../core/marker/equalise.kernel.ts";
import { readPayload, type PayloadReading } from "../../core/marker/payload.ts";
import { meanSidePx, projectionOf, type MarkerCorners } from "../../core/marker/projection.ts";
import { markerSideCount } from "../../core/marker/qr.ts";
import { sampleModules, toneOf, type LumaPlane } from "../../core/marker/sample.kernel.ts";

/** What was read at a known place, and how plainly a marker is there at all. */
export type TrackReading = {
  /** Null: the symbol could not be decoded. */
  readonly payload: PayloadReading | null;
  /** Mean luma of the light fixed modules less that of the dark; 219 as drawn, about 0 where no marker is. */
  readonly contrastLuma: number;
};

const pureHints: Map<DecodeHintType, unknown> = new Map<DecodeHintType, unknown>([
  [DecodeHintType.PURE_BARCODE, true],
]);
const decoder = new QRCodeReader();

/** Decodes a clean symbol of one pixel a module; null where its code words cannot be repaired. */
function decodeSymbol(symbol: Uint8ClampedArray): string | null {
  const source = new RGBLuminanceSource(symbol, markerSideCount, markerSideCount);
  try {
    return decoder.decode(new BinaryBitmap(new GlobalHistogramBinarizer(source)), pureHints).getText();
  } catch {
    // The library says "not this time" by throwing, one class per reason; all mean the same here.
    return null;
  }
}

/**
 * Reads the marker at a known place: one look at each module, the frame's own blur undone, then Reed-Solomon. No search, so it
 * costs a fraction of finding and does not need legible finders.
 */
export function readAt(plane: LumaPlane, corners: MarkerCorners): TrackReading {
  const modulePx = meanSidePx(corners) / markerSideCount;
  const isFine = modulePx < 4;
  const samples = sampleModules(plane, projectionOf(corners), isFine ? 1 : 2, 0.4);
  const tone = toneOf(samples);
  const text = decodeSymbol(cleanSymbol(equalise(samples)));
  return {
    payload: text === null ? null : readPayload(text),
    contrastLuma: tone.lightMean - tone.darkMean,
  };
}
