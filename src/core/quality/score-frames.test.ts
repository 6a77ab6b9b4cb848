import { describe, expect, it } from "vitest";

import { loadKernels } from "../../../bench/parts/load-kernels.ts";
import { toSenderUs } from "../clock/instants.ts";
import type { Marker } from "../marker/payload.ts";
import type { LumaPlane } from "../marker/sample.kernel.ts";
import { createReferenceMaker } from "./reference.ts";
import { createFramesScorer } from "./score-frames.ts";
import type { ScoreAnswer, ScoreRequest } from "./score-request.ts";
import { createScoreMap } from "./vmaf.ts";

const scene = { scene: "builtin", seed: 7, widthPx: 320, heightPx: 180 } as const;
const maker = createReferenceMaker(scene);
const markers: readonly Marker[] = Array.from({ length: 7 }, (_, frameId) => ({
  runNumber: 3,
  frameId,
  captureTimeUs: toSenderUs(1_700_000_000_000_000 + frameId * 33_333),
}));
const planes = markers.map((marker) => toPlane(maker.luma(marker), 320));

function toPlane(data: Uint8Array, widthPx: number): LumaPlane {
  return { data, widthPx, heightPx: data.length / widthPx, strideBytes: widthPx };
}

function softened({ data, widthPx }: LumaPlane): LumaPlane {
  return toPlane(
    data.map((sample, index) => (sample + (data[index - 1] ?? sample)) >> 1),
    widthPx,
  );
}

const received = planes.map(softened);

function newScorer(): ReturnType<typeof createFramesScorer> {
  return createFramesScorer({ load: () => loadKernels("simd"), kernels: "simd", nowMs: () => 0 });
}

function pictures(from: number, to: number): ScoreRequest {
  return {
    references: {
      kind: "pictures",
      before: planes[from - 1] ?? null,
      frames: planes.slice(from, to),
      after: planes[to] ?? null,
    },
    received: received.slice(from, to),
    withMsSsim: false,
  };
}

async function answerTo(request: ScoreRequest): Promise<ScoreAnswer> {
  const result = await newScorer()(request);
  if (!result.ok) throw new Error(result.failure.next);
  return result.value;
}

describe("frames scored by requests", () => {
  it("are scored alike, whether all at once, by twos, or one by one", async () => {
    const { frames: whole } = await answerTo(pictures(0, 7));
    const score = newScorer();
    for (const step of [1, 2]) {
      for (let from = 0; from + step <= 7; from += step) {
        const result = await score(pictures(from, from + step));
        expect(result.ok && result.value.frames).toEqual(whole.slice(from, from + step));
      }
    }
  });

  it("are scored alike when the scorer rests between its steps", async () => {
    let restCount = 0;
    const resting = createFramesScorer({
      load: () => loadKernels("simd"),
      kernels: "simd",
      nowMs: () => 0,
      rest: async () => void (restCount += 1),
    });
    const rested = await resting({ ...pictures(1, 4), shareRatio: 0.2 });
    expect(rested.ok && rested.value.frames).toEqual((await answerTo(pictures(1, 4))).frames);
    expect(restCount).toBeGreaterThan(6);
  });

  it("are scored alike against pictures given and against pictures painted again from their markers", async () => {
    const given = await answerTo(pictures(2, 5));
    const painted = await answerTo({
      references: {
        kind: "scene",
        scene,
        before: markers[1] ?? null,
        frames: markers.slice(2, 5),
        after: markers[5] ?? null,
      },
      received: received.slice(2, 5),
      withMsSsim: false,
    });
    expect(painted.frames).toEqual(given.frames);
  });

  it("leave out what was not received, without a change for the others", async () => {
    const { frames: whole } = await answerTo(pictures(0, 7));
    const request = pictures(0, 7);
    const { frames } = await answerTo({
      ...request,
      received: request.received.map((plane, index) => (index === 3 ? null : plane)),
    });
    expect(frames).toEqual(whole.map((frame, index) => (index === 3 ? null : frame)));
  });

  it("may lie in wider rows, and be of another size, which is told", async () => {
    const [plane] = planes;
    if (plane === undefined) throw new Error("a plane is due");
    const wide = new Uint8Array(352 * 180);
    for (let line = 0; line < 180; line += 1)
      wide.set(plane.data.subarray(line * 320, (line + 1) * 320), line * 352);
    const half = toPlane(
      Uint8Array.from({ length: 160 * 90 }, (_, index) => {
        const at = Math.floor(index / 160) * 640 + (index % 160) * 2;
        return plane.data[at] ?? 0;
      }),
      160,
    );
    const answer = await answerTo({
      references: { kind: "pictures", before: null, frames: [plane, plane], after: null },
      received: [{ ...plane, data: wide, strideBytes: 352 }, half],
      withMsSsim: false,
    });
    const [same, smaller] = answer.frames;
    expect(same?.psnrYDb).toBe(60);
    expect(smaller?.psnrYDb).toBeLessThan(40);
    expect(answer.scaledBy).toContain("bicubic");
    const { score } = createScoreMap(null);
    expect(smaller === null || smaller === undefined ? 100 : score(smaller).vmaf).toBeLessThan(90);
  });
});
