/** A point in a picture, px from its left upper corner; pixel centres lie at halves. */
export type PicturePoint = { readonly xPx: number; readonly yPx: number };

/**
 * Where a marker's symbol (without quiet zone) lies: its own corners, so that one filmed askew, turned or seen in a mirror is
 * as well described as an upright one.
 */
export type MarkerCorners = {
  readonly topLeft: PicturePoint;
  readonly topRight: PicturePoint;
  readonly bottomRight: PicturePoint;
  readonly bottomLeft: PicturePoint;
};

/**
 * The projective map from the unit square to a quadrilateral: x = (ax u + bx v + cx) / (g u + h v + 1), y alike
 * (P. Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, 2.2.3).
 */
export type Projection = {
  readonly ax: number;
  readonly bx: number;
  readonly cx: number;
  readonly ay: number;
  readonly by: number;
  readonly cy: number;
  readonly g: number;
  readonly h: number;
};

/** The map that takes the unit square's corners to a marker's. Corners on one line give numbers that are not finite. */
export function projectionOf(corners: MarkerCorners): Projection {
  const { topLeft: p0, topRight: p1, bottomRight: p2, bottomLeft: p3 } = corners;
  const sumX = p0.xPx - p1.xPx + p2.xPx - p3.xPx;
  const sumY = p0.yPx - p1.yPx + p2.yPx - p3.yPx;
  const dx1 = p1.xPx - p2.xPx;
  const dy1 = p1.yPx - p2.yPx;
  const dx2 = p3.xPx - p2.xPx;
  const dy2 = p3.yPx - p2.yPx;
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (sumX * dy2 - dx2 * sumY) / determinant;
  const h = (dx1 * sumY - sumX * dy1) / determinant;
  return {
    ax: p1.xPx - p0.xPx + g * p1.xPx,
    bx: p3.xPx - p0.xPx + h * p3.xPx,
    cx: p0.xPx,
    ay: p1.yPx - p0.yPx + g * p1.yPx,
    by: p3.yPx - p0.yPx + h * p3.yPx,
    cy: p0.yPx,
    g,
    h,
  };
}

/** Applies one change to all four corners. */
export function mapCorners(
  corners: MarkerCorners,
  change: (point: PicturePoint) => PicturePoint,
): MarkerCorners {
  return {
    topLeft: change(corners.topLeft),
    topRight: change(corners.topRight),
    bottomRight: change(corners.bottomRight),
    bottomLeft: change(corners.bottomLeft),
  };
}

/** The corners in the same picture received at another size. */
export function scaleCorners(corners: MarkerCorners, xRatio: number, yRatio: number): MarkerCorners {
  return mapCorners(corners, ({ xPx, yPx }) => ({ xPx: xPx * xRatio, yPx: yPx * yRatio }));
}

/** The corners seen from a part of the picture that begins at (`xPx`, `yPx`). */
export function cornersWithin(corners: MarkerCorners, xPx: number, yPx: number): MarkerCorners {
  return mapCorners(corners, (point) => ({ xPx: point.xPx - xPx, yPx: point.yPx - yPx }));
}

function length(from: PicturePoint, to: PicturePoint): number {
  return Math.hypot(to.xPx - from.xPx, to.yPx - from.yPx);
}

/** Mean length of the four sides, px. */
export function meanSidePx(corners: MarkerCorners): number {
  const { topLeft, topRight, bottomRight, bottomLeft } = corners;
  return (
    (length(topLeft, topRight) +
      length(topRight, bottomRight) +
      length(bottomRight, bottomLeft) +
      length(bottomLeft, topLeft)) /
    4
  );
}
