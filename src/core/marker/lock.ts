import { projectionOf, type MarkerCorners, type PicturePoint } from "./projection.ts";
import { markerSideCount } from "./qr.ts";
import { fitOf, type LumaPlane } from "./sample.kernel.ts";

/** A marker's place and how well it fits, in luma (see `fitOf`). */
export type Lock = { readonly corners: MarkerCorners; readonly fitLuma: number };

/** A way of moving corners: each moves by its own pair of factors times the step. */
type Move = readonly [number, number, number, number, number, number, number, number];

/** Whole shifts and stretches first: they are what encoders, scalers and crops do. */
const uprightMoves: readonly Move[] = [
  [1, 0, 1, 0, 1, 0, 1, 0],
  [0, 1, 0, 1, 0, 1, 0, 1],
  [-1, 0, 1, 0, 1, 0, -1, 0],
  [0, -1, 0, -1, 0, 1, 0, 1],
];
/** Then each corner alone: what a hand-held camera does. */
const cornerMoves: readonly Move[] = [
  [1, 0, 0, 0, 0, 0, 0, 0],
  [0, 1, 0, 0, 0, 0, 0, 0],
  [0, 0, 1, 0, 0, 0, 0, 0],
  [0, 0, 0, 1, 0, 0, 0, 0],
  [0, 0, 0, 0, 1, 0, 0, 0],
  [0, 0, 0, 0, 0, 1, 0, 0],
  [0, 0, 0, 0, 0, 0, 1, 0],
  [0, 0, 0, 0, 0, 0, 0, 1],
];

function shift(point: PicturePoint, xPx: number, yPx: number): PicturePoint {
  return { xPx: point.xPx + xPx, yPx: point.yPx + yPx };
}

function moved(corners: MarkerCorners, move: Move, stepPx: number): MarkerCorners {
  return {
    topLeft: shift(corners.topLeft, move[0] * stepPx, move[1] * stepPx),
    topRight: shift(corners.topRight, move[2] * stepPx, move[3] * stepPx),
    bottomRight: shift(corners.bottomRight, move[4] * stepPx, move[5] * stepPx),
    bottomLeft: shift(corners.bottomLeft, move[6] * stepPx, move[7] * stepPx),
  };
}

/** Whether corners are a place at all: finite and on no line. */
function lockAt(plane: LumaPlane, corners: MarkerCorners): Lock {
  const fitLuma = fitOf(plane, projectionOf(corners));
  return { corners, fitLuma: Number.isFinite(fitLuma) ? fitLuma : -Infinity };
}

/** One pass over the moves, each way; keeps what fits better. */
function improve(plane: LumaPlane, lock: Lock, moves: readonly Move[], stepPx: number): Lock {
  let best = lock;
  for (const move of moves) {
    for (const signedPx of [stepPx, -stepPx]) {
      const candidate = lockAt(plane, moved(best.corners, move, signedPx));
      if (candidate.fitLuma > best.fitLuma) {
        best = candidate;
        break;
      }
    }
  }
  return best;
}

/**
 * Moves corners to where the fixed modules fit best, by ever finer steps from `reachModules` on. A finder's corners may be half
 * a module wrong in a small picture; sampled there, half of the modules would be read wrong.
 * @param reachModules size of the first step, modules; the place found is within about twice that of the start
 */
export function refineCorners(plane: LumaPlane, corners: MarkerCorners, reachModules: number): Lock {
  const modulePx =
    Math.hypot(corners.topRight.xPx - corners.topLeft.xPx, corners.topRight.yPx - corners.topLeft.yPx) /
    markerSideCount;
  let lock = lockAt(plane, corners);
  for (let step = reachModules; step >= 0.05; step /= 2) {
    for (const moves of [uprightMoves, cornerMoves]) {
      lock = improve(plane, lock, moves, step * modulePx);
    }
  }
  return lock;
}
