import { toSenderUs } from "../../core/clock/instants.ts";
import type { Result } from "../../core/failure.ts";
import type { Marker } from "../../core/marker/payload.ts";
import { measured, missing } from "../../core/measured.ts";
import { createBudget } from "../../core/quality/live-budget.ts";
import {
  createLiveQuality,
  type LiveReading,
  type QualityHistory,
  type ScoredFrame,
} from "../../core/quality/live-quality.ts";
import { createScoreMap } from "../../core/quality/vmaf.ts";
import type { HistoryWindow } from "../../core/timeline/history.ts";
import type { MarkerReading, Observation } from "../../core/timeline/observation.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { LumaSample } from "../frames/reader.ts";
import {
  closeReference,
  giveFile,
  setFacts,
  type LiveAdapters,
  type Member,
  type Shared,
  type Waiting,
} from "./live-member.ts";
import type { LiveReference } from "./live-reference.ts";

/** Scores sampled frames of all streams of a page within one budget. Whoever made it closes it. */
export type LiveScoring = {
  readonly join: (askLuma: () => void) => StreamScoring;
  /** Part of one core that may be taken, 0 to 1. */
  readonly setShare: (share: number) => void;
  readonly close: () => void;
};

/** Live quality of one stream. */
export type StreamScoring = {
  /** What the sender draws; pictures of a scene that cannot be made again cannot be scored. */
  readonly setFacts: (facts: StreamFacts) => void;
  /** Every displayed frame, after it was measured. Returns at once. */
  readonly see: (observation: Observation) => void;
  /** A picture that was asked for. */
  readonly take: (sample: LumaSample) => void;
  /** Takes the file that the sender sends, where that is what scoring waits for; refuses another, and says why. */
  readonly giveFile: (file: File) => Promise<Result<null>>;
  readonly read: () => LiveReading;
  readonly history: (windowMin: HistoryWindow, nowUs: number) => QualityHistory;
  readonly frames: () => readonly ScoredFrame[];
  readonly reset: () => void;
  readonly close: () => void;
};

/** A picture that waits for the frame after it, whose marker its motion needs, for at most so many displayed frames. */
const waitFrames = 3;
/** A picture that was asked for and did not come is given up after, ms. */
const lostAfterMs = 2000;
/** Markers of the newest frames are remembered, for the neighbours of what is scored. */
const rememberedCount = 32;

const scoreMap = createScoreMap(null);

const notYet = "the sender has not told what it draws yet";

/** Makes live scoring; its worker starts with the first picture. */
export function createLiveScoring(adapters: LiveAdapters): LiveScoring {
  const shared: Shared = {
    adapters,
    budget: createBudget(),
    members: new Set(),
    pool: null,
    files: new Map(),
  };
  return {
    join: (askLuma) => joinStream(shared, askLuma),
    setShare: shared.budget.setShare,
    close: () => {
      shared.pool?.close();
      shared.pool = null;
    },
  };
}

function joinStream(shared: Shared, askLuma: () => void): StreamScoring {
  const member: Member = {
    askLuma,
    quality: createLiveQuality(),
    facts: null,
    reference: { kind: "none", why: notYet },
    markers: [],
    pending: null,
    turnMs: 0,
    seenMs: 0,
    scoreMs: missing("no frame has been scored yet"),
    scaledBy: null,
    round: 0,
  };
  shared.members.add(member);
  const { quality } = member;
  return {
    setFacts: (facts) => setFacts(shared, member, facts),
    giveFile: (file) => giveFile(shared, member, file),
    see: (observation) => see(shared, member, observation),
    take: (sample) => take(shared, member, sample),
    read: () => readOf(shared, member),
    history: quality.history,
    frames: quality.frames,
    reset: () => {
      member.round += 1;
      quality.reset();
    },
    close: () => {
      const { pending } = member;
      if (pending !== null && pending.stage !== "scoring") shared.budget.end(shared.adapters.nowMs(), 0);
      member.round += 1;
      shared.members.delete(member);
      closeReference(member);
    },
  };
}

function readOf({ budget, adapters }: Shared, member: Member): LiveReading {
  const { quality, reference, scoreMs, scaledBy } = member;
  if (budget.share() === 0) return { state: "none", why: "live scoring is off" };
  if (reference.kind === "wanting") return { state: "none", why: reference.why, wants: reference.clip };
  if (reference.kind === "none") return { state: "none", why: reference.why };
  const taken = budget.taken(adapters.nowMs());
  return {
    state: "scoring",
    quality: {
      ...quality.read(),
      coreRatio: taken === null ? missing("no frame has been scored yet") : measured(taken),
      scoreMs,
      scaledBy,
      map: scoreMap.info.label,
    },
  };
}

function see(shared: Shared, member: Member, { reading }: Observation): void {
  const nowMs = shared.adapters.nowMs();
  member.seenMs = nowMs;
  member.quality.addDisplayed();
  if (reading.read) member.markers = [...member.markers.slice(1 - rememberedCount), reading.marker];
  else if (reading.why === "busy") shared.budget.giveWay(nowMs);
  giveUpLost(shared, nowMs);
  if (member.pending?.stage === "waiting") goOn(shared, member, member.pending, reading);
  else if (member.pending === null && mayAsk(shared, member, nowMs)) {
    member.pending = { stage: "asked", sinceMs: nowMs };
    member.turnMs = nowMs;
    shared.budget.begin(nowMs);
    member.askLuma();
  }
}

/** A stream that stands still must not keep the others from being scored. */
function giveUpLost({ members, budget }: Shared, nowMs: number): void {
  for (const member of members) {
    const { pending } = member;
    if (pending === null || pending.stage === "scoring" || nowMs - pending.sinceMs <= lostAfterMs) continue;
    member.pending = null;
    budget.end(nowMs, 0);
  }
}

/** Scores the picture that waits once the frame after it is known, or does not come. */
function goOn(shared: Shared, member: Member, waiting: Waiting, reading: MarkerReading): void {
  const isNext = reading.read && reading.marker.frameId > waiting.marker.frameId;
  if (isNext || waiting.seenCount >= waitFrames) void score(shared, member, waiting);
  else member.pending = { ...waiting, seenCount: waiting.seenCount + 1 };
}

/** Whose turn was longest ago is next, among those that can be scored and display frames. */
function mayAsk({ budget, members }: Shared, member: Member, nowMs: number): boolean {
  if (member.reference.kind !== "ready" || !budget.mayBegin(nowMs)) return false;
  return [...members].every(
    ({ reference, turnMs, seenMs }) =>
      reference.kind !== "ready" || nowMs - seenMs > lostAfterMs || turnMs >= member.turnMs,
  );
}

function take({ budget, adapters }: Shared, member: Member, sample: LumaSample): void {
  if (member.pending?.stage !== "asked") return;
  const { sinceMs } = member.pending;
  const { reading } = sample;
  const { reference } = member;
  const isRun =
    reading.read && reference.kind === "ready" && reading.marker.runNumber === reference.reference.runNumber;
  if (isRun) {
    member.pending = { stage: "waiting", sinceMs, sample, marker: reading.marker, seenCount: 0 };
    return;
  }
  member.pending = null;
  budget.end(adapters.nowMs(), sample.tookMs);
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
    { references, received: [{ data, widthPx, heightPx, strideBytes: widthPx }], withMsSsim: false },
    { transfer: [bytes, ...transfer] },
  );
  if (!answer.ok) return tookMs;
  const [features] = answer.value.frames;
  const scoreMs = tookMs + answer.value.tookMs;
  if (features && member.round === round) {
    const { vmaf, vmafNeg } = scoreMap.score(features);
    const { psnrYDb, ssim } = features;
    const { runNumber, frameId } = marker;
    const displayedAtUs = Math.round(arrivedAtMs * 1000);
    member.quality.add({ runNumber, frameId, displayedAtUs, vmaf, vmafNeg, psnrYDb, ssim });
    member.scoreMs = measured(scoreMs);
    member.scaledBy = answer.value.scaledBy;
  }
  return scoreMs;
}
