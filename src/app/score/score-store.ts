import { createStore, type StoreApi } from "zustand/vanilla";

import { fail, type Failure, type Result } from "../../core/failure.ts";
import { createReferenceMaker } from "../../core/quality/reference.ts";
import type { ScoredPictures, ScoreProgress } from "../../core/quality/score-dispatch.ts";
import type { FrameScore, ScoreReport } from "../../core/quality/score-report.ts";
import { createScoreMap } from "../../core/quality/vmaf.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { ReferenceChoice, ScoreFilesOptions, VideoFiles } from "../../media/score/score-files.ts";
import type { KeptChoice, KeptVideo } from "./kept.ts";
import {
  emptySetup,
  type AlignChoice,
  type ScoreSetup,
  type ScoreState,
  type ScoringNow,
  type WorstFrame,
} from "./score-state.ts";
import { createWorstKeeper } from "./worst.ts";

/** What the score tab needs from the browser; tests bring fakes. */
export type ScoreAdapters = {
  readonly scoreFile: (
    reference: ReferenceChoice,
    distorted: VideoFiles,
    options: ScoreFilesOptions,
  ) => Promise<Result<ScoreReport>>;
  readonly listKept: () => Promise<readonly KeptChoice[]>;
  readonly filesOfKept: (choice: KeptChoice) => Promise<Result<KeptVideo>>;
  readonly workerCount: () => number;
  readonly nowMs: () => number;
};

/** The score tab without its looks. Actions never reject. */
export type Scoring = {
  readonly store: StoreApi<ScoreState>;
  readonly configure: (change: Partial<ScoreSetup>) => void;
  /** Scores this recording, or a file again. */
  readonly chooseKept: (id: string) => Promise<void>;
  readonly listKept: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly cancel: () => void;
};

/** The page hears of progress this often at most, ms. */
const tellEveryMs = 250;

function missing(next: string): { readonly ok: false; readonly failure: Failure } {
  return fail({ kind: "refused-input", what: "scoring", where: "the videos above", next });
}

const alignments = { auto: { kind: "auto" }, marker: { kind: "marker" } } as const;

function alignmentOf(
  align: AlignChoice,
  offset: number,
): Extract<ReferenceChoice, { kind: "file" }>["alignment"] {
  return align === "index" ? { kind: "index", offset } : alignments[align];
}

function clipReferenceOf(facts: StreamFacts | null, file: File | null): Result<ReferenceChoice> {
  const { clip } = facts ?? {};
  if (facts === null || clip === undefined) return missing("Choose a recording of a stream of a file.");
  if (file === null) return missing(`Choose the file that was sent, ${clip.name}.`);
  const { fps, widthPx, heightPx, runNumber } = facts;
  return { ok: true, value: { kind: "clip", file, clip, fps, widthPx, heightPx, runNumber } };
}

function sceneReferenceOf(
  { seed, sentWidthPx, sentHeightPx }: ScoreSetup,
  facts: StreamFacts | null,
): ReferenceChoice {
  const isSizeKnown = sentWidthPx !== 0 && sentHeightPx !== 0;
  return {
    kind: "scene",
    scene: { scene: facts?.scene === "marker" ? "marker" : "builtin", seed },
    size: isSizeKnown ? { widthPx: sentWidthPx, heightPx: sentHeightPx } : null,
    frameRateFps: facts?.fps ?? null,
    runNumber: facts?.runNumber ?? null,
  };
}

function referenceOf(setup: ScoreSetup): Result<ReferenceChoice> {
  const { against, reference, align, offset, kept } = setup;
  const facts = kept?.segment.facts ?? null;
  if (against === "clip") return clipReferenceOf(facts, reference);
  if (against === "scene") return { ok: true, value: sceneReferenceOf(setup, facts) };
  if (reference === null) return missing("Choose the reference: the video as it was before it was sent.");
  return { ok: true, value: { kind: "file", file: reference, alignment: alignmentOf(align, offset) } };
}

/** What a recording is scored against, by what its sender told. */
function againstOf(facts: StreamFacts | null): Partial<ScoreSetup> {
  if (facts?.scene === "builtin" || facts?.scene === "marker") {
    const { seed, widthPx: sentWidthPx, heightPx: sentHeightPx } = facts;
    return { against: "scene", seed, sentWidthPx, sentHeightPx };
  }
  return { against: facts?.clip === undefined ? "file" : "clip" };
}

/** What is set where no recording is scored. */
export const nothingKept: Pick<ScoreSetup, "kept" | "keptParts" | "isNeverShown"> = {
  kept: null,
  keptParts: [],
  isNeverShown: null,
};

/** Frames of a sent file are those of a recording: without one, files are compared. */
export function withoutClip({ against }: ScoreSetup): Partial<ScoreSetup> {
  return against === "clip" ? { against: "file" } : {};
}

/** The pictures of the worst frames; those of a scene are painted again. */
function withReferences(
  worst: readonly ScoredPictures[],
  reference: ReferenceChoice,
  report: ScoreReport,
): readonly WorstFrame[] {
  const size = { widthPx: report.widthPx, heightPx: report.heightPx };
  const maker = reference.kind === "scene" ? createReferenceMaker({ ...reference.scene, ...size }) : null;
  return worst.flatMap(({ score, received, marker, reference: made }) => {
    if (made !== null) return [{ score, received, reference: made }];
    if (maker === null || marker === null) return [];
    const data = maker.luma(marker);
    return [{ score, received, reference: { data, ...size, strideBytes: size.widthPx } }];
  });
}

/** Gathers progress and tells it now and then. */
function createTeller(
  nowMs: () => number,
  tell: (now: ScoringNow) => void,
): (progress: ScoreProgress) => void {
  const frames: FrameScore[] = [];
  // The first answer waited for files and kernels to load: the pace is that of what follows.
  let first: { readonly atMs: number; readonly count: number } | null = null;
  let toldMs = Number.NEGATIVE_INFINITY;
  return ({ scoredCount, expectedCount, latest }) => {
    frames.push(...latest);
    const atMs = nowMs();
    first ??= { atMs, count: scoredCount };
    if (atMs - toldMs < tellEveryMs) return;
    toldMs = atMs;
    const spentS = (atMs - first.atMs) / 1000;
    const perS = spentS > 0.5 ? (scoredCount - first.count) / spentS : null;
    const leftCount = expectedCount === null ? null : Math.max(0, expectedCount - scoredCount);
    const leftS = perS === null || perS === 0 || leftCount === null ? null : leftCount / perS;
    tell({ scoredCount, expectedCount, perS, leftS, frames: [...frames] });
  };
}

/** What actions work on. */
type Tab = Pick<Scoring, "store" | "configure"> & { readonly failWith: (failure: Failure) => void };

/** Scores until there is a report, or why there is none. Rejects when it is aborted. */
async function run(
  adapters: ScoreAdapters,
  tab: Tab,
  reference: ReferenceChoice,
  distorted: VideoFiles,
  signal: AbortSignal,
): Promise<void> {
  const { store, failWith } = tab;
  const { setup } = store.getState();
  const worst = createWorstKeeper();
  const beganMs = adapters.nowMs();
  const report = await adapters.scoreFile(reference, distorted, {
    map: createScoreMap(setup.model),
    withMsSsim: setup.withMsSsim,
    decoder: setup.decoder,
    ...(setup.isNeverShown === null ? {} : { isNeverShown: setup.isNeverShown }),
    workerCount: adapters.workerCount(),
    onProgress: createTeller(adapters.nowMs, (now) => store.setState({ doing: { phase: "scoring", now } })),
    onFrame: worst.add,
    signal,
  });
  if (signal.aborted) return;
  if (!report.ok) {
    failWith(report.failure);
    return;
  }
  const tookS = (adapters.nowMs() - beganMs) / 1000;
  const pictures = withReferences(worst.read(), reference, report.value);
  store.setState({ doing: { phase: "done", report: report.value, worst: pictures, tookS } });
}

/** Makes the score tab's store. */
export function createScoring(adapters: ScoreAdapters): Scoring {
  const store = createStore<ScoreState>(() => ({
    setup: emptySetup,
    doing: { phase: "choosing" },
    keptChoices: null,
  }));
  let running: AbortController | null = null;
  const configure = (change: Partial<ScoreSetup>): void =>
    store.setState(({ setup }) => ({ setup: { ...setup, ...change } }));
  const failWith = (failure: Failure): void => store.setState({ doing: { phase: "failed", failure } });

  const tab: Tab = { store, configure, failWith };

  return {
    store,
    configure,
    ...createChoices(adapters, tab),
    start: async () => {
      const { setup } = store.getState();
      const reference = referenceOf(setup);
      const [first, ...rest] = setup.distorted;
      const chosen = first === undefined ? missing("Choose the video to score.") : reference;
      if (!chosen.ok || first === undefined) {
        if (!chosen.ok) failWith(chosen.failure);
        return;
      }
      running?.abort(new Error("scoring began anew"));
      const own = new AbortController();
      running = own;
      const now = { scoredCount: 0, expectedCount: null, perS: null, leftS: null, frames: [] };
      store.setState({ doing: { phase: "scoring", now } });
      try {
        await run(adapters, tab, chosen.value, [first, ...rest], own.signal);
      } catch (thrown) {
        // Cancelled by the user; anything else is a bug.
        if (!own.signal.aborted) throw thrown;
      }
    },
    cancel: () => {
      running?.abort(new Error("scoring was cancelled"));
      running = null;
      store.setState({ doing: { phase: "choosing" } });
    },
  };
}

function createChoices(adapters: ScoreAdapters, tab: Tab): Pick<Scoring, "chooseKept" | "listKept"> {
  const { store, configure, failWith } = tab;
  return {
    chooseKept: async (id) => {
      const choice = store.getState().keptChoices?.find((each) => each.id === id) ?? null;
      if (choice === null) {
        configure({ ...nothingKept, distorted: [], ...withoutClip(store.getState().setup) });
        return;
      }
      const files = await adapters.filesOfKept(choice);
      if (!files.ok) {
        failWith(files.failure);
        return;
      }
      const { parts, isNeverShown } = files.value;
      const told = againstOf(choice.segment.facts);
      const distorted = parts.map(({ file }) => file);
      configure({ kept: choice, keptParts: parts, isNeverShown, distorted, ...told });
    },
    listKept: async () => store.setState({ keptChoices: await adapters.listKept() }),
  };
}
