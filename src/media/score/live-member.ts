import { fail, succeed, type Result } from "../../core/failure.ts";
import type { Marker } from "../../core/marker/payload.ts";
import type { Measured } from "../../core/measured.ts";
import type { LatencyGuard } from "../../core/quality/latency-guard.ts";
import type { Budget } from "../../core/quality/live-budget.ts";
import type { LiveQuality, LiveReading } from "../../core/quality/live-quality.ts";
import type { ScoreMap } from "../../core/quality/vmaf.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import { checkClip } from "../clip/hash.ts";
import type { ClipRemake, RemakeOf } from "../clip/remake.ts";
import type { LumaSample } from "../frames/reader.ts";
import { referenceFor, type ReferenceState } from "./live-reference.ts";
import type { ScorePool } from "./pool.ts";

/** What live scoring needs of the page. */
export type LiveAdapters = {
  readonly createPool: () => ScorePool;
  readonly createRemake: (of: RemakeOf) => ClipRemake;
  readonly nowMs: () => number;
};

/** The parts that the streams of one page share. */
export type Shared = {
  readonly adapters: LiveAdapters;
  readonly budget: Budget;
  /** Holds the budget to what leaves latency as it is. */
  readonly guard: LatencyGuard;
  /** Makes scores of features. */
  map: ScoreMap;
  readonly members: Set<Member>;
  pool: ScorePool | null;
  /** Files that were given, by their hash, for every stream that comes to need them. */
  readonly files: Map<string, File>;
};

/** One stream's changing part. */
export type Member = {
  /** Never given again on this page. */
  readonly streamId: number;
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
  /** What was scored of a stream that has ended; null while it goes on. */
  stood: LiveReading | null;
};

/** How far the next picture is. */
export type Pending =
  | { readonly stage: "asked"; readonly sinceMs: number }
  | Waiting
  | { readonly stage: "scoring" };

/** A picture that waits for the frame after it. */
export type Waiting = {
  readonly stage: "waiting";
  readonly sinceMs: number;
  readonly sample: LumaSample;
  readonly marker: Marker;
  /** Frames displayed since. */
  readonly seenCount: number;
};

/** What tells references apart: clocks, codecs and bitrates change without them. */
function keyOf({ runNumber, scene, seed, widthPx, heightPx, fps, clip }: StreamFacts): string {
  return JSON.stringify([runNumber, scene, seed, widthPx, heightPx, fps, clip?.sha256]);
}

/** Ends what a stream's references are made by. */
export function closeReference(member: Member): void {
  if (member.reference.kind === "ready") member.reference.reference.close();
}

/** Takes what the sender tells; references are made anew where that changes them. */
export function setFacts(shared: Shared, member: Member, facts: StreamFacts): void {
  const isKnown = member.facts !== null && keyOf(member.facts) === keyOf(facts);
  member.facts = facts;
  if (isKnown && member.reference.kind === "ready") return;
  closeReference(member);
  const fileOf = (sha256: string): File | null => shared.files.get(sha256) ?? null;
  member.reference = referenceFor(facts, fileOf, shared.adapters.createRemake);
}

/** Takes the file that a stream waits for, for all that wait for it. */
export async function giveFile(shared: Shared, { reference }: Member, file: File): Promise<Result<null>> {
  if (reference.kind !== "wanting") return succeed(null);
  const checked = await checkClip(file, reference.clip);
  if (!checked.ok) return fail(checked.failure);
  shared.files.set(reference.clip.sha256, file);
  for (const member of shared.members) if (member.facts !== null) setFacts(shared, member, member.facts);
  return succeed(null);
}
