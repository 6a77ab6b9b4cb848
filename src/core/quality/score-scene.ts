import { type SenderUs, toSenderUs } from "../clock/instants.ts";
import { fail, succeed, type Failure, type Result } from "../failure.ts";
import type { PictureSize } from "../marker/layout.ts";
import type { Marker } from "../marker/payload.ts";
import type { LumaPlane } from "../marker/sample.kernel.ts";
import type { FrameSource } from "./frame-source.ts";
import { countFrames, type IdentifiedFrame, identifyFrames, takeShown } from "./marked-frames.ts";
import { createRangeMatch } from "./range.ts";
import type { SceneReference } from "./reference.ts";
import { scaleLabel } from "./scale.ts";
import {
  chunkFrameCount,
  createGathered,
  createScoreQueue,
  type Gathered,
  type ScoreQueue,
  type ScoreWork,
} from "./score-dispatch.ts";
import { type ScoreReport, toReport } from "./score-report.ts";
import type { References } from "./score-request.ts";
import { isScaledTo, sourceNotes } from "./source-notes.ts";

/** What the sender's frames are made again of, each from its marker. */
export type Remade =
  /** Painted by whoever scores. */
  | { readonly kind: "scene"; readonly scene: SceneReference }
  /** Pictures of the file that was sent. */
  | (PictureSize & {
      readonly kind: "clip";
      /** The file's name. */
      readonly name: string;
      /** Luma of frames in the order of their ids, markers drawn. */
      readonly luma: (markers: readonly Marker[]) => Promise<Result<readonly LumaPlane[]>>;
    });

/** What a run against frames that are made again is made of. The source is closed by whoever opened it. */
export type SceneRunParts = ScoreWork & {
  readonly received: FrameSource;
  readonly remade: Remade;
  /** Frames a second that the sender drew, for the capture time of frames that were not received. */
  readonly frameRateFps: number;
  /** Whose frames are made again; null: the run of the first marker that is read. Frames of other runs show other pictures. */
  readonly runNumber: number | null;
};

/** Pulls frames of one run, and of those that no marker tells of; others are counted. */
type OneRun = {
  readonly next: FrameSource["next"];
  readonly strangerCount: () => number;
  /** Null before a marker was read. */
  readonly runNumber: () => number | null;
};

function takeOneRun(pull: FrameSource["next"], wanted: number | null): OneRun {
  let runNumber = wanted;
  let strangerCount = 0;
  return {
    next: async () => {
      for (;;) {
        const frame = await pull();
        const marker = frame?.marker ?? null;
        if (marker === null) return frame;
        runNumber ??= marker.runNumber;
        if (marker.runNumber === runNumber) return frame;
        strangerCount += 1;
      }
    },
    strangerCount: () => strangerCount,
    runNumber: () => runNumber,
  };
}

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

/** References of frames and of those beside them, with the pictures of the frames where there are any. */
type MadeChunk = { readonly references: References; readonly pictures: readonly LumaPlane[] | null };

async function makeChunk(
  remade: Remade,
  before: Marker | null,
  frames: readonly Marker[],
  after: Marker | null,
): Promise<Result<MadeChunk>> {
  if (remade.kind === "scene") {
    const { scene } = remade;
    return succeed({ references: { kind: "scene", scene, before, frames, after }, pictures: null });
  }
  const made = await remade.luma([before, ...frames, after].filter((each) => each !== null));
  if (!made.ok) return made;
  const from = before === null ? 0 : 1;
  const pictures = made.value.slice(from, from + frames.length);
  const references = {
    kind: "pictures",
    before: before === null ? null : (made.value[0] ?? null),
    frames: pictures,
    after: after === null ? null : (made.value.at(-1) ?? null),
  } as const;
  return succeed({ references, pictures });
}

async function sendChunk(
  chunk: readonly ReadFrame[],
  before: Marker | null,
  after: Marker | null,
  run: SceneRun,
): Promise<void> {
  const { queue, gathered, parts } = run;
  const { remade, frameRateFps, withMsSsim } = parts;
  const [first, last] = [chunk[0], chunk.at(-1)];
  if (first === undefined || last === undefined) return;
  const made = await makeChunk(
    remade,
    before ?? neighbour(first.marker, -1, frameRateFps),
    chunk.map(({ marker }) => marker),
    after ?? neighbour(last.marker, 1, frameRateFps),
  );
  if (!made.ok) {
    gathered.failure ??= made.failure;
    return;
  }
  const { references, pictures } = made.value;
  const request = { references, received: chunk.map(({ frame }) => frame.luma), withMsSsim };
  const queued = chunk.map(({ frame, marker }, index) => ({
    place: { frame: marker.frameId, receivedFrame: frame.index, frameId: marker.frameId },
    reference: pictures?.[index] ?? null,
    received: frame.luma,
    marker,
  }));
  await queue.send(request, queued);
}

/** A run under way. */
type SceneRun = {
  readonly parts: SceneRunParts;
  readonly queue: ScoreQueue;
  readonly gathered: Gathered;
};

function follows(one: Marker | undefined, other: Marker): boolean {
  return one !== undefined && one.runNumber === other.runNumber && one.frameId + 1 === other.frameId;
}

/** What of the frames was sent to be scored. */
type Sent = { firstId: number | null; lastId: number; inferredCount: number };

async function scoreFrames(run: SceneRun, next: () => Promise<IdentifiedFrame | null>): Promise<Sent> {
  const { parts, queue, gathered } = run;
  const match = createRangeMatch(parts.received.facts, { isFullRange: false });
  const sent: Sent = { firstId: null, lastId: -1, inferredCount: 0 };
  let before: Marker | null = null;
  let chunk: ReadFrame[] = [];
  for (let each = await next(); each !== null && gathered.failure === null; each = await next()) {
    const { marker } = each.frame;
    if (marker === null) {
      sent.inferredCount += 1;
      continue;
    }
    const isNext = follows(chunk.at(-1)?.marker, marker);
    if (!isNext || chunk.length >= chunkFrameCount) {
      await sendChunk(chunk, before, isNext ? marker : null, run);
      before = isNext ? (chunk.at(-1)?.marker ?? null) : null;
      chunk = [];
    }
    sent.firstId ??= marker.frameId;
    sent.lastId = marker.frameId;
    chunk.push({ frame: match(each.frame), marker });
  }
  await sendChunk(chunk, before, null, run);
  await queue.settle();
  return sent;
}

function nameOf(remade: Remade): string {
  if (remade.kind === "clip") return `${remade.name}, as it was sent`;
  const { scene, seed } = remade.scene;
  return scene === "marker" ? "marker alone" : `built-in scene, seed ${seed}`;
}

function nothingScored({ received }: SceneRunParts, run: OneRun): Failure {
  const next =
    run.strangerCount() === 0
      ? "No marker could be read in it: only what a Streamgauge sender sent can be scored against what it drew."
      : `None of its frames is of run ${run.runNumber()}, whose pictures its sender told of: score it by hand against the scene, with that run's seed.`;
  return { kind: "refused-input", what: "making the reference again", where: received.name, next };
}

function strangerNotes(run: OneRun): readonly string[] {
  const count = run.strangerCount();
  if (count === 0) return [];
  return [
    `${count} frames are of another run than run ${run.runNumber()}, which is scored: the sender began again`,
  ];
}

/** Scores what was received against frames made again, one by one, from the scene's seed or the file that was sent, and the marker. */
export async function scoreSceneRun(parts: SceneRunParts): Promise<Result<ScoreReport>> {
  const { received, remade, map } = parts;
  const gathered = createGathered();
  const counted = countFrames(received.next);
  const ofRun = takeOneRun(counted.next, parts.runNumber);
  const marked = identifyFrames(ofRun.next);
  const shown = takeShown(marked.next, parts.isNeverShown);
  const queue = createScoreQueue(parts, gathered, received.facts.frameCount);
  const sent = await scoreFrames({ parts, queue, gathered }, shown.next);
  const { frames, kernels } = gathered;
  if (gathered.failure !== null) return fail(gathered.failure);
  if (frames.length === 0) return fail(received.end().failure ?? nothingScored(parts, ofRun));
  const { widthPx, heightPx } = remade.kind === "scene" ? remade.scene : remade;
  const size = { widthPx, heightPx };
  const spannedCount = sent.lastId - (sent.firstId ?? 0) + 1;
  const counts = marked.counts();
  const report = toReport(frames, {
    ...size,
    isComplete: received.end().failure === null,
    model: map.info,
    decoder: received.decoder(),
    reference: nameOf(remade),
    distorted: received.name,
    frameRateFps: parts.frameRateFps,
    coverage: {
      pairedBy: "marker",
      offset: 0,
      receivedCount: counted.count(),
      receivedRatio: frames.length / counted.count(),
      scoredCount: frames.length,
      spannedCount,
      scoredRatio: frames.length / spannedCount,
      strangerCount: ofRun.strangerCount(),
      neverShownCount: shown.neverShownCount(),
      ...counts,
      // Whose marker is smeared is known, but not when it was captured: its reference cannot be painted.
      unreadCount: counts.unreadCount + sent.inferredCount,
      inferredCount: 0,
    },
    kernels,
    scaledBy: gathered.scaledBy ?? (isScaledTo(received, size) ? scaleLabel : null),
    notes: [
      ...strangerNotes(ofRun),
      ...sourceNotes(received, { ...size, matrix: "bt709" }),
      ...received.end().notes,
    ],
  });
  return succeed(report);
}
