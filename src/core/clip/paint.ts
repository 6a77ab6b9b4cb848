import { unreachable } from "../failure.ts";
import type { PictureRect, PictureSize } from "../marker/layout.ts";
import type { LumaPlane } from "../marker/sample.kernel.ts";
import { createRangeTable } from "../quality/range.ts";
import { createScaler, type Scaler } from "../quality/scale.ts";
import { blackLuma, neutralChroma, type Planes } from "../scene/planes.ts";
import { fitEven } from "./clip.ts";

/** A decoded picture as planes of 8 bit; chroma of any size. */
export type ClipPicture = {
  readonly luma: LumaPlane;
  readonly u: LumaPlane;
  readonly v: LumaPlane;
  readonly isFullRange: boolean;
  /** Degrees clockwise by which it is turned to be shown. */
  readonly rotationDegrees: 0 | 90 | 180 | 270;
  /** As it is shown: turned, pixels square. */
  readonly shown: PictureSize;
};

/** Rows without gaps. */
function pack({ data, strideBytes, widthPx, heightPx }: LumaPlane): LumaPlane {
  if (strideBytes === widthPx) {
    return { data: data.subarray(0, widthPx * heightPx), widthPx, heightPx, strideBytes };
  }
  const packed = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y += 1) {
    packed.set(data.subarray(y * strideBytes, y * strideBytes + widthPx), y * widthPx);
  }
  return { data: packed, widthPx, heightPx, strideBytes: widthPx };
}

/** Where a turned sample goes: `first + x * perColumn + y * perRow`. */
type Turn = { readonly first: number; readonly perColumn: number; readonly perRow: number };

function turnOf({ widthPx, heightPx }: PictureSize, degrees: 90 | 180 | 270): Turn {
  switch (degrees) {
    case 90:
      return { first: heightPx - 1, perColumn: heightPx, perRow: -1 };
    case 180:
      return { first: widthPx * heightPx - 1, perColumn: -1, perRow: -widthPx };
    case 270:
      return { first: (widthPx - 1) * heightPx, perColumn: -heightPx, perRow: 1 };
    default:
      return unreachable(degrees);
  }
}

/** Rows without gaps, turned. */
function unpack(plane: LumaPlane, degrees: ClipPicture["rotationDegrees"]): LumaPlane {
  const packed = pack(plane);
  if (degrees === 0) return packed;
  const { widthPx, heightPx } = packed;
  const { first, perColumn, perRow } = turnOf(packed, degrees);
  const data = new Uint8Array(widthPx * heightPx);
  for (let y = 0, at = 0; y < heightPx; y += 1) {
    const line = first + y * perRow;
    for (let x = 0; x < widthPx; x += 1, at += 1) data[line + x * perColumn] = packed.data[at] ?? 0;
  }
  const [width, height] = degrees === 180 ? [widthPx, heightPx] : [heightPx, widthPx];
  return { data, widthPx: width, heightPx: height, strideBytes: width };
}

/** Brings planes to a size; keeps the scaler of each pair of sizes. */
type Fit = (plane: LumaPlane, to: PictureSize) => Uint8Array;

function createFit(): Fit {
  const scalers = new Map<string, Scaler>();
  return (plane, to) => {
    const { widthPx, heightPx } = plane;
    if (widthPx === to.widthPx && heightPx === to.heightPx) return plane.data;
    const key = [widthPx, heightPx, to.widthPx, to.heightPx].join(" ");
    const scaler = scalers.get(key) ?? createScaler(plane, to);
    scalers.set(key, scaler);
    const target = new Uint8Array(to.widthPx * to.heightPx);
    scaler.scale(plane.data, target);
    return target;
  };
}

function put(samples: Uint8Array, target: Uint8Array, lineSamples: number, place: PictureRect): void {
  const { xPx, yPx, widthPx, heightPx } = place;
  for (let row = 0; row < heightPx; row += 1) {
    target.set(samples.subarray(row * widthPx, (row + 1) * widthPx), (yPx + row) * lineSamples + xPx);
  }
}

function halved({ xPx, yPx, widthPx, heightPx }: PictureRect): PictureRect {
  return { xPx: xPx / 2, yPx: yPx / 2, widthPx: widthPx / 2, heightPx: heightPx / 2 };
}

/** Chroma of full range (ITU-T H.273, 8.3) in limited range. */
const chromaTable: Uint8Array = Uint8Array.from({ length: 256 }, (_, chroma) =>
  Math.round(neutralChroma + ((chroma - neutralChroma) * 224) / 255),
);
const lumaTable: Uint8Array = createRangeTable("limited");

function limit(samples: Uint8Array, table: Uint8Array, isFullRange: boolean): Uint8Array {
  return isFullRange ? samples.map((sample) => table[sample] ?? 0) : samples;
}

/** Paints pictures of a file into frames, as sender and receiver both do it: to the bit. */
export type ClipPainter = (picture: ClipPicture, planes: Planes) => void;

/**
 * Makes a painter. A picture of another size or shape stands in the middle, on black, scaled as `scale.ts` does; the matrix of its
 * colours stays the file's, the range becomes the limited one.
 */
export function createClipPainter(): ClipPainter {
  const fit = createFit();
  return (picture, planes) => {
    const { isFullRange, rotationDegrees } = picture;
    const place = fitEven(picture.shown, planes);
    const isWhole = place.widthPx === planes.widthPx && place.heightPx === planes.heightPx;
    if (!isWhole) {
      planes.luma.fill(blackLuma);
      planes.bytes.fill(neutralChroma, planes.uStart);
    }
    const luma = fit(unpack(picture.luma, rotationDegrees), place);
    put(limit(luma, lumaTable, isFullRange), planes.luma, planes.widthPx, place);
    const half = halved(place);
    for (const [from, to] of [
      [picture.u, planes.u],
      [picture.v, planes.v],
    ] as const) {
      const chroma = fit(unpack(from, rotationDegrees), half);
      put(limit(chroma, chromaTable, isFullRange), to, planes.widthPx / 2, half);
    }
  };
}
