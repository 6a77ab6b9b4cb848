import { layoutMarker, type PictureRect, type PictureSize } from "./layout.ts";
import { meanSidePx, scaleCorners, type MarkerCorners } from "./projection.ts";
import { markerSideCount, quietModuleCount } from "./qr.ts";

/**
 * What a reader knows of the marker's place. `lost`: nothing, the whole picture must be searched. `held`: where it was in the
 * last picture it was read or seen in.
 */
export type Tracking =
  | { readonly kind: "lost" }
  | {
      readonly kind: "held";
      /** In px of `picture`. */
      readonly corners: MarkerCorners;
      readonly picture: PictureSize;
      /** Contrast when the place was last fitted, luma. */
      readonly fitLuma: number;
      /** Pictures in a row in which it could not be read there. */
      readonly missCount: number;
    };

/** What one look at the held place showed. */
export type Look = {
  readonly isRead: boolean;
  /** Light less dark on the fixed modules, luma. */
  readonly contrastLuma: number;
};

/**
 * What to do about a picture after a look at the held place: nothing more; fit the place anew; fit it and try the slower
 * decoder around it; search the whole picture.
 */
export type NextStep = "done" | "refit" | "rescue" | "search";

/** The place where nothing is known. */
export const lostTracking: Tracking = { kind: "lost" };

/**
 * Least contrast of a place where a marker is, luma. Samples of ordinary video differ by some 50, so the mean over 133 modules
 * of each tone strays by about 6; this is five times as much.
 */
export const leastContrastLuma = 30;

/** A place whose contrast has fallen below this share of what it was is fitted anew even though it could be read. */
const sagRatio = 0.85;
/** Unread pictures in a row after which the marker is looked for elsewhere too. */
const missLimit = 5;
/** Share of the wall clock that searching whole pictures may take while nothing is found. */
const searchShare = 0.25;
/** A finder of 7 modules under this size is easier found when enlarged, px. */
const smallModulePx = 4;
/** Lines that a whole picture is searched at: more cost in proportion and find nothing that a viewer could. */
const searchLines = 1080;

/** The sender's usual picture height; layouts of 360, 1080 and 2160 lines are this one to scale. */
const usualLines = 720;

/**
 * Where a sender of ours would have drawn the marker, were this its whole picture: a place to look at before any search, and
 * the only one where a finder is smeared beyond search.
 */
export function expectedCorners(picture: PictureSize): MarkerCorners {
  const scale = Math.min(picture.widthPx, picture.heightPx) / usualLines;
  const layout = layoutMarker({ widthPx: picture.widthPx / scale, heightPx: picture.heightPx / scale });
  const leftPx = layout.box.xPx + quietModuleCount * layout.modulePx;
  const topPx = layout.box.yPx + quietModuleCount * layout.modulePx;
  const sidePx = markerSideCount * layout.modulePx;
  const corners = {
    topLeft: { xPx: leftPx, yPx: topPx },
    topRight: { xPx: leftPx + sidePx, yPx: topPx },
    bottomRight: { xPx: leftPx + sidePx, yPx: topPx + sidePx },
    bottomLeft: { xPx: leftPx, yPx: topPx + sidePx },
  };
  return scaleCorners(corners, scale, scale);
}

/** The held place in a picture of another size: adaptive streams change size between two frames. */
export function cornersIn(held: Extract<Tracking, { kind: "held" }>, picture: PictureSize): MarkerCorners {
  const xRatio = picture.widthPx / held.picture.widthPx;
  const yRatio = picture.heightPx / held.picture.heightPx;
  return xRatio === 1 && yRatio === 1 ? held.corners : scaleCorners(held.corners, xRatio, yRatio);
}

function evenDown(px: number): number {
  return Math.floor(px / 2) * 2;
}

/**
 * The part of a picture to look at for a marker at `corners`: its quiet zone included, even numbers (chroma has half the
 * lines), inside the picture; null where nothing of it lies inside.
 */
export function regionOf(corners: MarkerCorners, picture: PictureSize): PictureRect | null {
  const points = [corners.topLeft, corners.topRight, corners.bottomRight, corners.bottomLeft];
  const marginPx = (meanSidePx(corners) / markerSideCount) * quietModuleCount;
  const xs = points.map((point) => point.xPx);
  const ys = points.map((point) => point.yPx);
  const leftPx = Math.max(0, evenDown(Math.min(...xs) - marginPx));
  const topPx = Math.max(0, evenDown(Math.min(...ys) - marginPx));
  const rightPx = Math.min(evenDown(picture.widthPx), evenDown(Math.max(...xs) + marginPx + 1));
  const bottomPx = Math.min(evenDown(picture.heightPx), evenDown(Math.max(...ys) + marginPx + 1));
  const isSome = rightPx - leftPx >= markerSideCount && bottomPx - topPx >= markerSideCount;
  return isSome ? { xPx: leftPx, yPx: topPx, widthPx: rightPx - leftPx, heightPx: bottomPx - topPx } : null;
}

/** What to do after the first look at the held place. */
export function afterLook(tracking: Extract<Tracking, { kind: "held" }>, look: Look): NextStep {
  if (look.isRead) return look.contrastLuma < tracking.fitLuma * sagRatio ? "refit" : "done";
  if (look.contrastLuma < leastContrastLuma || tracking.missCount >= missLimit) return "search";
  return "rescue";
}

/**
 * Whether the whole picture may be searched now. Searching takes a quarter of one core at most, however large the picture;
 * a marker that appears is found that much later.
 * @param nowMs any clock, ms
 * @param lastEndMs when the last search ended, same clock; null before the first
 * @param lastCostMs how long it took
 */
export function maySearch(nowMs: number, lastEndMs: number | null, lastCostMs: number): boolean {
  return lastEndMs === null || nowMs - lastEndMs >= lastCostMs * (1 / searchShare - 1);
}

/** How many times a region is to be enlarged before the slower decoder sees it. */
export function enlargementFor(corners: MarkerCorners): 1 | 3 {
  return meanSidePx(corners) / markerSideCount < smallModulePx ? 3 : 1;
}

/** How many times a whole picture is made smaller before it is searched. */
export function reductionFor(picture: PictureSize): number {
  return Math.max(1, Math.ceil(Math.min(picture.widthPx, picture.heightPx) / searchLines));
}
