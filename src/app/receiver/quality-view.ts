import { unreachable } from "../../core/failure.ts";
import { measured, type Measured } from "../../core/measured.ts";
import type {
  LiveReading,
  QualityFigure,
  QualityName,
  QualityReading,
} from "../../core/quality/live-quality.ts";
import { toFigure, toPercent, toText, type Unit } from "../parts/format.ts";
import type { Row } from "../parts/Readouts.tsx";
import { axisOf, roundRange, type AxisRange, type TrendPoint } from "./plot.ts";

/** How a measure is shown. */
export type QualityFace = {
  readonly label: string;
  readonly unit: Unit;
  readonly decimals: number;
  readonly title: string;
};

/** The measures, as they are shown. */
export const qualityFaces: Readonly<Record<QualityName, QualityFace>> = {
  vmaf: {
    label: "VMAF",
    unit: "",
    decimals: 1,
    title: "VMAF v0.6.1 of sampled frames against what the sender drew",
  },
  vmafNeg: {
    label: "VMAF NEG",
    unit: "",
    decimals: 1,
    title: "VMAF under enhancement gain limit 1: sharpening before the encoder does not count",
  },
  psnrYDb: {
    label: "PSNR",
    unit: "dB",
    decimals: 1,
    title: "Peak signal-to-noise ratio of luma, at most 60 dB",
  },
  ssim: { label: "SSIM", unit: "", decimals: 3, title: "Mean structural similarity (Wang et al. 2004)" },
};

function rowsOf(name: QualityName, { now, mean, p5 }: QualityFigure): readonly Row[] {
  const { label, unit, decimals, title } = qualityFaces[name];
  const show = (figure: Measured) => toFigure(figure, unit, decimals);
  return [
    { label: `${label}, now`, figure: show(now), title },
    { label: `${label}, mean`, figure: show(mean), title: `${title}; mean of all scored frames` },
    { label: `${label}, p5`, figure: show(p5), title: `${title}; 5 % of the scored frames are below` },
  ];
}

/** Live quality as rows; one row with the reason where there is none. */
export function toQualityRows(reading: LiveReading): readonly Row[] {
  if (reading.state === "none") return [{ label: "VMAF", figure: { known: false, why: reading.why } }];
  const { quality } = reading;
  return [
    ...rowsOf("vmaf", quality.vmaf),
    {
      label: "VMAF NEG, mean",
      figure: toFigure(quality.vmafNeg.mean, "", 1),
      title: qualityFaces.vmafNeg.title,
    },
    ...rowsOf("psnrYDb", quality.psnrYDb).slice(0, 2),
    ...rowsOf("ssim", quality.ssim).slice(0, 2),
    {
      label: "frames scored",
      figure: toFigure(measured(quality.scoredCount), "", 0),
      title: "Frames that were displayed and scored since measuring began",
    },
    {
      label: "share of frames scored",
      figure: toPercent(quality.scoredRatio, 1),
      title: "Of the frames displayed; a frame never displayed is no pair",
    },
    {
      label: "cost of one frame",
      figure: toFigure(quality.scoreMs, "ms", 0),
      title: "Painting the reference, scaling and scoring, on one core",
    },
    {
      label: "taken of one core",
      figure: toPercent(quality.coreRatio, 0),
      title: "By scoring, in the last 20 s, for all streams of this page",
    },
    {
      label: "scaled by",
      figure: toText(quality.scaledBy, "the picture came in the reference's size"),
      title: "How a picture of another size is brought to the reference's",
    },
  ];
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/** Why less is scored than might be, in a sentence; null where nothing holds scoring back. */
export function toGuardWords(guard: QualityReading["guard"]): string | null {
  switch (guard.state) {
    case "free":
      return null;
    case "off":
      return "Scoring may take a whole core: it does not hold back where latency rises.";
    case "learning":
      return "Latency is measured without scoring first.";
    case "paused":
      return `Scoring has paused: latency rose by ${guard.roseMs.toFixed(0)} ms while frames were scored. It goes on when that is over, or was not its doing.`;
    case "sparing":
      return guard.roseMs === null
        ? `Scoring begins with ${percent(guard.paceRatio)} of its share, and takes more while latency does not rise.`
        : `Scoring takes ${percent(guard.paceRatio)} of its share: latency had risen by ${guard.roseMs.toFixed(0)} ms while frames were scored. It takes more after a time without a rise.`;
    default:
      return unreachable(guard);
  }
}

/** An axis for a measure: from 0, or around the values where they lie close together far from it. */
export function qualityAxis(name: QualityName, points: readonly TrendPoint[]): AxisRange {
  const values = points.flatMap(({ low, high }) => (low === null || high === null ? [] : [low, high]));
  const [floor, top] = name === "ssim" ? [0, 1] : name === "psnrYDb" ? [0, 60] : [0, 100];
  if (values.length === 0) return roundRange(floor, top);
  const least = Math.min(...values);
  const greatest = Math.max(...values);
  const room = Math.max((greatest - least) * 0.2, (top - floor) / 50);
  const from = Math.max(floor, least - room);
  const range = roundRange(from, Math.min(top, greatest + room));
  // No measure goes beyond its best: an axis that would hangs from there.
  return range.high <= top ? range : axisOf(top - roundRange(0, top - from).high, top);
}
