import type { FrameScore } from "../../core/quality/score-report.ts";

/** What can be drawn over the frames. */
export type CurveName = "vmaf" | "psnrY" | "ssim";

/** A curve's axis and line within a plot. */
export type Curve = {
  readonly path: string;
  /** Values of the grid lines with their places, px from the top. */
  readonly ticks: readonly { readonly value: number; readonly yPx: number }[];
  /** First and last frame. */
  readonly firstFrame: number;
  readonly lastFrame: number;
};

/** Where a plot lies, px. */
export type PlotBox = {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
};

const steps: Readonly<
  Record<CurveName, { readonly step: number; readonly low: number; readonly high: number }>
> = {
  vmaf: { step: 20, low: 0, high: 100 },
  psnrY: { step: 10, low: 0, high: 60 },
  ssim: { step: 0.1, low: 0, high: 1 },
};

/** The lowest grid line under all values: a good video's curve would else be a line at the top. */
function lowest(name: CurveName, values: readonly number[]): number {
  const { step, low, high } = steps[name];
  const least = values.reduce((one, other) => Math.min(one, other), high);
  return Math.max(low, Math.min(high - 2 * step, Math.floor(least / step) * step));
}

/** Lays out a curve; null where there is no frame. A frame that was not scored breaks the line. */
export function layOutCurve(frames: readonly FrameScore[], name: CurveName, box: PlotBox): Curve | null {
  const [first] = frames;
  const last = frames.at(-1);
  if (first === undefined || last === undefined) return null;
  const { step, high } = steps[name];
  const low = lowest(
    name,
    frames.map((frame) => frame[name]),
  );
  const spanFrames = Math.max(1, last.frame - first.frame);
  const xOf = (frame: number): number => box.leftPx + ((frame - first.frame) / spanFrames) * box.widthPx;
  const yOf = (value: number): number => box.topPx + ((high - value) / (high - low)) * box.heightPx;
  const path = frames
    .map((each, index) => {
      const isBroken = index === 0 || (frames[index - 1]?.frame ?? 0) + 1 !== each.frame;
      return `${isBroken ? "M" : "L"}${xOf(each.frame).toFixed(1)} ${yOf(each[name]).toFixed(1)}`;
    })
    .join("");
  const tickCount = Math.round((high - low) / step) + 1;
  const ticks = Array.from({ length: tickCount }, (_, index) => low + index * step);
  return {
    path,
    ticks: ticks.map((value) => ({ value, yPx: yOf(value) })),
    firstFrame: first.frame,
    lastFrame: last.frame,
  };
}

/**
 * The scored frame nearest to a place along the axis, and its own place; null where there is none.
 * @param ratio 0 at the first frame, 1 at the last
 */
export function frameAt(
  frames: readonly FrameScore[],
  ratio: number,
): { readonly frame: FrameScore; readonly ratio: number } | null {
  const [first] = frames;
  const last = frames.at(-1);
  if (first === undefined || last === undefined) return null;
  const spanFrames = Math.max(1, last.frame - first.frame);
  const wanted = first.frame + ratio * spanFrames;
  const frame = frames.reduce((best, one) =>
    Math.abs(one.frame - wanted) < Math.abs(best.frame - wanted) ? one : best,
  );
  return { frame, ratio: (frame.frame - first.frame) / spanFrames };
}
