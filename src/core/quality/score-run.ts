import { fail, succeed, type Failure, type Result } from "../failure.ts";
import type { FrameSource } from "./frame-source.ts";
import { countFrames } from "./marked-frames.ts";
import { type Alignment, pairFrames, type Pairs } from "./pairing.ts";
import { createRangeMatch } from "./range.ts";
import { scaleLabel } from "./scale.ts";
import {
  createGathered,
  createPairChunks,
  createScoreQueue,
  type Gathered,
  type ScoreWork,
} from "./score-dispatch.ts";
import { type ScoreReport, toReport } from "./score-report.ts";
import { isScaledTo, sourceNotes } from "./source-notes.ts";
import { lumaTargetOf, type VideoFacts } from "./video-facts.ts";

/** What a run is made of. Sources are closed by whoever opened them. */
export type ScoreRunParts = ScoreWork & {
  readonly reference: FrameSource;
  readonly received: FrameSource;
  readonly alignment: Alignment;
};

function expectedCountOf({ reference, received }: ScoreRunParts): number | null {
  const counts = [reference.facts.frameCount, received.facts.frameCount].filter((count) => count !== null);
  return counts.length === 0 ? null : Math.min(...counts);
}

/** Takes all pairs and has them scored. Resolves with the number of reference frames from the first scored one to the last. */
async function scorePairs(parts: ScoreRunParts, pairs: Pairs, gathered: Gathered): Promise<number> {
  const queue = createScoreQueue(parts, gathered, expectedCountOf(parts));
  const chunks = createPairChunks(queue, parts.withMsSsim);
  const match = createRangeMatch(parts.received.facts, parts.reference.facts);
  let firstIndex: number | null = null;
  let lastIndex = -1;
  for (let pair = await pairs.next(); pair !== null; pair = await pairs.next()) {
    if (gathered.failure !== null) break;
    const { reference, received } = pair;
    if (received !== null) {
      firstIndex ??= reference.index;
      lastIndex = reference.index;
    }
    await chunks.add({ ...pair, received: received === null ? null : match(received) });
  }
  await chunks.finish();
  return firstIndex === null ? 0 : lastIndex - firstIndex + 1;
}

function refuseRates({ reference, received, alignment }: ScoreRunParts, pairs: Pairs): Failure | null {
  const [one, other] = [reference.facts.frameRateFps, received.facts.frameRateFps];
  if (alignment.kind !== "auto" || pairs.facts().by === "marker" || one === null || other === null)
    return null;
  if (Math.abs(one - other) <= 0.01 * one) return null;
  return {
    kind: "refused-input",
    what: "pairing the frames",
    where: `${reference.name} and ${received.name}`,
    next:
      `One has ${Number(one.toFixed(3))} frames a second, the other ${Number(other.toFixed(3))}, and no markers tell which go together. ` +
      "Bring both to one rate, or ask for pairs by index if frame n of one is frame n of the other all the same.",
  };
}

function shapeOf({ widthPx, heightPx, rotationDegrees }: VideoFacts): string {
  const turn = rotationDegrees === 0 ? "" : ` once turned by ${rotationDegrees} degrees, as the file asks`;
  return `${widthPx}x${heightPx}${turn}`;
}

/** A picture on its side against one that is not: nothing that a score could mean. */
function refuseShapes({ reference, received }: ScoreRunParts): Failure | null {
  const [made, got] = [reference.facts, received.facts];
  const isTurned = made.widthPx > made.heightPx !== got.widthPx > got.heightPx;
  if (!isTurned || made.widthPx === made.heightPx || got.widthPx === got.heightPx) return null;
  return {
    kind: "refused-input",
    what: "pairing the frames",
    where: `${reference.name} and ${received.name}`,
    next: `One is ${shapeOf(made)}, the other ${shapeOf(got)}: turn one of them, so that both show the same picture.`,
  };
}

function nothingPaired({ reference, received }: ScoreRunParts, pairs: Pairs): Failure {
  const { by, strangerCount, markers } = pairs.facts();
  const isUnread = strangerCount === 0 && markers.unreadCount > 0;
  const byMarker = isUnread
    ? "No marker could be read in one of them: pair by index if they begin with the same frame."
    : "Their markers have no frame of the same run in common: choose videos of one run, or pair by index.";
  return {
    kind: "refused-input",
    what: "pairing the frames",
    where: `${reference.name} and ${received.name}`,
    next: by === "marker" ? byMarker : "No frame of one meets a frame of the other: give another offset.",
  };
}

function notesOf(
  { reference, received }: ScoreRunParts,
  pairs: Pairs,
  isComplete: boolean,
): readonly string[] {
  const [made, got] = [reference.facts, received.facts];
  const target = lumaTargetOf(made, got);
  const { by, strangerCount, goesOn } = pairs.facts();
  const isCountOff = isComplete && by === "index" && (goesOn || strangerCount > 0);
  return [
    ...sourceNotes(reference, target),
    ...sourceNotes(received, target),
    ...(made.isFullRange === got.isFullRange
      ? []
      : [
          `${received.name}: brought to ${made.isFullRange ? "full" : "limited"} range, as the reference has it`,
        ]),
    ...(isCountOff
      ? [
          `${goesOn ? reference.name : received.name} has more frames than the other: where frames are missing in between, the pairs after them do not belong together`,
        ]
      : []),
    ...reference.end().notes,
    ...received.end().notes,
  ];
}

/**
 * Scores what was received against the reference, all pairs there are. Fails when there is none, when the files cannot be paired, and
 * when scoring fails; a file that is damaged on the way, or whose decoder breaks down, is scored as far as it goes, and the report says so.
 */
export async function scoreRun(parts: ScoreRunParts): Promise<Result<ScoreReport>> {
  const { reference, received, map } = parts;
  const turned = refuseShapes(parts);
  if (turned !== null) return fail(turned);
  const counted = countFrames(received.next);
  const counting = { ...received, next: counted.next };
  const pairs = await pairFrames(reference, counting, parts.alignment, parts.isNeverShown);
  const refused = refuseRates(parts, pairs);
  if (refused !== null) return fail(refused);
  const gathered = createGathered();
  const spannedCount = await scorePairs(parts, pairs, gathered);
  const { frames, kernels, scaledBy } = gathered;
  if (gathered.failure !== null) return fail(gathered.failure);
  const broken = reference.end().failure ?? received.end().failure;
  if (frames.length === 0) return fail(broken ?? nothingPaired(parts, pairs));
  const { by, offset, strangerCount, neverShownCount, markers } = pairs.facts();
  const decoders = [reference.decoder(), received.decoder()];
  const report = toReport(frames, {
    isComplete: broken === null,
    model: map.info,
    decoder: [...new Set(decoders)].join(" and "),
    reference: reference.name,
    distorted: received.name,
    widthPx: reference.facts.widthPx,
    heightPx: reference.facts.heightPx,
    frameRateFps: reference.facts.frameRateFps,
    coverage: {
      pairedBy: by,
      offset,
      scoredCount: frames.length,
      receivedCount: counted.count(),
      receivedRatio: frames.length / counted.count(),
      spannedCount,
      scoredRatio: frames.length / spannedCount,
      strangerCount,
      neverShownCount,
      ...markers,
    },
    kernels,
    scaledBy: scaledBy ?? (isScaledTo(received, reference.facts) ? scaleLabel : null),
    notes: notesOf(parts, pairs, broken === null),
  });
  return succeed(report);
}
