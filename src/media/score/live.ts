import type { Result } from "../../core/failure.ts";
import { measured, missing } from "../../core/measured.ts";
import { createLatencyGuard } from "../../core/quality/latency-guard.ts";
import { createBudget, unsparingShare, usualShare, type Budget } from "../../core/quality/live-budget.ts";
import {
  createLiveQuality,
  type LiveReading,
  type QualityHistory,
  type ScoredFrame,
} from "../../core/quality/live-quality.ts";
import type { SvrModel } from "../../core/quality/svr-model.ts";
import { createScoreMap } from "../../core/quality/vmaf.ts";
import type { HistoryWindow } from "../../core/timeline/history.ts";
import { transitMs } from "../../core/timeline/latency.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { LumaSample } from "../frames/reader.ts";
import {
  closeReference,
  giveFile,
  setFacts,
  type LiveAdapters,
  type Member,
  type Shared,
} from "./live-member.ts";
import { goOn } from "./live-piece.ts";

/** Scores sampled frames of all streams of a page within one budget. Whoever made it closes it. */
export type LiveScoring = {
  readonly join: (askLuma: () => void) => StreamScoring;
  /** Part of one core that may be taken, 0 to 1. */
  readonly setShare: (share: number) => void;
  /**
   * Scores by this model from now on; null: by the built-in map. What was scored of streams that go on is forgotten, for a mean is of
   * one map's scores.
   */
  readonly setModel: (model: SvrModel | null) => void;
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
  /** The stream has ended: what was scored stands. */
  readonly halt: () => void;
  readonly close: () => void;
};

/** A picture that was asked for and did not come is given up after, ms. */
const lostAfterMs = 2000;
/** Markers of the newest frames are remembered, for the neighbours of what is scored. */
const rememberedCount = 32;

const notYet = "the sender has not told what it draws yet";

/** Makes live scoring; its worker starts with the first picture. */
export function createLiveScoring(adapters: LiveAdapters): LiveScoring {
  const guard = createLatencyGuard();
  const shared: Shared = {
    adapters,
    budget: createBudget(usualShare, () => (isSparing(shared.budget) ? guard.pace() : 1)),
    guard,
    map: createScoreMap(null),
    members: new Set(),
    pool: null,
    files: new Map(),
  };
  let joinedCount = 0;
  return {
    join: (askLuma) => {
      joinedCount += 1;
      return joinStream(shared, joinedCount, askLuma);
    },
    setShare: shared.budget.setShare,
    setModel: (model) => {
      shared.map = createScoreMap(model);
      for (const member of shared.members) forgetScores(member);
    },
    close: () => {
      shared.pool?.close();
      shared.pool = null;
    },
  };
}

/** Whether scoring holds back for latency. */
function isSparing(budget: Budget): boolean {
  return budget.share() < unsparingShare;
}

function forgetScores(member: Member): void {
  member.round += 1;
  member.quality.reset();
}

/** Scores no more of a stream. */
function leave(shared: Shared, member: Member): void {
  const { pending } = member;
  if (pending !== null && pending.stage !== "scoring") shared.budget.end(shared.adapters.nowMs(), 0);
  member.pending = null;
  member.round += 1;
  shared.members.delete(member);
  shared.guard.forget(member.streamId);
  closeReference(member);
}

function joinStream(shared: Shared, streamId: number, askLuma: () => void): StreamScoring {
  const member: Member = {
    streamId,
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
    stood: null,
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
      member.stood = null;
      forgetScores(member);
    },
    halt: () => {
      member.stood ??= readOf(shared, member);
      leave(shared, member);
    },
    close: () => leave(shared, member),
  };
}

function readOf({ budget, adapters, guard, map }: Shared, member: Member): LiveReading {
  const { quality, reference, scoreMs, scaledBy, stood } = member;
  if (stood !== null) return stood;
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
      map: map.info.label,
      guard: isSparing(budget) ? guard.read() : { state: "off" },
    },
  };
}

/** Tells the guard how late a frame is. Another run's clock is another. */
function guardAgainst({ guard }: Shared, member: Member, { displayTimeUs, reading }: Observation): void {
  if (!reading.read) return;
  const { runNumber, frameId, captureTimeUs } = reading.marker;
  const before = member.markers.at(-1);
  if (before !== undefined && before.runNumber !== runNumber) guard.forget(member.streamId);
  // A frame that is shown again is later than it came.
  else if (before !== undefined && before.frameId >= frameId) return;
  guard.see(member.streamId, member.seenMs, transitMs(captureTimeUs, displayTimeUs));
}

function see(shared: Shared, member: Member, observation: Observation): void {
  const { reading } = observation;
  const nowMs = shared.adapters.nowMs();
  member.seenMs = nowMs;
  member.quality.addDisplayed();
  guardAgainst(shared, member, observation);
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
