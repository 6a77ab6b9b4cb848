import type { FrameFigures, FrameScore, ScoreReport } from "../../core/quality/score-report.ts";
import { toKnown } from "../parts/format.ts";
import type { Row } from "../parts/Readouts.tsx";
import type { ScoreDoing, ScoringNow } from "./score-state.ts";

/** A figure as tables show it. */
export type FigureLook = {
  readonly name: keyof FrameFigures;
  readonly label: string;
  readonly unit: string;
  readonly decimals: number;
  readonly title: string;
};

/** The figures of a frame in the order of tables. */
export const figureLooks: readonly FigureLook[] = [
  { name: "vmaf", label: "VMAF", unit: "", decimals: 2, title: "0 to 100, as on a television" },
  { name: "vmafNeg", label: "VMAF NEG", unit: "", decimals: 2, title: "Without what sharpening adds" },
  { name: "vmafPhone", label: "VMAF phone", unit: "", decimals: 2, title: "As on a phone's screen" },
  { name: "psnrY", label: "PSNR", unit: "dB", decimals: 2, title: "Of luma, at most 60 dB" },
  {
    name: "ssim",
    label: "SSIM",
    unit: "",
    decimals: 4,
    title: "Structural similarity, brought to about 256 lines",
  },
  { name: "msSsim", label: "MS-SSIM", unit: "", decimals: 4, title: "Structural similarity of five scales" },
  { name: "adm2", label: "ADM", unit: "", decimals: 4, title: "Detail kept (adm2)" },
  {
    name: "vifScale0",
    label: "VIF 0",
    unit: "",
    decimals: 4,
    title: "Visual information fidelity, finest scale",
  },
  {
    name: "vifScale1",
    label: "VIF 1",
    unit: "",
    decimals: 4,
    title: "Visual information fidelity, second scale",
  },
  {
    name: "vifScale2",
    label: "VIF 2",
    unit: "",
    decimals: 4,
    title: "Visual information fidelity, third scale",
  },
  {
    name: "vifScale3",
    label: "VIF 3",
    unit: "",
    decimals: 4,
    title: "Visual information fidelity, coarsest scale",
  },
  {
    name: "motion2",
    label: "Motion",
    unit: "",
    decimals: 3,
    title: "How much the reference moves (motion2)",
  },
];

/** One line of the table of all frames pooled. */
export type PooledLine = {
  readonly label: string;
  readonly unit: string;
  readonly title: string;
  readonly cells: readonly string[];
};

/** The columns of that table. */
export const pooledColumns = ["Mean", "Harmonic", "p1", "p5", "p10", "Least"] as const;

/** Figures pooled over all frames, those that there are. */
export function toPooledLines({ pooled }: Pick<ScoreReport, "pooled">): readonly PooledLine[] {
  return figureLooks.flatMap(({ name, label, unit, title, decimals }) => {
    const of = pooled[name];
    if (of === undefined) return [];
    const cells = [of.mean, of.harmonicMean, of.p1, of.p5, of.p10, of.min];
    return [{ label, unit, title, cells: cells.map((value) => value.toFixed(decimals)) }];
  });
}

/** The figures that at least one frame has, in the order of tables: MS-SSIM is measured only where it is asked for. */
export function looksOf(frames: readonly FrameScore[]): readonly FigureLook[] {
  return figureLooks.filter(({ name }) => frames.some((frame) => frame[name] !== null));
}

/** A frame's figures as a line of a table; a dash where there is none. */
export function toFrameCells(frame: FrameScore, looks: readonly FigureLook[]): readonly string[] {
  return looks.map(({ name, decimals }) => frame[name]?.toFixed(decimals) ?? "–");
}

function text(label: string, value: string, title?: string): Row {
  return { label, figure: toKnown(value), ...(title === undefined ? {} : { title }) };
}

function share(part: number, whole: number): string {
  return `${part} of ${whole} (${((part / whole) * 100).toFixed(1)} %)`;
}

/** What stands beside the figures: how they came to be. */
export function toFactRows(report: ScoreReport, tookS: number): readonly Row[] {
  const { coverage, frames, widthPx, heightPx } = report;
  const { scoredCount } = coverage;
  const paired = coverage.pairedBy === "marker" ? "by marker" : `by index, offset ${coverage.offset}`;
  const counts: readonly (readonly [string, number, string])[] = [
    [
      "Not scored: marker unread",
      coverage.unreadCount,
      "Which frame it is cannot be told, so it has no reference",
    ],
    [
      "Not scored: shown again",
      coverage.repeatedCount,
      "Of the same frame as the one before, or of an older one",
    ],
    [
      "Not scored: never shown",
      coverage.neverShownCount,
      "Received, but the player went from the frame before to the one after: no viewer saw it",
    ],
    ["Not scored: no reference", coverage.strangerCount, "Of another run, or outside of the reference"],
    [
      "Known by neighbours",
      coverage.inferredCount,
      "Scored; the frames around it leave no doubt which it is",
    ],
  ];
  return [
    text("Frames received", String(coverage.receivedCount), "In the scored video"),
    text("Frames scored", share(scoredCount, coverage.receivedCount), "Of the frames received"),
    text(
      "Of the sent frames",
      share(scoredCount, coverage.spannedCount),
      "Of the reference frames from the first scored one to the last; the rest never came, or is not scored",
    ),
    text("Paired", paired),
    ...counts
      .filter(([, count]) => count > 0)
      .map(([label, count, title]) => text(label, String(count), title)),
    text("Picture", `${widthPx}×${heightPx}`),
    text("Kernels", report.kernels === "simd" ? "SIMD" : "scalar"),
    text("Pace", `${(frames.length / Math.max(tookS, 0.001)).toFixed(1)} frames a second`),
  ];
}

/** What is said in sentences under the figures. */
export function toSentences(report: ScoreReport): readonly string[] {
  return [
    report.model,
    `Decoded by ${report.decoder}.`,
    ...(report.scaledBy === null ? [] : [`Received pictures were scaled: ${report.scaledBy}.`]),
    ...report.notes.map((note) => `${note}.`),
  ];
}

/** Progress as one line. */
export function progressWords({ scoredCount, expectedCount, perS, leftS }: ScoringNow): string {
  if (scoredCount === 0) return "Opening the videos";
  const of = expectedCount === null ? "" : ` of about ${Math.max(expectedCount, scoredCount)}`;
  const pace = perS === null ? "" : `, ${perS.toFixed(1)} a second`;
  const left = leftS === null ? "" : `, ${leftWords(leftS)} left`;
  return `${scoredCount}${of} frames${pace}${left}`;
}

function leftWords(leftS: number): string {
  const seconds = Math.ceil(leftS);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Share done, 0..1; null while nobody can say. */
export function progressRatio({ scoredCount, expectedCount }: ScoringNow): number | null {
  if (expectedCount === null || expectedCount === 0) return null;
  return Math.min(1, scoredCount / expectedCount);
}

/** The frames there are to draw. */
export function framesOf(doing: ScoreDoing): readonly FrameScore[] {
  if (doing.phase === "scoring") return doing.now.frames;
  return doing.phase === "done" ? doing.report.frames : [];
}
