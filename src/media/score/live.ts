import { toSenderUs } from "../../core/clock/instants.ts";
import { fail, succeed, type Result } from "../../core/failure.ts";
import type { Marker } from "../../core/marker/payload.ts";
import { measured, missing, type Measured } from "../../core/measured.ts";
import { createBudget, type Budget } from "../../core/quality/live-budget.ts";
import {
  createLiveQuality,
  type LiveQuality,
  type LiveReading,
  type QualityHistory,
  type ScoredFrame,
} from "../../core/quality/live-quality.ts";
import { createScoreMap } from "../../core/quality/vmaf.ts";
import type { HistoryWindow } from "../../core/timeline/history.ts";
import type { MarkerReading, Observation } from "../../core/timeline/observation.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import { checkClip } from "../clip/hash.ts";
import type { ClipRemake, RemakeOf } from "../clip/remake.ts";
import type { LumaSample } from "../frames/reader.ts";
import { referenceFor, type LiveReference, type ReferenceState } from "./live-reference.ts";
import type { ScorePool } from "./pool.ts";

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

/** What live scoring needs of the page. */
export type LiveAdapters = {
  readonly createPool: () => ScorePool;
  readonly createRemake: (of: RemakeOf) => ClipRemake;
  readonly nowMs: () => number;
};

/** A picture that waits for the frame after it, whose marker its motion needs, for at most so many displayed frames. */
const waitFrames = 3;
/** A picture that was asked for and did not come is given up after, ms. */
const lostAfterMs = 2000;
/** Markers of the newest frames are remembered, for the neighbours of what is scored. */
const rememberedCount = 32;

const scoreMap = createScoreMap(null);

/** The parts that the streams of one page share. */
type Shared = {
  readonly adapters: LiveAdapters;
  readonly budget: Budget;
  readonly members: Set<Member>;
  pool: ScorePool | null;
  /** Files that were given, by their hash, for every stream that comes to need them. */
  readonly files: Map<string, File>;
};

/** One stream's changing part. */
type Member = {
  readonly askLuma: () => void;
  readonly quality: LiveQuality;
  facts: StreamFacts | null;
  reference: ReferenceState;
  markers: readonly Marker[];
  pending: Pending | null;
  /** When this stream last had its turn, ms. */
  turnMs: number;
  /** When it last displayed a frame, ms. */
  seenMs: number;
  scoreMs: Measured;
  scaledBy: string | null;
  /** Counts resets, so that what was under way before one does not count after it. */
  round: number;
};

type Pending =
  | { readonly stage: "asked"; readonly sinceMs: number }
  | Waiting
  | { readonly stage: "scoring" };

type Waiting = {
  readonly stage: "waiting";
  readonly sinceMs: number;
  readonly sample: LumaSample;
  readonly marker: Marker;
  /** Frames displayed since. */
  readonly seenCount: number;
};

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

/** What tells references apart: clocks, codecs and bitrates change without them. */
function keyOf({ runNumber, scene, seed, widthPx, heightPx, fps, clip }: StreamFacts): string {
  return JSON.stringify([runNumber, scene, seed, widthPx, heightPx, fps, clip?.sha256]);
}

function closeReference(member: Member): void {
  if (member.reference.kind === "ready") member.reference.reference.close();
}

function setFacts(shared: Shared, member: Member, facts: StreamFacts): void {
  const isKnown = member.facts !== null && keyOf(member.facts) === keyOf(facts);
  member.facts = facts;
  if (isKnown && member.reference.kind === "ready") return;
  closeReference(member);
  const fileOf = (sha256: string): File | null => shared.files.get(sha256) ?? null;
  member.reference = referenceFor(facts, fileOf, shared.adapters.createRemake);
}

async function giveFile(shared: Shared, { reference }: Member, file: File): Promise<Result<null>> {
  if (reference.kind !== "wanting") return succeed(null);
  const checked = await checkClip(file, reference.clip);
  if (!checked.ok) return fail(checked.failure);
  shared.files.set(reference.clip.sha256, file);
  for (const member of shared.members) if (member.facts !== null) setFacts(shared, member, member.facts);
  return succeed(null);
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
