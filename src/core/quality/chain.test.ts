import { describe, expect, it } from "vitest";

import { fail, succeed, type Failure } from "../failure.ts";
import { chainSources, type ChainPart } from "./chain.ts";
import { type FakeVideo, openFakeVideo } from "./frame-source.fake.ts";
import type { DecodedFrame, FrameSource } from "./frame-source.ts";
import { isScaledTo, sourceNotes } from "./source-notes.ts";

const high = { widthPx: 128, heightPx: 96 };
const broken: Failure = {
  kind: "refused-input",
  what: "reading the video",
  where: "b",
  next: "It is no video.",
};

function part(name: string, video: FakeVideo, more: Partial<FrameSource> = {}): ChainPart {
  const source = { ...openFakeVideo(name, video), ...more };
  return { name, facts: source.facts, open: async () => succeed(source) };
}

async function framesOf(source: FrameSource): Promise<readonly DecodedFrame[]> {
  const frames: DecodedFrame[] = [];
  for (let frame = await source.next(); frame !== null; frame = await source.next()) frames.push(frame);
  return frames;
}

describe("files that follow each other", () => {
  it("are one video, each picture as large as it came, counted through", async () => {
    const parts = [part("a", { ids: [1, 2] }), part("b", { ids: [3], ...high }), part("c", { ids: [4] })];
    const chain = chainSources("all", parts, []);
    const frames = await framesOf(chain);
    expect(frames.map(({ index, marker, luma }) => [index, marker?.frameId, luma.widthPx])).toEqual([
      [0, 1, 64],
      [1, 2, 64],
      [2, 3, 128],
      [3, 4, 64],
    ]);
    expect(chain.facts).toMatchObject({ frameCount: 4, durationS: null, widthPx: 64 });
    expect(chain.decoder()).toBe("a script");
  });

  it("are told of with their sizes, and with what each is scaled to", () => {
    const parts = [part("a", { ids: [] }), part("b", { ids: [] }), part("c", { ids: [], ...high })];
    const chain = chainSources("all", parts, []);
    expect(sourceNotes(chain, { ...high, matrix: "bt709" })).toEqual([
      "all is 3 files, scored one after the other: 64x48 h264, then 128x96 h264",
      "a: scaled from 64x48 to 128x96",
      "b: scaled from 64x48 to 128x96",
    ]);
    expect(isScaledTo(chain, high)).toBe(true);
  });

  it("come in one range of luma", async () => {
    const luma = () => new Uint8Array(64 * 48).fill(255);
    const full = part("b", { ids: [2], isFullRange: true, luma });
    const frames = await framesOf(chainSources("all", [part("a", { ids: [1] }), full], []));
    expect(frames[1]?.luma.data[0]).toBe(235);
  });

  it("go on without one that cannot be decoded, and say so", async () => {
    const lost = { ...part("b", { ids: [2] }), open: async () => fail(broken) };
    const chain = chainSources(
      "all",
      [part("a", { ids: [1] }), lost, part("c", { ids: [3] })],
      ["c is last"],
    );
    expect((await framesOf(chain)).map(({ marker }) => marker?.frameId)).toEqual([1, 3]);
    expect(chain.end()).toEqual({ failure: broken, notes: ["c is last", "b is left out: It is no video."] });
    const none = chainSources("all", [lost], []);
    expect(await framesOf(none)).toEqual([]);
    expect(none.end().failure).toEqual(broken);
  });
});
