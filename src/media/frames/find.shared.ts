import {
  prepareZXingModule,
  type ZXingReadResult,
  type ZXingReaderOptions,
  type ZXingVector,
} from "zxing-wasm/reader";

import type { MarkerCorners, PicturePoint } from "../../core/marker/projection.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";

/** A QR seen in a picture. `text` is null where it was seen but could not be decoded. */
export type FoundCode = { readonly text: string | null; readonly corners: MarkerCorners };

/** Searches a whole luma plane for QR codes, in any place and orientation. */
export type Finder = (plane: LumaPlane) => readonly FoundCode[];

/** Where the search's WebAssembly comes from: its URL in a page, its bytes elsewhere. */
export type FinderWasm = { readonly url: string } | { readonly bytes: ArrayBuffer };

/** The parts of the module that its published types leave to Emscripten's, which are not installed. */
type Memory = {
  readonly HEAPU8: Uint8Array;
  readonly _malloc: (lengthBytes: number) => number;
  readonly _free: (at: number) => void;
};
/** A list that lives in the module's memory until told. */
type Owned = { readonly delete?: () => void };

/** Codes looked at per picture: ours and a few of somebody else's, but no wall of them. */
const codesPerPicture = 4;

/** zxing-cpp's own option words as numbers: local average, plain text, unknown character set. */
const searchOptions: ZXingReaderOptions = {
  formats: "QRCode",
  tryHarder: true,
  tryRotate: true,
  tryInvert: false,
  tryDownscale: true,
  tryDenoise: false,
  binarizer: 0,
  isPure: false,
  downscaleFactor: 2,
  downscaleThreshold: 500,
  minLineCount: 2,
  maxNumberOfSymbols: codesPerPicture,
  validateOptionalChecksum: false,
  returnErrors: true,
  eanAddOnSymbol: 0,
  textMode: 0,
  characterSet: 0,
  tryCode39ExtendedMode: false,
};

function toPoint(point: { readonly x: number; readonly y: number }): PicturePoint {
  return { xPx: point.x, yPx: point.y };
}

/** Copies a plane's lines close together, as zxing wants them. */
function packInto(target: Uint8Array, at: number, plane: LumaPlane): void {
  for (let line = 0; line < plane.heightPx; line += 1) {
    const from = line * plane.strideBytes;
    target.set(plane.data.subarray(from, from + plane.widthPx), at + line * plane.widthPx);
  }
}

function toFound(result: ZXingReadResult): FoundCode {
  const { topLeft, topRight, bottomRight, bottomLeft } = result.position;
  return {
    text: result.isValid ? result.text : null,
    corners: {
      topLeft: toPoint(topLeft),
      topRight: toPoint(topRight),
      bottomRight: toPoint(bottomRight),
      bottomLeft: toPoint(bottomLeft),
    },
  };
}

function toList(results: ZXingVector<ZXingReadResult> & Owned): readonly FoundCode[] {
  try {
    return Array.from({ length: results.size() }, (_, index) => results.get(index))
      .filter((result) => result !== undefined)
      .map(toFound);
  } finally {
    results.delete?.();
  }
}

/**
 * Starts zxing-wasm. Luma goes straight into its memory: the package's own `readBarcodes` would have it widened to RGBA first.
 * Rejects where WebAssembly is refused or the file cannot be had.
 */
export async function createFinder(wasm: FinderWasm): Promise<Finder> {
  const overrides = "url" in wasm ? { locateFile: (): string => wasm.url } : { wasmBinary: wasm.bytes };
  const module = await prepareZXingModule({ overrides, fireImmediately: true });
  const memory = module as unknown as Memory;
  return (plane) => {
    const lengthBytes = plane.widthPx * plane.heightPx;
    const at = memory._malloc(lengthBytes);
    if (at === 0) throw new Error(`no memory for a picture of ${lengthBytes} bytes`);
    try {
      packInto(memory.HEAPU8, at, plane);
      return toList(module.readBarcodesFromPixmap(at, plane.widthPx, plane.heightPx, searchOptions));
    } finally {
      memory._free(at);
    }
  };
}
