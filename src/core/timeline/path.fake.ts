import { sampleOf, type ClockSample } from "../clock/exchange.ts";
import { toReceiverUs, toSenderUs, type ReceiverUs } from "../clock/instants.ts";
import type { Observation } from "./observation.ts";

/** A sender, a path and a display with everything known about them. */
export type PathScript = {
  readonly seed: number;
  readonly runNumber: number;
  readonly fps: number;
  readonly frameCount: number;
  /** Least time from capture to display, ms. */
  readonly baseDelayMs: number;
  /** Each frame takes up to this much longer, ms. Keep below a frame, so that order holds. */
  readonly jitterMs: number;
  /** Known delay by which every frame is held back, ms. */
  readonly heldMs: number;
  /** Ids never displayed. */
  readonly dropped: ReadonlySet<number>;
  /** Ids displayed a second time, half a frame later. */
  readonly repeated: ReadonlySet<number>;
  /** Ids displayed half a frame after the one that follows them. */
  readonly swapped: ReadonlySet<number>;
  /** Ids displayed without their marker being read. */
  readonly unread: ReadonlySet<number>;
  /** The sender stands still for so many ms before it makes this frame. */
  readonly pausesMs: ReadonlyMap<number, number>;
  /** Sender clock - true time at the start, ms. The receiver's clock is the true time. */
  readonly senderAheadMs: number;
  /** How fast the sender's clock runs ahead, ppm. */
  readonly senderDriftPpm: number;
  /** Time on the way of each clock exchange, least and greatest, ms: drawn anew for each way. */
  readonly exchangeMs: readonly [number, number];
};

/** A short stream over a quiet path: tests change what they are about. */
export const quietPath: PathScript = {
  seed: 1,
  runNumber: 7,
  fps: 30,
  frameCount: 900,
  baseDelayMs: 40,
  jitterMs: 4,
  heldMs: 0,
  dropped: new Set(),
  repeated: new Set(),
  swapped: new Set(),
  unread: new Set(),
  pausesMs: new Map(),
  senderAheadMs: 0,
  senderDriftPpm: 0,
  exchangeMs: [0.5, 6],
};

/** What happens at the receiver, in the order of its clock. */
export type PathStep =
  | { readonly kind: "observation"; readonly atUs: ReceiverUs; readonly observation: Observation }
  | { readonly kind: "exchange"; readonly atUs: ReceiverUs; readonly sample: ClockSample };

/** When the first frame is captured: epoch us. */
export const pathStartUs: number = 1_790_000_000_000_000;

/** Evenly spread numbers from 0 to 1, the same for the same seed (mulberry32). */
export function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function senderClock(script: PathScript, trueUs: number): number {
  const sinceUs = trueUs - pathStartUs;
  return Math.round(trueUs + script.senderAheadMs * 1000 + (sinceUs * script.senderDriftPpm) / 1e6);
}

function* exchanges(script: PathScript, untilUs: number): Generator<PathStep> {
  const dice = createDice(script.seed + 1);
  const [leastMs, greatestMs] = script.exchangeMs;
  const wayUs = (): number => (leastMs + dice() * (greatestMs - leastMs)) * 1000;
  let askedUs = pathStartUs;
  for (let count = 0; askedUs < untilUs; count += 1) {
    const arrivedUs = askedUs + wayUs();
    const answeredUs = arrivedUs + 100;
    const backUs = answeredUs + wayUs();
    const sample = sampleOf({
      t1Us: Math.round(askedUs),
      t2Us: senderClock(script, arrivedUs),
      t3Us: senderClock(script, answeredUs),
      t4Us: Math.round(backUs),
    });
    if (sample === null) throw new Error("the path made stamps that cannot be true");
    yield { kind: "exchange", atUs: toReceiverUs(backUs), sample };
    askedUs += count < 8 ? 50_000 : 1_000_000;
  }
}

function* observations(script: PathScript): Generator<PathStep> {
  const dice = createDice(script.seed);
  const frameUs = 1e6 / script.fps;
  let captureUs = pathStartUs;
  const shown = (frameId: number, capturedUs: number, displayUs: number): PathStep => {
    const displayTimeUs = toReceiverUs(displayUs);
    const captureTimeUs = toSenderUs(senderClock(script, capturedUs));
    const observation: Observation = {
      displayTimeUs,
      displayTimeSource: "reported",
      reading: script.unread.has(frameId)
        ? { read: false, why: "absent" }
        : { read: true, marker: { runNumber: script.runNumber, frameId, captureTimeUs }, by: "tracked" },
      presentationTimeUs: displayTimeUs - pathStartUs,
      widthPx: 1280,
      heightPx: 720,
      readMs: 0.5,
    };
    return { kind: "observation", atUs: displayTimeUs, observation };
  };
  let waiting: PathStep | null = null;
  for (let frameId = 0; frameId < script.frameCount; frameId += 1) {
    captureUs += (script.pausesMs.get(frameId) ?? 0) * 1000;
    const delayMs = script.baseDelayMs + script.heldMs + dice() * script.jitterMs;
    const displayUs = captureUs + delayMs * 1000;
    const capturedUs = captureUs;
    captureUs += frameUs;
    if (script.dropped.has(frameId)) continue;
    if (script.swapped.has(frameId)) {
      waiting = shown(frameId, capturedUs, displayUs + 1.5 * frameUs);
      continue;
    }
    yield shown(frameId, capturedUs, displayUs);
    if (script.repeated.has(frameId)) yield shown(frameId, capturedUs, displayUs + frameUs / 2);
    if (waiting !== null) yield waiting;
    waiting = null;
  }
}

/** Runs a path: frames displayed and exchanges finished, in the order of the receiver's clock. */
export function* walkPath(script: PathScript): Generator<PathStep> {
  const pauseMs = [...script.pausesMs.values()].reduce((sum, pause) => sum + pause, 0);
  const lastUs = pathStartUs + ((script.frameCount / script.fps) * 1000 + pauseMs + 5000) * 1000;
  const clock = exchanges(script, lastUs);
  let exchange = clock.next();
  for (const step of observations(script)) {
    while (exchange.done !== true && exchange.value.atUs <= step.atUs) {
      yield exchange.value;
      exchange = clock.next();
    }
    yield step;
  }
}
