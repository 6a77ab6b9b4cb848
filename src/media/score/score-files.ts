import { fail, succeed, unreachable, type Failure, type Result } from "../../core/failure.ts";
import type { PictureSize } from "../../core/marker/layout.ts";
import type { FrameSource } from "../../core/quality/frame-source.ts";
import type { Alignment } from "../../core/quality/pairing.ts";
import type { SceneReference } from "../../core/quality/reference.ts";
import type { ScoreWork } from "../../core/quality/score-dispatch.ts";
import type { ScoreReport } from "../../core/quality/score-report.ts";
import { scoreRun } from "../../core/quality/score-run.ts";
import { scoreSceneRun, type Remade } from "../../core/quality/score-scene.ts";
import { lumaTargetOf } from "../../core/quality/video-facts.ts";
import { checkClip } from "../clip/hash.ts";
import { createClipRemake, type ClipRemake, type RemakeOf } from "../clip/remake.ts";
import type { DecoderChoice } from "./decode.protocol.ts";
import { openVideo } from "./open-video.ts";
import { openVideos, type OpenedVideos } from "./open-videos.ts";
import { createScorePool } from "./pool.ts";

/** What a video is scored against. */
export type ReferenceChoice =
  | { readonly kind: "file"; readonly file: File; readonly alignment: Alignment }
  /** Painted again; null for a size that is that of the received pictures. */
  | {
      readonly kind: "scene";
      readonly scene: Omit<SceneReference, "widthPx" | "heightPx">;
      readonly size: PictureSize | null;
      /** Null: that of the file. */
      readonly frameRateFps: number | null;
      /** Whose frames they are; null: the run of the first marker that is read. */
      readonly runNumber: number | null;
    }
  /** Frames of the file that was sent, as its sender drew them in a run. */
  | ({ readonly kind: "clip"; readonly runNumber: number | null } & RemakeOf);

/** The files of one video, one after the other: several where its codec or rendition changed. */
export type VideoFiles = readonly [File, ...File[]];

/** How a file is scored. */
export type ScoreFilesOptions = Omit<ScoreWork, "score" | "parallelCount"> & {
  readonly decoder: DecoderChoice;
  /** Workers that score side by side, at least 1. */
  readonly workerCount: number;
  /** Ends everything at once; the call then rejects with its reason. */
  readonly signal: AbortSignal;
};

/** Has frames scored in a pool that is closed in the end, together with the sources. */
async function withPool(
  options: ScoreFilesOptions,
  sources: readonly FrameSource[],
  run: (work: ScoreWork) => Promise<Result<ScoreReport>>,
): Promise<Result<ScoreReport>> {
  const { signal, workerCount } = options;
  const pool = createScorePool({ workerCount });
  try {
    const score: ScoreWork["score"] = (request) => pool.score(request, { signal });
    return await run({ ...options, score, parallelCount: workerCount + 1 });
  } finally {
    pool.close();
    for (const source of sources) source.close();
  }
}

async function scoreAgainstFile(
  { file, alignment }: Extract<ReferenceChoice, { kind: "file" }>,
  distorted: VideoFiles,
  options: ScoreFilesOptions,
): Promise<Result<ScoreReport>> {
  const { decoder, signal } = options;
  const made = await openVideo(file, decoder, signal);
  if (!made.ok) return made;
  const got = await openVideos(distorted, decoder, signal);
  if (!got.ok) {
    made.value.close();
    return got;
  }
  const target = lumaTargetOf(made.value.facts, got.value.facts);
  const wish = ({ auto: "if-shown", marker: "always", index: "never" } as const)[alignment.kind];
  const reference = made.value.decode(target, wish);
  const received = got.value.decode(target, wish);
  return withPool(options, [reference, received], (work) =>
    scoreRun({ ...work, reference, received, alignment }),
  );
}

/** Whether a sender can have drawn pictures of this size. */
function isSentSize({ widthPx, heightPx }: PictureSize): boolean {
  const isEven = widthPx % 2 === 0 && heightPx % 2 === 0;
  return isEven && Math.min(widthPx, heightPx) >= 128 && widthPx <= 3840 && heightPx <= 2160;
}

function notSent(where: string, { widthPx, heightPx }: PictureSize): Failure {
  return {
    kind: "refused-input",
    what: "making the reference again",
    where,
    next: `No sender draws ${widthPx}x${heightPx}: say how large the pictures were sent, even numbers from 128x128 to 3840x2160.`,
  };
}

/** Where nobody tells how large the pictures were sent, the largest are taken to be as they were. */
function sizeOf({ largest: { widthPx, heightPx } }: OpenedVideos): PictureSize {
  return { widthPx, heightPx };
}

/** As senders draw. */
const sentMatrix = "bt709";
/** Where neither the sender nor the file tells the rate. */
const usualFps = 30;

async function scoreAgainstScene(
  { scene, size, frameRateFps, runNumber }: Extract<ReferenceChoice, { kind: "scene" }>,
  distorted: VideoFiles,
  options: ScoreFilesOptions,
): Promise<Result<ScoreReport>> {
  const got = await openVideos(distorted, options.decoder, options.signal);
  if (!got.ok) return got;
  const { facts } = got.value;
  const sent = size ?? sizeOf(got.value);
  if (!isSentSize(sent)) {
    got.value.close();
    return fail(notSent(got.value.name, sent));
  }
  const received = got.value.decode({ ...sent, matrix: sentMatrix }, "always");
  return withPool(options, [received], (work) =>
    scoreSceneRun({
      ...work,
      received,
      remade: { kind: "scene", scene: { ...scene, ...sent } },
      frameRateFps: frameRateFps ?? facts.frameRateFps ?? usualFps,
      runNumber,
    }),
  );
}

/** The file must be the very one that was sent: its hash decides. */
async function scoreAgainstClip(
  of: Extract<ReferenceChoice, { kind: "clip" }>,
  distorted: VideoFiles,
  options: ScoreFilesOptions,
): Promise<Result<ScoreReport>> {
  const checked = await checkClip(of.file, of.clip);
  if (!checked.ok) return checked;
  const { clip, fps, widthPx, heightPx } = of;
  const got = await openVideos(distorted, options.decoder, options.signal);
  if (!got.ok) return got;
  const received = got.value.decode({ widthPx, heightPx, matrix: sentMatrix }, "always");
  const remake = createClipRemake(of);
  try {
    return await withPool(options, [received], (work) =>
      scoreSceneRun({
        ...work,
        received,
        remade: { kind: "clip", name: clip.name, widthPx, heightPx, luma: planesOf(remake) },
        frameRateFps: fps,
        runNumber: of.runNumber,
      }),
    );
  } finally {
    remake.close();
  }
}

function planesOf(remake: ClipRemake): Extract<Remade, { kind: "clip" }>["luma"] {
  return async (markers) => {
    const made = await remake.luma(markers);
    return made.ok ? succeed(made.value.planes) : made;
  };
}

/** Scores a video against its reference; files may be of any kind that this browser or ffmpeg.wasm can decode. */
export async function scoreFile(
  reference: ReferenceChoice,
  distorted: VideoFiles,
  options: ScoreFilesOptions,
): Promise<Result<ScoreReport>> {
  switch (reference.kind) {
    case "file":
      return scoreAgainstFile(reference, distorted, options);
    case "scene":
      return scoreAgainstScene(reference, distorted, options);
    case "clip":
      return scoreAgainstClip(reference, distorted, options);
    default:
      return unreachable(reference);
  }
}
