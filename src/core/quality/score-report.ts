import type { PictureSize } from "../marker/layout.ts";
import type { FrameFeatures } from "./frame-features.ts";
import { pool, type Pooled } from "./pool.ts";
import type { KernelKind } from "./score-request.ts";
import type { ScoreMap, ScoreMapInfo } from "./vmaf.ts";

/** Figures of one frame under the names that results are exported with. */
export type FrameFigures = {
  /** VMAF, 0..100, by the report's model. */
  readonly vmaf: number;
  /** The same without what enhancement adds. */
  readonly vmafNeg: number;
  /** As on a phone's screen; null where a loaded model has no transform for it. */
  readonly vmafPhone: number | null;
  readonly adm2: number;
  readonly motion2: number;
  readonly vifScale0: number;
  readonly vifScale1: number;
  readonly vifScale2: number;
  readonly vifScale3: number;
  /** dB, at most 60. */
  readonly psnrY: number;
  readonly ssim: number;
  /** Null where it was not asked for or the picture is too small. */
  readonly msSsim: number | null;
};

/** One scored frame. */
export type FrameScore = FrameFigures & {
  /** Its place in the reference, from 0. */
  readonly frame: number;
  /** Its place in the received video, from 0. */
  readonly receivedFrame: number;
  /** The id its marker says; null where frames were paired by index. */
  readonly frameId: number | null;
};

/** The names of a frame's figures, in the order of tables. */
export const figureNames: readonly (keyof FrameFigures)[] = [
  "vmaf",
  "vmafNeg",
  "vmafPhone",
  "adm2",
  "motion2",
  "vifScale0",
  "vifScale1",
  "vifScale2",
  "vifScale3",
  "psnrY",
  "ssim",
  "msSsim",
];

/** One number for each figure; null where no frame has it. */
export type FigureMeans = Readonly<Record<keyof FrameFigures, number | null>>;

/** How many frames came to be scored, and why others did not. */
export type ScoreCoverage = {
  readonly pairedBy: "marker" | "index";
  readonly offset: number;
  readonly scoredCount: number;
  /** Frames of the received video. */
  readonly receivedCount: number;
  /** `scoredCount / receivedCount`; what is missing to 1 is in `strangerCount`, `neverShownCount`, `unreadCount` and `repeatedCount`. */
  readonly receivedRatio: number;
  /** Reference frames from the first scored one to the last. */
  readonly spannedCount: number;
  /** `scoredCount / spannedCount`. */
  readonly scoredRatio: number;
  /** Received frames without a reference: of another run, or outside of the reference. */
  readonly strangerCount: number;
  /** Received frames that are not scored because the player never displayed them, as far as is known: no viewer saw them. */
  readonly neverShownCount: number;
  /** Received frames that are not scored because their marker could not be read. */
  readonly unreadCount: number;
  /** Of those scored, known by the frames around them. */
  readonly inferredCount: number;
  /** Received frames that show what the one before showed, or something older. */
  readonly repeatedCount: number;
};

/** What scoring two videos came to; as JSON this is the export. */
export type ScoreReport = {
  /** Of VMAF and every other figure. */
  readonly mean: FigureMeans;
  /** Of VMAF: 1 / mean(1 / (x + 1)) - 1, as libvmaf has it. */
  readonly harmonicMean: number;
  /** 5 % of frames have a VMAF under this. */
  readonly p5: number;
  /** More of every figure. */
  readonly pooled: Readonly<Partial<Record<keyof FrameFigures, Pooled>>>;
  readonly frames: readonly FrameScore[];
  /** False where a decoder broke down on the way: what comes after is not scored, and `notes` say where that was. */
  readonly isComplete: boolean;
  /** Which map made VMAF out of the features. */
  readonly model: string;
  /** What decoded the videos. */
  readonly decoder: string;
  readonly reference: string;
  readonly distorted: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Of the reference; null where it does not tell. */
  readonly frameRateFps: number | null;
  readonly coverage: ScoreCoverage;
  readonly kernels: KernelKind;
  /** How received pictures were brought to the reference's size; null where they had it. */
  readonly scaledBy: string | null;
  /** What else was done to the pictures, and what was wrong with the files. */
  readonly notes: readonly string[];
};

/** Where a frame stands. */
export type FramePlace = Pick<FrameScore, "frame" | "receivedFrame" | "frameId">;

/** Figures of a frame out of its features. */
export function toFrameScore(place: FramePlace, features: FrameFeatures, map: ScoreMap): FrameScore {
  const { standard, psnrYDb, ssim, msSsim } = features;
  return { ...place, ...map.score(features), ...standard, psnrY: psnrYDb, ssim, msSsim };
}

/** Everything of a report but the figures. */
export type ReportFacts = PictureSize &
  Pick<
    ScoreReport,
    | "isComplete"
    | "decoder"
    | "reference"
    | "distorted"
    | "frameRateFps"
    | "coverage"
    | "kernels"
    | "scaledBy"
    | "notes"
  > & { readonly model: ScoreMapInfo };

function valuesOf(frames: readonly FrameScore[], name: keyof FrameFigures): readonly number[] {
  return frames.map((frame) => frame[name]).filter((value) => value !== null);
}

/** Pools the frames of a run, of which there must be one at least. */
export function toReport(frames: readonly FrameScore[], facts: ReportFacts): ScoreReport {
  const pooled = figureNames.flatMap((name) => {
    const of = pool(valuesOf(frames, name));
    return of === null ? [] : [[name, of] as const];
  });
  const byName = new Map(pooled);
  const vmaf = byName.get("vmaf");
  if (vmaf === undefined) throw new Error("a report without frames");
  const { model, ...rest } = facts;
  return {
    mean: Object.fromEntries(
      figureNames.map((name) => [name, byName.get(name)?.mean ?? null]),
    ) as FigureMeans,
    harmonicMean: vmaf.harmonicMean,
    p5: vmaf.p5,
    pooled: Object.fromEntries(pooled),
    frames,
    model: model.label,
    ...rest,
  };
}

/** The frames as CSV (RFC 4180): a head line, then a line each; empty where there is no figure. */
export function toCsv({ frames }: Pick<ScoreReport, "frames">): string {
  const names = ["frame", "receivedFrame", "frameId", ...figureNames] as const;
  const lines = frames.map((frame) => names.map((name) => frame[name] ?? "").join(","));
  return `${[names.join(","), ...lines].join("\r\n")}\r\n`;
}
