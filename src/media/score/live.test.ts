import { expect, it } from "vitest";

import { toReceiverUs, toSenderUs } from "../../core/clock/instants.ts";
import { succeed } from "../../core/failure.ts";
import type { ScoreRequest } from "../../core/quality/score-request.ts";
import { smallModel } from "../../core/quality/small-model.fake.ts";
import { readSvrModel } from "../../core/quality/svr-model.ts";
import { CLOSED_FORM } from "../../core/quality/vmaf.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import { createLiveScoring } from "./live.ts";

const frameMs = 40;
const facts: StreamFacts = {
  runNumber: 3,
  scene: "builtin",
  seed: 1,
  widthPx: 64,
  heightPx: 36,
  fps: 25,
  codec: "vp8",
  bitrateKbps: 500,
  clock: null,
};
const figures = { adm2: 1, motion2: 1, vifScale0: 1, vifScale1: 1, vifScale2: 1, vifScale3: 1 };

/** A page whose scorer takes `costMs` a frame, and streams that display 25 frames a second and lose every seventh. */
function createPage(costMs: number) {
  let nowMs = 0;
  let lateMs = 0;
  const requests: ScoreRequest[] = [];
  const due: { readonly atMs: number; readonly settle: () => void }[] = [];
  const scoring = createLiveScoring({
    nowMs: () => nowMs,
    createRemake: () => {
      throw new Error("no file is sent");
    },
    createPool: () => ({
      workerCount: 1,
      close: () => undefined,
      score: async (request) => {
        requests.push(request);
        await new Promise<void>((settle) => due.push({ atMs: nowMs + costMs, settle }));
        const features = { standard: figures, neg: figures, psnrYDb: 40, ssim: 0.9, msSsim: null };
        return succeed({ frames: [features], scaledBy: null, tookMs: costMs, kernels: "simd" });
      },
    }),
  });
  const markerOf = (frameId: number) => ({
    runNumber: 3,
    frameId,
    captureTimeUs: toSenderUs(1_000_000 + frameId * frameMs * 1000),
  });
  const observe = (frameId: number): Observation => ({
    displayTimeUs: toReceiverUs(frameId * frameMs * 1000 + lateMs * 1000),
    displayTimeSource: "reported",
    reading: { read: true, by: "tracked", marker: markerOf(frameId) },
    presentationTimeUs: nowMs * 1000,
    widthPx: 64,
    heightPx: 36,
    readMs: 0.3,
  });
  const join = () => {
    let isAsked = false;
    const stream = scoring.join(() => {
      isAsked = true;
    });
    return {
      stream,
      display: (frameId: number): void => {
        stream.see(observe(frameId));
        if (!isAsked) return;
        isAsked = false;
        const bytes = new ArrayBuffer(64 * 36);
        const { reading } = observe(frameId);
        stream.take({ reading, arrivedAtMs: nowMs, widthPx: 64, heightPx: 36, bytes, tookMs: 0 });
      },
    };
  };
  const play = async (
    streams: readonly ReturnType<typeof join>[],
    seconds: number,
    from = 0,
  ): Promise<void> => {
    for (let frameId = from; frameId < from + (seconds * 1000) / frameMs; frameId += 1) {
      nowMs += frameMs;
      for (const { settle } of due.splice(0, due.filter(({ atMs }) => atMs <= nowMs).length)) settle();
      await new Promise((resolve) => setImmediate(resolve));
      if (frameId % 7 !== 3) for (const stream of streams) stream.display(frameId);
    }
  };
  const lateBy = (ms: number): void => {
    lateMs = ms;
  };
  return { scoring, requests, join, play, lateBy };
}

it("frames are scored with the markers of their neighbours, within the budget, and no stream is forgotten", async () => {
  const { scoring, requests, join, play } = createPage(60);
  const streams = [join(), join()];
  await play(streams, 2);
  expect(requests).toEqual([]);
  expect(streams[0]!.stream.read()).toMatchObject({ state: "none" });
  for (const { stream } of streams) stream.setFacts(facts);
  scoring.setShare(0.5);
  // It begins slowly: all of its share is taken once latency has kept for 30 s.
  await play(streams, 60, 100);
  const counts = streams.map(({ stream }) => stream.frames().length);
  expect(counts[0]! + counts[1]!).toBeGreaterThan(250);
  expect((counts[0]! + counts[1]!) * 60).toBeLessThanOrEqual(60_000 * 0.5 + 120);
  expect(Math.abs(counts[0]! - counts[1]!)).toBeLessThanOrEqual(1);
  for (const { references } of requests) {
    if (references.kind !== "scene") throw new Error("the scene is painted again");
    const [marker] = references.frames;
    // Neighbours that never came are given the capture time that they will have had.
    for (const [neighbour, step] of [
      [references.before, -1],
      [references.after, 1],
    ] as const)
      expect(neighbour).toEqual({
        runNumber: 3,
        frameId: marker!.frameId + step,
        captureTimeUs: marker!.captureTimeUs + step * frameMs * 1000,
      });
  }
});

it("a stream that stands still with a picture asked for does not keep the others from being scored", async () => {
  const { join, play } = createPage(20);
  const [still, moving] = [join(), join()];
  for (const { stream } of [still, moving]) stream.setFacts(facts);
  await play([still], 0.2);
  await play([moving], 10, 10);
  expect(moving.stream.frames().length).toBeGreaterThan(20);
});

it("pictures that cannot be made again are not scored, and it is said why", () => {
  const { join } = createPage(20);
  const { stream } = join();
  stream.setFacts({ ...facts, scene: "camera" });
  expect(stream.read()).toMatchObject({ state: "none", why: expect.stringContaining("camera") as string });
});

it("scores by a model that was loaded begin afresh and say which, and stand when their stream has ended", async () => {
  const { scoring, join, play } = createPage(20);
  const [ended, going] = [join(), join()];
  for (const { stream } of [ended, going]) stream.setFacts(facts);
  await play([ended, going], 8);
  const mapsOf = ({ stream }: ReturnType<typeof join>) => new Set(stream.frames().map(({ map }) => map));
  ended.stream.halt();
  const endedReading = ended.stream.read();
  expect(endedReading).toMatchObject({ state: "scoring", quality: { map: CLOSED_FORM.label } });
  const model = readSvrModel(JSON.stringify(smallModel), "small.json");
  if (!model.ok) throw new Error(model.failure.cause);
  scoring.setModel(model.value);
  expect(going.stream.frames()).toEqual([]);
  await play([going], 8, 400);
  expect(mapsOf(going)).toEqual(new Set(["small.json (the model itself)"]));
  expect(going.stream.read()).toMatchObject({ quality: { map: "small.json (the model itself)" } });
  expect(going.stream.frames()[0]).toMatchObject({ vmaf: 100 });
  expect(mapsOf(ended)).toEqual(new Set([CLOSED_FORM.label]));
  expect(ended.stream.read()).toEqual(endedReading);
});

it("scoring pauses while it makes frames come later, and says so, but for who gives it a whole core", async () => {
  const { scoring, join, play, lateBy } = createPage(20);
  const stream = join();
  stream.stream.setFacts(facts);
  await play([stream], 6);
  const count = stream.stream.frames().length;
  expect(count).toBeGreaterThan(0);
  lateBy(50);
  await play([stream], 4, 150);
  expect(stream.stream.read()).toMatchObject({ quality: { guard: { state: "paused", roseMs: 50 } } });
  const pausedCount = stream.stream.frames().length;
  await play([stream], 2, 250);
  expect(stream.stream.frames()).toHaveLength(pausedCount);
  scoring.setShare(1);
  await play([stream], 2, 300);
  expect(stream.stream.frames().length).toBeGreaterThan(pausedCount);
  expect(stream.stream.read()).toMatchObject({ quality: { guard: { state: "off" } } });
});
