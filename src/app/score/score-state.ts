import type { Failure } from "../../core/failure.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import type { IsNeverShown } from "../../core/quality/marked-frames.ts";
import type { FrameScore, ScoreReport } from "../../core/quality/score-report.ts";
import type { SvrModel } from "../../core/quality/svr-model.ts";
import type { DecoderChoice } from "../../media/score/decode.protocol.ts";
import type { KeptChoice, KeptPart } from "./kept.ts";

/** How frames find their references, as it is chosen on the page. */
export type AlignChoice = "auto" | "marker" | "index";

/** What is to be scored, and how. */
export type ScoreSetup = {
  /** A file, the built-in scene made again, or frames of the file that was sent, which `kept` tells of. */
  readonly against: "file" | "scene" | "clip";
  readonly reference: File | null;
  /** One video's files, one after the other; none before one is chosen. */
  readonly distorted: readonly File[];
  /** Where the scored video was recorded here: what its sender told. */
  readonly kept: KeptChoice | null;
  /** Its files, all of which or one are `distorted`; none where nothing recorded is chosen. */
  readonly keptParts: readonly KeptPart[];
  /** Which of its frames never were displayed; null where nobody knows. */
  readonly isNeverShown: IsNeverShown | null;
  readonly seed: number;
  /** As the sender had it; 0: that of the received pictures. */
  readonly sentWidthPx: number;
  readonly sentHeightPx: number;
  readonly align: AlignChoice;
  /** Where frames are paired by index: received frame i goes with reference frame i + offset. */
  readonly offset: number;
  readonly decoder: DecoderChoice;
  readonly withMsSsim: boolean;
  /** Null: the built-in map. */
  readonly model: SvrModel | null;
};

/** A frame among the worst, with its pictures. */
export type WorstFrame = {
  readonly score: FrameScore;
  readonly reference: LumaPlane;
  readonly received: LumaPlane;
};

/** How far scoring is. */
export type ScoringNow = {
  readonly scoredCount: number;
  readonly expectedCount: number | null;
  /** Frames scored each second; null before the first. */
  readonly perS: number | null;
  readonly leftS: number | null;
  readonly frames: readonly FrameScore[];
};

/** What the score tab does. */
export type ScoreDoing =
  | { readonly phase: "choosing" }
  | { readonly phase: "scoring"; readonly now: ScoringNow }
  | {
      readonly phase: "done";
      readonly report: ScoreReport;
      readonly worst: readonly WorstFrame[];
      readonly tookS: number;
    }
  | { readonly phase: "failed"; readonly failure: Failure };

/** What the score tab shows. */
export type ScoreState = {
  readonly setup: ScoreSetup;
  readonly doing: ScoreDoing;
  /** Recordings of this site that can be chosen; null while they are looked for. */
  readonly keptChoices: readonly KeptChoice[] | null;
};

/** Nothing chosen yet. */
export const emptySetup: ScoreSetup = {
  against: "file",
  reference: null,
  distorted: [],
  kept: null,
  keptParts: [],
  isNeverShown: null,
  seed: 1,
  sentWidthPx: 0,
  sentHeightPx: 0,
  align: "auto",
  offset: 0,
  decoder: "auto",
  withMsSsim: false,
  model: null,
};
