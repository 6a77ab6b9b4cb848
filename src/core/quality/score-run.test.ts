import { describe, expect, it } from "vitest";

import { loadKernels } from "../../../bench/parts/load-kernels.ts";
import { toSenderUs } from "../clock/instants.ts";
import { succeed } from "../failure.ts";
import type { Marker } from "../marker/payload.ts";
import { chainSources } from "./chain.ts";
import { type FakeVideo, openFakeVideo } from "./frame-source.fake.ts";
import { createReferenceMaker } from "./reference.ts";
import { createFramesScorer } from "./score-frames.ts";
import { scoreRun } from "./score-run.ts";
import { scoreSceneRun } from "./score-scene.ts";
import { createScoreMap } from "./vmaf.ts";

const size = { widthPx: 160, heightPx: 128 };
const scene = { ...size, scene: "builtin", seed: 3 } as const;
const frameCount = 9;
const ids = Array.from({ length: frameCount }, (_, index) => index);
const maker = createReferenceMaker(scene);
// Capture times as the scripted video's markers have them.
const made = ids.map((frameId) => maker.luma(markerOf(frameId)));
const got = made.map((luma) => luma.map((sample, index) => (sample + (luma[index - 1] ?? sample)) >> 1));

function markerOf(frameId: number): Marker {
  return { runNumber: 1, frameId, captureTimeUs: toSenderUs(frameId) };
}

function video(luma: readonly Uint8Array[], more: Partial<FakeVideo> = {}): FakeVideo {
  return { ids, ...size, luma: (index) => luma[index] ?? new Uint8Array(), ...more };
}

function work() {
  const score = createFramesScorer({ load: () => loadKernels("simd"), kernels: "simd", nowMs: () => 0 });
  let turn: Promise<unknown> = Promise.resolve();
  return {
    map: createScoreMap(null),
    withMsSsim: false,
    score: (request: Parameters<typeof score>[0]) => {
      const answer = turn.then(() => score(request));
      turn = answer;
      return answer;
    },
    parallelCount: 2,
    onProgress: () => undefined,
  };
}

const auto = { kind: "auto" } as const;

describe("a run", () => {
  it("scores the built-in scene painted again as it scores the pictures themselves", async () => {
    const received = openFakeVideo("got", video(got));
    const pictures = await scoreRun({
      ...work(),
      reference: openFakeVideo("made", video(made)),
      received: openFakeVideo("got", video(got)),
      alignment: auto,
    });
    // Capture times rise by 1 us a frame in this script.
    const painted = await scoreSceneRun({
      ...work(),
      received,
      remade: { kind: "scene", scene },
      frameRateFps: 1_000_000,
      runNumber: null,
    });
    if (!pictures.ok || !painted.ok) throw new Error("both runs are due");
    expect(painted.value.frames.slice(0, -1)).toEqual(pictures.value.frames.slice(0, -1));
    expect(pictures.value.coverage).toMatchObject({
      pairedBy: "marker",
      scoredCount: frameCount,
      scoredRatio: 1,
    });
  });

  it("scores frames of a sent file, made again, as it scores the pictures themselves", async () => {
    const asked: number[] = [];
    const { widthPx, heightPx } = size;
    const planeOf = ({ frameId }: Marker) => ({
      data: (made[frameId] ?? maker.luma(markerOf(frameId))).slice(),
      widthPx,
      heightPx,
      strideBytes: widthPx,
    });
    const received = () => openFakeVideo("got", video(got));
    const clip = await scoreSceneRun({
      ...work(),
      received: received(),
      remade: {
        kind: "clip",
        name: "holiday.mp4",
        ...size,
        luma: async (markers) => {
          asked.push(...markers.map(({ frameId }) => frameId));
          return succeed(markers.map(planeOf));
        },
      },
      frameRateFps: 1_000_000,
      runNumber: null,
    });
    const remade = { kind: "scene", scene } as const;
    const painted = await scoreSceneRun({
      ...work(),
      received: received(),
      remade,
      frameRateFps: 1_000_000,
      runNumber: 1,
    });
    if (!clip.ok || !painted.ok) throw new Error("both runs are due");
    expect(clip.value.frames).toEqual(painted.value.frames);
    expect(clip.value.reference).toBe("holiday.mp4, as it was sent");
    expect(new Set(asked)).toEqual(new Set([...ids, frameCount]));
  });

  it("says of every received frame whether it was scored, and why not, else", async () => {
    const shown = [0, 1, 1, null, 3, 5, null, 8];
    const luma = shown.map((id) => got[id ?? 3] ?? new Uint8Array());
    const received = openFakeVideo("got", video(luma, { ids: shown }));
    const remade = { kind: "scene", scene } as const;
    const report = await scoreSceneRun({ ...work(), received, remade, frameRateFps: 30, runNumber: null });
    if (!report.ok) throw new Error("a report is due");
    const { coverage } = report.value;
    expect(coverage).toMatchObject({ receivedCount: 8, scoredCount: 5, unreadCount: 2, repeatedCount: 1 });
    expect(coverage).toMatchObject({ receivedRatio: 5 / 8, spannedCount: 9, scoredRatio: 5 / 9 });
  });

  it.each([
    ["that its sender told of", 2, [1, 2, 3, 4], 5],
    ["of the first marker where nobody told", null, [0, 1, 2, 3, 4], 4],
  ])(
    "scores one run alone, the one %s: a sender that began again drew other pictures",
    async (_, runNumber, expected, strangerCount) => {
      const one = openFakeVideo("one", video(got, { ids: [0, 1, 2, 3, 4], runNumber: 1 }));
      const two = openFakeVideo("two", video(got.slice(1), { ids: [1, 2, 3, 4], runNumber: 2 }));
      const both = chainSources(
        "both",
        [one, two].map((source) => ({ ...source, open: async () => succeed(source) })),
        [],
      );
      const remade = { kind: "scene", scene } as const;
      const report = await scoreSceneRun({ ...work(), received: both, remade, frameRateFps: 30, runNumber });
      if (!report.ok) throw new Error("a report is due");
      const { frames, coverage, notes } = report.value;
      expect(frames.map(({ frame }) => frame)).toEqual(expected);
      expect(coverage).toMatchObject({ strangerCount, spannedCount: expected.length, scoredRatio: 1 });
      expect(notes.join()).toContain(`${strangerCount} frames are of another run`);
    },
  );

  it("leaves out frames that no viewer saw, whatever they are scored against", async () => {
    const received = () => openFakeVideo("got", video(got));
    const isNeverShown = ({ frameId }: { readonly frameId: number }) => frameId === 4 || frameId === 5;
    const parts = { ...work(), isNeverShown, received: received() };
    const remade = { kind: "scene", scene } as const;
    const painted = await scoreSceneRun({ ...parts, remade, frameRateFps: 30, runNumber: 1 });
    const reference = openFakeVideo("made", video(made));
    const pictures = await scoreRun({ ...parts, received: received(), reference, alignment: auto });
    for (const report of [painted, pictures]) {
      if (!report.ok) throw new Error("a report is due");
      expect(report.value.frames.map(({ frameId }) => frameId)).toEqual([0, 1, 2, 3, 6, 7, 8]);
      expect(report.value.coverage).toMatchObject({ receivedCount: 9, scoredCount: 7, neverShownCount: 2 });
    }
  });

  it("tells the share of frames that were shown at all", async () => {
    const shown = [0, 1, 4, 8];
    const lossy = video(
      shown.map((id) => got[id] ?? new Uint8Array()),
      { ids: shown },
    );
    const report = await scoreRun({
      ...work(),
      reference: openFakeVideo("made", video(made)),
      received: openFakeVideo("got", lossy),
      alignment: auto,
    });
    expect(report).toMatchObject({ value: { coverage: { scoredCount: 4, spannedCount: 9 } } });
  });

  it("brings a received picture of full range to the reference's limited range", async () => {
    const full = made.map((luma) => luma.map((sample) => Math.round(((sample - 16) * 255) / 219)));
    const report = await scoreRun({
      ...work(),
      reference: openFakeVideo("made", video(made)),
      received: openFakeVideo("got", video(full, { isFullRange: true })),
      alignment: auto,
    });
    expect(report.ok && report.value.mean.psnrY).toBeGreaterThan(59);
  });

  it.each([
    ["frame rates differ and no marker tells", { frameRateFps: 25, ids: ids.map(() => null) }, "index"],
    ["one lies on its side", { widthPx: size.heightPx, heightPx: size.widthPx }, "turn one"],
    ["the runs differ", { runNumber: 2 }, "same run"],
    ["there is no frame", { ids: [] }, "offset"],
  ])("refuses in words where %s", async (_words, more, next) => {
    const report = await scoreRun({
      ...work(),
      reference: openFakeVideo("made", video(made)),
      received: openFakeVideo("got", video(got, more)),
      alignment: auto,
    });
    expect(report).toMatchObject({
      failure: { kind: "refused-input", next: expect.stringContaining(next) as string },
    });
  });
});
