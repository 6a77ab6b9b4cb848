import { type SenderUs, toSenderUs } from "../clock/instants.ts";
import { fail, succeed, type Failure, type Result } from "../failure.ts";
import type { Marker } from "../marker/payload.ts";
import type { FrameSource } from "./frame-source.ts";
import { type IdentifiedFrame, identifyFrames } from "./marked-frames.ts";
import { createRangeMatch } from "./range.ts";
import type { SceneReference } from "./reference.ts";
import { scaleLabel } from "./scale.ts";
import {
  chunkFrameCount,
  createGathered,
  createScoreQueue,
  type ScoreQueue,
  type ScoreWork,
} from "./score-dispatch.ts";
import { type ScoreReport, toReport } from "./score-report.ts";
import { conversionNotes } from "./video-facts.ts";

/** What a run against the built-in scene is made of. The source is closed by whoever opened it. */
export type SceneRunParts = ScoreWork & {
  readonly received: FrameSource;
  readonly scene: SceneReference;
  /** Frames a second that the sender drew, for the capture time of frames that were not received. */
  readonly frameRateFps: number;
};

/** A frame whose own marker was read: without it, its reference cannot be painted. */
type ReadFrame = { readonly frame: IdentifiedFrame["frame"]; readonly marker: Marker };

/** The marker that a frame beside this one is likely to have had. */
function neighbour(marker: Marker, step: number, frameRateFps: number): Marker | null {
  const frameId = marker.frameId + step;
  const captureTimeUs: SenderUs = toSenderUs(
    Math.max(0, marker.captureTimeUs + Math.round((step * 1_000_000) / frameRateFps)),
  );
  return frameId < 0 ? null : { ...marker, frameId, captureTimeUs };
}

async function sendChunk(
  chunk: readonly ReadFrame[],
  before: Marker | null,
  after: Marker | null,
  queue: ScoreQueue,
  { scene, frameRateFps, withMsSsim }: SceneRunParts,
): Promise<void> {
  const [first, last] = [chunk[0], chunk.at(-1)];
  if (first === undefined || last === undefined) return;
  const request = {
    references: {
      kind: "scene",
      scene,
      before: before ?? neighbour(first.marker, -1, frameRateFps),
      frames: chunk.map(({ marker }) => marker),
      after: after ?? neighbour(last.marker, 1, frameRateFps),
    },
    received: chunk.map(({ frame }) => frame.luma),
    withMsSsim,
  } as const;
  const queued = chunk.map(({ frame, marker }) => ({
    place: { frame: marker.frameId, receivedFrame: frame.index, frameId: marker.frameId },
    reference: null,
    received: frame.luma,
    marker,
  }));
  await queue.send(request, queued);
}

function follows(one: Marker | undefined, other: Marker): boolean {
  return one !== undefined && one.runNumber === other.runNumber && one.frameId + 1 === other.frameId;
}

/** What of the frames was sent to be scored. */
type Sent = { firstId: number | null; lastId: number; inferredCount: number };

async function scoreFrames(
  parts: SceneRunParts,
  next: () => Promise<IdentifiedFrame | null>,
  queue: ScoreQueue,
  hasFailed: () => boolean,
): Promise<Sent> {
  const match = createRangeMatch(parts.received.facts, { isFullRange: false });
  const sent: Sent = { firstId: null, lastId: -1, inferredCount: 0 };
  let before: Marker | null = null;
  let chunk: ReadFrame[] = [];
  for (let each = await next(); each !== null && !hasFailed(); each = await next()) {
    const { marker } = each.frame;
    if (marker === null) {
      sent.inferredCount += 1;
      continue;
    }
    const isNext = follows(chunk.at(-1)?.marker, marker);
    if (!isNext || chunk.length >= chunkFrameCount) {
      await sendChunk(chunk, before, isNext ? marker : null, queue, parts);
      before = isNext ? (chunk.at(-1)?.marker ?? null) : null;
      chunk = [];
    }
    sent.firstId ??= marker.frameId;
    sent.lastId = marker.frameId;
    chunk.push({ frame: match(each.frame), marker });
  }
  await sendChunk(chunk, before, null, queue, parts);
  await queue.settle();
  return sent;
}

function noMarker({ received }: SceneRunParts): Failure {
  return {
    kind: "refused-input",
    what: "making the reference again",
    where: received.name,
    next: "No marker could be read in it: only what shows Streamgauge's built-in scene can be scored against it.",
  };
}

/** Scores what was received of the built-in scene; the reference is painted again, frame by frame, from seed and marker. */
export async function scoreSceneRun(parts: SceneRunParts): Promise<Result<ScoreReport>> {
  const { received, scene, map } = parts;
  const gathered = createGathered();
  const marked = identifyFrames(received.next);
  const queue = createScoreQueue(parts, gathered, received.facts.frameCount);
  const sent = await scoreFrames(parts, marked.next, queue, () => gathered.failure !== null);
  const { frames, kernels } = gathered;
  if (gathered.failure !== null) return fail(gathered.failure);
  if (frames.length === 0) return fail(received.end().failure ?? noMarker(parts));
  const size = { widthPx: scene.widthPx, heightPx: scene.heightPx };
  const isScaled = received.facts.widthPx !== size.widthPx || received.facts.heightPx !== size.heightPx;
  const spannedCount = sent.lastId - (sent.firstId ?? 0) + 1;
  const counts = marked.counts();
  const report = toReport(frames, {
    ...size,
    model: map.info,
    decoder: received.decoder(),
    reference: scene.scene === "marker" ? "marker alone" : `built-in scene, seed ${scene.seed}`,
    distorted: received.name,
    frameRateFps: parts.frameRateFps,
    coverage: {
      pairedBy: "marker",
      offset: 0,
      scoredCount: frames.length,
      spannedCount,
      scoredRatio: frames.length / spannedCount,
      strangerCount: 0,
      ...counts,
      // Whose marker is smeared is known, but not when it was captured: its reference cannot be painted.
      unreadCount: counts.unreadCount + sent.inferredCount,
      inferredCount: 0,
    },
    kernels,
    scaledBy: gathered.scaledBy ?? (isScaled ? scaleLabel : null),
    notes: [...conversionNotes(received.facts, size, received.name), ...received.end().notes],
  });
  return succeed(report);
}
