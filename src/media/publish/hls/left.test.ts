import { describe, expect, it } from "vitest";

import { reduceLive, startLive, toMediaPlaylist, type LiveOptions } from "../../../core/hls/live.ts";
import { writeMediaPlaylist } from "../../../core/hls/write.ts";
import { readLeft } from "./left.ts";

const promised: LiveOptions = {
  targetDurationS: 6,
  partTargetS: null,
  windowSegmentCount: 6,
  canBlockReload: false,
  canSkip: false,
};

/** What a page left that published segments of 6 s. */
function leftText(): string {
  const first = startLive(promised, { uri: "init-0.mp4", byteRange: null });
  const segments = [0, 1, 2].map((msn) => ({ uri: `seg-0-${msn}.m4s`, durationS: 6, hintUri: null }));
  const live = segments.reduce((now, segment) => reduceLive(now, { kind: "segment", ...segment }), first);
  return writeMediaPlaylist(toMediaPlaylist(live));
}

async function leftAt(options: LiveOptions, text = leftText()) {
  const destination = { readUrl: (name: string) => `https://files.example/${name}`, mayHaveFiles: true };
  const fetch = async (): Promise<Response> => new Response(text);
  const [left] = await readLeft(
    destination,
    [{ folder: "720p" }],
    options,
    fetch,
    new AbortController().signal,
  );
  if (left === null || left === undefined) throw new Error("nothing was read");
  return left;
}

describe("what an earlier page left at an address", () => {
  it("goes on where it promised the same", async () => {
    const { live, unlisted } = await leftAt(promised);
    expect(live.segments).toHaveLength(3);
    expect(unlisted).toEqual([]);
  });

  it("holds no player back where it promised other segments: its own are dropped, numbers go on", async () => {
    const { live, unlisted } = await leftAt({ ...promised, targetDurationS: 2 });
    expect(toMediaPlaylist(live)).toMatchObject({
      targetDurationS: 2,
      serverControl: { holdBackS: 6 },
      mediaSequence: 3,
      discontinuitySequence: 1,
      segments: [],
    });
    expect(unlisted).toEqual(["720p/seg-0-0.m4s", "720p/seg-0-1.m4s", "720p/seg-0-2.m4s", "720p/init-0.mp4"]);
  });

  it("is taken away by no name that is not one of ours", async () => {
    const text = leftText().replace("seg-0-1.m4s", "../../backup/seg.m4s");
    const { unlisted } = await leftAt({ ...promised, targetDurationS: 2 }, text);
    expect(unlisted).toEqual(["720p/seg-0-0.m4s", "720p/seg-0-2.m4s", "720p/init-0.mp4"]);
  });
});
