import { describe, expect, it } from "vitest";

import { toSenderUs } from "../../core/clock/instants.ts";
import { succeed } from "../../core/failure.ts";
import type { Marker } from "../../core/marker/payload.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { RemakeOf } from "../clip/remake.ts";
import { referenceFor } from "./live-reference.ts";

const clip = { name: "holiday.mp4", sizeBytes: 5, sha256: "0".repeat(64), startUs: 0, lengthUs: 1_000_000 };
const size = { widthPx: 64, heightPx: 36 };
const facts: StreamFacts = {
  ...size,
  runNumber: 3,
  scene: "file",
  seed: 1,
  fps: 25,
  codec: "vp8",
  bitrateKbps: 500,
  clock: null,
  clip,
};

const { clip: _clip, ...withoutClip } = facts;
const file = new File(["video"], "holiday.mp4");

function markerOf(frameId: number): Marker {
  return { runNumber: 3, frameId, captureTimeUs: toSenderUs(frameId) };
}

function remakeOf(made: number[]) {
  return ({ widthPx, heightPx }: RemakeOf) => ({
    luma: async (markers: readonly Marker[]) => {
      made.push(...markers.map(({ frameId }) => frameId));
      const planes = markers.map(({ frameId }) => {
        const data = new Uint8Array(widthPx * heightPx).fill(frameId);
        return { data, widthPx, heightPx, strideBytes: widthPx };
      });
      return succeed({ planes, tookMs: 7 });
    },
    close: () => undefined,
  });
}

describe("the reference of a stream of a video file", () => {
  it("waits for the file that was sent, by its hash", () => {
    const state = referenceFor(facts, () => null, remakeOf([]));
    expect(state).toMatchObject({
      kind: "wanting",
      clip,
      why: expect.stringContaining("holiday.mp4") as string,
    });
  });

  it("cannot be had where the sender does not know which picture each frame shows", () => {
    const state = referenceFor(withoutClip, () => file, remakeOf([]));
    expect(state).toMatchObject({ kind: "none", why: expect.stringContaining("without telling") as string });
  });

  it.each([
    [[4, 5, 6], 4, 6],
    [[0, 1], null, 1],
  ])("is made in the order of frames (%s), neighbours apart", async (ids, before, after) => {
    const made: number[] = [];
    const state = referenceFor(facts, (sha256) => (sha256 === clip.sha256 ? file : null), remakeOf(made));
    if (state.kind !== "ready") throw new Error("the file is there");
    const marker = markerOf(after - 1);
    const wanted = { before: before === null ? null : markerOf(before), marker, after: markerOf(after) };
    const answer = await state.reference.make(wanted);
    if (!answer.ok || answer.value.references.kind !== "pictures") throw new Error("pictures are due");
    const { references, transfer, tookMs } = answer.value;
    expect(made).toEqual(ids);
    expect(references.before?.data[0] ?? null).toBe(before);
    expect(references.frames.map(({ data }) => data[0])).toEqual([marker.frameId]);
    expect(references.after?.data[0]).toBe(after);
    expect([transfer.length, tookMs]).toEqual([ids.length, 7]);
  });
});
