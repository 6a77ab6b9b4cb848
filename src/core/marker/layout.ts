import { markerSideCount, quietModuleCount } from "./qr.ts";

/** Size of a picture. */
export type PictureSize = { readonly widthPx: number; readonly heightPx: number };

/** A rectangle in a picture's pixels, from its left upper corner. */
export type PictureRect = {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
};

/** Where the readable digits lie. */
export type CaptionLayout = {
  /** Dark panel that the digits stand on; even numbers, inside the picture, clear of the QR. */
  readonly area: PictureRect;
  /** Side of one font dot, whole pixels. */
  readonly dotPx: number;
  /** Left upper corner of the first line's first character, in the picture. */
  readonly textXPx: number;
  readonly textYPx: number;
};

/** Where the marker lies in a picture of one size. */
export type MarkerLayout = {
  readonly picture: PictureSize;
  /** Side of one QR module, whole pixels. */
  readonly modulePx: number;
  /** The white square: QR and quiet zone. Even numbers, inside the picture. */
  readonly box: PictureRect;
  /** Null where the picture has no room for digits. */
  readonly caption: CaptionLayout | null;
};

/** Modules along one side of the marker with its quiet zone. */
export const boxModuleCount: number = markerSideCount + 2 * quietModuleCount;

/** Characters of the widest caption line, `12:34:56.789 UTC`. */
const captionColumnCount = 16;
/** Frame, clock, run. */
const captionLineCount = 3;
/** Width of a character with its gap, in font dots. */
export const cellWidthDots: number = 6;
/** Height of a line with its gap, in font dots. */
export const cellHeightDots: number = 9;

/** The next even number. */
function toEven(px: number): number {
  return px + (px % 2);
}

function alignDown(px: number, step: number): number {
  return Math.floor(px / step) * step;
}

/** Room around the text; the smallest pictures have none to spare. */
function padDotsOf(dotPx: number): number {
  return dotPx === 1 ? 1 : 3;
}

/** The panel's size for a dot size: even numbers, since chroma has half the lines. */
function captionSize(dotPx: number): PictureSize {
  const padDots = 2 * padDotsOf(dotPx);
  const widthPx = (captionColumnCount * cellWidthDots - 1 + padDots) * dotPx;
  const heightPx = (captionLineCount * cellHeightDots - 2 + padDots) * dotPx;
  return { widthPx: toEven(widthPx), heightPx: toEven(heightPx) };
}

function captionIn(area: PictureRect, dotPx: number): CaptionLayout {
  const padPx = padDotsOf(dotPx) * dotPx;
  return { area, dotPx, textXPx: area.xPx + padPx, textYPx: area.yPx + padPx };
}

function fits(area: PictureRect, picture: PictureSize): boolean {
  return area.xPx + area.widthPx <= picture.widthPx && area.yPx + area.heightPx <= picture.heightPx;
}

/** Right of the box if there is room, else below it, else smaller, else nowhere. */
function placeCaption(box: PictureRect, picture: PictureSize, wishedDotPx: number): CaptionLayout | null {
  for (let dotPx = wishedDotPx; dotPx >= 1; dotPx -= 1) {
    const size = captionSize(dotPx);
    const right = { xPx: box.xPx + box.widthPx, yPx: box.yPx, ...size };
    const below = { xPx: box.xPx, yPx: box.yPx + box.heightPx, ...size };
    const area = [right, below].find((candidate) => fits(candidate, picture));
    if (area !== undefined) return captionIn(area, dotPx);
  }
  return null;
}

/**
 * The module size for a picture: a ninetieth of the shorter side (360: 4, 720: 8, 1080: 12, 2160: 24), never under 3, so that
 * the box takes about 37 % of the height.
 */
function moduleSize(picture: PictureSize): number {
  const shorterPx = Math.min(picture.widthPx, picture.heightPx);
  const largestPx = Math.floor(shorterPx / boxModuleCount);
  return Math.max(1, Math.min(largestPx, Math.max(3, Math.round(shorterPx / 90))));
}

/**
 * Where the marker lies in a scene. Left upper corner, on the encoders' grid of 16 pixels where there is room: a module edge that
 * falls on a block edge costs fewer bits and survives more.
 * @param picture even numbers, 128x128 to 3840x2160
 */
export function layoutMarker(picture: PictureSize): MarkerLayout {
  const modulePx = moduleSize(picture);
  const sidePx = toEven(boxModuleCount * modulePx);
  const spare = Math.min(picture.widthPx, picture.heightPx) - sidePx;
  const margin = Math.min(alignDown(modulePx * 4, 16), alignDown(Math.floor(spare / 8), 16));
  const box = { xPx: margin, yPx: margin, widthPx: sidePx, heightPx: sidePx };
  return {
    picture,
    modulePx,
    box,
    caption: placeCaption(box, picture, Math.max(1, Math.floor(modulePx / 2))),
  };
}

/**
 * Where the marker lies when it is shown alone for a camera to film: as large as leaves room for the digits, in the middle.
 * @param picture even numbers, 128x128 to 3840x2160
 */
export function layoutMarkerAlone(picture: PictureSize): MarkerLayout {
  const dotPx = Math.floor(Math.min(picture.heightPx / 180, picture.widthPx / 110));
  const panel = dotPx < 1 ? { widthPx: 0, heightPx: 0 } : captionSize(dotPx);
  const roomPx = Math.min(picture.widthPx, picture.heightPx - panel.heightPx);
  const modulePx = Math.floor(roomPx / boxModuleCount);
  const sidePx = toEven(boxModuleCount * modulePx);
  const topPx = alignDown((picture.heightPx - panel.heightPx - sidePx) / 2, 2);
  const leftPx = alignDown((picture.widthPx - sidePx) / 2, 2);
  const area = { xPx: alignDown((picture.widthPx - panel.widthPx) / 2, 2), yPx: topPx + sidePx, ...panel };
  return {
    picture,
    modulePx,
    box: { xPx: leftPx, yPx: topPx, widthPx: sidePx, heightPx: sidePx },
    caption: dotPx < 1 ? null : captionIn(area, dotPx),
  };
}

/** The box of a layout in the same picture received at another size, outer whole pixels. */
export function regionAt(layout: MarkerLayout, received: PictureSize): PictureRect {
  const xRatio = received.widthPx / layout.picture.widthPx;
  const yRatio = received.heightPx / layout.picture.heightPx;
  const left = Math.floor(layout.box.xPx * xRatio);
  const top = Math.floor(layout.box.yPx * yRatio);
  const right = Math.min(received.widthPx, Math.ceil((layout.box.xPx + layout.box.widthPx) * xRatio));
  const bottom = Math.min(received.heightPx, Math.ceil((layout.box.yPx + layout.box.heightPx) * yRatio));
  return { xPx: left, yPx: top, widthPx: right - left, heightPx: bottom - top };
}
