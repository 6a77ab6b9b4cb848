import { toSenderUs } from "../../core/clock/instants.ts";
import type { Marker } from "../../core/marker/payload.ts";
import { measured } from "../../core/measured.ts";
import type { MarkerReading } from "../../core/timeline/observation.ts";
import type { LumaSample } from "../frames/reader.ts";
import type { Member, Shared, Waiting } from "./live-member.ts";
import type { LiveReference } from "./live-reference.ts";

/** A picture that waits for the frame after it, whose marker its motion needs, for at most so many displayed frames. */
const waitFrames = 3;

/** Scores the picture that waits once the frame after it is known, or does not come. */
export function goOn(shared: Shared, member: Member, waiting: Waiting, reading: MarkerReading): void {
  const isNext = reading.read && reading.marker.frameId > waiting.marker.frameId;
  if (isNext || waiting.seenCount >= waitFrames) void score(shared, member, waiting);
  else member.pending = { ...waiting, seenCount: waiting.seenCount + 1 };
}

/** The marker of a neighbour: as it was read or, for a frame that never came, with the capture time it will have had. */
function neighbour(member: Member, marker: Marker, step: 1 | -1, fps: number): Marker | null {
  const frameId = marker.frameId + step;
  if (frameId < 0) return null;
  const { runNumber } = marker;
  const known = member.markers.find((each) => each.frameId === frameId && each.runNumber === runNumber);
  const captureTimeUs = toSenderUs(marker.captureTimeUs + Math.round((step * 1e6) / fps));
  return known ?? { runNumber, frameId, captureTimeUs };
}

async function score(shared: Shared, member: Member, { sample, marker }: Waiting): Promise<void> {
  const { adapters, budget } = shared;
  const { reference } = member;
  member.pending = { stage: "scoring" };
  const costMs =
    reference.kind === "ready" ? await scoreAgainst(shared, member, reference.reference, sample, marker) : 0;
  member.pending = null;
  budget.end(adapters.nowMs(), sample.tookMs + costMs);
}

/** Scores one picture; resolves with what that took, ms of a core. */
async function scoreAgainst(
  shared: Shared,
  member: Member,
  reference: LiveReference,
  { widthPx, heightPx, bytes, arrivedAtMs }: LumaSample,
  marker: Marker,
): Promise<number> {
  const { round } = member;
  const before = neighbour(member, marker, -1, reference.fps);
  const after = neighbour(member, marker, 1, reference.fps);
  const made = await reference.make({ before, marker, after });
  // A stream that closed meanwhile has closed its reference.
  if (member.round !== round) return 0;
  if (!made.ok) {
    member.reference = { kind: "none", why: `${made.failure.what}: ${made.failure.next}` };
    reference.close();
    return 0;
  }
  const { references, transfer, tookMs } = made.value;
  shared.pool ??= shared.adapters.createPool();
  const data = new Uint8Array(bytes);
  const answer = await shared.pool.score(
    {
      references,
      received: [{ data, widthPx, heightPx, strideBytes: widthPx }],
      withMsSsim: false,
      shareRatio: shared.budget.taking(),
    },
    { transfer: [bytes, ...transfer] },
  );
  if (!answer.ok) return tookMs;
  const [features] = answer.value.frames;
  const scoreMs = tookMs + answer.value.tookMs;
  if (features && member.round === round) {
    const { info, score: toScores } = shared.map;
    const { vmaf, vmafNeg } = toScores(features);
    const { psnrYDb, ssim } = features;
    const { runNumber, frameId } = marker;
    const displayedAtUs = Math.round(arrivedAtMs * 1000);
    member.quality.add({ runNumber, frameId, displayedAtUs, map: info.label, vmaf, vmafNeg, psnrYDb, ssim });
    member.scoreMs = measured(scoreMs);
    member.scaledBy = answer.value.scaledBy;
  }
  return scoreMs;
}
