import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { createOffsetEstimator, type OffsetEstimator } from "../src/core/clock/estimator.ts";
import { toReceiverUs } from "../src/core/clock/instants.ts";
import { pathStartUs, quietPath, walkPath, type PathScript } from "../src/core/timeline/path.fake.ts";
import { createTimeline, type Timeline } from "../src/core/timeline/timeline.ts";
import type { Bench } from "./bench-type.ts";

const fps = 60;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Heap and typed arrays in use after a collection, kB. */
function usedKb(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return Math.round((heapUsed + arrayBuffers) / 1024);
}

function longPath(hours: number): PathScript {
  const frameCount = hours * 3600 * fps;
  return { ...quietPath, fps, frameCount, jitterMs: 8, senderAheadMs: -40_000, senderDriftPpm: 30 };
}

type Costs = {
  addMs: number;
  addCount: number;
  snapshotMs: number;
  snapshotCount: number;
  historyMs: number;
};

/** Four times a second, what the page does: a snapshot and its charts. */
function look(timeline: Timeline, atUs: number, costs: Costs): void {
  const nowUs = toReceiverUs(atUs);
  const beganMs = performance.now();
  timeline.snapshot(nowUs);
  const snapshotMs = performance.now();
  timeline.history(30, nowUs);
  timeline.latencyHistogram();
  costs.snapshotMs += snapshotMs - beganMs;
  costs.historyMs += performance.now() - snapshotMs;
  costs.snapshotCount += 1;
}

/** Measures one stream from end to end; frames are timed in batches, for a clock reading costs as much as a frame. */
function measure(script: PathScript, timeline: Timeline, estimator: OffsetEstimator): Costs {
  const costs: Costs = { addMs: 0, addCount: 0, snapshotMs: 0, snapshotCount: 0, historyMs: 0 };
  let batch: Parameters<Timeline["addObservation"]>[0][] = [];
  for (const step of walkPath(script)) {
    if (step.kind === "exchange") {
      estimator.add(step.sample);
      timeline.setOffset("peer", estimator.read(step.atUs));
      continue;
    }
    batch.push(step.observation);
    if (batch.length < fps * 60) continue;
    const beganMs = performance.now();
    for (const observation of batch) timeline.addObservation(observation);
    costs.addMs += performance.now() - beganMs;
    costs.addCount += batch.length;
    for (let quarter = 0; quarter < 4; quarter += 1) look(timeline, step.atUs + quarter * 250_000, costs);
    batch = [];
  }
  return costs;
}

/** How long an exchange takes to be added and read, with the window full. */
function estimatorMs(): number {
  const estimator = createOffsetEstimator();
  const samples = [...walkPath({ ...quietPath, frameCount: 12_000 })].flatMap((step) =>
    step.kind === "exchange" ? [step.sample] : [],
  );
  const beganMs = performance.now();
  for (const sample of samples) {
    estimator.add(sample);
    estimator.read(sample.atUs);
  }
  return (performance.now() - beganMs) / samples.length;
}

/** What measuring costs by itself, without a browser. */
export const bench: Bench = {
  name: "timeline",
  about: "measuring one 60 fps stream for hours: time per frame, per snapshot and per chart, memory held",
  run: ({ quick, progress }) => {
    const hours = quick ? 0.1 : 4;
    progress(`measuring ${hours} h of a ${fps} fps stream`);
    const estimator = createOffsetEstimator();
    const timeline = createTimeline({
      startUs: toReceiverUs(pathStartUs),
      timeOriginMs: pathStartUs / 1000,
      canStall: false,
    });
    measure(longPath(0.05), timeline, estimator);
    timeline.reset(toReceiverUs(pathStartUs));
    const beforeKb = usedKb();
    const costs = measure(longPath(hours), timeline, estimator);
    const afterKb = usedKb();
    return Promise.resolve({
      hours,
      frameCount: costs.addCount,
      frameNs: Math.round((costs.addMs * 1e6) / costs.addCount),
      snapshotMs: Number((costs.snapshotMs / costs.snapshotCount).toFixed(3)),
      chartsMs: Number((costs.historyMs / costs.snapshotCount).toFixed(3)),
      exchangeMs: Number(estimatorMs().toFixed(3)),
      memoryGrownKb: afterKb - beforeKb,
      eventCount: timeline.events().length,
    });
  },
};
