import type { FrameScore } from "../../core/quality/score-report.ts";
import type { CursorSample, PlotArea } from "../parts/cursor.ts";

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
export function layOutCurve(frames: readonly FrameScore[], name: CurveName, box: PlotArea): Curve | null {
  const [first] = frames;
  const last = frames.at(-1);
  if (first === undefined || last === undefined) return null;
  const { step, high } = steps[name];
  const low = lowest(
    name,
    frames.map((frame) => frame[name]),
  );
  const xOf = frameScale(frames, box);
  const yOf = (value: number): number => box.y + ((high - value) / (high - low)) * box.height;
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

/** Decimals of a figure that the cursor shows. */
const decimals: Readonly<Record<CurveName, number>> = { vmaf: 1, psnrY: 1, ssim: 4 };

/** The scored frames as a cursor over the curve meets them. */
export function curveSamples(
  frames: readonly FrameScore[],
  { name, unit, box }: { readonly name: CurveName; readonly unit: string; readonly box: PlotArea },
): readonly CursorSample[] {
  const xOf = frameScale(frames, box);
  return frames.map((each) => ({
    xPx: xOf(each.frame),
    figures: [{ words: `frame ${each.frame}: ${each[name].toFixed(decimals[name])} ${unit}`.trimEnd() }],
  }));
}

/** Where a frame stands along the axis, px. */
function frameScale(frames: readonly FrameScore[], box: PlotArea): (frame: number) => number {
  const first = frames.at(0)?.frame ?? 0;
  const spanFrames = Math.max(1, (frames.at(-1)?.frame ?? first) - first);
  return (frame) => box.x + ((frame - first) / spanFrames) * box.width;
}
